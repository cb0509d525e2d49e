"""At least once out, in order: the relay, its lock, and what wakes it."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, text, update

from netzraum_platform import outbox
from netzraum_platform.bus import InProcessBus, Subscription
from netzraum_platform.context import App, WorkContext
from netzraum_platform.database import utc_now
from netzraum_platform.events import Envelope
from netzraum_platform.outbox import KEEP_SENT, Relay, forget_sent
from netzraum_platform.tables import OutboxRow
from tests.harness import eventually
from tests.platform.samples import ThingChanged, app, counted

LONG_S = 3600.0


class RecordingBus(InProcessBus):
    """Keeps what was published; may refuse from a certain number on."""

    def __init__(self) -> None:
        super().__init__()
        self.numbers: list[int] = []
        self.sequences: list[int | None] = []
        self.refuses: int | None = None

    async def publish(self, envelopes: Sequence[Envelope]) -> int:
        for count, envelope in enumerate(envelopes):
            if envelope.data["number"] == self.refuses:
                return count
            self.numbers.append(envelope.data["number"])
            self.sequences.append(envelope.sequence)
        return len(envelopes)


async def write(app_: App, *numbers: int) -> None:
    async with app_.database.session(write=True) as session:
        work = WorkContext(app_, session)
        for number in numbers:
            work.publish(ThingChanged(number=number))
        await work.commit()


@asynccontextmanager
async def running(*relays: Relay) -> AsyncIterator[list[asyncio.Task[None]]]:
    tasks = [asyncio.create_task(relay.run()) for relay in relays]
    try:
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task


@pytest.fixture
def never_idle(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only being woken makes the relay look."""
    monkeypatch.setattr(outbox, "IDLE_S", LONG_S)


@pytest.fixture
async def postgres_pair(postgres_content: App, tmp_path: Path) -> AsyncIterator[tuple[App, App]]:
    other = app("content", postgres_content.database.engine.url.render_as_string(hide_password=False), tmp_path)
    yield postgres_content, other
    await other.database.close()


async def test_events_leave_in_the_order_in_which_they_were_written(content: App) -> None:
    bus = RecordingBus()
    for start in range(0, 300, 30):
        await write(content, *range(start, start + 30))
    async with running(Relay("content", content.database, bus)):
        await eventually(lambda: len(bus.numbers) == 300)
    assert bus.numbers == list(range(300))
    assert bus.sequences == sorted(bus.sequences, key=lambda sequence: sequence or 0)


async def test_what_was_rolled_back_never_leaves(content: App) -> None:
    bus = RecordingBus()
    async with content.database.session(write=True) as session:
        work = WorkContext(content, session)
        work.publish(ThingChanged(number=1))
        await session.flush()
        await session.rollback()
    await write(content, 2)
    async with running(Relay("content", content.database, bus)):
        await eventually(lambda: bus.numbers == [2])


async def test_after_a_refusal_it_starts_again_at_the_first_unsent(content: App, never_idle: None) -> None:
    bus = RecordingBus()
    bus.refuses = 3
    await write(content, *range(6))
    async with running(Relay("content", content.database, bus)):
        await eventually(lambda: bus.numbers == [0, 1, 2])
        bus.refuses = None
        await eventually(lambda: bus.numbers == [0, 1, 2, 3, 4, 5], 3)


async def test_a_lost_bus_is_tried_again(content: App, never_idle: None) -> None:
    bus = RecordingBus()
    failures = iter([ConnectionError("gone"), TimeoutError()])
    publish: Callable[[Sequence[Envelope]], Awaitable[int]] = bus.publish

    async def fails_twice(envelopes: Sequence[Envelope]) -> int:
        if (failure := next(failures, None)) is not None:
            raise failure
        return await publish(envelopes)

    bus.publish = fails_twice  # type: ignore[method-assign]  # two failures before the real one
    await write(content, 1)
    async with running(Relay("content", content.database, bus)):
        await eventually(lambda: bus.numbers == [1], 5)


