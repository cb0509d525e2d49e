"""The database port: what is stored comes back, transactions hold, on PostgreSQL and on SQLite."""

import asyncio
import gc
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from sqlalchemy import func, select, text, update
from sqlalchemy.exc import IntegrityError, StatementError
from sqlalchemy.ext.asyncio import AsyncSession

from netzraum_platform import migrate, telemetry
from netzraum_platform.context import App
from netzraum_platform.database import Database, UtcDateTime, begin_write, new_id
from netzraum_platform.dialect import NotWriting
from netzraum_platform.tables import AuditRow, OutboxRow
from tests.platform.samples import Thing

FAILING_MIGRATION = """
import sqlalchemy as sa
from alembic import op

revision = "broken_0001"
down_revision = None
branch_labels = ("broken",)
depends_on = None


def upgrade() -> None:
    op.create_table("half_made", sa.Column("id", sa.Integer(), primary_key=True))
    raise RuntimeError("the migration fails half way")
"""

LONG_STATEMENT = """
WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 3000000)
SELECT sum(n) FROM numbers
"""


@pytest.fixture
def database(content: App) -> Database:
    return content.database


async def count(database: Database) -> int:
    async with database.session() as session:
        return await session.scalar(select(func.count()).select_from(Thing)) or 0


async def test_times_come_back_in_utc_and_json_as_it_was(database: Database) -> None:
    at = datetime(2026, 3, 29, 2, 30, tzinfo=timezone(timedelta(hours=2)))
    async with database.transaction() as session:
        session.add(AuditRow(at=at, what="thing:read", details={"wort": "Straße 🚲", "liste": [1, None]}))
    async with database.session() as session:
        row = (await session.scalars(select(AuditRow))).one()
    assert (row.at, row.at.tzinfo) == (at, UTC)
    assert row.details == {"wort": "Straße 🚲", "liste": [1, None]}


async def test_a_time_without_zone_is_refused(database: Database) -> None:
    with pytest.raises(StatementError, match="naive"):
        async with database.transaction() as session:
            session.add(AuditRow(at=datetime(2026, 3, 29), what="thing:read"))  # noqa: DTZ001


async def test_what_is_not_committed_is_not_there(database: Database) -> None:
    async with database.session(write=True) as session:
        session.add(Thing(name="one"))
        await session.flush()
    assert await count(database) == 0


async def test_a_cancelled_writer_holds_nobody_up(database: Database, database_url: str) -> None:
    """Not even while its traceback is kept: what stops a service is cancelled in the middle of a statement."""

    async def write() -> None:
        async with database.transaction() as session:
            session.add(Thing(name="one"))
            await session.flush()
            await session.execute(text(LONG_STATEMENT))

    writer = asyncio.create_task(write())
    await asyncio.sleep(0.2)
    writer.cancel()
    gc.disable()  # as in a process that has no need of it for a while
    try:
        await asyncio.wait([writer])
        await database.close()
        other = Database(database_url)
        async with asyncio.timeout(5), other.transaction() as session:
            session.add(Thing(name="two"))
        await other.close()
    finally:
        gc.enable()
    assert writer.cancelled()
    assert await count(database) == 1


async def test_writing_without_saying_so_is_refused(database: Database) -> None:
    async with database.session() as session:
        session.add(Thing(name="one"))
        with pytest.raises(NotWriting):
            await session.flush()
    async with database.session() as session:
        with pytest.raises(NotWriting):
            await session.execute(update(Thing).values(name="two"))
    async with database.session() as session:
        with pytest.raises(NotWriting):
            await session.execute(select(Thing).with_for_update())


