"""Titles are in order as in a German dictionary (DIN 5007-1), the same on both databases."""

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import strategies as st

from netzraum_items.items import LONGEST_TITLE, Item, sort_title_of
from netzraum_platform.database import Database
from tests.items.migrating import NEWEST, insert, migrate, row

IN_ORDER = (
    *("9 Monate", "aal", "Aaß", "Äbte", "Abwasser", "Elan", "Élan vital"),
    *("Öl", "Ölung", "Ordnung", "Straße", "Strasse 2"),
)
"""With capitals between, umlauts as their vowels, ß as ss."""


async def _titles(database: Database) -> tuple[str, ...]:
    async with database.session() as session:
        return tuple(await session.scalars(sa.select(Item.title).order_by(Item.sort_title, Item.id)))


async def test_what_was_there_before_is_in_order_after_the_upgrade(database_url: str) -> None:
    database = Database(database_url)
    await migrate(database, "items_0004")
    await insert(database, [row(title) for title in reversed(IN_ORDER)])
    await migrate(database, NEWEST)
    assert await _titles(database) == IN_ORDER
    await database.close()


async def test_what_comes_is_in_order(database_url: str) -> None:
    database = Database(database_url)
    await migrate(database, NEWEST)
    async with database.transaction() as session:
        await session.execute(sa.insert(Item), [row(title) for title in reversed(IN_ORDER)])
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
