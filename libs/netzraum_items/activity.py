"""What was done lately, with items that the reader sees."""

import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from netzraum_items.items import Item
from netzraum_items.seen import UNREAD
from netzraum_items.tables import AccessMembership, Activity, Institution, Person
from netzraum_items.visibility import NOW, Rows, Visibility
from netzraum_platform.database import new_id

LATEST_PER_SPACE = 5


@dataclass(frozen=True)
class Step:
    """One step in the life of an item; ``seen``: the item is not unread for the reader."""

    id: uuid.UUID
    space: uuid.UUID
    tool: str
    type: str
    item: uuid.UUID
    title: str
    classification: str
    what: str
    who: uuid.UUID | None
    name: str | None
    institution: str | None
    at: datetime
    seen: bool


def note(db: AsyncSession, item: Item, what: str, who: uuid.UUID | None, at: datetime) -> None:
    db.add(Activity(id=new_id(), space_id=item.space_id, item_id=item.id, what=what, account_id=who, at=at))


_COLUMNS = (
    Activity.id,
    Activity.space_id,
    Item.tool,
    Item.type,
    Activity.item_id,
    Item.title,
    Item.classification,
    Activity.what,
    Activity.account_id,
    Person.name,
    Institution.name.label("institution"),
    Activity.at,
    ~UNREAD,
)
_IS_NEWS = or_(Activity.at >= Item.news_at, Item.news_at > NOW, Item.state == "draft")


def _steps(visibility: Visibility, since: datetime | None, tool: str | None, *more: Any) -> Rows:
    """What happened before an item became news (while it was drafted) is nobody's news.

    ``visibility.reader`` gives the statement its parameters.
    """
    statement = (
        visibility.visible(select(*_COLUMNS, *more).join(Item, Item.id == Activity.item_id))
        .outerjoin(Person, Person.account_id == Activity.account_id)
        .outerjoin(Institution, Institution.institution_id == Person.institution_id)
        .where(_IS_NEWS)
    )
    if since is not None:
        statement = statement.where(Activity.at >= since)
    return statement if tool is None else statement.where(Item.tool == tool)


async def latest(
    db: AsyncSession,
    visibility: Visibility,
    *,
    since: datetime | None,
    tool: str | None,
    before: tuple[datetime, uuid.UUID] | None,
    limit: int,
) -> list[Step]:
    """The newest first; ``before`` is where the page before ended."""
    statement = _steps(visibility, since, tool).order_by(Activity.at.desc(), Activity.id.desc()).limit(limit)
    if before is not None:
        at, step = before
        statement = statement.where(or_(Activity.at < at, (Activity.at == at) & (Activity.id < step)))
    return [Step(*row) for row in await db.execute(statement, visibility.reader)]


async def gone(db: AsyncSession, visibility: Visibility, since: datetime, tool: str | None) -> int:
    """How many items came into the trash since then that the reader had seen till then, as a member."""
    statement = visibility.visible(select(func.count()).select_from(Item), till_deleted=True).where(
        Item.deleted_at >= since, Item.deleted_at >= AccessMembership.starts_at
    )
    number: int | None = await db.scalar(statement if tool is None else statement.where(Item.tool == tool))
    return number or 0


async def latest_per_space(db: AsyncSession, visibility: Visibility, since: datetime | None) -> list[Step]:
    """The newest few of each space, in one statement: a busy space does not hide a quiet one."""
    place = func.row_number().over(partition_by=Activity.space_id, order_by=(Activity.at.desc(), Activity.id.desc()))
    ranked = _steps(visibility, since, None, place.label("place")).subquery()
    columns = [column for column in ranked.c if column.name != "place"]
    statement = select(*columns).where(ranked.c.place <= LATEST_PER_SPACE).order_by(ranked.c.at.desc())
    rows = await db.execute(statement, visibility.reader)
    return [Step(*row) for row in rows]
