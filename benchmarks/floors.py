"""The floors as a process of their own, beside the set that is measured."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from netzraum_standalone.servers.process import free_port
from tests.end_to_end.installations import wait_until_ready

ROOT = Path(__file__).parents[1]


@dataclass(frozen=True)
class Floor:
    """Where ``benchmarks.bare`` answers, and its process."""

    address: str
    pid: int


@asynccontextmanager
async def floor(database_url: str) -> AsyncIterator[Floor]:
    """Run it on the same PostgreSQL."""
    port = free_port()
    place = {"BARE_DATABASE": database_url.replace("+asyncpg", "")}
    command = [sys.executable, "-m", "uvicorn", "benchmarks.bare:app", "--port", str(port), "--log-level", "warning"]
    process = await asyncio.create_subprocess_exec(*command, env={**os.environ, **place}, cwd=ROOT)
    address = f"http://127.0.0.1:{port}"
    await wait_until_ready(address, process)
    try:
        yield Floor(address, process.pid)
    finally:
        process.terminate()
        await process.wait()
