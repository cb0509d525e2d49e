"""What several tests of the platform start from."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from netzraum_platform import migrate
from netzraum_platform.context import App
from tests.harness import Surroundings
from tests.platform import samples


@pytest.fixture
def around(tmp_path: Path) -> Surroundings:
    return Surroundings(tmp_path)


@pytest.fixture
async def content(database_url: str, tmp_path: Path) -> AsyncIterator[App]:
    """The ports of the sample service, its tables made, nothing of it running; on both engines."""
    async with sample_app(database_url, tmp_path) as app:
        yield app


@pytest.fixture
async def postgres_content(postgres_database: str, tmp_path: Path) -> AsyncIterator[App]:
    """The same on PostgreSQL alone, for what only that has: several processes on one database."""
    async with sample_app(postgres_database, tmp_path) as app:
        yield app


@asynccontextmanager
async def sample_app(database_url: str, folder: Path) -> AsyncIterator[App]:
    app = samples.app(samples.OWNER, database_url, folder)
    await migrate.upgrade(app.database, samples.MIGRATIONS)
    await samples.make_tables_in(app.database)
    yield app
    await app.database.close()
