"""All that differs between PostgreSQL and SQLite, in one place."""

import asyncio
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Connection, Engine, any_, bindparam, event, exc, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, ORMExecuteState, Session, SessionTransaction
from sqlalchemy.pool import ConnectionPoolEntry
from sqlalchemy.sql import Select
from sqlalchemy.util.concurrency import in_greenlet

SQLITE_BUSY_TIMEOUT_MS = 10_000
SQLITE_ASKS_EVERY_S = 0.1
"""Its busy handler sleeps as long between two tries, once it has waited a while (sqliteDefaultBusyCallback)."""
OUTBOX_CHANNEL = "netzraum_outbox"
RELAY_LOCK_S = 0.5
DEADLOCK = "40P01"

_Rows = TypeVar("_Rows", bound=Select[Any])


class TransactionalSession(Session):
    """A session that reads, until ``session.info["write"]`` says that it writes.

    SQLite: says BEGIN or BEGIN IMMEDIATE; pysqlite's own BEGIN is off. PostgreSQL: while it reads, each statement
    stands by itself (engine ``info["reading"]``); at READ COMMITTED a transaction around them would give nothing but
    two more ways to the server.
    """

    def get_bind(self, *arguments: Any, **options: Any) -> Engine | Connection:
        reading: Engine | None = self.info.get("reading")
        if reading is not None and not self.info.get("write"):
            return reading
        return super().get_bind(*arguments, **options)


@event.listens_for(TransactionalSession, "after_begin")
def _begin_on_sqlite(session: Session, transaction: SessionTransaction, connection: Connection) -> None:
    if connection.dialect.name == "sqlite" and not transaction.nested:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if session.info.get("write") else "BEGIN")


class NotWriting(RuntimeError):
    """A mistake of ours: a session wrote without ``begin_write()``; SQLite would refuse it under load."""


def _must_write(session: Session) -> None:
    if not session.info.get("write"):
        raise NotWriting("begin_write() comes before the first write, and before rows are locked")


@event.listens_for(TransactionalSession, "before_flush")
def _flush_writes(session: Session, _context: object, _instances: object) -> None:
    _must_write(session)


@event.listens_for(TransactionalSession, "do_orm_execute")
def _statement_writes(state: ORMExecuteState) -> None:
    locks = state.is_select and getattr(state.statement, "_for_update_arg", None) is not None
    if locks or state.is_insert or state.is_update or state.is_delete:
        _must_write(state.session)


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
    # Compiling a statement whose rows it overrates takes PostgreSQL up to a second, and reading them milliseconds.
    return {"pool_size": pool_size, "max_overflow": pool_size, "connect_args": {"server_settings": {"jit": "off"}}}


def reading(engine: AsyncEngine) -> Engine | None:
    """What a session that only reads is bound to; None where it is what a writing one is bound to."""
    if engine.dialect.name == "sqlite":
        return None
    return engine.sync_engine.execution_options(isolation_level="AUTOCOMMIT")


def prepare(engine: AsyncEngine) -> None:
    """See to the connections of an engine: that new ones are set up, and that no lost one is handed out."""
    if engine.dialect.name == "sqlite":
        _set_pragmas(engine)
        _roll_back_before_the_end(engine)
    else:
        _leave_lost_ones(engine)


def _leave_lost_ones(engine: AsyncEngine) -> None:
    """The driver knows when a server closed a connection; to ask the server each time would cost three ways to it."""

    @event.listens_for(engine.sync_engine, "checkout")
    def _check(connection: DBAPIConnection, _entry: ConnectionPoolEntry, _proxy: object) -> None:
        raw = engine.sync_engine.dialect.get_driver_connection(connection)
        if raw.is_closed():
            raise exc.DisconnectionError("closed by the server")


def _set_pragmas(engine: AsyncEngine) -> None:
    """WAL, and a full sync so that a commit survives a power cut."""

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


def _roll_back_before_the_end(engine: AsyncEngine) -> None:
    """Undo what a cancelled task had begun before its connection is closed.

    Closed with an open transaction, a connection keeps SQLite's one write lock until the last cursor on it is freed,
    and the cancelled task's traceback holds one.
    """

    @event.listens_for(engine.sync_engine, "invalidate")
    def _roll_back(connection: DBAPIConnection, _entry: ConnectionPoolEntry, _error: BaseException | None) -> None:
        if in_greenlet():  # else nobody can wait, and the collector of garbage frees the cursors too
            connection.rollback()


def claimable(statement: _Rows, dialect_name: str) -> _Rows:
    """Lock the selected rows for this worker and pass over those of others.

    SQLite has one writer at a time (BEGIN IMMEDIATE), so nothing needs to be locked there.
    """
    return statement if dialect_name == "sqlite" else statement.with_for_update(skip_locked=True)


