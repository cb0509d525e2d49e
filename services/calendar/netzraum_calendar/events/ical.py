"""Events as iCalendar (RFC 5545): what a calendar app subscribes to, or what is downloaded."""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import Any, Final

import icalendar
from sqlalchemy import select
from sqlalchemy.orm import raiseload

from netzraum_calendar.events import rules
from netzraum_calendar.events.models import Event
from netzraum_calendar.events.schemas import moment
from netzraum_calendar.events.series import Occurrence, Series
from netzraum_items.areas import my_role_is_named
from netzraum_items.authorize import AUDITED_READ
from netzraum_items.items import Item, in_states
from netzraum_items.visibility import Visibility
from netzraum_platform.context import RequestContext

MEDIA_TYPE: Final = "text/calendar; charset=utf-8"
CLASSES: Final = {"public": "PUBLIC", "internal": "PRIVATE"}
"""What calendar apps are told of a classification; what is not named here is CONFIDENTIAL."""


async def calendar(context: RequestContext, visibility: Visibility, space: Any = None) -> bytes:
    """All events that the caller may read on this channel, of one space or of all own ones.

    Left out is what may only be read one by one, since each reading is audited.
    """
    statement = visibility.visible(select(Event, my_role_is_named)).where(in_states(["published"], context.now))
    if space is not None:
        statement = statement.where(Item.space_id == space)
    rows = await context.db.execute(statement.options(raiseload(Event.attendee_rows)).order_by(Item.id))
    events = [event for event, mine in rows if _may_go_out(visibility, event, mine=bool(mine))]
    await context.end_read()
    return await asyncio.to_thread(written, events)


def _may_go_out(visibility: Visibility, event: Event, *, mine: bool) -> bool:
    cell = visibility.cell_of(event, mine=mine)
    return cell is not None and AUDITED_READ not in cell.obligations


def written(events: Sequence[Event]) -> bytes:
    """The calendar as a file, with the rules of the time zones that it names."""
    whole = icalendar.Calendar()
    whole.add("prodid", "-//Netzraum//Kalender//DE")
    whole.add("version", "2.0")
    whole.add("calscale", "GREGORIAN")
    whole.add("x-wr-calname", "Netzraum")
    for event in events:
        for component in components(event):
            whole.add_component(component)
    whole.add_missing_timezones()
    return bytes(whole.to_ical())


def components(event: Event) -> Iterator[icalendar.Event]:
    """The event or series, then each of its occurrences that is not as the series has it."""
    series = Series.of(event)
    alone = series.changed.get(series.starts) if not event.recurs else None
    first = series.occurrence(series.starts) if alone else Occurrence(series.starts, series.starts, series.ends)
    yield _component(event, series, first, whole=True)
    if alone is None:
        for original in sorted(series.changed):
            component = _component(event, series, series.occurrence(original), whole=False)
            component.add("recurrence-id", moment(series, original))
            yield component


def _component(event: Event, series: Series, occurrence: Occurrence, *, whole: bool) -> icalendar.Event:
    own, component = occurrence.fields or {}, icalendar.Event()
    texts = {name: own.get(name, getattr(event, name)) for name in ("title", "text", "place", "link")}
    component.add("uid", event.uid)
    component.add("sequence", event.sequence)
    component.add("dtstamp", event.updated_at.astimezone(UTC))
    component.add("last-modified", event.updated_at.astimezone(UTC))
    component.add("dtstart", moment(series, occurrence.starts))
    component.add("dtend", moment(series, occurrence.ends))
    component.add("summary", texts["title"])
    for name, text in (("description", texts["text"]), ("location", texts["place"]), ("url", texts["link"])):
        if text:
            component.add(name, text)
    component.add("class", CLASSES.get(event.classification, "CONFIDENTIAL"))
    component.add("transp", "TRANSPARENT" if series.all_day else "OPAQUE")
    component.add("status", "CANCELLED" if occurrence.cancelled else "CONFIRMED")
    if event.categories:
        component.add("categories", list(event.categories))
    if event.recurs and whole:
        _add_recurrence(component, series)
    return component


def _add_recurrence(component: icalendar.Event, series: Series) -> None:
    if series.rrule is not None:
        component.add("rrule", icalendar.vRecur.from_ical(_rule(series)))
    for name, dates in (("exdate", series.exdates), ("rdate", series.rdates)):
        if dates:
            component.add(name, list(_moments(series, dates)))


def _moments(series: Series, dates: Iterable[str]) -> Iterator[Any]:
    return (moment(series, datetime.fromisoformat(each)) for each in dates)


def _rule(series: Series) -> str:
    """With its end as RFC 5545 wants it: a date of whole days, else an instant in UTC."""
    parts = rules.parts_of(series.rrule or "")
    until = rules.until_of(parts, series.zone, all_day=series.all_day)
    if until is not None:
        form = until.strftime("%Y%m%d") if series.all_day else series.utc(until).strftime("%Y%m%dT%H%M%SZ")
        parts = {**parts, "UNTIL": form}
    return rules.normal(parts)
