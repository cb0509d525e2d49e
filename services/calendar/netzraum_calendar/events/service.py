"""What is done with events, beside what is done with every item."""

import asyncio
from collections.abc import Mapping
from typing import Any

from netzraum_calendar.events import attendance, occurrences
from netzraum_calendar.events.models import Event
from netzraum_calendar.events.occurrences import Expansion
from netzraum_calendar.events.planning import COLUMNS, TIMES, NotPossible, plan
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
    context = room.context
    series = await planned(context, new.model_dump(include=set(TIMES)), None)
    expansion = await occurrences.expand(series, context.now)
    attendees = await attendance.checked(room, [each.named() for each in new.attendees])
    made = await life.create(
        room,
        Event,
        new,
        category_rows=[],
        changed_rows=[],
        **new.model_dump(include=set(_OWN)),
        **times_of(series, expansion),
        attendees=attendees,
        uid=new_uid(),
    )
    await occurrences.store(context, made.item, expansion)
    return made


def new_uid() -> str:
    return f"{new_id()}@netzraum"


async def planned(context: RequestContext, given: Mapping[str, Any], event: Event | None) -> Series:
    """
    Raises:
        Unprocessable: the field that is wrong.
    """
    try:
        return await asyncio.to_thread(plan, given, context.now, event)
    except NotPossible as error:
        raise life.invalid(context, error.field, error.code) from error


async def update(on: OnItem[Event], change: EventChange, if_match: str) -> Shown[Event]:
    """Change an event, and all of a series. Occurrences that were moved or cancelled stay so."""
    given = change.given()
    columns = {name: value for name, value in given.items() if name not in TIMES}
    if "attendees" in columns:
        columns["attendees"] = await attendance.checked(on, [each.named() for each in change.attendees])
    if given.keys().isdisjoint(TIMES):
        return await life.update(on, columns, if_match=if_match, reason=change.reason)
    series = await planned(on.context, given, on.item)
    if all(getattr(series, name) == getattr(on.item, name) for name in COLUMNS):
        return await life.update(on, columns, if_match=if_match, reason=change.reason)
    shift = series.starts - on.item.starts
    expansion = await occurrences.expand(series, on.context.now)
    columns |= times_of(series, expansion) | {"changed": series.changed, "sequence": on.item.sequence + 1}
    changed = await life.update(on, columns, if_match=if_match, reason=change.reason)
    await attendance.move(on.context, on.item.id, shift)
    await occurrences.store(on.context, on.item, expansion)
    return changed


def times_of(series: Series, expansion: Expansion) -> dict[str, Any]:
    """The columns of an event that say when it takes place."""
    return {
        **{name: getattr(series, name) for name in COLUMNS},
        "expanded_until": expansion.expanded_until,
        "visible_until": expansion.last_end,
    }
