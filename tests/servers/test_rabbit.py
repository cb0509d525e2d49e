"""The private broker: each service is who it says it is, and speaks and listens only where it may."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import aio_pika
import pytest
from aio_pika.abc import AbstractChannel, AbstractQueue
from aio_pika.exceptions import ProbableAuthenticationError
from aiormq.abc import FieldTable
from aiormq.exceptions import ChannelAccessRefused, ChannelPreconditionFailed

from netzraum_standalone.servers.definitions import ADMIN, DEAD, EVENTS, UNROUTED, VHOST
from netzraum_standalone.servers.rabbit import Broker, RabbitServer

QUORUM: FieldTable = {"x-queue-type": "quorum", "x-dead-letter-exchange": DEAD}


@asynccontextmanager
async def channel(broker: Broker, user: str, vhost: str) -> AsyncIterator[AbstractChannel]:
    async with await aio_pika.connect(broker.url_of(user, vhost)) as connection:
        yield await connection.channel()


async def publish(channel: AbstractChannel, key: str, user: str | None = None) -> None:
    exchange = await channel.get_exchange(EVENTS)
    message = aio_pika.Message(b"{}", user_id=user)
    await exchange.publish(message, routing_key=key, mandatory=False, timeout=10)


async def next_message(queue: AbstractQueue) -> bytes:
    """The next message within 10 s."""
    async with asyncio.timeout(10):
        while (message := await queue.get(fail=False, no_ack=True)) is None:
            await asyncio.sleep(0.05)
        return message.body


async def test_an_event_reaches_the_queue_that_another_service_bound(rabbit: Broker, vhost: str) -> None:
    async with channel(rabbit, "content", vhost) as listener, channel(rabbit, "spaces", vhost) as speaker:
        queue = await listener.declare_queue("content.access", durable=True, arguments=QUORUM)
        await queue.bind(EVENTS, "spaces.membership.changed.v1")
        await publish(speaker, "spaces.membership.changed.v1", user="spaces")
        assert await next_message(queue) == b"{}"


async def test_content_publishes_its_own_events_but_none_of_spaces(rabbit: Broker, vhost: str) -> None:
    async with channel(rabbit, "content", vhost) as speaker:
        await publish(speaker, "content.notice.published.v1", user="content")
        with pytest.raises(ChannelAccessRefused):
            await publish(speaker, "spaces.membership.changed.v1", user="content")


@pytest.mark.parametrize("key", ["spaces", "contents.notice.v1", "x.content.notice.v1", ""])
async def test_only_keys_that_begin_with_the_own_name_are_taken(rabbit: Broker, vhost: str, key: str) -> None:
    async with channel(rabbit, "content", vhost) as speaker:
        with pytest.raises(ChannelAccessRefused):
            await publish(speaker, key)


async def test_nobody_claims_to_be_another_user(rabbit: Broker, vhost: str) -> None:
    async with channel(rabbit, "content", vhost) as speaker:
        with pytest.raises(ChannelPreconditionFailed):
            await publish(speaker, "content.notice.published.v1", user="spaces")


async def test_gateway_hears_events_and_publishes_none(rabbit: Broker, vhost: str) -> None:
    async with channel(rabbit, "gateway", vhost) as listener, channel(rabbit, "identity", vhost) as speaker:
        queue = await listener.declare_queue("gateway.live.1", exclusive=True, auto_delete=True)
        await queue.bind(EVENTS, "identity.session.ended.v1")
        await publish(speaker, "identity.session.ended.v1", user="identity")
        assert await next_message(queue) == b"{}"
        with pytest.raises(ChannelAccessRefused):
            await publish(listener, "gateway.anything.v1")


@pytest.mark.parametrize("name", ["spaces.access", "contents.access", "amq.gen-1", DEAD, UNROUTED])
async def test_no_service_reads_a_queue_of_another(rabbit: Broker, vhost: str, name: str) -> None:
    async with channel(rabbit, "content", vhost) as intruder:
        with pytest.raises(ChannelAccessRefused):
            await intruder.declare_queue(name, durable=True, arguments=QUORUM)
    async with channel(rabbit, "content", vhost) as intruder:
        queue = await intruder.get_queue(name, ensure=False)
        with pytest.raises(ChannelAccessRefused):
            await queue.get(fail=False)


async def test_no_service_writes_into_a_queue_past_the_exchange(rabbit: Broker, vhost: str) -> None:
    async with channel(rabbit, "content", vhost) as intruder:
        with pytest.raises(ChannelAccessRefused):
            await intruder.default_exchange.publish(aio_pika.Message(b"{}"), "spaces.access", timeout=10)


async def test_what_no_queue_wants_is_kept_as_unrouted(rabbit: Broker, vhost: str) -> None:
    async with channel(rabbit, "polls", vhost) as speaker, channel(rabbit, ADMIN, vhost) as admin:
        await publish(speaker, "polls.poll.closed.v1", user="polls")
        assert await next_message(await admin.get_queue(UNROUTED)) == b"{}"


async def test_rejected_message_goes_to_the_dead_letters(rabbit: Broker, vhost: str) -> None:
    async with channel(rabbit, "content", vhost) as service, channel(rabbit, ADMIN, vhost) as admin:
        queue = await service.declare_queue("content.events", durable=True, arguments=QUORUM)
        await queue.bind(EVENTS, "content.#")
        await publish(service, "content.notice.published.v1")
        async with asyncio.timeout(10):
            while (message := await queue.get(fail=False)) is None:
                await asyncio.sleep(0.05)
        await message.reject(requeue=False)
        assert await next_message(await admin.get_queue(DEAD)) == b"{}"


async def test_the_brokers_default_user_is_not_there(rabbit: Broker) -> None:
    url = rabbit.url_of("content").split("@")[1]
    with pytest.raises(ProbableAuthenticationError):
        await aio_pika.connect(f"amqp://guest:guest@{url}")


async def test_confirmed_messages_outlive_a_restart_and_a_crash(server_folder: Path) -> None:
    server = RabbitServer(server_folder)
    await server.start()
    try:
        async with channel(server.broker, "content", VHOST) as service:
            queue = await service.declare_queue("content.events", durable=True, arguments=QUORUM)
            await queue.bind(EVENTS, "content.#")
            await publish(service, "content.notice.published.v1")
        await server.restart()  # a quorum queue that is a second old is lost in a crash: the node keeps its list late
        async with channel(server.broker, "content", VHOST) as service:
            await publish(service, "content.notice.published.v1")
        await server.kill()
        await server.start()
        async with channel(server.broker, "content", VHOST) as service:
            queue = await service.get_queue("content.events")
            assert [await next_message(queue) for _ in range(2)] == [b"{}", b"{}"]
    finally:
        await server.stop()
