"""Figures of polls: reading one, a list of them, and ballots per second, open and secret."""

import asyncio
import time
from typing import Any

import aiohttp

from benchmarks.floors import Floor
from benchmarks.load import get
from benchmarks.report import Figure
from netzraum_platform.database import Database, new_id, utc_now
from netzraum_polls.polls.models import Poll
from tests.end_to_end.installations import DistributedInstallation
from tests.end_to_end.people import Network

COUNT, AT_ONCE, ROUNDS = 300, 8, 3
FEW, MANY = 50, 5_000
QUESTION = {"kind": "single", "title": "Wann?", "options": [{"title": "Montag"}, {"title": "Dienstag"}]}

Json = dict[str, Any]


async def measure(installation: DistributedInstallation, network: Network, bare: Floor) -> list[Figure]:
    """Ratios are to the bare route of the same run."""
    floor = max([(await get(f"{bare.address}/item", count=COUNT)).per_second for _ in range(ROUNDS)])
    path = f"spaces/{network.space}/polls"
    figures = []
    for secrecy in ("open", "secret"):
        poll = await network.coordinator.post(path, {"title": "Takt", "questions": [QUESTION], "secrecy": secrecy})
        if secrecy == "open":
            url = f"{installation.address}/api/v1/{path}/{poll['id']}"
            read = max([(await get(url, _token(network), count=COUNT)).per_second for _ in range(ROUNDS)])
            figures.append(Figure("one poll through the gateway, requests/s of a bare route", read / floor, "×", ""))
        ballots = await _ballots(f"{installation.address}/api/v1/{path}/{poll['id']}/ballot", network, poll)
        figures.append(Figure(f"{secrecy} ballots through the gateway, per second", ballots, "1/s", ""))
        figures.append(Figure(f"{secrecy} ballots, of a bare route's requests/s", ballots / floor, "×", ""))
    figures.append(await _list(installation, network, path))
    return figures


def _token(network: Network) -> dict[str, str]:
    return {"authorization": f"Bearer {network.coordinator.tokens['access_token']}"}


async def _ballots(url: str, network: Network, poll: Json) -> float:
    """Ballots per second; one voter changes the vote again and again, which writes as a first vote does."""
    (question,) = poll["questions"]
    todo = iter(range(COUNT))

    async def work(session: aiohttp.ClientSession) -> None:
        for number in todo:
            option = question["options"][number % 2]["id"]
            body = {"answers": [{"question": question["id"], "value": option}]}
            async with session.put(url, json=body, headers=_token(network)) as reply:
                if reply.status not in (200, 201):
                    raise RuntimeError(f"{url}: {reply.status} {await reply.text()}")

    async with aiohttp.ClientSession() as session:
        started = time.perf_counter()
        await asyncio.gather(*(work(session) for _ in range(AT_ONCE)))
        return COUNT / (time.perf_counter() - started)


async def _list(installation: DistributedInstallation, network: Network, path: str) -> Figure:
    """A list of 50 out of many polls, against one out of few."""
    url = f"{installation.address}/api/v1/{path}?limit=50"
    database = Database(installation.servers.services["polls"].environment["NETZRAUM_DATABASE_URL"])
    p50 = []
    for count in (FEW, MANY - FEW):
        await _fill(database, network, count)
        p50.append(min([(await get(url, _token(network), count=COUNT // 4)).p50_ms for _ in range(ROUNDS)]))
    await database.close()
    return Figure(f"list of 50 out of {MANY:,} polls, p50 of one out of {FEW}", p50[1] / p50[0], "×", "at most 1.3")


async def _fill(database: Database, network: Network, count: int) -> None:
    """Write polls straight into the tables: how they get there is not what is measured."""
    now = utc_now()
    async with database.transaction() as session:
        session.add_all(
            Poll(
                id=new_id(),
                space_id=network.space,
                tool=Poll.TOOL,
                classification="internal",
                title="Umfrage",
                state="published",
                created_at=now,
                updated_at=now,
                news_at=now,
                opened_at=now,
                text="",
                questions=[],
                secrecy="open",
                results="after_close",
                electorate="members",
                change_allowed=True,
            )
            for _ in range(count)
        )
