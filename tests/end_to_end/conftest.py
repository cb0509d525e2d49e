"""One suite, two ways to run: every test here runs against standalone and against the distributed set."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest

from tests.chromium import axe, browser
from tests.end_to_end.installations import DistributedInstallation, Installation, StandaloneInstallation
from tests.end_to_end.people import Network, found_network

__all__ = ["axe", "browser", "http", "installation", "network"]


@pytest.fixture(scope="session", params=[StandaloneInstallation, DistributedInstallation])
async def installation(
    request: pytest.FixtureRequest, server_folders: Callable[[str], Path]
) -> AsyncIterator[Installation]:
    running = request.param(server_folders(request.param.__name__))
    await running.start()
    yield running
    await running.stop()


@pytest.fixture(scope="session")
async def http(installation: Installation) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=installation.address, timeout=30) as client:
        yield client


@pytest.fixture(scope="session")
async def network(installation: Installation, http: httpx.AsyncClient) -> Network:
    """A network with a moderator, a member and a guest."""
    made = await found_network(installation, http)
    for role in ("moderator", "member", "guest"):
        await made.take_in(role)
    return made
