"""The service polls, on both databases, with a space in which every built-in role has its person."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from netzraum_contracts.spaces import Heartbeat
from netzraum_polls.app import SERVICE
from tests.harness import ServiceUnderTest, Surroundings, running
from tests.polls.rooms import PollRoom
from tests.world import World


@pytest.fixture
def around(tmp_path: Path) -> Surroundings:
    return Surroundings(tmp_path)


@pytest.fixture
async def polls(database_url: str, around: Surroundings) -> AsyncIterator[ServiceUnderTest]:
    async with running(SERVICE, database_url, around) as service:
        yield service


@pytest.fixture
async def heart(polls: ServiceUnderTest) -> AsyncIterator[asyncio.Task[None]]:
    """The heartbeat of the service spaces, without which access data grow old."""

    async def beat() -> None:
        while True:
            await polls.hear(Heartbeat(versions={}))
            await asyncio.sleep(1)

    task = asyncio.create_task(beat())
    yield task
    task.cancel()


@pytest.fixture
async def room(polls: ServiceUnderTest, heart: asyncio.Task[None]) -> PollRoom:
    return await PollRoom.furnished(World(polls))
