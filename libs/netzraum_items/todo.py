"""What waits for somebody. All tools: own drafts that are not published; a tool adds what else waits in it."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from netzraum_items.items import Item, in_states
from netzraum_items.visibility import Visibility

MOST = 50


@dataclass(frozen=True)
class Todo:
    """``what`` is the verb of the thing to be done, ``due`` the time by which, if there is one."""

    what: str
    space: uuid.UUID
    tool: str
    type: str
    item: uuid.UUID
    title: str
    due: datetime | None


async def waiting(db: AsyncSession, visibility: Visibility) -> list[Todo]:
    """The latest changed first."""
    rows = await db.execute(
        visibility.visible(select(Item.space_id, Item.tool, Item.type, Item.id, Item.title, Item.visible_from))
        .where(Item.author_id == visibility.account)
        .where(in_states(["draft"], visibility.now))
        .order_by(Item.updated_at.desc())
        .limit(MOST)
    )
    return [Todo("publish", *row) for row in rows]
