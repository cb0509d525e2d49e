"""The distributed set that is measured, who reads in it, and the floor beside it."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from sqlalchemy import text

from benchmarks.floors import Floor, floor
from benchmarks.load import AT_ONCE, Call, Load, get, send
from benchmarks.report import Figure
from netzraum_platform.database import Database
from tests.end_to_end.installations import DistributedInstallation
from tests.end_to_end.people import Network, Somebody, found_network

ROUNDS = 3
"""The best of these counts; the floor is measured before each."""
READS = 200
WRITES = 60
BARE = 300
NO_LIMIT = {"NETZRAUM_LIMIT_RATE": "100000", "NETZRAUM_LIMIT_BURST": "100000"}


@dataclass(frozen=True)
class Compared:
    """How requests went, and those to a bare route between their rounds, which answers as many bytes."""

    what: str
    ours: Load
    bare: Load
    wanted: str

    def __iter__(self) -> Iterator[Figure]:
        ratio = self.ours.per_second / self.bare.per_second
        yield Figure(f"{self.what}, requests/s of a bare route", ratio, "×", self.wanted)
        yield Figure(f"{self.what}, requests/s", self.ours.per_second, "1/s")
        yield Figure(f"{self.what}, p50", self.ours.p50_ms, "ms")


@dataclass(frozen=True)
class Ground:
    """All that parts of the measurement share; each of them makes a network of its own."""

    installation: DistributedInstallation
    http: httpx.AsyncClient
    bare: Floor

    async def network(self) -> Network:
        return await found_network(self.installation, self.http)

    def url(self, network: Network, path: str) -> str:
        """Of what lies in the network's space."""
        return f"{self.installation.address}/api/v1/spaces/{network.space}/{path}"

    @asynccontextmanager
    async def database(self, service: str) -> AsyncIterator[Database]:
        """For writing rows straight into a service's tables. PostgreSQL counts them at the end, as it would later."""
        database = Database(self.installation.servers.services[service].environment["NETZRAUM_DATABASE_URL"])
        try:
            yield database
            async with database.transaction() as session:
                await session.execute(text("ANALYZE"))
        finally:
            await database.close()

    async def read(
        self, what: str, network: Network, path: str, wanted: str = "", *, count: int = READS, at_once: int = AT_ONCE
    ) -> Compared:
        """GETs of the coordinator."""
        headers = await token(network.coordinator)
        url = self.url(network, path)
        return await self.compare(
            what, lambda _round: get(url, headers, count=count, at_once=at_once), wanted, at_once=at_once
        )

    async def write(self, what: str, calls: Callable[[int], Iterable[Call]]) -> Compared:
        """``calls`` names the requests of a round by its number."""
        return await self.compare(what, lambda number: send(calls(number)))

    async def compare(
        self, what: str, load: Callable[[int], Awaitable[Load]], wanted: str = "", *, at_once: int = AT_ONCE
    ) -> Compared:
        loads, floors = [], []
        for number in range(ROUNDS):
            loads.append(await load(number))
            bare = f"{self.bare.address}/item?{loads[0].bytes}"
            floors.append(await get(bare, count=BARE, at_once=at_once))
        return Compared(what, _best(loads), _best(floors), wanted)


@asynccontextmanager
async def prepared(folder: Path) -> AsyncIterator[Ground]:
    """Start the set; its gateway limits nobody."""
    installation = DistributedInstallation(folder, durable=True)
    installation.servers.settings["gateway"] = NO_LIMIT
    await installation.start()
    try:
        database = installation.servers.services["content"].environment["NETZRAUM_DATABASE_URL"]
        async with (
            httpx.AsyncClient(base_url=installation.address, timeout=60) as http,
            floor(database) as bare,
        ):
            yield Ground(installation, http, bare)
    finally:
        await installation.stop()


def _best(loads: Iterable[Load]) -> Load:
    return max(loads, key=lambda load: load.per_second)


def grown(what: str, few: Compared | None, many: Compared | None, wanted: str = "at most 1.3") -> list[Figure]:
    """How much longer it takes with many rows than with few; a failure where one of them was not measured."""
    if few is None or many is None:
        return [Figure(what, None, "×", wanted, "not both were measured")]
    return [Figure(what, many.ours.p50_ms / few.ours.p50_ms, "×", wanted)]


async def token(somebody: Somebody) -> Mapping[str, str]:
    """The header of a fresh access token: it lives 5 minutes, longer than a row takes."""
    await somebody.renew()
    return {"authorization": f"Bearer {somebody.tokens['access_token']}"}
