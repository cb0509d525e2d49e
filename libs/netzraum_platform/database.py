"""The database port: PostgreSQL by asyncpg, SQLite by aiosqlite. What differs between them is in dialect.py."""

import asyncio
import json
import uuid
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Any

import uuid_utils
from sqlalchemy import JSON, DateTime, Dialect, Update, types
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, async_sessionmaker, create_async_engine

from netzraum_platform import dialect


def new_id() -> uuid.UUID:
    """A UUIDv7: grows with time, so that indexes stay local (RFC 9562)."""
    return uuid.UUID(bytes=uuid_utils.uuid7().bytes)


def utc_now() -> datetime:
    return datetime.now(UTC)


class UtcDateTime(types.TypeDecorator[datetime]):
    """An aware datetime in UTC on both databases; a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a naive datetime cannot be stored; give it a time zone")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        return value.replace(tzinfo=UTC) if value is not None and value.tzinfo is None else value


Json = JSON().with_variant(JSONB(), "postgresql")
Uuid = types.Uuid(as_uuid=True)


class Database:
    """Sessions on one service's database.

    A session begins a transaction with its first statement and keeps loaded objects usable after a commit.
    On SQLite a writing session begins IMMEDIATE: a deferred one that read first could not become a writer.
    """

    def __init__(self, url: str, pool_size: int = 10) -> None:
        options = dialect.engine_options(url, pool_size)
        self.engine = create_async_engine(
            url,
            json_serializer=lambda value: json.dumps(value, ensure_ascii=False),
            hide_parameters=True,  # a failed statement's values would go into logs and kept errors
            **options,
        )
        self.dialect = self.engine.dialect.name
        self._sessions = async_sessionmaker(
            self.engine,
            expire_on_commit=False,
            sync_session_class=dialect.TransactionalSession,
        )
        self._reading = dialect.reading(self.engine)
        self._alone = AsyncEngine(self._reading) if self._reading is not None else self.engine
        dialect.prepare(self.engine)
        self._turn = asyncio.Lock()

    @asynccontextmanager
    async def session(self, *, write: bool = False) -> AsyncIterator[AsyncSession]:
        """A session that rolls back what was not committed."""
        async with self._sessions(info={"write": write, "reading": self._reading}) as session:
            yield session

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A writing session that commits when its block ends without an error."""
        async with self.session(write=True) as session:
            yield session
            await session.commit()

    async def execute_alone(self, statement: Update, parameters: Mapping[str, Any]) -> None:
        """One writing statement that is a transaction by itself: one way to PostgreSQL in place of three."""
        async with self._alone.connect() as connection:
            await connection.execute(statement, parameters)

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """A turn to write and commit, for many who write at once, in the order in which they came.

        SQLite has one writer, and lets others try again and again until some never get in; PostgreSQL needs no turns.
        """
        if self.dialect != "sqlite":
            yield
            return
        async with self._turn:
            yield

    async def let_others_write(self) -> None:
        """Between two transactions of a long work. On SQLite who waits to write asks ten times a second whether it may,
        and would hardly ever meet the moment between them; PostgreSQL has no such queue."""
        if self.dialect == "sqlite":
            await asyncio.sleep(dialect.SQLITE_ASKS_EVERY_S)

    async def close(self) -> None:
        await self.engine.dispose()


async def begin_write(session: AsyncSession) -> None:
    """End the read transaction, keeping what was loaded; the next statement begins a writing one."""
    await session.commit()
    session.info["write"] = True


def as_json(value: Any) -> Any:
    """Plain JSON types of a value that holds UUIDs and times."""
    return json.loads(json.dumps(value, default=str))
