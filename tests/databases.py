"""A fresh, empty database per test, on both engines."""

import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from netzraum_standalone.servers.postgres import Cluster
from tests.harness import sqlite_url


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database; every test that takes it runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        return sqlite_url(tmp_path, "test")
    url: str = request.getfixturevalue("postgres_database")  # asked for here, so that SQLite alone starts no server
    return url


@pytest.fixture
async def postgres_database(postgres: Cluster) -> AsyncIterator[str]:
    """The address of an empty database on PostgreSQL."""
    name = f"test_{secrets.token_hex(6)}"
    yield await postgres.create_database(name, owner="test")
    await postgres.drop_database(name)