async def test_a_commit_wakes_the_relay_of_its_process(content: App, never_idle: None) -> None:
    bus = RecordingBus()
    relay = Relay("content", content.database, bus)
    content.relays.append(relay)
    async with running(relay):
        await write(content, 1)
        await eventually(lambda: bus.numbers == [1])
        started = time.perf_counter()
        await write(content, 2)
        await eventually(lambda: bus.numbers == [1, 2], 3)
        assert time.perf_counter() - started < 1


async def test_the_process_that_publishes_tells_no_other_of_its_commits(postgres_pair: tuple[App, App]) -> None:
    here, elsewhere = postgres_pair
    bus = RecordingBus()
    relays = [Relay("content", each.database, bus) for each in postgres_pair]
    here.relays, elsewhere.relays = [relays[0]], [relays[1]]
    async with running(relays[0]):
        await eventually(lambda: relays[0].publishes)
        with counted(here) as of_here, counted(elsewhere) as of_elsewhere:
            await write(here, 1)
            await write(elsewhere, 2)
            await eventually(lambda: bus.numbers == [1, 2])
    assert not any("pg_notify" in statement for statement in of_here)
    assert any("pg_notify" in statement for statement in of_elsewhere)


async def test_a_commit_costs_the_relay_two_statements(postgres_content: App, never_idle: None) -> None:
    """To read what waits, and to mark it; how much it is does not count."""
    bus = RecordingBus()
    relay = Relay("content", postgres_content.database, bus)
    postgres_content.relays.append(relay)
    async with running(relay):
        await eventually(lambda: relay.publishes)
        for start in (0, 100):
            with counted(postgres_content) as statements:
                await write(postgres_content, *range(start, start + 100))
                await eventually(lambda: any(each.startswith("UPDATE outbox") for each in statements))
            of_relay = [each for each in statements if not each.startswith("INSERT")]
            assert [each.split()[0] for each in of_relay] == ["SELECT", "UPDATE"], of_relay
    assert bus.numbers == list(range(200))


async def test_a_commit_of_another_process_wakes_the_relay(postgres_pair: tuple[App, App], never_idle: None) -> None:
    here, elsewhere = postgres_pair
    bus = RecordingBus()
    async with running(Relay("content", here.database, bus)):
        await write(elsewhere, 1)
        await eventually(lambda: bus.numbers == [1])
        await write(elsewhere, 2)
        await eventually(lambda: bus.numbers == [1, 2], 3)


async def test_of_two_relays_one_publishes_and_the_other_takes_over_when_its_connection_dies(
    postgres_pair: tuple[App, App],
) -> None:
    buses = [RecordingBus(), RecordingBus()]
    relays = [Relay("content", each.database, bus) for each, bus in zip(postgres_pair, buses, strict=True)]
    async with running(*relays) as tasks:
        await write(postgres_pair[0], *range(5))
        await eventually(lambda: any(bus.numbers for bus in buses))
        holder = 0 if buses[0].numbers else 1
        assert buses[1 - holder].numbers == []
        await eventually(lambda: all_marked(postgres_pair[0]))  # else they come again
        tasks[holder].cancel()
        async with postgres_pair[0].database.session() as session:
            await session.execute(
                text(
                    "SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND granted"
                    " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
                )
            )
        await write(postgres_pair[holder], *range(5, 10))
        await eventually(lambda: buses[1 - holder].numbers == [5, 6, 7, 8, 9])
    assert buses[holder].numbers == [0, 1, 2, 3, 4]


