"""The service calendar, on both databases."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from netzraum_calendar.app import SERVICE
from netzraum_contracts.spaces import Heartbeat
from tests.calendar.agenda import Agenda, agenda_of
from tests.harness import ServiceUnderTest, Surroundings, running
from tests.world import World


@pytest.fixture
async def around(tmp_path: Path) -> Surroundings:
    return Surroundings(tmp_path)


@pytest.fixture
async def calendar(database_url: str, around: Surroundings) -> AsyncIterator[ServiceUnderTest]:
    async with running(SERVICE, database_url, around) as service:
        yield service


@pytest.fixture
async def heart(calendar: ServiceUnderTest) -> AsyncIterator[asyncio.Task[None]]:
    """The heartbeat of the service spaces, without which access data grow old."""

    async def beat() -> None:
        while True:
            await calendar.hear(Heartbeat(versions={}))
            await asyncio.sleep(1)

    task = asyncio.create_task(beat())
    yield task
    task.cancel()


@pytest.fixture
def world(calendar: ServiceUnderTest, heart: asyncio.Task[None]) -> World:
    return World(calendar)


@pytest.fixture
async def agenda(world: World) -> Agenda:
    return await agenda_of(world)
