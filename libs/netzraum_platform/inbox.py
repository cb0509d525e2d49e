"""Exactly once in: an event's inbox row and its effects commit together."""

import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncSession

from netzraum_platform import metrics
from netzraum_platform.bus import Subscription
from netzraum_platform.context import App, WorkContext
from netzraum_platform.database import utc_now
from netzraum_platform.events import Envelope, EventData
from netzraum_platform.tables import InboxRow

MAX_ATTEMPTS = 5
FIRST_DELAY_S = 1.0

Handler = Callable[[WorkContext, Any], Awaitable[None]]  # Any: the table pairs each event with its own handler
Handlers = Mapping[type[EventData], Handler]

log = structlog.get_logger(__name__)


class Consumer:
    """One queue of a service with the handlers of its events.

    With ``retry_in_place`` a failing event is given back to the bus and blocks the queue until it succeeds;
    else it is kept in the inbox, tried again with growing delay, and after five tries stays there as dead.
    """

    def __init__(self, app: App, name: str, handlers: Handlers, *, retry_in_place: bool = False) -> None:
        self.queue = f"{app.name}.{name}"
        self._app = app
        self._retry_in_place = retry_in_place
        self._handlers = {event.TYPE: (event, handler) for event, handler in handlers.items()}

    @property
    def subscription(self) -> Subscription:
        return Subscription(self.queue, tuple(self._handlers), ordered=self._retry_in_place)

    async def receive(self, envelope: Envelope) -> None:
        """Handle an event once; raises only where it has to come again."""
        try:
            await self._handle(envelope)
        except OperationalError:
            raise
        except Exception as error:
            metrics.HANDLED.labels(self.queue, envelope.type, "failed").inc()
            log.error(
                "handler_failed",
                queue=self.queue,
                type=envelope.type,
                id=str(envelope.id),
                exc_info=error,
            )
            if self._retry_in_place:
                raise
            await self._keep(envelope, error)

    async def _handle(self, envelope: Envelope) -> None:
        event_type, handler = self._handlers[envelope.type]
        started = time.perf_counter()
        async with self._app.database.session(write=True) as session:
            row = await session.get(InboxRow, (self.queue, envelope.id))
            if row is not None and row.state == "done":
                metrics.HANDLED.labels(self.queue, envelope.type, "repeated").inc()
                return
            context = WorkContext(self._app, session, envelope=envelope)
            await handler(context, event_type.model_validate(envelope.data))
            await session.merge(
                InboxRow(
                    handler=self.queue,
                    event_id=envelope.id,
                    state="done",
                    envelope=None,
                )
            )
            await context.commit()
        metrics.HANDLED.labels(self.queue, envelope.type, "done").inc()
        metrics.HANDLING_SECONDS.labels(self.queue, envelope.type).observe(time.perf_counter() - started)

    async def _keep(self, envelope: Envelope, error: Exception) -> None:
        async with self._app.database.transaction() as session:
            row = await session.get(InboxRow, (self.queue, envelope.id))
            if row is None:
                row = InboxRow(
                    handler=self.queue,
                    event_id=envelope.id,
                    state="waiting",
                    attempts=0,
                )
                session.add(row)
            if row.state == "done":  # another replica was faster
                return
            row.attempts += 1
            row.state = "dead" if row.attempts >= MAX_ATTEMPTS else "waiting"
            row.envelope = envelope.model_dump(mode="json")
            row.run_at = utc_now() + timedelta(seconds=FIRST_DELAY_S * 4 ** (row.attempts - 1))
            row.error = repr(error)

    async def retry_waiting(self) -> None:
        """Try again what failed and is due; refresh the metric of dead events."""
        async with self._app.database.session() as session:
            due = await session.scalars(
                select(InboxRow)
                .where(
                    InboxRow.handler == self.queue,
                    InboxRow.state == "waiting",
                    InboxRow.run_at <= utc_now(),
                )
                .order_by(InboxRow.run_at)
                .limit(100)
            )
            envelopes = [Envelope.model_validate(row.envelope) for row in due]
            dead = await session.scalar(
                select(func.count()).where(InboxRow.handler == self.queue, InboxRow.state == "dead")
            )
        metrics.DEAD_EVENTS.labels(self.queue).set(dead or 0)
        for envelope in envelopes:
            await self.receive(envelope)


async def kept_events(session: AsyncSession, state: str | None = None) -> list[InboxRow]:
    """Events that wait for another try or are dead, oldest first."""
    rows = select(InboxRow).where(InboxRow.state.in_([state] if state else ["waiting", "dead"]))
    return list(await session.scalars(rows.order_by(InboxRow.received_at)))


async def replay(session: AsyncSession, event_id: uuid.UUID | None = None) -> int:
    """Put dead events (one, or all) back to be tried at once; return how many."""
    rows = [row for row in await kept_events(session, "dead") if event_id in (None, row.event_id)]
    for row in rows:
        row.state, row.attempts, row.run_at = "waiting", 0, utc_now()
    return len(rows)