async def test_a_relay_that_lost_its_lock_stops_to_publish_and_gets_in_line_again(
    postgres_pair: tuple[App, App], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(outbox, "IDLE_S", 0.1)
    here, _ = postgres_pair
    bus = RecordingBus()
    async with running(Relay("content", here.database, bus)):
        await write(here, 1)
        await eventually(lambda: bus.numbers == [1])
        async with here.database.session() as session:
            lock = (
                "SELECT pid FROM pg_locks JOIN pg_database ON pg_database.oid = pg_locks.database"
                " WHERE locktype = 'advisory' AND granted AND datname = current_database()"
            )
            pid = (await session.execute(text(lock))).scalar_one()
            await session.execute(text(f"SELECT pg_terminate_backend({pid})"))
        await write(here, 2)
        await eventually(lambda: bus.numbers == [1, 2])

        async def other_holder() -> bool:
            async with here.database.session() as session:
                return (await session.execute(text(lock))).scalar_one_or_none() not in (None, pid)

        await eventually(other_holder)


async def test_sent_events_are_forgotten_after_seven_days_and_unsent_ones_never(content: App) -> None:
    await write(content, 1, 2, 3)
    old = utc_now() - KEEP_SENT - timedelta(hours=1)
    async with content.database.transaction() as session:
        rows = list(await session.scalars(select(OutboxRow.sequence).order_by(OutboxRow.sequence)))
        await session.execute(update(OutboxRow).values(created_at=old))
        await session.execute(update(OutboxRow).where(OutboxRow.sequence == rows[0]).values(sent_at=old))
        await session.execute(update(OutboxRow).where(OutboxRow.sequence == rows[1]).values(sent_at=utc_now()))
    async with content.database.transaction() as session:
        await forget_sent(session)
    async with content.database.session() as session:
        assert list(await session.scalars(select(OutboxRow.sequence).order_by(OutboxRow.sequence))) == rows[1:]


async def test_nobody_publishes_in_the_name_of_another(content: App, tmp_path: Path) -> None:
    content.name = "spaces"
    async with content.database.session(write=True) as session:
        with pytest.raises(ValueError, match="spaces cannot speak for content"):
            WorkContext(content, session).publish(ThingChanged(number=1))


async def test_events_go_through_the_bus_of_the_process(content: App) -> None:
    bus, heard = InProcessBus(), list[int]()

    async def hear(event: Envelope) -> None:
        heard.append(event.data["number"])

    await bus.subscribe(Subscription("calendar.events", (ThingChanged.TYPE,)), hear)
    await write(content, 1, 2)
    async with running(Relay("content", content.database, bus)):
        await eventually(lambda: heard == [1, 2])


async def all_marked(app_: App) -> bool:
    async with app_.database.session() as session:
        return await session.scalar(select(OutboxRow.sequence).where(OutboxRow.sent_at.is_(None)).limit(1)) is None


class IdleRelay(Relay):
    """Never finds a row; says when it looked."""

    looked = 0

    async def publish_waiting(self) -> bool:
        self.looked += 1
        return False


@pytest.mark.parametrize("turns", range(4))
async def test_a_relay_that_is_woken_as_it_is_stopped_stops(content: App, turns: int, never_idle: None) -> None:
    relay = IdleRelay(content.name, content.database, content.bus)
    task = asyncio.create_task(relay.run())
    await eventually(lambda: relay.looked)
    relay.wake()
    for _ in range(turns):
        await asyncio.sleep(0)
    task.cancel()
    done, _ = await asyncio.wait([task], timeout=5)
    assert done


async def test_what_is_told_just_now_leaves_with_the_commit_and_is_kept_nowhere(content: App) -> None:
    heard: list[int] = []

    async def hear(envelope: Envelope) -> None:
        heard.append(envelope.data["number"])

    await content.bus.subscribe(Subscription("test.live", (ThingChanged.TYPE,), transient=True), hear)
    async with content.database.session(write=True) as session:
        work = WorkContext(content, session)
        work.tell(ThingChanged(number=1))
        await work.rollback()
        work.tell(ThingChanged(number=2))
        assert not content.telling
        await work.commit()
    await eventually(lambda: heard)
    assert heard == [2]
    async with content.database.session() as session:
        assert (await session.scalars(select(OutboxRow))).first() is None
