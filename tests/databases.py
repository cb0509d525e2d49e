"""A fresh database per test, on both engines.

Tests in the folder of a service get one with that service's tables: migrated once for the run and copied for each test.
"""

import importlib
import importlib.util
import secrets
import shutil
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from netzraum_platform import migrate
from netzraum_platform.database import Database
from netzraum_standalone.servers.postgres import Cluster
from tests.harness import sqlite_url
from tests.workers import WORKER

TESTS = Path(__file__).parent
OWNER = f"test_{WORKER}"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """The address of a database without rows; every test that takes it runs on SQLite and on PostgreSQL."""
    url: str = request.getfixturevalue(f"{request.param}_database")  # asked for here: SQLite alone starts no server
    return url


@pytest.fixture(scope="session")
def templates() -> set[str]:
    """The services whose templates are made."""
    return set()


@pytest.fixture
async def sqlite_database(
    request: pytest.FixtureRequest,
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> str:
    """The address of a database without rows on SQLite."""
    url = sqlite_url(tmp_path, "test")
    if service := service_of(request.path):
        template = tmp_path_factory.getbasetemp() / f"template-{service}"
        if not template.exists():
            template.mkdir()
            await migrated(sqlite_url(template, "test"), service)
        shutil.copy(template / "test.db", tmp_path / "test.db")
    return url


@pytest.fixture
async def postgres_database(
    request: pytest.FixtureRequest, postgres: Cluster, templates: set[str]
) -> AsyncIterator[str]:
    """The address of a database without rows on PostgreSQL."""
    name, template = f"test_{secrets.token_hex(6)}", "template0"
    if service := service_of(request.path):
        template = f"template_{service}_{WORKER}"
        if service not in templates:
            await migrated(await postgres.create_database(template, owner=OWNER), service)
            templates.add(service)
    yield await postgres.create_database(name, owner=OWNER, template=template)
    await postgres.drop_database(name)


def service_of(test: Path) -> str | None:
    """The service that a test is about, by its folder: ``tests/<service>/…``."""
    folder = test.relative_to(TESTS).parts[0]
    is_service = importlib.util.find_spec(f"netzraum_{folder}") and importlib.util.find_spec(f"netzraum_{folder}.app")
    return folder if is_service and hasattr(importlib.import_module(f"netzraum_{folder}.app"), "SERVICE") else None


async def migrated(url: str, service: str) -> None:
    """Bring a database to the newest revision of a service."""
    migrations: Sequence[Path] = importlib.import_module(f"netzraum_{service}.app").SERVICE.migrations
    database = Database(url)
    await migrate.upgrade(database, migrations)
    await database.close()
