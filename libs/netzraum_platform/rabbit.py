"""The bus port on RabbitMQ. Exchanges and users come from the broker's definitions; queues are declared here."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import structlog
from aio_pika import DeliveryMode, Message, connect, connect_robust
from aio_pika.abc import (
    AbstractConnection,
    AbstractExchange,
    AbstractIncomingMessage,
    AbstractQueue,
    AbstractRobustChannel,
    AbstractRobustConnection,
)
from aio_pika.exceptions import AMQPError, ChannelInvalidStateError
from pydantic import ValidationError

from netzraum_platform import metrics
from netzraum_platform.bus import TOGETHER, Deliver, DeliverAll, Subscription, Unsubscribe, one_by_one
from netzraum_platform.events import Envelope

EXCHANGE = "netzraum.events"
DEAD_LETTERS = "netzraum.dead"
KEPT_ASIDE = ("netzraum.unrouted", "netzraum.dead")
PREFETCH = 2 * TOGETHER
RETRY_S = (0.2, 5.0)
RECONNECT_S = 1.0
CONFIRM_S = 30.0
WATCH_S = 30.0
STOP_S = 10.0
LOST = (AMQPError, ChannelInvalidStateError, ConnectionError, TimeoutError)

Settle = Callable[..., Awaitable[None]]

log = structlog.get_logger(__name__)


class RabbitBus:
    """One connection; one channel to publish with confirms, one for each queue that is heard.

    A lost connection comes back by itself: what was declared and heard is declared and heard again.
    """

    def __init__(self, url: str, service: str) -> None:
        self._url = url
        self._service = service
        self._connection: AbstractRobustConnection | None = None
        self._exchange: AbstractExchange | None = None
        self._watching: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Connect; wait for a broker that is not there yet."""
        self._connection = await connect_robust(
            self._url,
            client_properties={"connection_name": self._service},
            reconnect_interval=RECONNECT_S,
            fail_fast=False,
        )
        channel = await self._connection.channel(publisher_confirms=True)
        self._exchange = await channel.get_exchange(EXCHANGE, ensure=True)
        self._watching = asyncio.create_task(self._watch(), name=f"{self._service} watches the broker")

    async def stop(self) -> None:
        if self._watching is not None:
            self._watching.cancel()
        if self._connection is not None:
            await self._connection.close()

    async def publish(self, envelopes: Sequence[Envelope]) -> int:
        results = await asyncio.gather(*(self._publish(each) for each in envelopes), return_exceptions=True)
        for count, result in enumerate(results):
            if isinstance(result, BaseException):
                log.warning("publish_failed", service=self._service, error=repr(result))
                return count
        return len(results)

    async def publish_transient(self, envelope: Envelope) -> None:
        try:
            await self._publish(envelope, DeliveryMode.NOT_PERSISTENT)
        except LOST as error:
            log.info("transient_event_lost", type=envelope.type, error=repr(error))

    async def _publish(self, envelope: Envelope, mode: DeliveryMode = DeliveryMode.PERSISTENT) -> None:
        if self._exchange is None:
            raise ConnectionError("the bus is not started")
        message = Message(
            envelope.model_dump_json(exclude_none=True).encode(),
            content_type="application/cloudevents+json",
            message_id=str(envelope.id),
            delivery_mode=mode,
            user_id=self._service,
            headers={"traceparent": envelope.traceparent} if envelope.traceparent else None,
        )
        await self._exchange.publish(message, routing_key=envelope.type, mandatory=False, timeout=CONFIRM_S)

    async def subscribe(self, subscription: Subscription, deliver: Deliver) -> Unsubscribe:
        return await self.subscribe_together(subscription, one_by_one(deliver, subscription))

    async def subscribe_together(self, subscription: Subscription, deliver: DeliverAll) -> Unsubscribe:
        if self._connection is None:
            raise ConnectionError("the bus is not started")
        channel = await self._connection.channel()
        await channel.set_qos(prefetch_count=PREFETCH)
        queue = await _declare(channel, subscription)
        for type_ in subscription.types:
            await queue.bind(EXCHANGE, routing_key=type_)
        listener = Listener(queue, subscription, deliver)
        await listener.start()
        return listener.stop

    async def _watch(self) -> None:
        """Show how much lies in the queues that nobody hears: what no queue wanted, and what is no event.

        By a connection of its own: a channel that comes and goes disturbs the return of a lost connection.
        """
        while True:
            try:
                async with asyncio.timeout(WATCH_S), await connect(self._url) as connection:
                    for queue in KEPT_ASIDE:
                        metrics.KEPT_ASIDE.labels(queue).set(await _depth(connection, queue))
            except LOST as error:
                log.info("queues_not_counted", service=self._service, error=repr(error))
            await asyncio.sleep(WATCH_S)


