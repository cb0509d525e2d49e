"""Figures of the calendar: one event, a list, a write, a month over 200 series, a feed of 5,000 events."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from benchmarks.filling import author_of, items, write
from benchmarks.ground import WRITES, Compared, Ground, token
from benchmarks.load import Call, send
from benchmarks.report import Report
from netzraum_calendar.events.models import Event
from netzraum_calendar.events.tables import OccurrenceRow
from netzraum_platform.database import utc_now
from tests.end_to_end.people import Network

SERIES = 200
IN_FEED = 5_000
FEEDS = 5
HOUR = timedelta(hours=1)


async def measure(ground: Ground, report: Report) -> None:
    network = await ground.network()
    made = await network.coordinator.post(f"spaces/{network.space}/events", _event(0, attendees=[{"role": "member"}]))
    await report.row("one event", ground.read("one event", network, f"events/{made['id']}"))
    await report.filling(f"{SERIES} series", _make_series(ground, network))
    await report.row("list", ground.read("list of 50 events", network, "events?limit=50"))
    month = f"month over {SERIES} series"
    await report.row("month", ground.read(month, network, f"occurrences?{_month()}"))
    await report.row("write", _write(ground, network))
    await report.filling(f"{IN_FEED:,} events", _fill(ground, network, IN_FEED - SERIES - 1))
    feed = f"feed of {IN_FEED:,} events"
    await report.row("feed", ground.read(feed, network, "calendar.ics", count=FEEDS, at_once=1))


def _event(number: int, **more: Any) -> dict[str, Any]:
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + (24 + number % 200) * HOUR
    return {"title": f"Termin {number}", "start": start.isoformat(), "end": (start + HOUR).isoformat(), **more}


def _month() -> str:
    since = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    return f"from={since.isoformat()}Z&until={(since + timedelta(days=31)).isoformat()}Z"


async def _make_series(ground: Ground, network: Network) -> None:
    """By the API: the service works out their occurrences."""
    url, headers = ground.url(network, "events"), await token(network.coordinator)
    await send(Call(url, headers, "POST", _event(number, rrule="FREQ=WEEKLY")) for number in range(SERIES))


async def _write(ground: Ground, network: Network) -> Compared:
    url, headers = ground.url(network, "events"), await token(network.coordinator)

    def calls(_round: int) -> Iterable[Call]:
        return [Call(url, headers, "POST", _event(number)) for number in range(WRITES)]

    return await ground.write("write of an event", calls)


async def _fill(ground: Ground, network: Network, count: int) -> None:
    now = utc_now()
    start = now.replace(tzinfo=None, microsecond=0)
    times = {"starts": start, "ends": start + HOUR, "timezone": "UTC", "all_day": False}
    texts = {"title": "Termin", "text": "Lorem ipsum " * 20, "place": "Hagen"}
    lists: dict[str, Any] = {"exdates": [], "rdates": [], "reminders": [], "sequence": 0}
    events = items(Event, network.space, await author_of(network), count, **times, **texts, **lists)
    dates = {"original": start, "starts_at": now, "ends_at": now + HOUR, "cancelled": False}
    async with ground.database("calendar") as database:
        await write(database, Event, [{**event, "uid": f"{event['id']}@netzraum"} for event in events])
        occurrences = [{**dates, "event_id": event["id"], "space_id": event["space_id"]} for event in events]
        await write(database, OccurrenceRow, occurrences)
