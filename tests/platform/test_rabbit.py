"""RabbitMQ in particular: forged and unreadable messages, a broker that dies, one consumer of an ordered queue."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aio_pika
import pytest
from prometheus_client import REGISTRY
from sqlalchemy import func, select

from netzraum_platform import rabbit as rabbit_module
from netzraum_platform.bus import Subscription
from netzraum_platform.context import WorkContext
from netzraum_platform.events import Envelope
from netzraum_platform.rabbit import RabbitBus
from netzraum_platform.service import RunningService
from netzraum_platform.tables import OutboxRow
from netzraum_standalone.servers.definitions import ADMIN, DEAD, EVENTS, UNROUTED
from netzraum_standalone.servers.rabbit import Broker, RabbitServer
from tests.harness import eventually, sqlite_url
from tests.platform.samples import Heard, ThingChanged, app, envelope, service

CHANGED = Subscription("calendar.events", (ThingChanged.TYPE,))


@asynccontextmanager
async def bus_of(url: str, name: str) -> AsyncIterator[RabbitBus]:
    bus = RabbitBus(url, name)
    await bus.start()
    try:
        yield bus
    finally:
        await bus.stop()


@asynccontextmanager
async def raw_channel(broker: Broker, user: str, vhost: str) -> AsyncIterator[aio_pika.abc.AbstractChannel]:
    async with await aio_pika.connect(broker.url_of(user, vhost)) as connection:
        yield await connection.channel()


async def send_raw(channel: aio_pika.abc.AbstractChannel, body: bytes, **properties: Any) -> None:
    exchange = await channel.get_exchange(EVENTS)
    await exchange.publish(aio_pika.Message(body, **properties), ThingChanged.TYPE, mandatory=False)


async def kept_in(broker: Broker, vhost: str, queue: str) -> list[bytes]:
    """The bodies of all messages of a queue."""
    async with raw_channel(broker, ADMIN, vhost) as channel:
        found, place = [], await channel.get_queue(queue)
        while (message := await place.get(fail=False, no_ack=True)) is not None:
            found.append(message.body)
        return found


def metric(name: str, **labels: str) -> float:
    return REGISTRY.get_sample_value(name, labels) or 0.0


def bodies_of(numbers: list[int]) -> Callable[[Envelope], Any]:
    async def keep(event: Envelope) -> None:
        numbers.append(event.data["number"])

    return keep


@pytest.mark.parametrize("user_id", ["none", ADMIN])
async def test_an_event_of_another_sender_is_dead_lettered(rabbit: Broker, vhost: str, user_id: str) -> None:
    """The administrator may write everywhere; yet nobody takes content's events from it."""
    numbers: list[int] = []
    async with bus_of(rabbit.url_of("calendar", vhost), "calendar") as listener:
        await listener.subscribe(CHANGED, bodies_of(numbers))
        forged = envelope(666).model_dump_json().encode()
        async with raw_channel(rabbit, ADMIN, vhost) as channel:
            await send_raw(channel, forged, user_id=None if user_id == "none" else user_id)
        async with bus_of(rabbit.url_of("content", vhost), "content") as speaker:
            await speaker.publish([envelope(1)])
        await eventually(lambda: numbers == [1])
    assert await kept_in(rabbit, vhost, DEAD) == [forged]


async def test_an_event_under_the_key_of_another_type_is_dead_lettered(rabbit: Broker, vhost: str) -> None:
    """Content may write its own keys; what lies inside must be content's too."""
    numbers: list[int] = []
    claimed = json.loads(envelope(666).model_dump_json()) | {"type": "spaces.membership.changed.v1"}
    async with bus_of(rabbit.url_of("calendar", vhost), "calendar") as listener:
        await listener.subscribe(CHANGED, bodies_of(numbers))
        async with raw_channel(rabbit, "content", vhost) as channel:
            await send_raw(channel, json.dumps(claimed).encode(), user_id="content")
        dead: list[bytes] = []
        await eventually(lambda: _collect(dead, rabbit, vhost))
    assert json.loads(dead[0])["type"] == "spaces.membership.changed.v1"
    assert numbers == []


async def _collect(found: list[bytes], broker: Broker, vhost: str) -> list[bytes]:
    found += await kept_in(broker, vhost, DEAD)
    return found


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"{}", b"[]", b'{"id": 1}', b"null"])
async def test_an_unreadable_message_is_dead_lettered_and_blocks_nothing(
    rabbit: Broker, vhost: str, body: bytes
) -> None:
    numbers: list[int] = []
    before = metric("netzraum_dead_letters_total", queue=CHANGED.queue)
    async with bus_of(rabbit.url_of("calendar", vhost), "calendar") as listener:
        await listener.subscribe(CHANGED, bodies_of(numbers))
        async with bus_of(rabbit.url_of("content", vhost), "content") as speaker:
            async with raw_channel(rabbit, "content", vhost) as channel:
                await send_raw(channel, body, user_id="content")
            await speaker.publish([envelope(1)])
        await eventually(lambda: numbers == [1])
    assert await kept_in(rabbit, vhost, DEAD) == [body]
    assert metric("netzraum_dead_letters_total", queue=CHANGED.queue) == before + 1


