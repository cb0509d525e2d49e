"""Databases as a former release left them."""

import uuid
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command

from netzraum_items.tables import MIGRATIONS
from netzraum_platform import dialect
from netzraum_platform.database import Database, UtcDateTime, new_id
from netzraum_platform.migrate import configuration

NOW = datetime(2026, 11, 24, tzinfo=UTC)
NEWEST = "items@head"
_TYPES: dict[str, Any] = {
    "id": sa.Uuid(),
    "space_id": sa.Uuid(),
    **dict.fromkeys(("created_at", "updated_at", "news_at"), UtcDateTime()),
}


async def migrate(database: Database, to: str) -> None:
    """Bring the tables of items to a revision."""

    def run(connection: sa.Connection) -> None:
        command.upgrade(configuration([Path(MIGRATIONS)], (), connection), to)

    async with dialect.migrating(database.engine) as connection:
        await connection.run_sync(run)


def row(title: str) -> dict[str, Any]:
    """An item as it was stored up to items_0004."""
    times = dict.fromkeys(("created_at", "updated_at", "news_at"), NOW)
    flags = {"pinned": False, "narrowed": False, "several_authors": False}
    texts = {"tool": "wiki", "type": "item", "classification": "internal", "excerpt": "", "state": "published"}
    return {**times, **flags, **texts, "id": new_id(), "space_id": uuid.UUID(int=1), "title": title, "version": 1}


async def insert(database: Database, rows: Sequence[dict[str, Any]]) -> None:
    """Without the models, which know the newest columns only."""
    columns: list[sa.ColumnClause[Any]] = [sa.column(name, _TYPES.get(name)) for name in rows[0]]
    async with database.transaction() as session:
        await session.execute(sa.insert(sa.table("items", *columns)), rows)
