"""Identity under test, and the people who use it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from netzraum_identity.app import SERVICE
from tests.harness import Surroundings, running
from tests.identity.people import Identity


@pytest.fixture
async def identity(database_url: str, tmp_path: Path) -> AsyncIterator[Identity]:
    around = Surroundings(tmp_path)
    async with running(SERVICE, database_url, around) as service:
        yield Identity(service, around)
