"""A bounded load over HTTP, and the processor time that it costs."""

import asyncio
import math
import os
import statistics
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

TICKS = os.sysconf("SC_CLK_TCK")
AT_ONCE = 8
ROUND_S = 2.0
"""How long one round of a load begins new requests: what is slow is asked less often."""


@dataclass(frozen=True)
class Load:
    """How a number of equal requests went; ``bytes`` is the size of the last answer."""

    per_second: float
    p50_ms: float
    bytes: int


@dataclass(frozen=True)
class Call:
    """A request that is sent; it must be answered with 200 or 201."""

    url: str
    headers: Mapping[str, str] | None = None
    method: str = "GET"
    body: Any = None


async def get(
    url: str, headers: Mapping[str, str] | None = None, *, count: int, at_once: int = AT_ONCE, within_s: float = ROUND_S
) -> Load:
    """Send up to ``count`` GETs, ``at_once`` at a time; none begins after ``within_s``."""
    return await send([Call(url, headers)] * count, at_once=at_once, within_s=within_s)


async def send(calls: Iterable[Call], *, at_once: int = AT_ONCE, within_s: float = math.inf) -> Load:
    """Send these, ``at_once`` at a time; none begins after ``within_s``.

    Raises:
        RuntimeError: one was refused.
    """
    seconds: list[float] = []
    sizes: list[int] = []
    todo = iter(calls)
    begun = time.perf_counter()

    async def work(session: aiohttp.ClientSession) -> None:
        for call in todo:
            started = time.perf_counter()
            if started > begun + within_s:
                return
            sizes[:] = [await _size(session, call)]
            seconds.append(time.perf_counter() - started)

    async with aiohttp.ClientSession() as session:
        await asyncio.gather(*(work(session) for _ in range(at_once)))
    return Load(len(seconds) / (time.perf_counter() - begun), 1000 * quantile(seconds, 50), sizes[0])


async def _size(session: aiohttp.ClientSession, call: Call) -> int:
    """Send one request; the bytes of its answer."""
    async with session.request(call.method, call.url, headers=call.headers, json=call.body) as reply:
        content = await reply.read()
        if reply.status not in (200, 201):
            raise RuntimeError(f"{call.method} {call.url}: {reply.status} {content[:300].decode(errors='replace')}")
        return len(content)


def quantile(values: Sequence[float], percent: int) -> float:
    """One of the hundredths of the values."""
    if len(values) == 1:
        return values[0]
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def processor_s(pids: Iterable[int]) -> float:
    """The processor time of these processes and of their ended children so far, in seconds.

    proc(5), fields utime, stime, cutime and cstime; a process that has ended meanwhile counts with its parent.
    """
    total = 0
    for pid in pids:
        try:
            fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        except FileNotFoundError:
            continue
        total += sum(int(field) for field in fields[11:15])
    return total / TICKS


def resident_mb(pid: int) -> float:
    """The resident memory of a process, in MB (10^6 bytes)."""
    pages = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def with_descendants(pids: Iterable[int]) -> list[int]:
    """These processes and all that they have started."""
    parents: dict[int, list[int]] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            parent = int(status.read_text(encoding="ascii", errors="replace").rpartition(")")[2].split()[1])
        except (FileNotFoundError, ProcessLookupError):  # it has ended meanwhile
            continue
        parents.setdefault(parent, []).append(int(status.parent.name))
    found = list(pids)
    for pid in found:
        found.extend(parents.get(pid, ()))
    return found
