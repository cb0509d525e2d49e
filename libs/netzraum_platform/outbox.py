"""At least once out, in order: events are rows of the transaction that caused them; one relay publishes them."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from netzraum_platform import dialect, metrics
from netzraum_platform.bus import Bus
from netzraum_platform.database import Database, utc_now
from netzraum_platform.events import Envelope
from netzraum_platform.tables import OutboxRow

BATCH = 200
KEEP_SENT = timedelta(days=7)
IDLE_S = 5.0
RETRY_S = 0.5

log = structlog.get_logger(__name__)


class Relay:
    """Publishes outbox rows by their sequence. Of all replicas the one with the lock does it."""

    def __init__(self, service: str, database: Database, bus: Bus) -> None:
        self._service = service
        self._database = database
        self._bus = bus
        self._woken = asyncio.Event()

    def wake(self) -> None:
        """Say that a transaction with new rows has committed."""
        self._woken.set()

    async def run(self) -> None:
        """Publish until cancelled; a lost database or bus is tried again."""
        while True:
            try:
                async with dialect.exclusive_relay(self._database.engine, self._service, self.wake) as still_mine:
                    await self._publish_while(still_mine)
            except Exception as error:
                log.warning("relay_interrupted", service=self._service, error=repr(error))
            await asyncio.sleep(RETRY_S)

    async def _publish_while(self, still_mine: Callable[[], bool]) -> None:
        while still_mine():
            self._woken.clear()
            if await self.publish_waiting():
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(IDLE_S):  # wait_for() of Python 3.11 may swallow that it is to stop
                    await self._woken.wait()

    async def publish_waiting(self) -> int:
        """Publish one batch of unsent rows; return how many there were, published or not."""
        async with self._database.session() as session:
            rows = await _unsent(session)
        metrics.OUTBOX_LAG.labels(self._service).set((utc_now() - rows[0].created_at).total_seconds() if rows else 0)
        if not rows:
            return 0
        envelopes = [Envelope.model_validate({**row.envelope, "sequence": row.sequence}) for row in rows]
        confirmed = await self._bus.publish(envelopes)
        if confirmed:
            await self._mark_sent([row.sequence for row in rows[:confirmed]])
        if confirmed < len(rows):
            waiting = len(rows) - confirmed
            log.warning("publish_refused", service=self._service, confirmed=confirmed, waiting=waiting)
            await asyncio.sleep(RETRY_S)
        return len(rows)

    async def _mark_sent(self, sequences: list[int]) -> None:
        async with self._database.transaction() as session:
            await session.execute(update(OutboxRow).where(OutboxRow.sequence.in_(sequences)).values(sent_at=utc_now()))


async def forget_sent(session: AsyncSession) -> None:
    """Drop what was published more than 7 days ago."""
    await session.execute(delete(OutboxRow).where(OutboxRow.sent_at < utc_now() - KEEP_SENT))


async def _unsent(session: AsyncSession) -> list[OutboxRow]:
    waiting = select(OutboxRow).where(OutboxRow.sent_at.is_(None)).order_by(OutboxRow.sequence).limit(BATCH)
    return list(await session.scalars(waiting))
