"""Lists of events: filters by time and category, and in the order in which they take place."""

import uuid
from dataclasses import replace
from datetime import datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field
from pydantic_core import PydanticCustomError
from sqlalchemy import ColumnElement, exists, func, select

from netzraum_calendar.events.planning import EARLIEST, LATEST_YEAR
from netzraum_calendar.events.schemas import CategoryName
from netzraum_calendar.events.tables import Category, OccurrenceRow
from netzraum_calendar.events.windows import has_category, within
from netzraum_items.authorize import AUDITED_READ, InSpace
from netzraum_items.items import Item, in_states
from netzraum_items.listing import NEVER, Key, ListQuery, Order
from netzraum_items.lists import ItemQuery, parts
from netzraum_items.visibility import Visibility
from netzraum_platform.database import UtcDateTime


def _within_reason(at: datetime) -> datetime:
    """A time to compute with: years that no calendar has would leave the range of the database."""
    if not EARLIEST.year <= at.year <= LATEST_YEAR:
        raise PydanticCustomError("too_early" if at.year < EARLIEST.year else "too_far", "out of range")
    return at


Time = Annotated[AwareDatetime, AfterValidator(_within_reason)]
CategoryNames = Annotated[list[CategoryName], BeforeValidator(parts)]


class EventQuery(ItemQuery):
    """``from`` and ``until`` (or ``to``): events that take place in between, past ones too."""

    sort: Literal["starts", "newest", "ends", "institution"] = "starts"  # type: ignore[assignment]  # one more
    category: CategoryNames = Field(default=[])
    from_: Time | None = Field(default=None, alias="from")
    until: Time | None = None
    to: Time | None = None

    def starting(self, account: uuid.UUID, now: datetime) -> ListQuery:
        """As ``of``, with what only events have."""
        query = self.of(account)
        since, until = self.from_ or now, self.until or self.to or NEVER
        timed = self.from_ is not None or until != NEVER
        if timed and "state" not in self.model_fields_set:
            query = replace(query, phases=("current", "past"))
        conditions = [_takes_place(since, until)] if timed else []
        if self.category:
            conditions.append(has_category(self.category))
        return replace(query, conditions=conditions, own_orders={"starts": in_time(since)})


def _takes_place(since: datetime, until: datetime) -> ColumnElement[bool]:
    here = OccurrenceRow.event_id == Item.id
    return exists(select(OccurrenceRow.event_id).where(here, within(since, until))).correlate(Item)


def in_time(since: datetime) -> Order:
    """By the first occurrence that is not over by then; what is over comes last."""
    first = (
        select(func.min(OccurrenceRow.starts_at))
        .where(OccurrenceRow.event_id == Item.id, OccurrenceRow.ends_at > since, OccurrenceRow.cancelled.is_(False))
        .correlate(Item)
        .scalar_subquery()
    )
    by = func.coalesce(first, NEVER, type_=UtcDateTime())
    return Order([Key(by, datetime.fromisoformat, descends=False), Key(Item.id, uuid.UUID)])


async def categories_in(room: InSpace, visibility: Visibility) -> list[str]:
    """The categories of the space's events, in the order of the first event of each; of what is audited nothing."""
    open_cells = {
        key: [cell for cell in cells if AUDITED_READ not in cell.obligations] for key, cells in visibility.cells.items()
    }
    named = select(Category.name).join(Item, Item.id == Category.event_id)
    rows = await room.context.db.scalars(
        replace(visibility, cells=open_cells)
        .visible(named)
        .where(Item.space_id == room.space_id, in_states(["published"], visibility.now))
        .group_by(Category.name)
        .order_by(func.min(Item.created_at), Category.name)
    )
    return list(rows)
