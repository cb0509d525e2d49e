"""The bus port: RabbitMQ by aio-pika, or delivery within the process. Both take events out of the outbox."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

import structlog

from netzraum_platform.events import Envelope

Deliver = Callable[[Envelope], Awaitable[None]]

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Subscription:
    """A queue of one service, and the event types that it hears.

    ``ordered`` queues have one consumer at a time, also with many replicas. ``transient`` ones belong to
    this process alone and end with it (heartbeats, live updates).
    """

    queue: str
    types: tuple[str, ...]
    ordered: bool = False
    transient: bool = False


class Bus(Protocol):
    """What relay and consumers need of a bus."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def publish(self, envelopes: Sequence[Envelope]) -> int:
        """Publish in this order; return how many, counted from the first, are safely kept."""
        ...

    async def publish_transient(self, envelope: Envelope) -> None:
        """Publish something that may be lost, such as a heartbeat."""
        ...

    async def subscribe(self, subscription: Subscription, deliver: Deliver) -> None:
        """Deliver each event at least once; when ``deliver`` raises, the event comes again."""
        ...


class InProcessBus:
    """Delivers within the process, in the order of publishing; shared by all apps of a standalone process."""

    def __init__(self) -> None:
        self._receivers: dict[str, list[Deliver]] = {}
        self._locks: dict[int, asyncio.Lock] = {}

    async def start(self) -> None:
        return None

    async def stop(self) -> None:
        return None

    async def publish(self, envelopes: Sequence[Envelope]) -> int:
        for count, envelope in enumerate(envelopes):
            try:
                await self._deliver(envelope)
            except Exception as error:
                log.warning(
                    "delivery_failed",
                    type=envelope.type,
                    id=str(envelope.id),
                    error=repr(error),
                )
                return count
        return len(envelopes)

    async def publish_transient(self, envelope: Envelope) -> None:
        await self._deliver(envelope)

    async def subscribe(self, subscription: Subscription, deliver: Deliver) -> None:
        for type_ in subscription.types:
            self._receivers.setdefault(type_, []).append(deliver)

    async def _deliver(self, envelope: Envelope) -> None:
        for deliver in self._receivers.get(envelope.type, ()):
            async with self._locks.setdefault(id(deliver), asyncio.Lock()):
                await deliver(envelope)