async def test_what_no_queue_wants_is_kept_and_counted(
    rabbit: Broker, vhost: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rabbit_module, "WATCH_S", 1.0)
    async with bus_of(rabbit.url_of("content", vhost), "content") as speaker:
        assert await speaker.publish([envelope(1)]) == 1
        await eventually(lambda: metric("netzraum_kept_aside_events", queue=UNROUTED) == 1)
        await eventually(lambda: metric("netzraum_kept_aside_events", queue=DEAD) == 0)
    assert len(await kept_in(rabbit, vhost, UNROUTED)) == 1


async def test_an_ordered_queue_has_one_consumer_and_the_next_takes_over(rabbit: Broker, vhost: str) -> None:
    ordered = Subscription("calendar.access", (ThingChanged.TYPE,), ordered=True)
    first, second, url = list[int](), list[int](), rabbit.url_of("calendar", vhost)
    async with bus_of(rabbit.url_of("content", vhost), "content") as speaker, bus_of(url, "calendar") as other:
        async with bus_of(url, "calendar") as one:
            await one.subscribe(ordered, bodies_of(first))
            await other.subscribe(ordered, bodies_of(second))
            await speaker.publish([envelope(n) for n in range(50)])
            await eventually(lambda: len(first) == 50)
            assert second == []
        await speaker.publish([envelope(n) for n in range(50, 60)])
        await eventually(lambda: len(second) == 10)
    assert (first, second) == (list(range(50)), list(range(50, 60)))


async def test_a_refused_publish_does_not_close_the_way_for_the_next(rabbit: Broker, vhost: str) -> None:
    numbers: list[int] = []
    async with bus_of(rabbit.url_of("calendar", vhost), "calendar") as listener:
        await listener.subscribe(CHANGED, bodies_of(numbers))
        async with bus_of(rabbit.url_of("content", vhost), "content") as speaker:
            forged = envelope(1).model_copy(update={"type": "spaces.membership.changed.v1"})
            assert await speaker.publish([forged]) == 0
            await eventually(lambda: speaker.publish([envelope(2)]))
            await eventually(lambda: numbers == [2])


async def hear(ctx: WorkContext, event: ThingChanged) -> None:
    ctx.db.add(Heard(number=event.number))


async def test_a_broker_killed_amid_500_events_loses_and_doubles_none(server_folder: Path, tmp_path: Path) -> None:
    """Broker killed and started again while events are written; then both go on over the same connections."""
    broker = RabbitServer(server_folder)
    await broker.start()
    speaker, listener = [
        RunningService(
            service(name, handlers={ThingChanged: hear} if name == "calendar" else {}),
            app(name, sqlite_url(tmp_path, name), tmp_path, RabbitBus(broker.broker.url_of(name), name)),
        )
        for name in ("content", "calendar")
    ]

    async def write(numbers: range) -> None:
        for number in numbers:
            async with speaker.app.database.session(write=True) as session:
                work = WorkContext(speaker.app, session)
                work.publish(ThingChanged(number=number))
                await work.commit()

    async def heard() -> list[int]:
        async with listener.app.database.session() as session:
            return list(await session.scalars(select(Heard.number).order_by(Heard.number)))

    async def unsent() -> int:
        async with speaker.app.database.session() as session:
            count = select(func.count()).select_from(OutboxRow).where(OutboxRow.sent_at.is_(None))
            return await session.scalar(count) or 0

    await listener.start()
    await broker.restart()  # a node writes its list of queues late: one that is 2 s old does not outlive a crash
    await speaker.start()
    try:
        writing = asyncio.create_task(write(range(500)))
        await eventually(heard)
        await broker.kill()
        await eventually(unsent)
        await broker.start()
        await writing
        await write(range(500, 520))
        await eventually(lambda: _all_sent(unsent), 60)
        await eventually(lambda: _as_many(heard, 520), 60)
        assert await heard() == list(range(520))
    finally:
        await speaker.stop()
        await listener.stop()
        await broker.stop()


async def _all_sent(unsent: Callable[[], Awaitable[int]]) -> bool:
    return await unsent() == 0


async def _as_many(heard: Callable[[], Any], number: int) -> bool:
    return len(await heard()) >= number
