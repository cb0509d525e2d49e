"""What an event is answered with beside its own fields: its next date, who comes, and what the caller answered."""

import uuid
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import and_, case, false, func, or_, select
from sqlalchemy.orm import aliased

from netzraum_calendar.events.conditions import invited, next_start
from netzraum_calendar.events.models import Event
from netzraum_calendar.events.schemas import AttendeeView, ConflictView, EventView, MyReply, ReplyCounts, moment
from netzraum_calendar.events.series import Series
from netzraum_calendar.events.tables import WHOLE_SERIES, OccurrenceRow, Reply
from netzraum_calendar.events.windows import conflicts
from netzraum_items.items import Item
from netzraum_items.on_item import Shown
from netzraum_items.schemas import Render
from netzraum_items.tables import Institution, Person
from netzraum_platform.context import RequestContext

ToNext = aliased(Reply)
ToAll = aliased(Reply)


async def views(context: RequestContext, shown: Sequence[Shown[Event]], render: Render = None) -> list[EventView]:
    """Events as they are answered. Costs the same number of statements however many there are."""
    events = [each.item for each in shown if not each.withheld]
    more = await _facts(context, events) if events else {}
    return [_view(context, each, more.get(each.item.id, {}), render) for each in shown]


def _view(context: RequestContext, shown: Shown[Event], facts: dict[str, Any], render: Render) -> EventView:
    return EventView(**{**EventView.fields_of(shown, context.now), **EventView.own_fields(shown, render), **facts})


async def conflicts_of(context: RequestContext, event: Event) -> list[ConflictView]:
    """The caller's own dates at the time of the event's next one."""
    if event.all_day:
        return []
    start = await context.db.scalar(select(next_start(context.now)).where(Item.id == event.id))
    return await conflicts(context, event, start, start + (event.ends - event.starts)) if start else []


async def _facts(context: RequestContext, events: Sequence[Event]) -> dict[uuid.UUID, dict[str, Any]]:
    starts = await _next(context, events)
    counts, mine = await _replies(context, events, {event: original for event, (_, original) in starts.items()})
    names = await names_of(context, (each["account"] for e in events for each in e.attendees if "account" in each))
    facts = {}
    for event in events:
        series = Series.of(event)
        attending, reply = mine.get(event.id, (False, None))
        start = starts.get(event.id)
        facts[event.id] = {
            "next": start[0].astimezone(series.zone) if start and not event.all_day else start and start[1].date(),
            "attending": attending,
            "my_reply": reply and _my_reply(series, reply),
            "replies": counts.get(event.id, ReplyCounts()),
            "attendees": [AttendeeView(**each, **names.get(each.get("account"), {})) for each in event.attendees],
        }
    return facts


def _my_reply(series: Series, reply: Reply) -> MyReply:
    whole = reply.original == WHOLE_SERIES
    return MyReply(
        answer=reply.answer,
        comment=reply.comment,
        deputy=reply.deputy_id,
        occurrence=None if whole else moment(series, reply.original),
    )


async def _next(context: RequestContext, events: Sequence[Event]) -> dict[uuid.UUID, tuple[Any, Any]]:
    """Start and original start of each event's next occurrence."""
    at = OccurrenceRow
    ids = [event.id for event in events]
    coming = (at.event_id.in_(ids), at.starts_at > context.now, at.cancelled.is_(False))
    first = select(at.event_id, func.min(at.starts_at).label("starts_at")).where(*coming).group_by(at.event_id)
    found = first.subquery()
    rows = await context.db.execute(
        select(at.event_id, at.starts_at, at.original)
        .join(found, and_(found.c.event_id == at.event_id, found.c.starts_at == at.starts_at))
        .where(at.cancelled.is_(False))
    )
    return {event: (starts_at, original) for event, starts_at, original in rows}


async def _replies(
    context: RequestContext, events: Sequence[Event], originals: dict[uuid.UUID, Any]
) -> tuple[dict[uuid.UUID, ReplyCounts], dict[uuid.UUID, tuple[bool, Reply | None]]]:
    """Who of the invited answered what, counted; and whether the caller is one of them, with the own answer."""
    me, counts = context.principal.account, dict[uuid.UUID, dict[str, int]]()
    answer = func.coalesce(ToNext.answer, ToAll.answer, "open")
    those = invited([event.id for event in events], context.now)
    rows = await context.db.execute(
        select(those.c.event_id, answer, func.count(), func.sum(case((those.c.account_id == me, 1), else_=0)))
        .outerjoin(ToAll, _reply_of(ToAll, those, ToAll.original == WHOLE_SERIES))
        .outerjoin(ToNext, _reply_of(ToNext, those, _to_next(originals)))
        .group_by(those.c.event_id, answer)
    )
    mine: dict[uuid.UUID, tuple[bool, Reply | None]] = {}
    for event, what, number, of_mine in rows:
        counts.setdefault(event, {})[what] = number
        if of_mine:
            mine[event] = (True, None)
    for reply in await _own(context, events, originals):
        attending, known = mine.get(reply.event_id, (False, None))
        if known is None or known.original == WHOLE_SERIES:
            mine[reply.event_id] = (attending, reply)
    return {event: ReplyCounts(**found) for event, found in counts.items()}, mine


def _reply_of(reply: Any, those: Any, which: Any) -> Any:  # aliases and columns of a subquery
    return and_(reply.event_id == those.c.event_id, reply.account_id == those.c.account_id, which)


def _to_next(originals: dict[uuid.UUID, Any]) -> Any:  # a condition
    return or_(false(), *(and_(ToNext.event_id == event, ToNext.original == at) for event, at in originals.items()))


async def _own(context: RequestContext, events: Sequence[Event], originals: dict[uuid.UUID, Any]) -> Sequence[Reply]:
    """The caller's answers to the next occurrence, or to all."""
    mine = select(Reply).where(
        Reply.account_id == context.principal.account, Reply.event_id.in_([event.id for event in events])
    )
    found = (await context.db.scalars(mine)).all()
    return [each for each in found if each.original in (WHOLE_SERIES, originals.get(each.event_id))]


async def names_of(context: RequestContext, accounts: Iterable[uuid.UUID]) -> dict[Any, dict[str, str | None]]:
    """How accounts are shown: ``name`` and ``institution``."""
    wanted = set(accounts)
    if not wanted:
        return {}
    rows = await context.db.execute(
        select(Person.account_id, Person.name, Institution.name)
        .outerjoin(Institution, Institution.institution_id == Person.institution_id)
        .where(Person.account_id.in_(wanted))
    )
    return {account: {"name": name, "institution": institution} for account, name, institution in rows}
