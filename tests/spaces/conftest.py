"""The service spaces on both databases, with an approved institution."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from netzraum_spaces.app import SERVICE
from tests.databases import database_url
from tests.harness import ServiceUnderTest, Surroundings, running
from tests.spaces.region import Region, Somebody

__all__ = ["database_url"]


@pytest.fixture
async def spaces(database_url: str, tmp_path: Path) -> AsyncIterator[ServiceUnderTest]:  # the fixture
    async with running(SERVICE, database_url, Surroundings(tmp_path)) as service:
        yield service


@pytest.fixture
async def region(spaces: ServiceUnderTest, tmp_path: Path) -> Region:
    return Region(spaces, Surroundings(tmp_path))


@dataclass
class Network:
    """A network space and who coordinates it."""

    region: Region
    coordinator: Somebody
    id: str

    @property
    def path(self) -> str:
        return f"spaces/{self.id}"


@pytest.fixture
async def network(region: Region) -> Network:
    coordinator = await region.somebody("Katrin Vossmann")
    return Network(region, coordinator, await region.approved(coordinator))