async def test_who_read_first_may_write_while_others_write(database: Database) -> None:
    """On SQLite a transaction that read and then writes would fail at once, whatever the timeout."""
    async with database.transaction() as session:
        session.add(Thing(name="counter"))

    async def add_one() -> None:
        async with database.session() as session:
            thing = (await session.scalars(select(Thing))).one()
            await begin_write(session)
            await session.refresh(thing, with_for_update=True)
            await session.execute(update(Thing).values(version=thing.version + 1))
            await session.commit()

    await asyncio.gather(*(add_one() for _ in range(12)))
    async with database.session() as session:
        assert (await session.scalars(select(Thing.version))).one() == 13


async def test_what_was_loaded_stays_usable_after_the_read_ended(database: Database) -> None:
    async with database.transaction() as session:
        session.add(Thing(name="one"))
    async with database.session() as session:
        thing = (await session.scalars(select(Thing))).one()
        await begin_write(session)
        assert thing.name == "one"


async def test_errors_do_not_show_the_values_of_a_statement(database: Database) -> None:
    secret = "hunter2-very-secret"
    with pytest.raises(IntegrityError) as raised:
        async with database.transaction() as session:
            session.add_all([Thing(name=secret), Thing(id=new_id(), name=secret)])
    logged = telemetry.without_values(None, "error", {"error": str(raised.value), "exception": repr(raised.value)})
    assert secret not in str(logged)
    assert "constraint" in str(logged).lower()


async def test_migrations_run_again_without_effect_and_one_replica_at_a_time(database_url: str) -> None:
    databases = [Database(database_url) for _ in range(3)]
    await asyncio.gather(*(migrate.upgrade(each, ()) for each in databases))
    await migrate.upgrade(databases[0], ())
    async with databases[0].transaction() as session:
        session.add(OutboxRow(envelope={}))
    for each in databases:
        await each.close()


async def test_a_migration_that_fails_leaves_nothing_behind(database_url: str, tmp_path: Path) -> None:
    (tmp_path / "broken_0001_half_made.py").write_text(FAILING_MIGRATION)
    database = Database(database_url)
    with pytest.raises(RuntimeError, match="half way"):
        await migrate.upgrade(database, [tmp_path])
    async with database.session() as session:
        for table in ("half_made", "outbox"):
            with pytest.raises(StatementError):
                await session.execute(text(f"SELECT * FROM {table}"))  # our own names
            await session.rollback()
    await database.close()


async def test_foreign_keys_hold_after_migrations(content: App) -> None:
    async with content.database.session() as session:
        if content.database.dialect == "sqlite":
            assert (await session.execute(text("PRAGMA foreign_keys"))).scalar() == 1
            assert (await session.execute(text("PRAGMA journal_mode"))).scalar() == "wal"
            assert (await session.execute(text("PRAGMA synchronous"))).scalar() == 2
        else:
            assert (await session.execute(text("SHOW session_replication_role"))).scalar() == "origin"


async def test_on_postgres_reads_stand_by_themselves_and_writes_together(postgres_content: App) -> None:
    database = postgres_content.database
    async with database.session() as session:
        assert await _begun(session) != await _begun(session)
        await begin_write(session)
        assert await _begun(session) == await _begun(session)


async def _begun(session: AsyncSession) -> datetime:
    """When the transaction of this statement began."""
    statement = select(func.transaction_timestamp(type_=UtcDateTime))
    return (await session.execute(statement)).scalar_one()


async def test_a_connection_that_the_server_closed_is_not_handed_out(postgres_content: App) -> None:
    database = postgres_content.database
    async with database.session() as session:
        closed = await session.scalar(select(func.pg_backend_pid()))
    other = Database(database.engine.url.render_as_string(hide_password=False))
    async with other.session() as session:
        await session.execute(select(func.pg_terminate_backend(closed, 5_000)))
    await other.close()
    async with database.session() as session:
        assert await session.scalar(select(func.pg_backend_pid())) != closed


async def test_postgresql_compiles_no_statement(postgres_database: str) -> None:
    """What takes it longer than the few rows that we read."""
    database = Database(postgres_database)
    async with database.session() as session:
        assert await session.scalar(text("SELECT current_setting('jit')")) == "off"
    await database.close()
