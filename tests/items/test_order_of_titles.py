"""Titles are in order as in a German dictionary (DIN 5007-1), the same on both databases."""

import uuid
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from alembic import command
from hypothesis import given
from hypothesis import strategies as st

from netzraum_items.items import LONGEST_TITLE, Item, sort_title_of
from netzraum_items.tables import MIGRATIONS
from netzraum_platform import dialect
from netzraum_platform.database import Database, UtcDateTime, new_id
from netzraum_platform.migrate import configuration

IN_ORDER = [
    "9 Monate",
    "aal",
    "Aaß",
    "Äbte",
    "Abwasser",
    "Elan",
    "Élan vital",
    "Öl",
    "Ölung",
    "Ordnung",
    "Straße",
    "Strasse 2",
]
"""With capitals between, umlauts as their vowels, ß as ss."""
NOW = datetime(2026, 11, 24, tzinfo=UTC)


def _row(title: str) -> dict[str, Any]:
    times = dict.fromkeys(("created_at", "updated_at", "news_at"), NOW)
    flags = {"pinned": False, "narrowed": False, "several_authors": False}
    texts = {"tool": "wiki", "type": "item", "classification": "internal", "excerpt": "", "state": "published"}
    return {**times, **flags, **texts, "id": new_id(), "space_id": uuid.UUID(int=1), "title": title, "version": 1}


async def _migrate(database: Database, to: str) -> None:
    def run(connection: sa.Connection) -> None:
        command.upgrade(configuration([Path(MIGRATIONS)], (), connection), to)

    async with dialect.migrating(database.engine) as connection:
        await connection.run_sync(run)


async def _titles(database: Database) -> list[str]:
    async with database.session() as session:
        return list(await session.scalars(sa.select(Item.title).order_by(Item.sort_title, Item.id)))


async def test_what_was_there_before_is_in_order_after_the_upgrade(database_url: str) -> None:
    database = Database(database_url)
    await _migrate(database, "items_0004")
    rows = [_row(title) for title in reversed(IN_ORDER)]
    times = {name: UtcDateTime() for name in ("created_at", "updated_at", "news_at")}
    columns = [sa.column(name, times.get(name, sa.Uuid() if name in ("id", "space_id") else None)) for name in rows[0]]
    async with database.transaction() as session:
        await session.execute(sa.insert(sa.table("items", *columns)), rows)
    await _migrate(database, "items@head")
    assert await _titles(database) == IN_ORDER
    await database.close()


async def test_what_comes_is_in_order(database_url: str) -> None:
    database = Database(database_url)
    await _migrate(database, "items@head")
    async with database.transaction() as session:
        await session.execute(sa.insert(Item), [_row(title) for title in reversed(IN_ORDER)])
    assert await _titles(database) == IN_ORDER
    await database.close()


def test_what_is_renamed_changes_its_place() -> None:
    item = Item(title="Zwischenbericht")
    item.title = "Äbte"
    assert item.sort_title == "abte"


@given(st.lists(st.text(min_size=1, max_size=LONGEST_TITLE)))
def test_both_databases_have_the_order_of_python(titles: list[str]) -> None:
    """SQLite compares bytes, PostgreSQL too where the collation is C: of UTF-8 that is the order of code points."""
    keys = [sort_title_of(title) for title in titles]
    assert sorted(keys) == sorted(keys, key=lambda key: key.encode("utf-8", "surrogatepass"))
    assert all(len(key) <= LONGEST_TITLE for key in keys)


@pytest.mark.parametrize(("one", "other"), [("Äbte", "abte"), ("STRASSE", "Straße"), ("e\u0301lan", "Élan")])
def test_what_a_dictionary_takes_for_the_same_is_the_same(one: str, other: str) -> None:
    assert sort_title_of(one) == sort_title_of(other)
