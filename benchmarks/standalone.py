"""Figures of standalone: its start, its memory, its first page."""

import asyncio
import os
import sys
import time
from pathlib import Path

import httpx

from benchmarks.load import resident_mb
from benchmarks.report import Figure, Report
from netzraum_standalone.servers.process import free_port
from tests.end_to_end.installations import wait_until_ready


async def measure(folder: Path, report: Report) -> None:
    await report.row("start, memory and first page", _measured(folder))


async def _measured(folder: Path) -> list[Figure]:
    """Start it on an empty folder once, so that the databases are there; the second start is what counts."""
    await _run(folder)
    start_s, memory, page_ms = await _run(folder)
    return [
        Figure("standalone, start", start_s, "s", "under 3"),
        Figure("standalone, resident memory", memory, "MB", "under 250"),
        Figure("standalone, first page", page_ms, "ms", "under 150"),
    ]


async def _run(folder: Path) -> tuple[float, float, float]:
    port = free_port()
    place = {"PORT": str(port), "NETZRAUM_DATA": str(folder)}
    started = time.perf_counter()
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "netzraum_standalone",
        "run",
        env={**os.environ, **place},
        stdout=asyncio.subprocess.DEVNULL,
    )
    try:
        address = f"http://127.0.0.1:{port}"
        await wait_until_ready(address, process)
        start_s = time.perf_counter() - started
        async with httpx.AsyncClient(base_url=address) as http:
            started = time.perf_counter()
            reply = await http.get("/anmelden")
            page_ms = 1000 * (time.perf_counter() - started)
        reply.raise_for_status()
        return start_s, resident_mb(process.pid), page_ms
    finally:
        process.terminate()
        await process.wait()
