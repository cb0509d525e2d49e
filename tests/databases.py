"""A fresh, empty database per test, on both engines."""

import secrets
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.harness import sqlite_url


@pytest.fixture(params=["sqlite", "postgres"])
async def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[str]:
    """The address of an empty database; every test that takes it runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        yield sqlite_url(tmp_path, "test")
        return
    cluster = request.getfixturevalue("postgres")
    name = f"test_{secrets.token_hex(6)}"
    yield await cluster.create_database(name, owner=name)
    await cluster.drop_database(name)
