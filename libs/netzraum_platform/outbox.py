"""At least once out, in order: events are rows of the transaction that caused them; one relay publishes them."""

import asyncio
import uuid
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import cache

import structlog
from sqlalchemy import Update, bindparam, delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from netzraum_platform import dialect, metrics
from netzraum_platform.bus import Bus
from netzraum_platform.database import Database, utc_now
from netzraum_platform.events import Envelope
from netzraum_platform.tables import OutboxRow, PlatformBase

BATCH = 200
KEEP_SENT = timedelta(days=7)
IDLE_S = 5.0
RETRY_S = 0.5

OUTBOX = PlatformBase.metadata.tables[OutboxRow.__tablename__]
UNSENT = (
    select(OutboxRow.sequence, OutboxRow.envelope, OutboxRow.created_at)
    .where(OutboxRow.sent_at.is_(None))
    .order_by(OutboxRow.sequence)
    .limit(BATCH)
)

log = structlog.get_logger(__name__)


class Relay:
    """Publishes outbox rows by their sequence. Of all replicas the one with the lock does it."""

    def __init__(self, service: str, database: Database, bus: Bus) -> None:
        self._service = service
        self._database = database
        self._bus = bus
        self._woken = asyncio.Event()
        self.publishes = False
        """Whether it is the one with the lock."""

    def wake(self) -> None:
        """Say that a transaction with new rows has committed."""
        self._woken.set()

    async def run(self) -> None:
        """Publish until cancelled; a lost database or bus is tried again."""
        while True:
            try:
                async with dialect.exclusive_relay(self._database.engine, self._service, self.wake) as still_mine:
                    self.publishes = True
                    await self._publish_while(still_mine)
            except Exception as error:
                log.warning("relay_interrupted", service=self._service, error=repr(error))
            finally:
                self.publishes = False
            await asyncio.sleep(RETRY_S)

    async def _publish_while(self, still_mine: Callable[[], bool]) -> None:
        while still_mine():
            self._woken.clear()
            if await self.publish_waiting():
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(IDLE_S):  # wait_for() of Python 3.11 may swallow that it is to stop
                    await self._woken.wait()

    async def publish_waiting(self) -> bool:
        """Publish one batch of unsent rows; return whether more may wait, for all others wake the relay."""
        async with self._database.session() as session:
            rows = (await session.execute(UNSENT)).all()
        metrics.OUTBOX_LAG.labels(self._service).set((utc_now() - rows[0].created_at).total_seconds() if rows else 0)
        if not rows:
            return False
        envelopes = [Envelope.model_validate({**row.envelope, "sequence": row.sequence}) for row in rows]
        confirmed = await self._bus.publish(envelopes)
        if confirmed:
            await self._mark_sent([row.sequence for row in rows[:confirmed]])
        if confirmed < len(rows):
            waiting = len(rows) - confirmed
            log.warning("publish_refused", service=self._service, confirmed=confirmed, waiting=waiting)
            await asyncio.sleep(RETRY_S)
            return True
        if len(rows) == BATCH:
            return True
        metrics.OUTBOX_LAG.labels(self._service).set(0)
        return False

    async def _mark_sent(self, sequences: list[int]) -> None:
        await self._database.execute_alone(_mark(self._database.dialect), {"sequences": sequences, "now": utc_now()})


async def forget_sent(session: AsyncSession) -> None:
    """Drop what was published more than 7 days ago."""
    await session.execute(delete(OutboxRow).where(OutboxRow.sent_at < utc_now() - KEEP_SENT))


async def forget(session: AsyncSession, type_: str, subject: uuid.UUID) -> None:
    """Drop the events of this type about a subject, because of what they say: sent ones, and those that wait."""
    event = OutboxRow.envelope
    about = (event["type"].as_string() == type_, event["subject"].as_string() == str(subject))
    await session.execute(delete(OutboxRow).where(*about))


@cache
def _mark(dialect_name: str) -> Update:
    rows = dialect.among(OutboxRow.sequence, "sequences", dialect_name)
    return update(OUTBOX).where(rows).values(sent_at=bindparam("now"))
