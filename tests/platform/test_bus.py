"""The bus port: the same promises by RabbitMQ and within the process."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence

import pytest

from netzraum_platform.bus import TOGETHER, Bus, InProcessBus, Subscription
from netzraum_platform.events import Envelope
from netzraum_platform.rabbit import RabbitBus
from netzraum_standalone.servers.rabbit import Broker
from tests.harness import eventually
from tests.platform.samples import ThingChanged, ThingEnded, envelope

Connect = Callable[[str], Awaitable[Bus]]
CHANGED = Subscription("calendar.events", (ThingChanged.TYPE,))


@pytest.fixture(params=["in process", "rabbit"])
def vhost_or_none(request: pytest.FixtureRequest) -> tuple[Broker, str] | None:
    if request.param == "in process":
        return None
    return request.getfixturevalue("rabbit"), request.getfixturevalue("vhost")


@pytest.fixture
async def connect(vhost_or_none: tuple[Broker, str] | None) -> AsyncIterator[Connect]:
    """Gives a service its bus."""
    started: list[Bus] = []
    shared = InProcessBus()

    async def bus_of(service: str) -> Bus:
        bus = (
            shared if vhost_or_none is None else RabbitBus(vhost_or_none[0].url_of(service, vhost_or_none[1]), service)
        )
        await bus.start()
        started.append(bus)
        return bus

    yield bus_of
    for bus in started:
        await bus.stop()


class Ear:
    """Keeps the numbers of what it hears."""

    def __init__(self) -> None:
        self.numbers: list[int] = []
        self.sizes: list[int] = []
        self.go_on = asyncio.Event()
        self.go_on.set()

    async def one(self, event: Envelope) -> None:
        self.numbers.append(event.data["number"])

    async def several(self, events: Sequence[Envelope]) -> None:
        self.sizes.append(len(events))
        await self.go_on.wait()
        for event in events:
            await self.one(event)


async def test_events_come_in_the_order_of_publishing(connect: Connect) -> None:
    speaker, listener, ear = await connect("content"), await connect("calendar"), Ear()
    await listener.subscribe(CHANGED, ear.one)
    assert await speaker.publish([envelope(n) for n in range(200)]) == 200
    assert await speaker.publish([envelope(n) for n in range(200, 300)]) == 100
    await eventually(lambda: len(ear.numbers) == 300)
    assert ear.numbers == list(range(300))


async def test_several_that_wait_come_together_and_in_order(connect: Connect) -> None:
    speaker, listener, ear = await connect("content"), await connect("calendar"), Ear()
    await listener.subscribe_together(CHANGED, ear.several)
    ear.go_on.clear()  # the rest arrives while the first is being heard; in one process publishing waits for that, too
    publishing = asyncio.create_task(speaker.publish([envelope(n) for n in range(200)]))
    await eventually(lambda: ear.sizes)
    await asyncio.wait({publishing}, timeout=1)
    ear.go_on.set()
    await publishing
    await eventually(lambda: len(ear.numbers) == 200)
    assert ear.numbers == list(range(200))
    assert len(ear.sizes) < 100
    assert max(ear.sizes) <= TOGETHER


async def test_a_queue_hears_the_types_that_it_asked_for(connect: Connect) -> None:
    speaker, listener = await connect("content"), await connect("calendar")
    changed, all_ = Ear(), Ear()
    await listener.subscribe(CHANGED, changed.one)
    await listener.subscribe(Subscription("calendar.all", (ThingChanged.TYPE, ThingEnded.TYPE)), all_.one)
    await speaker.publish([envelope(1), envelope(2, ThingEnded), envelope(3)])
    await eventually(lambda: all_.numbers == [1, 2, 3])
    await eventually(lambda: changed.numbers == [1, 3])


async def test_every_service_hears_an_event(connect: Connect) -> None:
    speaker, ears = await connect("content"), {name: Ear() for name in ("calendar", "polls")}
    for name, ear in ears.items():
        await (await connect(name)).subscribe(Subscription(f"{name}.events", (ThingChanged.TYPE,)), ear.one)
    await speaker.publish([envelope(1)])
    await eventually(lambda: all(ear.numbers == [1] for ear in ears.values()))


async def test_what_could_not_be_delivered_comes_again_and_keeps_its_place(connect: Connect) -> None:
    speaker, listener, ear = await connect("content"), await connect("calendar"), Ear()
    failures = iter([True, True, False])

    async def fails_twice_at_one(event: Envelope) -> None:
        if event.data["number"] == 1 and next(failures, False):
            raise ConnectionError("the database is away")
        await ear.one(event)

    await listener.subscribe(CHANGED, fails_twice_at_one)
    waiting = [envelope(n) for n in range(3)]
    while waiting:  # as the relay does
        waiting = waiting[await speaker.publish(waiting) :]
    await eventually(lambda: 2 in ear.numbers)
    first_times = list(dict.fromkeys(ear.numbers))
    assert first_times == [0, 1, 2]


async def test_what_fails_at_a_transient_listener_is_not_repeated(connect: Connect) -> None:
    speaker, listener, ear = await connect("content"), await connect("calendar"), Ear()

    async def fails_at_one(event: Envelope) -> None:
        await ear.one(event)
        if event.data["number"] == 1:
            raise ValueError("cannot")

    await listener.subscribe(Subscription("calendar.live.1", (ThingChanged.TYPE,), transient=True), fails_at_one)
    assert await speaker.publish([envelope(1), envelope(2)]) == 2
    await speaker.publish_transient(envelope(3))
    await eventually(lambda: 3 in ear.numbers)
    assert ear.numbers == [1, 2, 3]


async def test_who_stopped_to_listen_hears_it_later(connect: Connect) -> None:
    speaker, listener, ear, later = await connect("content"), await connect("calendar"), Ear(), Ear()
    stop = await listener.subscribe(CHANGED, ear.one)
    await speaker.publish([envelope(1)])
    await eventually(lambda: ear.numbers == [1])
    await stop()
    waiting = [envelope(2)]
    waiting = waiting[await speaker.publish(waiting) :]
    await listener.subscribe(CHANGED, later.one)
    await speaker.publish(waiting)
    await eventually(lambda: later.numbers == [2])
    assert ear.numbers == [1]


async def test_stopping_waits_for_the_delivery_that_runs(connect: Connect) -> None:
    speaker, listener, begun, ended = await connect("content"), await connect("calendar"), asyncio.Event(), Ear()

    async def slow(event: Envelope) -> None:
        begun.set()
        await asyncio.sleep(0.2)
        await ended.one(event)

    stop = await listener.subscribe(CHANGED, slow)
    publishing = asyncio.create_task(speaker.publish([envelope(1)]))
    await asyncio.wait_for(begun.wait(), 10)
    await stop()
    assert ended.numbers == [1]
    await publishing


async def test_a_bus_within_the_process_publishes_nothing_before_all_listen() -> None:
    bus, ear = InProcessBus(closed=True), Ear()
    publishing = asyncio.create_task(bus.publish([envelope(1)]))
    await asyncio.sleep(0)
    await bus.subscribe(CHANGED, ear.one)
    bus.open()
    assert await publishing == 1
    assert ear.numbers == [1]