async def lock_together(session: AsyncSession, name: str) -> None:
    """Hold a named lock with others who hold it like this, until the transaction ends; ``lock_alone`` waits for all.

    Who waits is let in before those who come later. SQLite has one writer at a time anyway.
    """
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock_shared(hashtextextended(:name, 0))"), {"name": name})


async def lock_alone(session: AsyncSession, name: str) -> None:
    """Hold a named lock alone until the transaction ends."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"), {"name": name})


async def wake_relay(session: AsyncSession) -> None:
    """Tell the relay of another replica that rows wait; it hears so when this transaction commits."""
    if session.get_bind().dialect.name == "postgresql":
        await session.execute(text(f"SELECT pg_notify('{OUTBOX_CHANNEL}', '')"))


@asynccontextmanager
async def exclusive_relay(
    engine: AsyncEngine, service: str, wake: Callable[[], None]
) -> AsyncIterator[Callable[[], bool]]:
    """Wait until this process is the one that publishes; call ``wake`` when another replica commits events.

    Yields a function that says whether it still is. PostgreSQL: a session's advisory lock, and LISTEN on the same
    connection; both end with the connection. SQLite: one process owns the file.
    """
    if engine.dialect.name == "sqlite":
        yield lambda: True
        return
    async with engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        raw: Any = (await connection.get_raw_connection()).driver_connection  # asyncpg has no types
        try:
            # Asked again and again: a statement that waits would hold back the vacuum for as long as it does.
            while not await raw.fetchval("SELECT pg_try_advisory_lock(hashtext($1))", f"relay:{service}"):  # noqa: ASYNC110
                await asyncio.sleep(RELAY_LOCK_S)
            await raw.add_listener(OUTBOX_CHANNEL, lambda *_: wake())
            yield lambda: not raw.is_closed()
        finally:
            # A connection that goes back to the pool would keep lock and listener.
            await connection.invalidate()


@asynccontextmanager
async def migrating(engine: AsyncEngine) -> AsyncIterator[AsyncConnection]:
    """A transaction for migrations, of one replica at a time; all of it happens or nothing.

    SQLite rebuilds a table to change it: foreign keys are off meanwhile, or the old table's end would delete rows.
    """
    async with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            await connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('netzraum:migrate'))"))
            yield connection
            await connection.commit()
            return
        await connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
        try:
            await connection.exec_driver_sql("BEGIN IMMEDIATE")
            yield connection
            await connection.commit()
        finally:
            await connection.rollback()
            await connection.exec_driver_sql("PRAGMA foreign_keys=ON")


def inserting(dialect_name: str) -> Callable[[Any], Any]:
    """The engine's own INSERT, which knows ON CONFLICT. Any: the two have no common type."""
    return sqlite.insert if dialect_name == "sqlite" else postgresql.insert


def among(column: InstrumentedAttribute[Any], name: str, dialect_name: str) -> ColumnElement[bool]:
    """That a column is one of the values of the parameter ``name``. PostgreSQL takes them as one array: a list of each
    length would be a statement of its own, to be prepared anew."""
    if dialect_name == "sqlite":
        return column.in_(bindparam(name, type_=column.type, expanding=True))
    return column == any_(bindparam(name, type_=postgresql.ARRAY(column.type)))


def is_gone(error: BaseException) -> bool:
    """Whether the database did not answer (it is down, starting, busy), so that the same may work in a moment."""
    if isinstance(error, exc.DBAPIError):
        return (
            isinstance(error, exc.OperationalError | exc.InterfaceError)
            or error.connection_invalidated
            or _starts(error)
        )
    return isinstance(error, ConnectionError | socket.gaierror | exc.TimeoutError) or _starts(error)


def _starts(error: BaseException) -> bool:
    """PostgreSQL's classes 08 (connection lost), 53 (too many connections), 57 (shutting down, starting up).

    Of two that wait for each other it undoes one, which may begin anew.
    """
    code = getattr(getattr(error, "orig", error), "sqlstate", None)
    return isinstance(code, str) and (code[:2] in {"08", "53", "57"} or code == DEADLOCK)


def is_unstorable(error: BaseException) -> bool:
    """Whether a value that came in is one that the database does not take: NUL, half characters, huge numbers."""
    original = getattr(error, "orig", None) or error
    causes = (original, original.__cause__)
    codes = {getattr(cause, "sqlstate", None) for cause in causes}
    refused = any(isinstance(cause, OverflowError | UnicodeEncodeError) for cause in causes)
    # PostgreSQL's class 22, data exception; asyncpg's own check of a value comes as a ValueError
    by_driver = any(isinstance(cause, ValueError) and type(cause).__name__ == "DataError" for cause in causes)
    return refused or by_driver or any(isinstance(code, str) and code.startswith("22") for code in codes)
