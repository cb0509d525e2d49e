"""Identity under test, and the people who use it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from netzraum_identity.app import SERVICE
from netzraum_spaces.app import SERVICE as SPACES
from tests.harness import Surroundings, running, sqlite_url
from tests.identity.members import Network
from tests.identity.people import Identity


@pytest.fixture
async def identity(database_url: str, tmp_path: Path) -> AsyncIterator[Identity]:
    around = Surroundings(tmp_path)
    async with running(SERVICE, database_url, around) as service:
        yield Identity(service, around)


@pytest.fixture
async def network(identity: Identity, tmp_path: Path) -> AsyncIterator[Network]:
    """Identity beside the real spaces, with one network and its coordinator."""
    async with running(SPACES, sqlite_url(tmp_path, "spaces"), identity.around) as spaces:
        yield await Network.found(identity, spaces)
