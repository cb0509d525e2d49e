"""Exactly once in: an event's inbox row and its effects commit together."""

import time
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from itertools import groupby
from operator import attrgetter
from typing import Any

import structlog
from sqlalchemy import Select, bindparam, delete, exists, func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from netzraum_platform import dialect, metrics, telemetry
from netzraum_platform.bus import Subscription
from netzraum_platform.context import App, WorkContext
from netzraum_platform.database import utc_now
from netzraum_platform.events import Envelope, EventData
from netzraum_platform.tables import InboxRow, PlatformBase

MAX_ATTEMPTS = 5
FIRST_DELAY_S = 1.0
RETRIED_TOGETHER = 100
RETRY_LEASE = timedelta(minutes=1)
KEEP_DONE = timedelta(days=30)

Handler = Callable[[WorkContext, Any], Awaitable[None]]  # Any: the table pairs each event with its own handler


@dataclass(frozen=True)
class Together:
    """A handler that takes all events of its type which follow one another in a delivery.

    They are of many actors: so it audits and publishes nothing.
    """

    handle: Callable[[WorkContext, Sequence[Any]], Awaitable[None]]


Handlers = Mapping[type[EventData], Handler | Together]

_INBOX = PlatformBase.metadata.tables[InboxRow.__tablename__]

log = structlog.get_logger(__name__)


@cache
def _known(dialect_name: str) -> Select[uuid.UUID, str]:
    """What the inbox of ``queue`` has of ``events``. Built once: that takes longer than to run it."""
    of_queue = InboxRow.handler == bindparam("queue")
    of_events = dialect.among(InboxRow.event_id, "events", dialect_name)
    return select(InboxRow.event_id, InboxRow.state).where(of_queue, of_events)


class HandledElsewhere(Exception):
    """Another worker handled the same event while we did; ours is undone."""


