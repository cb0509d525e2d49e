"""The distributed set whose parts the tests kill, with a network of people at work in it."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest

from tests.end_to_end.installations import DistributedInstallation
from tests.end_to_end.people import Network, found_network


@pytest.fixture(scope="package")
async def installation(server_folders: Callable[[str], Path]) -> AsyncIterator[DistributedInstallation]:
    running = DistributedInstallation(server_folders("faults"), durable=True)
    await running.start()
    yield running
    await running.stop()


@pytest.fixture(scope="package")
async def network(installation: DistributedInstallation) -> AsyncIterator[Network]:
    async with httpx.AsyncClient(base_url=installation.address, timeout=30) as http:
        made = await found_network(installation, http)
        await made.take_in("member")
        yield made
