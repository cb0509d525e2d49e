"""What is done with events, beside what is done with every item."""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from netzraum_calendar.events import attendance, occurrences, reminders
from netzraum_calendar.events.models import Event
from netzraum_calendar.events.occurrences import Expansion
from netzraum_calendar.events.planning import COLUMNS, TIMES, NotPossible, plan, wall_clock
from netzraum_calendar.events.schemas import EventChange, NewEvent
from netzraum_calendar.events.series import Series
from netzraum_items import life
from netzraum_items.authorize import InSpace
from netzraum_items.on_item import OnItem, Shown
from netzraum_platform.context import RequestContext
from netzraum_platform.database import new_id

_OWN = ("text", "place", "link", "categories", "reminders")


async def create(room: InSpace, new: NewEvent) -> Shown[Event]:
    """Put an event or a series into the calendar of a space."""
    series = await planned(room.context, new.model_dump(include=set(TIMES)), None)
    attendees = await attendance.checked(room, [each.named() for each in new.attendees])
    own = new.model_dump(include=set(_OWN))
    expansion = await occurrences.expand(series, room.context.now)
    columns = {**own, **times_of(series, expansion), "attendees": attendees, "uid": new_uid()}
    made = await life.create(room, Event, new, category_rows=[], changed_rows=[], **columns)
    await occurrences.store_first(room.context, [(made.item, expansion)])
    await reminders.schedule(room.context, made.item)
    return made


def new_uid() -> str:
    return f"{new_id()}@netzraum"


async def planned(context: RequestContext, given: Mapping[str, Any], before: Series | None) -> Series:
    """
    Raises:
        Unprocessable: the field that is wrong.
    """
    try:
        return await asyncio.to_thread(plan, given, context.now, before)
    except NotPossible as error:
        raise context.invalid(error.field, error.code) from error


async def update(on: OnItem[Event], change: EventChange, if_match: str, before: Series | None = None) -> Shown[Event]:
    """Change an event, and all of a series. Occurrences that were moved or cancelled stay so.

    ``before``: what of it the change is made to, where that is not all as it stands.
    """
    given = change.given()
    if not given.keys().isdisjoint(TIMES | {"attendees"}):
        await on.must_be_known()
    columns = await columns_of(on, change)
    as_it_stands = Series.of(on.item)
    before = before or as_it_stands
    series = before if given.keys().isdisjoint(TIMES) else await planned(on.context, given, before)
    if series == as_it_stands:
        changed = await life.update(on, columns, if_match=if_match, reason=change.reason)
        if {"reminders", "attendees", "state"} & columns.keys():
            await on.context.begin_write()
            await reminders.schedule(on.context, on.item)
        return changed
    shift = series.starts - before.starts
    return await rewrite(on, series, columns, if_match=if_match, reason=change.reason, shift=shift)


async def columns_of(room: InSpace, change: EventChange) -> dict[str, Any]:
    """What changes beside the times."""
    columns = {name: value for name, value in change.given().items() if name not in TIMES}
    if "attendees" in columns:
        columns["attendees"] = await attendance.checked(room, [each.named() for each in change.attendees])
    return columns


async def rewrite(
    on: OnItem[Event],
    series: Series,
    columns: Mapping[str, Any] | None = None,
    *,
    if_match: str = "*",
    reason: str | None = None,
    shift: timedelta = timedelta(),
) -> Shown[Event]:
    """Let an event take place as ``series`` says. ``shift``: by how much each of its dates moved."""
    expansion = await occurrences.expand(series, on.context.now)
    times = times_of(series, expansion) | {"changed": dict(series.changed), "sequence": on.item.sequence + 1}
    changed = await life.update(on, {**(columns or {}), **times}, if_match=if_match, reason=reason)
    await attendance.move(on.context, on.item.id, shift)
    await follow(on.context, on.item, expansion)
    return changed


def times_of(series: Series, expansion: Expansion) -> dict[str, Any]:
    """The columns of an event that say when it takes place."""
    return {
        **{name: getattr(series, name) for name in COLUMNS},
        "expanded_until": expansion.expanded_until,
        "visible_until": expansion.last_end,
    }


async def follow(context: RequestContext, event: Event, expansion: Expansion) -> None:
    """What follows from new times: the stored occurrences, and when to remind."""
    await occurrences.store(context, event, expansion)
    await reminders.schedule(context, event)


async def restore(on: OnItem[Event]) -> Shown[Event]:
    """Bring an event back out of the trash, with its reminders."""
    restored = await life.restore(on)
    await reminders.schedule(on.context, on.item)
    return restored


async def original_of(on: OnItem[Event], at: datetime | date) -> datetime:
    """The original start that a request names.

    Raises:
        NotFound: the caller may not know of the event.
        Unprocessable: the event has no such occurrence.
    """
    await on.must_be_known()
    series = Series.of(on.item)
    try:
        original = wall_clock("occurrence", at, series.zone, all_day=series.all_day)
    except NotPossible as error:
        raise on.context.invalid(error.field, error.code) from error
    if not await asyncio.to_thread(series.has, original):
        raise on.context.invalid("occurrence", "not_in_series")
    return original