class _Done:
    """The inbox rows of one transaction: which events are known, and which this transaction handles."""

    def __init__(self, session: AsyncSession, queue: str, known: Mapping[uuid.UUID, str]) -> None:
        self._session = session
        self._queue = queue
        self._known = known
        self._new: list[uuid.UUID] = []

    @classmethod
    async def of(cls, session: AsyncSession, queue: str, envelopes: Sequence[Envelope]) -> "_Done":
        asked = {"queue": queue, "events": [envelope.id for envelope in envelopes]}
        rows = await session.execute(_known(session.get_bind().dialect.name), asked)
        return cls(session, queue, {row.event_id: row.state for row in rows})

    def __contains__(self, event_id: uuid.UUID) -> bool:
        return self._known.get(event_id) == "done"

    def add(self, *handled: Envelope) -> None:
        self._new.extend(envelope.id for envelope in handled)

    async def write(self) -> None:
        """Before each commit: the rows of what was handled since the last one.

        Raises:
            HandledElsewhere, IntegrityError: another worker was faster.
        """
        done = {"handler": self._queue, "state": "done", "envelope": None, "error": None, "run_at": None}
        kept = [event_id for event_id in self._new if event_id in self._known]
        new = [{**done, "event_id": event_id} for event_id in self._new if event_id not in self._known]
        self._new.clear()
        if new:
            await self._session.execute(insert(_INBOX), new)
        for event_id in kept:
            row = (InboxRow.handler == self._queue) & (InboxRow.event_id == event_id) & (InboxRow.state != "done")
            moved = await self._session.execute(update(InboxRow).where(row).values(done).returning(InboxRow.event_id))
            if moved.scalar_one_or_none() is None:
                raise HandledElsewhere(event_id)


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

    async def receive_all(self, envelopes: Sequence[Envelope]) -> None:
        """Handle events in one transaction; one by one where one of them fails."""
        if len(envelopes) > 1:
            try:
                await self._handle(envelopes)
                return
            except Exception as error:
                if dialect.is_gone(error):
                    raise
                log.info("handled_one_by_one", queue=self.queue, events=len(envelopes), error=repr(error))
        for envelope in envelopes:
            await self.receive(envelope)

    async def receive(self, envelope: Envelope) -> None:
        """Handle an event once; raises only where it has to come again."""
        try:
            await self._handle([envelope])
        except HandledElsewhere:
            metrics.HANDLED.labels(self.queue, envelope.type, "repeated").inc()
        except Exception as error:
            if dialect.is_gone(error):
                raise
            await self._failed(envelope, error)

    async def _handle(self, envelopes: Sequence[Envelope]) -> None:
        """Handle what is not handled yet and commit; nothing of it happens where one handler fails."""
        started = time.perf_counter()
        async with self._app.database.session(write=True) as session:
            done = await _Done.of(session, self.queue, envelopes)
            context = WorkContext(self._app, session, before_commit=done.write)
            new = {envelope.id: envelope for envelope in envelopes if envelope.id not in done}
            for type_, following in groupby(new.values(), attrgetter("type")):
                await self._call(context, type_, list(following), done)
            await context.commit()
        seconds = (time.perf_counter() - started) / len(envelopes)
        for envelope in envelopes:
            outcome = "repeated" if new.pop(envelope.id, None) is None else "done"
            metrics.HANDLED.labels(self.queue, envelope.type, outcome).inc()
            metrics.HANDLING_SECONDS.labels(self.queue, envelope.type).observe(seconds)

    async def _call(self, context: WorkContext, type_: str, envelopes: Sequence[Envelope], done: _Done) -> None:
        """Handle events of one type."""
        event_type, handler = self._handlers[type_]
        if isinstance(handler, Together):
            context.hear(None)
            with telemetry.handling(self.queue, envelopes):
                await handler.handle(context, [event_type.model_validate(each.data) for each in envelopes])
            done.add(*envelopes)
            return
        for envelope in envelopes:
            context.hear(envelope)
            with telemetry.handling(self.queue, [envelope]):
                await handler(context, event_type.model_validate(envelope.data))
            done.add(envelope)

    async def _failed(self, envelope: Envelope, error: Exception) -> None:
        """Count and log; keep the event for another try, or give it back where the queue has to wait for it."""
        metrics.HANDLED.labels(self.queue, envelope.type, "failed").inc()
        with telemetry.continuing(envelope.traceparent):
            log.error("handler_failed", queue=self.queue, type=envelope.type, id=str(envelope.id), exc_info=error)
        if self._retry_in_place:
            raise error
        await self._keep(envelope, error)

    async def _keep(self, envelope: Envelope, error: Exception) -> None:
        async with self._app.database.transaction() as session:
            row = await session.get(InboxRow, (self.queue, envelope.id), with_for_update=True)
            if row is None:
                row = InboxRow(handler=self.queue, event_id=envelope.id, state="waiting", attempts=0)
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
        waiting = (InboxRow.handler == self.queue) & (InboxRow.state == "waiting") & (InboxRow.run_at <= utc_now())
        dead = (InboxRow.handler == self.queue) & (InboxRow.state == "dead")
        how_many_dead = select(func.count()).select_from(InboxRow).where(dead).scalar_subquery()
        async with self._app.database.session() as session:
            are_due, dead_events = (await session.execute(select(exists().where(waiting), how_many_dead))).one()
        metrics.DEAD_EVENTS.labels(self.queue).set(dead_events)
        if not are_due:
            return
        async with self._app.database.transaction() as session:
            due = select(InboxRow).where(waiting).order_by(InboxRow.run_at).limit(RETRIED_TOGETHER)
            rows = list(await session.scalars(dialect.claimable(due, self._app.database.dialect)))
            for row in rows:
                row.run_at = utc_now() + RETRY_LEASE  # other replicas leave it alone meanwhile
            envelopes = [Envelope.model_validate(row.envelope) for row in rows]
        for envelope in envelopes:
            await self.receive(envelope)


async def kept_events(session: AsyncSession, state: str | None = None) -> list[InboxRow]:
    """Events that wait for another try or are dead, oldest first."""
    rows = select(InboxRow).where(InboxRow.state.in_([state] if state else ["waiting", "dead"]))
    return list(await session.scalars(rows.order_by(InboxRow.received_at)))


async def replay(session: AsyncSession, event_id: uuid.UUID | None = None) -> int:
    """Put dead events (one, or all) back to be tried at once; return how many. The session writes."""
    rows = [row for row in await kept_events(session, "dead") if event_id in (None, row.event_id)]
    for row in rows:
        row.state, row.attempts, row.run_at = "waiting", 0, utc_now()
    return len(rows)


async def forget_done(session: AsyncSession) -> None:
    """Drop the rows of events that were handled long ago: no outbox and no broker sends them any more."""
    await session.execute(
        delete(InboxRow).where(InboxRow.received_at < utc_now() - KEEP_DONE, InboxRow.state == "done")
    )
