"""The bus port: RabbitMQ by aio-pika, or delivery within the process. Both take events out of the outbox."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import structlog

from netzraum_platform.events import Envelope

Deliver = Callable[[Envelope], Awaitable[None]]
DeliverAll = Callable[[Sequence[Envelope]], Awaitable[None]]
Unsubscribe = Callable[[], Awaitable[None]]

TOGETHER = 100
"""How many events are delivered at once, at most."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Subscription:
    """A queue of one service, and the event types that it hears.

    ``ordered`` queues have one consumer at a time, also with many replicas. ``transient`` ones belong to
    this process alone and end with it (heartbeats, live updates); what fails there does not come again.
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

    async def subscribe(self, subscription: Subscription, deliver: Deliver) -> Unsubscribe:
        """Deliver each event at least once, in order; when ``deliver`` raises, the event comes again.

        What is returned ends it: no delivery begins after that, and one that runs is waited for.
        """
        ...

    async def subscribe_together(self, subscription: Subscription, deliver: DeliverAll) -> Unsubscribe:
        """Deliver several events at once where several wait; when ``deliver`` raises, all of them come again."""
        ...


def one_by_one(deliver: Deliver, subscription: Subscription) -> DeliverAll:
    """Deliver several by one; where nothing comes again, what fails does not hold up the rest."""

    async def deliver_all(envelopes: Sequence[Envelope]) -> None:
        for envelope in envelopes:
            try:
                await deliver(envelope)
            except Exception as error:
                if not subscription.transient:
                    raise
                log.warning("live_event_failed", queue=subscription.queue, type=envelope.type, error=repr(error))

    return deliver_all


@dataclass(eq=False)
class _Receiver:
    """One queue. One that is no longer heard (``gone``) is not forgotten: what it should hear has to wait."""

    subscription: Subscription
    deliver: DeliverAll
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    gone: bool = False

    async def take(self, envelopes: Sequence[Envelope]) -> int:
        """Deliver what it hears of these; return how many of all of them, counted from the first, are done with."""
        heard = [(at, each) for at, each in enumerate(envelopes) if each.type in self.subscription.types]
        async with self.lock:
            for start in range(0, len(heard), TOGETHER):
                some = heard[start : start + TOGETHER]
                if not await self._delivered([envelope for _, envelope in some]):
                    return some[0][0]
        return len(envelopes)

    async def _delivered(self, envelopes: Sequence[Envelope]) -> bool:
        if self.gone:
            return False
        try:
            await self.deliver(envelopes)
        except Exception as error:
            log.warning("delivery_failed", queue=self.subscription.queue, error=repr(error))
            return self.subscription.transient
        return True


class InProcessBus:
    """Delivers within the process, in the order of publishing; shared by all apps of a standalone process.

    An event is published when every receiver has it; the publisher's outbox keeps it until then. A bus that is made
    ``closed`` waits for ``open()``: nothing is published before all apps listen.
    """

    def __init__(self, *, closed: bool = False) -> None:
        self._receivers: list[_Receiver] = []
        self._opened = asyncio.Event()
        if not closed:
            self._opened.set()

    def open(self) -> None:
        self._opened.set()

    async def start(self) -> None:
        return None

    async def stop(self) -> None:
        return None

    async def publish(self, envelopes: Sequence[Envelope]) -> int:
        await self._opened.wait()
        taken = await asyncio.gather(*(receiver.take(envelopes) for receiver in self._receivers))
        return min(taken, default=len(envelopes))

    async def publish_transient(self, envelope: Envelope) -> None:
        await asyncio.gather(*(r.take([envelope]) for r in self._receivers if r.subscription.transient))

    async def subscribe(self, subscription: Subscription, deliver: Deliver) -> Unsubscribe:
        return await self.subscribe_together(subscription, one_by_one(deliver, subscription))

    async def subscribe_together(self, subscription: Subscription, deliver: DeliverAll) -> Unsubscribe:
        receiver = _Receiver(subscription, deliver)
        queue = subscription.queue
        self._receivers = [r for r in self._receivers if not (r.gone and r.subscription.queue == queue)]
        self._receivers.append(receiver)

        async def unsubscribe() -> None:
            receiver.gone = True
            if subscription.transient:
                self._receivers.remove(receiver)
            async with receiver.lock:
                return

        return unsubscribe
