"""Items that are written straight into the tables: how they get there is not what is measured."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import insert

from netzraum_items.items import Item
from netzraum_platform.database import Database, new_id, utc_now
from tests.end_to_end.people import Network

AT_ONCE = 5_000
"""Rows of one transaction."""

Row = dict[str, Any]


async def author_of(network: Network) -> uuid.UUID:
    return uuid.UUID((await network.coordinator.get("me"))["id"])


def items(kind: type[Item], space: str, author: uuid.UUID, count: int, **more: Any) -> list[Row]:
    """Rows of published items of a kind; ``more`` is what the kind has beside."""
    now = utc_now()
    shared = {
        "tool": kind.TOOL,
        "type": kind.TYPE,
        "space_id": uuid.UUID(space),
        "author_id": author,
        "classification": "internal",
        "title": "Titel",
        "excerpt": "",
        "state": "published",
        "pinned": False,
        "created_at": now,
        "updated_at": now,
        "news_at": now,
        "narrowed": False,
        "version": 1,
    }
    return [{**shared, **more, "id": new_id()} for _ in range(count)]


async def write(database: Database, table: Any, rows: Sequence[Mapping[str, Any]]) -> None:
    """``table`` is a mapped class."""
    for start in range(0, len(rows), AT_ONCE):
        async with database.transaction() as session:
            await session.execute(insert(table), rows[start : start + AT_ONCE])
