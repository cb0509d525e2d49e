"""Exactly once in: repeated, failing, dead and older events; on both engines."""

import asyncio
import uuid
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import delete, func, insert, select, update

from netzraum_platform.bus import InProcessBus
from netzraum_platform.context import App, WorkContext
from netzraum_platform.database import Database, new_id, utc_now
from netzraum_platform.events import Envelope
from netzraum_platform.inbox import KEEP_DONE, MAX_ATTEMPTS, Consumer, Together, forget_done, kept_events, replay
from netzraum_platform.tables import AuditRow, InboxRow
from tests.platform.samples import Heard, ThingChanged, ThingEnded, app, counted, envelope


async def hear(ctx: WorkContext, event: ThingChanged) -> None:
    ctx.db.add(Heard(number=event.number))


def consumer(app_: App, handler: Any = hear, **how: Any) -> Consumer:
    return Consumer(app_, "events", {ThingChanged: handler}, **how)


async def heard(app_: App) -> list[int]:
    async with app_.database.session() as session:
        return list(await session.scalars(select(Heard.number).order_by(Heard.id)))


async def row_of(app_: App, event: Envelope) -> InboxRow | None:
    async with app_.database.session() as session:
        return await session.get(InboxRow, ("content.events", event.id))


async def make_due(app_: App) -> None:
    async with app_.database.transaction() as session:
        await session.execute(update(InboxRow).where(InboxRow.state == "waiting").values(run_at=utc_now()))


async def test_a_repeated_event_is_handled_once(content: App) -> None:
    event, queue = envelope(1), consumer(content)
    for _ in range(3):
        await queue.receive(event)
    await queue.receive_all([event, envelope(2), event])
    assert await heard(content) == [1, 2]


async def test_an_event_is_handled_once_by_two_replicas_at_the_same_time(content: App, tmp_path: Path) -> None:
    replica = app(content.name, content.database.engine.url.render_as_string(hide_password=False), tmp_path)
    events = [envelope(number) for number in range(20)]
    await asyncio.gather(
        *(queue.receive(event) for event in events for queue in (consumer(content), consumer(replica))),
        consumer(content).receive_all(events),
        consumer(replica).receive_all(events),
    )
    assert sorted(await heard(content)) == list(range(20))
    async with content.database.session() as session:
        assert await kept_events(session) == []
    await replica.database.close()


async def test_both_handlers_at_once_leave_the_effects_of_one(content: App) -> None:
    """Both have found the event new before either commits."""
    if content.database.dialect == "sqlite":  # there the second cannot begin before the first has ended
        await test_a_repeated_event_is_handled_once(content)
        return
    inside, event = asyncio.Barrier(2), envelope(1)

    async def meet(ctx: WorkContext, event: ThingChanged) -> None:
        await asyncio.wait_for(inside.wait(), 10)
        await hear(ctx, event)

    await asyncio.gather(consumer(content, meet).receive(event), consumer(content, meet).receive(event))
    assert await heard(content) == [1]


async def test_effects_and_inbox_row_commit_together_or_not_at_all(content: App) -> None:
    async def fails_late(ctx: WorkContext, event: ThingChanged) -> None:
        await hear(ctx, event)
        ctx.audit("thing:hear", item=event.number)
        ctx.publish(ThingEnded(number=event.number))
        await ctx.db.flush()
        raise ValueError("too late")

    event = envelope(1)
    await consumer(content, fails_late).receive(event)
    assert await heard(content) == []
    row = await row_of(content, event)
    assert row is not None
    assert (row.state, row.attempts, row.error) == ("waiting", 1, "ValueError('too late')")
    async with content.database.session() as session:
        assert await session.scalar(select(func.count()).select_from(AuditRow)) == 0


async def test_one_that_fails_among_several_does_not_hold_up_the_others(content: App) -> None:
    async def not_two(ctx: WorkContext, event: ThingChanged) -> None:
        if event.number == 2:
            raise ValueError("not two")
        await hear(ctx, event)

    events = [envelope(number) for number in range(4)]
    await consumer(content, not_two).receive_all(events)
    assert await heard(content) == [0, 1, 3]
    row = await row_of(content, events[2])
    assert row is not None
    assert row.state == "waiting"


