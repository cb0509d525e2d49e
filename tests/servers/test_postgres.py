"""The private PostgreSQL cluster."""

from pathlib import Path

import asyncpg
import pytest
from yarl import URL

from netzraum_standalone.servers.postgres import Cluster, PostgresServer


async def connect(url: str) -> asyncpg.Connection:
    return await asyncpg.connect(str(URL(url).with_scheme("postgresql")))


async def test_owner_reads_and_writes_its_database(postgres: Cluster) -> None:
    connection = await connect(await postgres.create_database("owned"))
    await connection.execute("CREATE TABLE notices (title text)")
    await connection.execute("INSERT INTO notices VALUES ('Straße')")
    assert await connection.fetchval("SELECT title FROM notices") == "Straße"
    await connection.close()


async def test_no_service_enters_the_database_of_another(postgres: Cluster) -> None:
    await postgres.create_database("closed")
    intruder = URL(await postgres.create_database("intruder"))
    with pytest.raises(asyncpg.InsufficientPrivilegeError):
        await connect(str(intruder.with_path("/closed")))


async def test_wrong_password_is_refused(postgres: Cluster) -> None:
    url = URL(await postgres.create_database("guarded"))
    with pytest.raises(asyncpg.InvalidPasswordError):
        await connect(str(url.with_password("guess")))


async def test_database_from_a_template_holds_its_rows_and_keeps_apart(postgres: Cluster) -> None:
    template = await connect(await postgres.create_database("model"))
    await template.execute("CREATE TABLE polls (question text); INSERT INTO polls VALUES ('When?')")
    await template.close()
    first, second = [
        await connect(await postgres.create_database(name, owner="model", template="model")) for name in ("one", "two")
    ]
    await first.execute("DELETE FROM polls")
    assert await first.fetchval("SELECT count(*) FROM polls") == 0
    assert await second.fetchval("SELECT count(*) FROM polls") == 1
    for connection in (first, second):
        await connection.close()


async def test_dropped_database_cuts_off_who_is_connected(postgres: Cluster) -> None:
    url = await postgres.create_database("dropped")
    connection = await connect(url)
    await postgres.drop_database("dropped")
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await connection.fetchval("SELECT 1")
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        await connect(url)


@pytest.mark.parametrize("durable", [True, False])
async def test_committed_rows_outlive_a_crash_and_a_restart(server_folder: Path, durable: bool) -> None:
    server = PostgresServer(server_folder, durable=durable)
    await server.start()
    try:
        url = await server.cluster.create_database("kept")
        connection = await connect(url)
        await connection.execute("CREATE TABLE rows (n int); INSERT INTO rows VALUES (1)")
        await server.kill()
        assert not server.runs
        await server.start()
        await server.restart()
        connection = await connect(url)
        assert await connection.fetchval("SELECT n FROM rows") == 1
    finally:
        await server.stop()


async def test_cluster_is_found_again_by_the_next_run(server_folder: Path) -> None:
    first = PostgresServer(server_folder)
    await first.start()
    await first.cluster.create_database("kept")
    await first.stop()
    second = PostgresServer(server_folder)
    await second.start()
    try:
        connection = await connect(await second.cluster.create_database("kept"))
        await connection.close()
    finally:
        await second.stop()
