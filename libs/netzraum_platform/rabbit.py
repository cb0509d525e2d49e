"""The bus port on RabbitMQ. Exchanges and users come from the broker's definitions; queues are declared here."""

import asyncio
from collections.abc import Sequence

import structlog
from aio_pika import DeliveryMode, Message, connect_robust
from aio_pika.abc import (
    AbstractExchange,
    AbstractIncomingMessage,
    AbstractQueue,
    AbstractRobustChannel,
    AbstractRobustConnection,
)
from aio_pika.exceptions import AMQPError
from pydantic import ValidationError

from netzraum_platform import metrics
from netzraum_platform.bus import Deliver, Subscription
from netzraum_platform.events import Envelope

EXCHANGE = "netzraum.events"
DEAD_LETTERS = "netzraum.dead"
PREFETCH = 100
REDELIVERY_S = 1.0
CONFIRM_S = 30.0

log = structlog.get_logger(__name__)


class RabbitBus:
    """One connection; one channel to publish with confirms, one for each queue that is heard."""

    def __init__(self, url: str, service: str) -> None:
        self._url = url
        self._service = service
        self._connection: AbstractRobustConnection | None = None
        self._exchange: AbstractExchange | None = None

    async def start(self) -> None:
        self._connection = await connect_robust(self._url, client_properties={"connection_name": self._service})
        channel = await self._connection.channel(publisher_confirms=True)
        self._exchange = await channel.get_exchange(EXCHANGE, ensure=True)

    async def stop(self) -> None:
        if self._connection is not None:
            await self._connection.close()

    async def publish(self, envelopes: Sequence[Envelope]) -> int:
        results = await asyncio.gather(*(self._publish(each) for each in envelopes), return_exceptions=True)
        for count, result in enumerate(results):
            if isinstance(result, BaseException):
                log.warning("publish_failed", error=repr(result))
                return count
        return len(results)

    async def publish_transient(self, envelope: Envelope) -> None:
        try:
            await self._publish(envelope, DeliveryMode.NOT_PERSISTENT)
        except (AMQPError, ConnectionError, TimeoutError) as error:
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

    async def subscribe(self, subscription: Subscription, deliver: Deliver) -> None:
        if self._connection is None:
            raise ConnectionError("the bus is not started")
        channel = await self._connection.channel()
        await channel.set_qos(prefetch_count=1 if subscription.ordered else PREFETCH)
        queue = await _declare(channel, subscription)
        for type_ in subscription.types:
            await queue.bind(EXCHANGE, routing_key=type_)
        lock = asyncio.Lock()

        async def on_message(message: AbstractIncomingMessage) -> None:
            async with lock:
                await _receive(message, deliver, subscription.queue)

        await queue.consume(on_message)


async def _declare(channel: AbstractRobustChannel, subscription: Subscription) -> AbstractQueue:
    if subscription.transient:
        return await channel.declare_queue(subscription.queue, exclusive=True, auto_delete=True)
    arguments = {
        "x-queue-type": "quorum",
        "x-dead-letter-exchange": DEAD_LETTERS,
        "x-single-active-consumer": subscription.ordered,
    }
    return await channel.declare_queue(subscription.queue, durable=True, arguments=arguments)


async def _receive(message: AbstractIncomingMessage, deliver: Deliver, queue: str) -> None:
    """Acknowledge what was delivered; dead-letter what is no event of ours; give back what failed."""
    envelope = _genuine(message)
    if envelope is None:
        metrics.DEAD_LETTERS.labels(queue).inc()
        await message.reject(requeue=False)
        return
    try:
        await deliver(envelope)
    except Exception as error:
        log.warning(
            "delivery_failed",
            queue=queue,
            type=envelope.type,
            id=str(envelope.id),
            error=repr(error),
        )
        await asyncio.sleep(REDELIVERY_S)
        await message.nack(requeue=True)
        return
    await message.ack()


def _genuine(message: AbstractIncomingMessage) -> Envelope | None:
    """The event, if it is readable and its type belongs to the user that the broker vouches for."""
    try:
        envelope = Envelope.model_validate_json(message.body)
    except ValidationError:
        log.error("unreadable_message", message_id=message.message_id)
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