async def test_what_fails_five_times_is_dead_is_listed_replayed_and_then_done(content: App) -> None:
    works = False

    async def fails(ctx: WorkContext, event: ThingChanged) -> None:
        if not works:
            raise ValueError("not yet")
        await hear(ctx, event)

    queue, event = consumer(content, fails), envelope(7)
    await queue.receive(event)
    for tries in range(2, MAX_ATTEMPTS + 1):
        await queue.retry_waiting()  # not due yet: it waits longer each time
        row = await row_of(content, event)
        assert row is not None
        assert (row.state, row.attempts) == ("waiting", tries - 1)
        assert row.run_at is not None
        assert row.run_at > utc_now() + timedelta(seconds=4 ** (tries - 2) - 1)
        await make_due(content)
        await queue.retry_waiting()
    await make_due(content)
    await queue.retry_waiting()
    async with content.database.session() as session:
        dead = await kept_events(session, "dead")
        assert await kept_events(session, "waiting") == []
    assert [(row.event_id, row.attempts, row.error) for row in dead] == [(event.id, 5, "ValueError('not yet')")]
    assert dead[0].envelope is not None
    assert dead[0].envelope["data"] == {"number": 7}

    works = True
    async with content.database.transaction() as session:
        assert await replay(session, new_id()) == 0
        assert await replay(session, event.id) == 1
    await queue.retry_waiting()
    assert await heard(content) == [7]
    await queue.receive(event)
    assert await heard(content) == [7]
    row = await row_of(content, event)
    assert row is not None
    assert (row.state, row.envelope, row.error) == ("done", None, None)


async def test_two_replicas_try_a_waiting_event_once(content: App) -> None:
    tries: list[int] = []

    async def fails(_ctx: WorkContext, event: ThingChanged) -> None:
        tries.append(event.number)
        raise ValueError("no")

    await consumer(content, fails).receive(envelope(1))
    await make_due(content)
    await asyncio.gather(*(consumer(content, fails).retry_waiting() for _ in range(3)))
    assert tries == [1, 1]


async def test_an_ordered_queue_waits_for_the_event_that_fails(content: App) -> None:
    failures = iter([True, True])

    async def fails_twice(ctx: WorkContext, event: ThingChanged) -> None:
        if event.number == 1 and next(failures, False):
            raise ValueError("not yet")
        await hear(ctx, event)

    bus, queue = InProcessBus(), consumer(content, fails_twice, retry_in_place=True)
    await bus.subscribe_together(queue.subscription, queue.receive_all)
    waiting = [envelope(number) for number in range(3)]
    for _ in range(3):
        waiting = waiting[await bus.publish(waiting) :]
    assert await heard(content) == [0, 1, 2]
    async with content.database.session() as session:
        assert await kept_events(session) == []


async def test_released_in_between_still_counts_once(content: App) -> None:
    """A handler that ends its transaction to wait for something slow commits what earlier events of the batch did."""

    async def releases(ctx: WorkContext, event: ThingChanged) -> None:
        if event.number == 1:
            await ctx.release()
            raise ValueError("after the release")
        await hear(ctx, event)

    events = [envelope(number) for number in range(3)]
    await consumer(content, releases).receive_all(events)
    await consumer(content, releases).receive_all(events)
    assert await heard(content) == [0, 2]


async def test_an_event_that_does_not_fit_its_model_is_kept(content: App) -> None:
    event = envelope(1).model_copy(update={"data": {"number": "Straße"}})
    await consumer(content).receive(event)
    row = await row_of(content, event)
    assert row is not None
    assert row.state == "waiting"
    assert row.error is not None
    assert "Straße" not in row.error


async def test_an_event_comes_again_where_the_database_is_gone(content: App, tmp_path: Path) -> None:
    nowhere = app("content", "postgresql+asyncpg://nobody@127.0.0.1:1/nothing", tmp_path)
    with pytest.raises(ConnectionError):
        await consumer(nowhere).receive(envelope(1))
    with pytest.raises(ConnectionError):
        await consumer(nowhere).receive_all([envelope(1), envelope(2)])
    await nowhere.database.close()