async def _depth(connection: AbstractConnection, queue: str) -> int:
    async with connection.channel() as channel:
        declared = await channel.declare_queue(queue, passive=True)
        return declared.declaration_result.message_count or 0


async def _declare(channel: AbstractRobustChannel, subscription: Subscription) -> AbstractQueue:
    if subscription.transient:
        return await channel.declare_queue(subscription.queue, exclusive=True, auto_delete=True)
    arguments = {
        "x-queue-type": "quorum",
        "x-dead-letter-exchange": DEAD_LETTERS,
        "x-single-active-consumer": subscription.ordered,
    }
    return await channel.declare_queue(subscription.queue, durable=True, arguments=arguments)


class Listener:
    """Takes what has arrived in one queue, in order, several messages at once; acknowledges what was delivered.

    A delivery that fails is repeated here, not by the broker: that keeps the order, and no broker's limit of
    deliveries counts. What was not acknowledged when a connection is lost comes again.
    """

    def __init__(self, queue: AbstractQueue, subscription: Subscription, deliver: DeliverAll) -> None:
        self._queue = queue
        self._subscription = subscription
        self._deliver = deliver
        self._arrived: asyncio.Queue[AbstractIncomingMessage] = asyncio.Queue()
        self._tag = ""
        self._working: asyncio.Task[None] | None = None
        self._busy = asyncio.Lock()

    async def start(self) -> None:
        self._working = asyncio.create_task(self._work(), name=f"listener of {self._subscription.queue}")
        self._tag = await self._queue.consume(self._arrived.put, no_ack=self._subscription.transient)

    async def stop(self) -> None:
        """End the consumer; a delivery that runs has some time to end."""
        try:
            await self._queue.cancel(self._tag, timeout=STOP_S)
            async with asyncio.timeout(STOP_S), self._busy:
                pass
        except LOST as error:
            log.info("consumer_not_ended", queue=self._subscription.queue, error=repr(error))
        if self._working is not None:
            self._working.cancel()

    async def _work(self) -> None:
        while True:
            messages = [await self._arrived.get()]
            async with self._busy:
                while len(messages) < TOGETHER and not self._arrived.empty():
                    messages.append(self._arrived.get_nowait())
                await self._take(messages)

    async def _take(self, messages: list[AbstractIncomingMessage]) -> None:
        """Deliver the events among them; dead-letter what is none."""
        genuine = []
        for message in messages:
            envelope = genuine_event(message)
            if envelope is not None:
                genuine.append((message, envelope))
            else:
                metrics.DEAD_LETTERS.labels(self._subscription.queue).inc()
                await self._settle(message.reject, requeue=False)
        if genuine:
            await self._deliver_until_done([envelope for _, envelope in genuine])
            await self._settle(genuine[-1][0].ack, multiple=True)

    async def _settle(self, how: Settle, **options: bool) -> None:
        """Acknowledge or reject. Where the connection is lost, the broker sends the message again."""
        if self._subscription.transient:
            return
        try:
            await how(**options)
        except LOST as error:
            log.info("not_acknowledged", queue=self._subscription.queue, error=repr(error))

    async def _deliver_until_done(self, envelopes: Sequence[Envelope]) -> None:
        delay, longest = RETRY_S
        while True:
            try:
                await self._deliver(envelopes)
            except Exception as error:
                log.warning("delivery_failed", queue=self._subscription.queue, error=repr(error))
            else:
                return
            if self._subscription.transient:
                return
            await asyncio.sleep(delay)
            delay = min(2 * delay, longest)


def genuine_event(message: AbstractIncomingMessage) -> Envelope | None:
    """The event, if it is readable and its type belongs to the user that the broker vouches for."""
    try:
        envelope = Envelope.model_validate_json(message.body)
    except ValidationError:
        log.error("unreadable_message", user=message.user_id, message_id=message.message_id)
        return None
    if message.user_id != envelope.publisher or message.routing_key != envelope.type:
        log.error(
            "forged_message",
            type=envelope.type,
            user=message.user_id,
            message_id=message.message_id,
        )
        return None
    return envelope
