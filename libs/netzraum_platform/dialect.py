"""All that differs between PostgreSQL and SQLite, in one place."""

from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, event, inspect, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql import Select

SQLITE_BUSY_TIMEOUT_MS = 10_000
OUTBOX_CHANNEL = "netzraum_outbox"

_Rows = TypeVar("_Rows", bound=Select[Any])


class TransactionalSession(Session):
    """Says BEGIN or BEGIN IMMEDIATE on SQLite, by ``session.info["write"]``; pysqlite's own BEGIN is off."""


@event.listens_for(TransactionalSession, "after_begin")
def _begin_on_sqlite(session: Session, _transaction: SessionTransaction, connection: Connection) -> None:
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE" if session.info.get("write") else "BEGIN")


def is_sqlite(url: str) -> bool:
    return url.startswith("sqlite")


def engine_options(url: str, pool_size: int) -> dict[str, Any]:
    if is_sqlite(url):
        return {
            "connect_args": {
                "isolation_level": None,
                "timeout": SQLITE_BUSY_TIMEOUT_MS / 1000,
            }
        }
    return {"pool_size": pool_size, "max_overflow": pool_size, "pool_pre_ping": True}


def prepare(engine: AsyncEngine) -> None:
    """Set SQLite's pragmas on every new connection: WAL, and a full sync so that a commit survives a power cut."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine.sync_engine, "connect")
    def _pragmas(connection: DBAPIConnection, _entry: ConnectionPoolEntry) -> None:
        cursor = connection.cursor()
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            f"busy_timeout={SQLITE_BUSY_TIMEOUT_MS}",
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


def claimable(statement: _Rows, dialect_name: str) -> _Rows:
    """Lock the selected rows for this worker and pass over those of others.

    SQLite has one writer at a time (BEGIN IMMEDIATE), so nothing needs to be locked there.
    """
    return statement if dialect_name == "sqlite" else statement.with_for_update(skip_locked=True)


async def wake_relay(session: AsyncSession) -> None:
    """Tell the relay of another replica that rows wait; it hears so when this transaction commits."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text(f"SELECT pg_notify('{OUTBOX_CHANNEL}', '')"))


@asynccontextmanager
async def exclusive_relay(engine: AsyncEngine, service: str, wake: Callable[[], None]) -> AsyncIterator[None]:
    """Wait until this process is the one that publishes; call ``wake`` when another replica commits events.

    PostgreSQL: a session's advisory lock, and LISTEN on the same connection; both end with the connection.
    SQLite: one process owns the file.
    """
    if engine.dialect.name == "sqlite":
        yield
        return
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        raw = (await connection.get_raw_connection()).driver_connection
        if raw is None:
            raise ConnectionError("no database connection")
        await raw.execute("SELECT pg_advisory_lock(hashtext($1))", f"relay:{service}")
        try:
            await raw.add_listener(OUTBOX_CHANNEL, lambda *_: wake())
            yield
        finally:
            # A connection that goes back to the pool would keep lock and listener.
            await connection.invalidate()


async def lock_migrations(connection: AsyncConnection) -> None:
    """Let one replica migrate at a time; held until the transaction ends."""
    if connection.dialect.name == "postgresql":
        await connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('netzraum:migrate'))"))


async def put(session: AsyncSession, table: type[DeclarativeBase], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows, or replace those with the same primary key; also where two do it at once."""
    if not rows:
        return
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    statement = insert(table).values(list(rows))
    keys = [column.name for column in inspect(table).primary_key]
    new = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    await session.execute(statement.on_conflict_do_update(index_elements=keys, set_=new))