async def test_handlers_act_in_the_name_of_each_events_actor(content: App) -> None:
    actors = [uuid.uuid4(), uuid.uuid4()]

    async def note(ctx: WorkContext, event: ThingChanged) -> None:
        ctx.audit("thing:hear", item=event.number)

    events = [envelope(n).model_copy(update={"actor": actor}) for n, actor in enumerate(actors)]
    await consumer(content, note).receive_all(events)
    async with content.database.session() as session:
        assert list(await session.scalars(select(AuditRow.account_id).order_by(AuditRow.item))) == actors


async def test_a_handler_of_several_gets_those_that_follow_one_another(content: App) -> None:
    deliveries: list[list[int]] = []

    async def hear_all(ctx: WorkContext, events: Sequence[ThingChanged]) -> None:
        deliveries.append([event.number for event in events])
        ctx.db.add_all(Heard(number=event.number) for event in events)

    async def end(ctx: WorkContext, event: ThingEnded) -> None:
        assert ctx.envelope is not None
        deliveries.append([-event.number])

    queue = Consumer(content, "events", {ThingChanged: Together(hear_all), ThingEnded: end})
    events = [envelope(1), envelope(2), envelope(3, ThingEnded), envelope(4)]
    await queue.receive_all([events[0]])
    await queue.receive_all([*events, events[1]])
    assert deliveries == [[1], [2], [-3], [4]]
    assert await heard(content) == [1, 2, 4]


async def test_one_that_fails_among_several_of_a_handler_does_not_hold_up_the_others(content: App) -> None:
    async def not_two(ctx: WorkContext, events: Sequence[ThingChanged]) -> None:
        ctx.db.add_all(Heard(number=event.number) for event in events)
        if 2 in [event.number for event in events]:
            raise ValueError("not two")

    events = [envelope(number) for number in range(4)]
    await consumer(content, Together(not_two)).receive_all(events)
    assert await heard(content) == [0, 1, 3]
    row = await row_of(content, events[2])
    assert row is not None
    assert row.state == "waiting"


async def test_many_events_cost_as_many_statements_as_one(content: App) -> None:
    async def hear_all(ctx: WorkContext, events: Sequence[ThingChanged]) -> None:
        await ctx.db.execute(insert(Heard), [{"number": event.number} for event in events])

    queue = Consumer(content, "events", {ThingChanged: Together(hear_all)})
    await queue.receive_all([envelope(0)])
    with counted(content) as statements:
        await queue.receive_all([envelope(1)])
    of_one = len(statements)
    with counted(content) as statements:
        await queue.receive_all([envelope(number) for number in range(2, 52)])
    assert len(statements) == of_one == 3, statements


async def test_where_nothing_is_due_to_look_for_it_is_one_statement(content: App) -> None:
    """A service at rest does this all the time."""
    with counted(content) as statements:
        await consumer(content).retry_waiting()
    assert len(statements) == 1, statements


async def test_handled_events_are_forgotten_after_a_month_and_waiting_ones_never(content: App) -> None:
    old, new = envelope(1), envelope(2)
    await consumer(content).receive_all([old, new])
    await _age(content.database, old.id)
    dead = InboxRow(handler="content.events", event_id=new_id(), state="dead", envelope={}, attempts=5)
    dead.received_at = utc_now() - 2 * KEEP_DONE
    async with content.database.transaction() as session:
        session.add(dead)
    async with content.database.transaction() as session:
        await forget_done(session)
    async with content.database.session() as session:
        left = set(await session.scalars(select(InboxRow.event_id)))
    assert left == {new.id, dead.event_id}
    async with content.database.transaction() as session:
        await session.execute(delete(InboxRow))


async def _age(database: Database, event_id: uuid.UUID) -> None:
    async with database.transaction() as session:
        past = utc_now() - KEEP_DONE - timedelta(days=1)
        await session.execute(update(InboxRow).where(InboxRow.event_id == event_id).values(received_at=past))
