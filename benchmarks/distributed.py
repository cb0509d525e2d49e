"""Figures of the distributed set: one item, pages, lists, decisions."""

import re
import time
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import insert

from benchmarks import calendar, events, polls, wiki
from benchmarks.floors import Floor, floor
from benchmarks.load import get, processor_s, quantile, with_descendants
from benchmarks.report import Figure
from netzraum_content.notices.models import Notice
from netzraum_platform.database import Database, new_id, utc_now
from netzraum_platform.policy import SidecarPolicy
from tests.end_to_end.installations import PASSWORD, DistributedInstallation
from tests.end_to_end.people import Network, found_network

FEW, MANY = 1_000, 100_000
COUNT = 600
"""How many requests one figure takes."""
ROUNDS = 3
QUESTIONS = 500

Json = dict[str, Any]


async def measure(folder: Path) -> list[Figure]:
    """Start the set, make a network with a notice, and measure."""
    installation = DistributedInstallation(folder, durable=True)
    limits = {"NETZRAUM_LIMIT_RATE": "100000", "NETZRAUM_LIMIT_BURST": "100000"}
    installation.servers.settings = {"gateway": limits}
    await installation.start()
    try:
        async with httpx.AsyncClient(base_url=installation.address, timeout=60) as http:
            network = await found_network(installation, http)
            notice = await network.post_notice(network.coordinator, "Aushang", text="Lorem ipsum " * 40)
            path = f"spaces/{network.space}/notices/{notice['id']}"
            size = len((await network.coordinator.send("GET", path)).content)
            async with floor(_database(installation, "content"), size) as bare:
                figures = [
                    *await _one_item(installation, network, path, bare),
                    *await _pages(installation, network, notice, bare),
                    *await wiki.measure(
                        f"{installation.address}/api/v1/spaces/{network.space}/wiki",
                        network.coordinator,
                        _database(installation, "content"),
                        bare,
                    ),
                    *await polls.measure(installation, network, bare),
                ]
            figures.extend(await calendar.measure(installation, network))
            figures.append(await _list(installation, network))
            figures.append(await _decision(installation))
            figures.extend(await events.measure(installation, network))
            return figures
    finally:
        await installation.stop()


def _database(installation: DistributedInstallation, service: str) -> str:
    return installation.servers.services[service].environment["NETZRAUM_DATABASE_URL"]


def _token(network: Network) -> dict[str, str]:
    return {"authorization": f"Bearer {network.coordinator.tokens['access_token']}"}


async def _one_item(installation: DistributedInstallation, network: Network, path: str, bare: Floor) -> list[Figure]:
    url = f"{installation.address}/api/v1/{path}"
    floors = [await get(f"{bare.address}/item", count=COUNT) for _ in range(ROUNDS)]
    ours = [await get(url, _token(network), count=COUNT) for _ in range(ROUNDS)]
    ratio = max(load.per_second for load in ours) / max(load.per_second for load in floors)
    return [
        Figure("one item through the gateway, requests/s of a bare route", ratio, "×", "at least 0.35"),
        Figure("one item through the gateway, p50", min(load.p50_ms for load in ours), "ms", ""),
        Figure("bare route, p50", min(load.p50_ms for load in floors), "ms", ""),
    ]


