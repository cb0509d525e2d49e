"""What waits for somebody: own drafts that are not published, and what a tool's items wait for (``Item.waiting``)."""

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from netzraum_items.items import Item, Waiting, in_states, models_of
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


def verbs_of(service: str, account: uuid.UUID, now: datetime) -> list[str]:
    """What the policy is to be asked for, so that ``waiting`` knows who may do what waits."""
    return sorted({each.verb for model in models_of(service) for each in model.waiting(account, now)})


async def waiting(db: AsyncSession, visibility: Visibility, service: str) -> list[Todo]:
    """Own drafts, then what the service's tools wait for; what is due soonest first, then the latest changed."""
    drafts = Waiting(
        "read",
        (Item.author_id == visibility.account) & in_states(["draft"], visibility.now),
        Item.visible_from,
    )
    found = await _found(db, visibility, "publish", Item, drafts)
    for model in models_of(service):
        for each in model.waiting(visibility.account, visibility.now):
            found += await _found(db, visibility, each.verb, model, each)
    return found


async def _found(db: AsyncSession, visibility: Visibility, what: str, model: type[Item], each: Waiting) -> list[Todo]:
    columns = (Item.space_id, Item.tool, Item.type, Item.id, Item.title, each.due)
    statement = visibility.visible(select(*columns).select_from(model), each.verb).where(each.condition)
    rows = await db.execute(statement.order_by(each.due.asc().nulls_last(), Item.updated_at.desc()).limit(MOST))
    return [Todo(what, *row) for row in rows]
