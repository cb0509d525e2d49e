"""The service content, on both databases."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from netzraum_content.app import SERVICE
from netzraum_contracts.spaces import Heartbeat
from tests.content.wiki_room import WikiRoom, wiki_room
from tests.harness import ServiceUnderTest, Surroundings, running
from tests.world import Board, World


@pytest.fixture
async def content(database_url: str, tmp_path: Path) -> AsyncIterator[ServiceUnderTest]:
    async with running(SERVICE, database_url, Surroundings(tmp_path)) as service:
        yield service


@pytest.fixture
async def heart(content: ServiceUnderTest) -> AsyncIterator[asyncio.Task[None]]:
    """The heartbeat of the service spaces, without which access data grow old; a test may stop it."""

    async def beat() -> None:
        while True:
            await content.hear(Heartbeat(versions={}))
            await asyncio.sleep(1)

    task = asyncio.create_task(beat())
    yield task
    task.cancel()


@pytest.fixture
def world(content: ServiceUnderTest, heart: asyncio.Task[None]) -> World:
    return World(content)


@pytest.fixture
async def board(world: World) -> Board:
    return await world.board()


@pytest.fixture
async def wiki(world: World) -> WikiRoom:
    return await wiki_room(world)
