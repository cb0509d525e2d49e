"""Unread marks: what became news since the reader's membership began, and has not been seen."""

import uuid
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from netzraum_items.items import Item, in_states, not_past
from netzraum_items.tables import AccessMembership, SeenItem, SeenUntil
from netzraum_items.visibility import ACCOUNT, NOW, Visibility
from netzraum_platform.dialect import inserting


def unread(
    account: uuid.UUID | ColumnElement[uuid.UUID] | None, now: datetime | ColumnElement[datetime]
) -> ColumnElement[bool]:
    """Over items joined with the reader's memberships. One's own is never unread, nor is what is past."""
    seen = exists().where(SeenItem.account_id == account, SeenItem.item_id == Item.id, SeenItem.at >= Item.news_at)
    all_seen = exists().where(
        SeenUntil.account_id == account,
        SeenUntil.space_id == Item.space_id,
        SeenUntil.tool == Item.tool,
        SeenUntil.until >= Item.news_at,
    )
    return and_(
        in_states(["published"], now),
        not_past(now),
        Item.author_id.is_distinct_from(account),
        Item.news_at >= AccessMembership.starts_at,
        ~seen,
        ~all_seen,
    )


UNREAD = unread(ACCOUNT, NOW)


async def unread_counts(db: AsyncSession, visibility: Visibility) -> dict[str, dict[str, int]]:
    """How many items are unread, by space and tool; what has none is left out."""
    rows = await db.execute(
        visibility.visible(select(Item.space_id, Item.tool, func.count()))
        .where(UNREAD)
        .group_by(Item.space_id, Item.tool),
        visibility.reader,
    )
    counts: dict[str, dict[str, int]] = {}
    for space, tool, count in rows:
        counts.setdefault(str(space), {})[tool] = count
    return counts


async def mark_item(db: AsyncSession, account: uuid.UUID, item: uuid.UUID, now: datetime) -> None:
    """Note that an account has seen an item as it now is."""
    mark = inserting(db.get_bind().dialect.name)(SeenItem).values(account_id=account, item_id=item, at=now)
    await db.execute(mark.on_conflict_do_update(index_elements=["account_id", "item_id"], set_={"at": now}))


async def mark_until(
    db: AsyncSession, account: uuid.UUID, space: uuid.UUID, tools: Iterable[str], until: datetime
) -> None:
    """Note that an account has seen all that these tools of a space had until then."""
    keys = ["account_id", "space_id", "tool"]
    for tool in tools:
        values = {"account_id": account, "space_id": space, "tool": tool, "until": until}
        mark = inserting(db.get_bind().dialect.name)(SeenUntil).values(values)
        await db.execute(mark.on_conflict_do_update(index_elements=keys, set_={"until": until}))