async def _pages(installation: DistributedInstallation, network: Network, notice: Json, bare: Floor) -> list[Figure]:
    """The processor time of all processes together, as a multiple of a bare page's."""
    cookie = {"cookie": await _log_in(installation, network)}
    started = processor_s([bare.pid])
    await get(f"{bare.address}/page", count=COUNT)
    floor_s = (processor_s([bare.pid]) - started) / COUNT
    figures = []
    for name, path in (("one notice", f"/brett/{notice['id']}"), ("a list", "/brett")):
        roots = [server.process.pid for server in installation.servers.servers.values()]
        started = processor_s(with_descendants(roots))
        await get(f"{installation.address}/raum/{network.space}{path}", cookie, count=COUNT // 6)
        ours_s = (processor_s(with_descendants(roots)) - started) / (COUNT // 6)
        figures.append(Figure(f"page of {name}, processor time of a bare page", ours_s / floor_s, "×", "at most 5"))
        figures.append(Figure(f"page of {name}, processor time", 1000 * ours_s, "ms", ""))
    return figures


async def _log_in(installation: DistributedInstallation, network: Network) -> str:
    """The cookies of a browser that logged in."""
    async with httpx.AsyncClient(base_url=installation.address) as browser:
        form = (await browser.get("/anmelden")).text
        found = re.search(r'name="csrf" value="([^"]*)"', form)
        if found is None:
            raise RuntimeError("the log-in page has no csrf field")
        fields = {"csrf": found[1], "email": network.coordinator.email, "password": PASSWORD}
        reply = await browser.post("/anmelden", data=fields)
        if reply.status_code != 303:
            raise RuntimeError(f"log-in answered {reply.status_code}")
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in browser.cookies.jar)


async def _list(installation: DistributedInstallation, network: Network) -> Figure:
    """A list of 50 out of many rows, against one out of few."""
    url = f"{installation.address}/api/v1/spaces/{network.space}/notices?limit=50"
    database = Database(_database(installation, "content"))
    await _fill(database, network, FEW)
    few = [await get(url, _token(network), count=COUNT // 4) for _ in range(ROUNDS)]
    await _fill(database, network, MANY - FEW)
    many = [await get(url, _token(network), count=COUNT // 4) for _ in range(ROUNDS)]
    await database.close()
    ratio = min(load.p50_ms for load in many) / min(load.p50_ms for load in few)
    return Figure(f"list of 50 out of {MANY:,} rows, p50 of one out of {FEW:,}", ratio, "×", "at most 1.3")


async def _fill(database: Database, network: Network, count: int) -> None:
    """Write notices straight into the table: their text is not what is measured."""
    author = (await network.coordinator.get("me"))["id"]
    now = utc_now()
    shared = {
        "tool": Notice.TOOL,
        "type": Notice.TYPE,
        "classification": "internal",
        "title": "Aushang",
        "excerpt": "",
        "state": "published",
        "pinned": False,
        "created_at": now,
        "updated_at": now,
        "news_at": now,
        "narrowed": False,
        "version": 1,
        "text": "Lorem ipsum",
        "author_id": author,
        "space_id": network.space,
    }
    for start in range(0, count, 5_000):
        rows = [{**shared, "id": new_id()} for _ in range(min(5_000, count - start))]
        async with database.transaction() as session:
            await session.execute(insert(Notice), rows)


async def _decision(installation: DistributedInstallation) -> Figure:
    policy = SidecarPolicy(installation.servers.sidecars["content"].url, "content")
    await policy.start()
    seconds = [await _ask(policy) for _ in range(QUESTIONS)]
    await policy.stop()
    return Figure("decision by the sidecar, p50", 1000 * quantile(seconds, 50), "ms", "under 1")


async def _ask(policy: SidecarPolicy) -> float:
    """The seconds that one decision takes."""
    now = int(utc_now().timestamp())
    membership = {"role": "member", "base": "member", "overrides": {}, "from": now - 60, "until": None}
    question = {
        "subject": {
            "account": str(new_id()),
            "institution": None,
            "operator": False,
            "second_factor": False,
            "scopes": ["read", "write"],
            "membership": membership,
        },
        "action": "content.notice.read",
        "resource": {
            "type": "notice",
            "space": str(new_id()),
            "space_kind": "network",
            "classification": "internal",
            "own": False,
            "state": "published",
            "named": "none",
        },
        "context": {"channel": "web", "now": now, "access_age_s": 0},
    }
    started = time.perf_counter()
    answer = await policy.evaluate("decision", question)
    if not answer["allow"]:
        raise RuntimeError(f"refused: {answer['reasons']}")
    return time.perf_counter() - started
