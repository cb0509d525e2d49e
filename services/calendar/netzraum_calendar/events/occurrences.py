"""The stored occurrences: written with their event, moved on by a job, read by windows in time."""

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, insert, select, update

from netzraum_calendar.events.models import Event
from netzraum_calendar.events.series import Occurrence, Series, in_utc
from netzraum_calendar.events.tables import OccurrenceRow
from netzraum_items.items import Item
from netzraum_platform.context import WorkContext

HORIZON: Final = timedelta(days=3 * 366)
"""How far ahead occurrences are stored at least."""
STEP: Final = timedelta(days=30)
FOR_EVER: Final = timedelta(days=36_525)
"""A series without a date in a hundred years has ended."""
EXTEND: Final = "calendar.extend"


class Expansion:
    """The occurrences of an event up to a horizon, and what follows for the event itself."""

    def __init__(self, series: Series, now: datetime, reached: datetime | None = None) -> None:
        """``reached``: a date of the rule after which to go on."""
        horizon = now + HORIZON + STEP
        last = series.wall_clock(horizon)
        self.occurrences = series.occurrences(last, reached, reached)
        known = {each.original for each in self.occurrences}
        reached = series.last_by_rule(known) or reached
        # What was changed is stored wherever it lies: it may have been moved into nearer time.
        self.occurrences += [series.occurrence(each) for each in sorted(series.changed) if each > last]
        is_whole = next(series.originals(last + FOR_EVER, last, reached), None) is None
        self.expanded_until = None if is_whole else horizon
        ends = max((series.utc(each.ends) for each in self.occurrences), default=series.utc(series.ends))
        self.last_end = ends if is_whole else None


async def expand(series: Series, now: datetime) -> Expansion:
    """Away from the event loop: a long series takes a while."""
    return await asyncio.to_thread(Expansion, series, now)


async def store(context: WorkContext, event: Event, expansion: Expansion) -> None:
    """Replace what is stored of an event."""
    await context.db.execute(delete(OccurrenceRow).where(OccurrenceRow.event_id == event.id))
    await store_first(context, [(event, expansion)])


async def store_first(context: WorkContext, made: Sequence[tuple[Event, Expansion]]) -> None:
    """Store the occurrences of events of which none are stored, in one statement, however many they are."""
    await _insert(context, [_row(event, each) for event, expansion in made for each in expansion.occurrences])
    for event, _ in made:
        await schedule_extension(context, event)


async def _insert(context: WorkContext, rows: Sequence[Mapping[str, Any]]) -> None:
    if rows:
        await context.db.execute(insert(OccurrenceRow), rows)


def _row(event: Event, each: Occurrence) -> dict[str, Any]:
    return {
        "event_id": event.id,
        "original": each.original,
        "space_id": event.space_id,
        "starts_at": in_utc(each.starts, event.zone),
        "ends_at": in_utc(each.ends, event.zone),
        "cancelled": each.cancelled,
    }


async def schedule_extension(context: WorkContext, event: Event) -> None:
    """Let the horizon move on as time does."""
    if event.expanded_until is not None:
        await context.schedule(EXTEND, {"event": event.id}, event.expanded_until - HORIZON, key=str(event.id))


async def extend(context: WorkContext, payload: dict[str, Any]) -> None:
    """Store what has come within the horizon since; begins at the last occurrence that is stored."""
    await context.begin_write()
    event = await context.db.get(Event, uuid.UUID(payload["event"]), with_for_update=True, populate_existing=True)
    if event is None or event.expanded_until is None or event.expanded_until - HORIZON > context.now:
        return
    stored = await _originals_stored(context, event)
    series = Series.of(event)
    reached = series.last_by_rule(each for each in stored if each <= series.wall_clock(event.expanded_until))
    expansion = Expansion(series, context.now, reached)
    await _insert(context, [_row(event, each) for each in expansion.occurrences if each.original not in stored])
    await _note_horizon(context, event, expansion)
    await schedule_extension(context, event)


async def _note_horizon(context: WorkContext, event: Event, expansion: Expansion) -> None:
    """By plain updates: the event stays what its readers know, so its version does too."""
    horizon = update(Event).where(Event.id == event.id).values(expanded_until=expansion.expanded_until)
    end = update(Item).where(Item.id == event.id).values(visible_until=expansion.last_end)
    for statement in (horizon, end):
        await context.db.execute(statement)


async def _originals_stored(context: WorkContext, event: Event) -> set[datetime]:
    found = await context.db.scalars(select(OccurrenceRow.original).where(OccurrenceRow.event_id == event.id))
    return set(found)
