"""The dates of events in a window of time, as the API has them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from netzraum_gateway.api import ApiProblem
from netzraum_gateway.calendar.entries import Occurrence, local
from netzraum_gateway.days import beginning, end
from netzraum_gateway.formats import HOME_ZONE
from netzraum_gateway.page import Page
from netzraum_platform.database import utc_now

NEXT_DAYS = 60
MOST_NEXT = 4
MOST_SHOWN = 5000
"""Of one window: as many as the API gives at once."""
REFUSALS = (403, 404, 503)


async def today(page: Page) -> date:
    """The day where the reader is."""
    return datetime.now(ZoneInfo(await zone(page))).date()


async def zone(page: Page) -> str:
    return (await page.frame()).timezone or HOME_ZONE


async def occurrences(page: Page, first: date, last: date, space: str | None = None) -> Sequence[Occurrence]:
    """Of one space, or of all mine; ``first`` and ``last`` are days where the reader is."""
    found: Sequence[Occurrence] = (await dates_in(page, first, last, space))["items"]
    return found


async def dates_in(page: Page, first: date, last: date, space: str | None) -> Any:
    """Dates as ``occurrences``, with all that the API says of them: whether there are more than a page shows."""
    timezone = await zone(page)
    window = {"from": beginning(first.isoformat(), timezone), "until": end(last.isoformat(), timezone)}
    return await page.api.get(_api(space), **window, limit=MOST_SHOWN)


async def next_dates(page: Page, space: str | None = None) -> list[Occurrence]:
    """What is on now or comes soon, cancelled ones too; nothing where the calendar is closed or does not answer."""
    now = utc_now()
    window = {"from": now.isoformat(), "until": (now + timedelta(days=NEXT_DAYS)).isoformat()}
    try:
        found = await page.api.get(_api(space), **window, limit=MOST_NEXT)
    except ApiProblem as problem:
        if problem.status not in REFUSALS:
            raise
        return []
    return list(found["items"])


@dataclass(frozen=True)
class DaysOff:
    """The holidays of a state by day, and the last day up to which its school holidays are on file."""

    days: Mapping[date, list[dict[str, Any]]] = field(default_factory=dict)
    school_until: date = date.max


async def holidays(page: Page, state: str, first: date, last: date) -> DaysOff:
    """Of a German state; none where none is chosen or the calendar does not answer."""
    if not state:
        return DaysOff()
    window = {"from": first.isoformat(), "until": last.isoformat()}
    try:
        found = await page.api.get("holidays", state=state, **window)
    except ApiProblem as problem:
        if problem.status == 401:
            raise
        return DaysOff()
    return DaysOff(_by_day(found["items"], first, last), date.fromisoformat(found["school_until"]))


def _by_day(found: Sequence[Mapping[str, Any]], first: date, last: date) -> dict[date, list[dict[str, Any]]]:
    days: dict[date, list[dict[str, Any]]] = {}
    for each in found:
        begins, ends = date.fromisoformat(each["date"]), date.fromisoformat(each["until"])
        day = max(begins, first)
        while day <= min(ends, last):
            days.setdefault(day, []).append({"name": each["name"], "kind": each["kind"], "first": day == begins})
            day += timedelta(1)
    return days


def day_of(value: str, timezone: str) -> date:
    return local(value, timezone).date() if "T" in value else date.fromisoformat(value)


def _api(space: str | None) -> str:
    return f"spaces/{space}/occurrences" if space else "occurrences"
