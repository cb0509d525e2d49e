"""Figures of the calendar: one event, a list, a write, a month over 200 series, a feed of 5,000 events."""

import time
import uuid
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
from sqlalchemy import insert

from benchmarks.floors import floor
from benchmarks.load import Load, get, quantile
from benchmarks.report import Figure
from netzraum_calendar.events.models import Event
from netzraum_calendar.events.tables import OccurrenceRow
from netzraum_platform.database import Database, new_id, utc_now
from tests.end_to_end.installations import DistributedInstallation
from tests.end_to_end.people import Network

COUNT = 300
ROUNDS = 3
WRITES = 100
SERIES = 200
IN_FEED = 5_000
HOUR = timedelta(hours=1)

Json = dict[str, Any]


async def measure(installation: DistributedInstallation, network: Network) -> list[Figure]:
    """All of it in the network's own calendar, which is empty before; ratios are to a bare route of the same run."""
    address = installation.servers.services["calendar"].environment["NETZRAUM_DATABASE_URL"]
    database = Database(address)
    made = await network.coordinator.post(f"spaces/{network.space}/events", _event(0, attendees=[{"role": "member"}]))
    path = f"spaces/{network.space}/events/{made['id']}"
    size = len((await network.coordinator.send("GET", path)).content)
    url = f"{installation.address}/api/v1"
    ask = _asking(network)
    async with floor(address, size) as bare:
        slowest = await ask(f"{bare.address}/item", COUNT)
        one = await ask(f"{url}/{path}", COUNT)
        for number in range(SERIES):
            series = _event(number, rrule="FREQ=WEEKLY")
            await network.coordinator.post(f"spaces/{network.space}/events", series)
        listed = await ask(f"{url}/spaces/{network.space}/events?limit=50", COUNT // 6)
        month = await ask(f"{url}/spaces/{network.space}/occurrences?{_month()}", COUNT // 6)
        write = await _writes(url, network)
        await _fill(database, network, IN_FEED - SERIES - 1)
        feed = await ask(f"{url}/spaces/{network.space}/calendar.ics", 5)
    await database.close()
    return [
        Figure("one event, requests/s of a bare route", one.per_second / slowest.per_second, "×", ""),
        Figure("list of 50 events, requests/s of a bare route", listed.per_second / slowest.per_second, "×", ""),
        Figure("write of an event, p50 of a bare route's", write / slowest.p50_ms, "×", ""),
        Figure(f"month over {SERIES} series, p50 of a bare route's", month.p50_ms / slowest.p50_ms, "×", ""),
        Figure(f"month over {SERIES} series, p50", month.p50_ms, "ms", ""),
        Figure(f"feed of {IN_FEED:,} events, p50", feed.p50_ms, "ms", ""),
    ]


def _asking(network: Network) -> Callable[[str, int], Awaitable[Load]]:
    async def ask(url: str, count: int) -> Load:
        """The best of some rounds."""
        await network.coordinator.renew()
        token = {"authorization": f"Bearer {network.coordinator.tokens['access_token']}"}
        at_once = 8 if count > COUNT // 6 else 1
        loads = [await get(url, token, count=count, at_once=at_once) for _ in range(ROUNDS)]
        return min(loads, key=lambda load: load.p50_ms)

    return ask


def _event(number: int, **more: Any) -> Json:
    start = datetime.now(UTC).replace(minute=0, second=0, microsecond=0) + (24 + number % 200) * HOUR
    return {"title": f"Termin {number}", "start": start.isoformat(), "end": (start + HOUR).isoformat(), **more}


def _month() -> str:
    since = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    return f"from={since.isoformat()}Z&until={(since + timedelta(days=31)).isoformat()}Z"


async def _writes(url: str, network: Network) -> float:
    """The p50 of writing a single event, in ms."""
    await network.coordinator.renew()
    token = {"authorization": f"Bearer {network.coordinator.tokens['access_token']}"}
    seconds = []
    async with aiohttp.ClientSession() as session:
        for number in range(WRITES):
            started = time.perf_counter()
            path = f"{url}/spaces/{network.space}/events"
            async with session.post(path, json=_event(number), headers=token) as reply:
                if reply.status != 201:
                    raise RuntimeError(f"{path}: {reply.status}")
            seconds.append(time.perf_counter() - started)
    return 1000 * quantile(seconds, 50)


async def _fill(database: Database, network: Network, count: int) -> None:
    """Write events straight into the tables: what they say is not what is measured."""
    author = uuid.UUID((await network.coordinator.get("me"))["id"])
    space, now = uuid.UUID(network.space), utc_now()
    start = now.replace(tzinfo=None, microsecond=0)
    times = {"starts": start, "ends": start + HOUR, "timezone": "UTC", "all_day": False}
    texts = {"title": "Termin", "text": "Lorem ipsum " * 20, "excerpt": "", "place": "Hagen"}
    stamps = {"created_at": now, "updated_at": now, "news_at": now}
    marks = {"classification": "internal", "state": "published", "pinned": False, "narrowed": False, "version": 1}
    lists: Json = {"exdates": [], "rdates": [], "reminders": [], "sequence": 0}
    shared = {
        "tool": Event.TOOL,
        "type": Event.TYPE,
        "author_id": author,
        "space_id": space,
        **times,
        **texts,
        **stamps,
        **marks,
        **lists,
    }
    ids = [new_id() for _ in range(count)]
    dates = {"original": start, "space_id": space, "starts_at": now, "ends_at": now + HOUR, "cancelled": False}
    async with database.transaction() as session:
        await session.execute(insert(Event), [{**shared, "id": each, "uid": f"{each}@netzraum"} for each in ids])
        await session.execute(insert(OccurrenceRow), [{**dates, "event_id": each} for each in ids])
