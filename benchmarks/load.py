"""A bounded load over HTTP, and the processor time that it costs."""

import asyncio
import os
import statistics
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Load:
    """How a number of equal requests went."""

    per_second: float
    p50_ms: float
    p99_ms: float


async def get(url: str, headers: dict[str, str] | None = None, *, count: int = 1000, at_once: int = 8) -> Load:
    """Send ``count`` GETs, ``at_once`` at a time; every one must be answered with 200."""
    return await send("GET", [(url, None)] * count, headers, at_once=at_once)


async def send(
    method: str, requests: Sequence[tuple[str, Any]], headers: dict[str, str] | None = None, *, at_once: int = 8
) -> Load:
    """Send these requests (address and JSON), ``at_once`` at a time; every one must be answered with 200 or 201."""
    seconds: list[float] = []
    todo, count = iter(requests), len(requests)

    async def work(session: aiohttp.ClientSession) -> None:
        for url, body in todo:
            started = time.perf_counter()
            async with session.request(method, url, headers=headers, json=body) as reply:
                await reply.read()
                if reply.status not in (200, 201):
                    raise RuntimeError(f"{url}: {reply.status}")
            seconds.append(time.perf_counter() - started)

    async with aiohttp.ClientSession() as session:
        started = time.perf_counter()
        await asyncio.gather(*(work(session) for _ in range(at_once)))
        whole = time.perf_counter() - started
    return Load(count / whole, 1000 * quantile(seconds, 50), 1000 * quantile(seconds, 99))


def quantile(values: Iterable[float], percent: int) -> float:
    """One of the hundredths of the values."""
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
        except FileNotFoundError:  # it has ended meanwhile
            continue
        parents.setdefault(parent, []).append(int(status.parent.name))
    found = list(pids)
    for pid in found:
        found.extend(parents.get(pid, ()))
    return found
