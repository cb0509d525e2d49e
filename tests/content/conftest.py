"""The service content, on both databases."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from netzraum_content.app import SERVICE
from tests.content.world import Board, World
from tests.harness import ServiceUnderTest, Surroundings, running


@pytest.fixture
async def content(database_url: str, tmp_path: Path) -> AsyncIterator[ServiceUnderTest]:
    async with running(SERVICE, database_url, Surroundings(tmp_path)) as service:
        yield service


@pytest.fixture
def world(content: ServiceUnderTest) -> World:
    return World(content)


@pytest.fixture
async def board(world: World) -> Board:
    return await world.board()
