"""The calendar among the tools: what of an event's form is its own, as it was typed and as the API has it."""

import asyncio
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from netzraum_gateway.calendar.dates import day_of
from netzraum_gateway.calendar.entries import local
from netzraum_gateway.calendar.one_event import around, members
from netzraum_gateway.calendar.recurrence import KEPT, choices_of, rule_of
from netzraum_gateway.formats import HOME_ZONE
from netzraum_gateway.items.tool import ItemTool, Values
from netzraum_gateway.page import Page
from netzraum_platform.errors import DomainError

RULE = ("repeat", "interval", "ends", "repeat_until", "repeat_count")
OF_ONE_DATE = ("title", "text", "place", "link", "start", "end")
"""What one date of a series may have of its own."""
OF_A_PART = (*OF_ONE_DATE, "all_day", "timezone", "rrule", "categories", "attendees", "reminders")
"""What the rest of a series may have of its own, from one of its dates on."""


class MayNotWrite(DomainError):
    """The form would offer nothing that could be entered."""

    status, code = 403, "may_not_write"
    de = "Mit Ihrer Rolle können Sie in diesem Raum zurzeit keine Termine eintragen."
    en = "With your role you cannot enter events in this space at present."


def written(page: Page, timezone: str | None) -> dict[str, Any]:
    """Times are those of the event's zone, for a new one the account's."""
    zone = page.text("timezone") or timezone or HOME_ZONE
    all_day = page.checked("all_day")
    ends = page.text("end") or page.text("start")
    body: dict[str, Any] = {
        "start": moment(page.text("start"), page.text("start_time"), zone, all_day=all_day),
        "end": moment(ends, page.text("end_time"), zone, all_day=all_day),
        "all_day": all_day,
        "timezone": zone,
        "text": page.text("text"),
        "place": page.text("place") or None,
        "link": page.text("link") or None,
        "categories": [name.strip() for name in page.text("categories").split(",") if name.strip()],
        "attendees": [_attendee(each) for each in page.texts("attendees")],
        "reminders": [int(each) for each in page.texts("reminders") if each.isdigit()],
    }
    if page.text("repeat") != KEPT:
        choices = {name: page.text(name) for name in RULE}
        body["rrule"] = rule_of(choices, page.texts("weekdays"), page.text("start"), zone, all_day=all_day)
    return body


def moment(day: str, clock: str, timezone: str, *, all_day: bool) -> str:
    """As the API takes it; what is no day or no time goes there as it is, and it says so."""
    if all_day:
        return day
    try:
        at = datetime.combine(date.fromisoformat(day), time.fromisoformat(clock), ZoneInfo(timezone))
    except ValueError:
        return f"{day}T{clock}"
    return at.isoformat()


def values(event: Values) -> dict[str, Any]:
    """An event as its form holds it."""
    zone = event["timezone"]
    begins = day_of(event["start"], zone)
    return {
        **event,
        **times(event, zone),
        **choices_of(event["rrule"], begins, zone),
        "all_day": "1" if event["all_day"] else "",
        "categories": ", ".join(event["categories"]),
        "attendees": [_named(each) for each in event["attendees"]],
        "reminders": [str(minutes) for minutes in event["reminders"]],
    }


def new_values(day: date, timezone: str) -> dict[str, Any]:
    """What an empty form begins with."""
    rule = choices_of(None, day, timezone)
    return {"classification": "internal", "start": day.isoformat(), "reminders": ["1440"], "timezone": timezone, **rule}


def times(occurrence: Values, timezone: str) -> dict[str, str]:
    """Days and times of the fields for beginning and end."""
    fields = {}
    for name in ("start", "end"):
        value = occurrence[name]
        fields[name] = day_of(value, timezone).isoformat()
        fields[f"{name}_time"] = local(value, timezone).strftime("%H:%M") if "T" in value else ""
    return fields


def _attendee(typed: str) -> dict[str, str]:
    kind, _, name = typed.partition(":")
    return {kind: name}


def _named(attendee: Mapping[str, Any]) -> str:
    kind = next(kind for kind in ("account", "role", "space") if attendee[kind])
    return f"{kind}:{attendee[kind]}"


def filtered(page: Page) -> Values | None:
    """What was typed, where only those who can be asked were to be filtered."""
    return page.typed(EVENTS.several) if page.checked("filter") else None


async def offered(page: Page) -> Values:
    """Whom the form offers to ask, and what of a series it is about."""
    frame, people = await asyncio.gather(page.frame(), members(page))
    return {
        "members": people,
        "bodies": [space for space in frame.spaces if space["id"] != page.part("space")],
        "scope": page.text("scope") or page.query("umfang"),
        "termin": page.text("occurrence") or page.query("termin"),
    }


EVENTS = ItemTool(
    "calendar",
    "event",
    templates="calendar",
    written=written,
    values=values,
    may_not_write=MayNotWrite,
    filters=("q", "classification"),
    several=("roles", "attendees", "weekdays", "reminders"),
    resource="events",
    offered=offered,
    reshaped=filtered,
    listed_at="/alle",
    with_item=around,
)
