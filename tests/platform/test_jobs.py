"""Timed work: claimed by one worker, moved by its key, tried again, given up on; on both engines."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from netzraum_platform import jobs
from netzraum_platform.context import App, WorkContext
from netzraum_platform.database import new_id, utc_now
from netzraum_platform.jobs import MAX_ATTEMPTS, JobHandler, JobRunner
from netzraum_platform.tables import AuditRow, IdempotencyRow, JobRow, OutboxRow
from tests.harness import eventually
from tests.platform.samples import Heard


async def note(ctx: WorkContext, payload: dict[str, Any]) -> None:
    ctx.db.add(Heard(number=payload["number"]))


def runner(content: App, handler: JobHandler = note) -> JobRunner:
    return JobRunner(content, {"note": handler}, [])


async def plan(
    content: App, number: int, *, in_s: float = 0, key: str | None = None, kind: str = "note", keep: bool = False
) -> None:
    async with content.database.session(write=True) as session:
        work = WorkContext(content, session)
        await work.schedule(kind, {"number": number}, utc_now() + timedelta(seconds=in_s), key=key, keep=keep)
        await work.commit()


async def heard(content: App) -> list[int]:
    async with content.database.session() as session:
        return list(await session.scalars(select(Heard.number).order_by(Heard.id)))


async def waiting(content: App) -> list[JobRow]:
    async with content.database.session() as session:
        return list(await session.scalars(select(JobRow)))


async def run_all(runner: JobRunner) -> None:
    while await runner.run_due():
        pass


async def test_a_job_runs_when_it_is_due_and_is_gone_then(content: App) -> None:
    await plan(content, 1)
    await plan(content, 2, in_s=60)
    await run_all(runner(content))
    assert await heard(content) == [1]
    assert [job.payload for job in await waiting(content)] == [{"number": 2}]


async def test_a_job_is_run_by_one_of_several_workers(content: App) -> None:
    for number in range(20):
        await plan(content, number)
    await asyncio.gather(*(run_all(runner(content)) for _ in range(3)))
    assert sorted(await heard(content)) == list(range(20))
    assert await waiting(content) == []


async def test_a_claimed_job_is_left_alone_until_its_lease_has_ended(content: App) -> None:
    await plan(content, 1)
    async with content.database.transaction() as session:
        await session.execute(update(JobRow).values(claimed_until=utc_now() + timedelta(minutes=1)))
    assert not await runner(content).run_due()
    async with content.database.transaction() as session:
        await session.execute(update(JobRow).values(claimed_until=utc_now() - timedelta(seconds=1)))
    await run_all(runner(content))
    assert await heard(content) == [1]


async def claimed_until(content: App) -> datetime:
    (job,) = await waiting(content)
    assert job.claimed_until is not None
    return job.claimed_until


async def test_a_lease_is_renewed_as_long_as_its_job_runs(content: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "RENEW_S", 0.05)
    monkeypatch.setattr(jobs, "LEASE", timedelta(seconds=1))

    async def outlives_its_lease(ctx: WorkContext, payload: dict[str, Any]) -> None:
        first = await claimed_until(content)
        await eventually(lambda: utc_now() > first)
        await eventually(lambda: _is_renewed(content))
        assert not await runner(content).run_due()
        await note(ctx, payload)

    await plan(content, 1)
    await run_all(runner(content, outlives_its_lease))
    assert await heard(content) == [1]
    assert await waiting(content) == []


async def _is_renewed(content: App) -> bool:
    return await claimed_until(content) > utc_now()


@pytest.mark.parametrize("arrives", [False, True])
async def test_a_job_ends_whether_or_not_the_last_renewal_came_in(
    content: App, monkeypatch: pytest.MonkeyPatch, arrives: bool
) -> None:
    monkeypatch.setattr(jobs, "RENEW_S", 0.01)
    renew, tries = content.database.execute_alone, []

    async def answer_is_lost(*arguments: Any) -> None:
        if arrives:
            await renew(*arguments)
        tries.append(arrives)
        raise ConnectionError("as it was to be")

    async def slow(ctx: WorkContext, payload: dict[str, Any]) -> None:
        await eventually(lambda: len(tries) > 1)
        await note(ctx, payload)

    monkeypatch.setattr(content.database, "execute_alone", answer_is_lost)
    await plan(content, 1)
    await run_all(runner(content, slow))
    assert await heard(content) == [1]
    assert await waiting(content) == []


async def test_a_renewal_takes_nothing_back_from_who_has_the_job_now(
    content: App, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "RENEW_S", 0.01)
    others = utc_now() + timedelta(hours=1)
    renew, tries = content.database.execute_alone, []

    async def counted(*arguments: Any) -> None:
        await renew(*arguments)
        tries.append(arguments)

    async def loses_it(ctx: WorkContext, payload: dict[str, Any]) -> None:
        async with content.database.transaction() as other:
            await other.execute(update(JobRow).values(claimed_until=others))
        tries.clear()
        await eventually(lambda: len(tries) > 1)
        await note(ctx, payload)

    monkeypatch.setattr(content.database, "execute_alone", counted)
    await plan(content, 1)
    await runner(content, loses_it).run_due()
    assert await heard(content) == []
    assert await claimed_until(content) == others


async def test_who_took_longer_than_the_lease_changes_nothing(content: App) -> None:
    async def slow(ctx: WorkContext, payload: dict[str, Any]) -> None:
        async with content.database.transaction() as other:
            await other.execute(update(JobRow).values(claimed_until=utc_now() + timedelta(hours=1)))
        await note(ctx, payload)

    await plan(content, 1)
    await runner(content, slow).run_due()
    assert await heard(content) == []
    assert [(job.attempts, job.state) for job in await waiting(content)] == [(0, "waiting")]


async def test_scheduling_again_with_the_same_key_moves_the_job(content: App) -> None:
    await plan(content, 1, key="poll 7")
    await plan(content, 2, key="poll 7", in_s=60)
    await plan(content, 3, key="poll 7", kind="other", in_s=60)
    await run_all(runner(content))
    assert await heard(content) == []
    assert sorted(job.payload["number"] for job in await waiting(content)) == [2, 3]


async def test_scheduling_again_lets_the_job_be_that_is_to_be_kept(content: App) -> None:
    await plan(content, 1, key="poll 7", keep=True)
    await plan(content, 2, key="poll 7", in_s=60, keep=True)
    await run_all(runner(content))
    assert await heard(content) == [1]
    assert await waiting(content) == []


async def test_a_job_that_is_to_be_kept_comes_again_where_it_runs_or_was_given_up_on(content: App) -> None:
    async def meanwhile(ctx: WorkContext, payload: dict[str, Any]) -> None:
        await plan(content, 2, key="poll 7", in_s=60, keep=True)
        await note(ctx, payload)

    await plan(content, 1, key="poll 7", keep=True)
    await run_all(runner(content, meanwhile))
    assert [job.payload for job in await waiting(content)] == [{"number": 2}]
    async with content.database.transaction() as session:
        await session.execute(update(JobRow).values(state="dead"))
    await plan(content, 3, key="poll 7", in_s=60, keep=True)
    assert [(job.payload, job.state) for job in await waiting(content)] == [({"number": 3}, "waiting")]


async def test_one_key_is_scheduled_once_by_many_at_the_same_time(content: App) -> None:
    await asyncio.gather(*(plan(content, number, key="poll 7", in_s=60) for number in range(8)))
    assert len(await waiting(content)) == 1


async def test_a_job_that_schedules_itself_comes_again(content: App) -> None:
    async def daily(ctx: WorkContext, payload: dict[str, Any]) -> None:
        await note(ctx, payload)
        await ctx.schedule("note", {"number": payload["number"] + 1}, utc_now() + timedelta(days=1), key="daily")

    await plan(content, 1, key="daily")
    await run_all(runner(content, daily))
    assert await heard(content) == [1]
    assert [(job.payload, job.claimed_until) for job in await waiting(content)] == [({"number": 2}, None)]


async def test_a_job_moved_while_it_runs_comes_again(content: App) -> None:
    async def meanwhile(ctx: WorkContext, payload: dict[str, Any]) -> None:
        await plan(content, 2, key="poll 7", in_s=60)
        await note(ctx, payload)

    await plan(content, 1, key="poll 7")
    await run_all(runner(content, meanwhile))
    assert await heard(content) == [1]
    assert [job.payload for job in await waiting(content)] == [{"number": 2}]


@pytest.mark.parametrize("keep", [True, False])
async def test_a_job_moved_while_it_runs_does_not_run_twice_at_once(content: App, keep: bool) -> None:
    """Else both would ask what is to be done before either has noted that it is."""
    others: list[bool] = []

    async def meanwhile(ctx: WorkContext, payload: dict[str, Any]) -> None:
        if payload["number"] == 1:
            await plan(content, 2, key="poll 7", in_s=-1, keep=keep)
            others.append(await runner(content, note).run_due())
        await note(ctx, payload)

    await plan(content, 1, key="poll 7")
    await run_all(runner(content, meanwhile))
    assert others == [False]
    assert await heard(content) == [1, 2]
    assert await waiting(content) == []


async def test_a_job_that_fails_after_it_was_moved_comes_at_the_new_time_and_is_not_counted(content: App) -> None:
    async def fails(_ctx: WorkContext, _payload: dict[str, Any]) -> None:
        await plan(content, 2, key="poll 7", in_s=60)
        raise ValueError("not today")

    await plan(content, 1, key="poll 7")
    await run_all(runner(content, fails))
    (job,) = await waiting(content)
    assert (job.payload, job.state, job.attempts, job.claimed_until) == ({"number": 2}, "waiting", 0, None)


async def test_a_failing_job_is_tried_again_later_and_given_up_on(content: App) -> None:
    async def fails(ctx: WorkContext, payload: dict[str, Any]) -> None:
        await note(ctx, payload)
        ctx.audit("thing:note")
        await ctx.db.flush()
        raise ValueError("not today")

    await plan(content, 1)
    for tries in range(1, MAX_ATTEMPTS + 1):
        await run_all(runner(content, fails))
        (job,) = await waiting(content)
        assert (job.attempts, job.error, job.claimed_until) == (tries, "ValueError('not today')", None)
        assert job.run_at > utc_now() + timedelta(seconds=4**tries - 2)
        async with content.database.transaction() as session:
            await session.execute(update(JobRow).values(run_at=utc_now()))
    (job,) = await waiting(content)
    assert job.state == "dead"
    assert await heard(content) == []


@pytest.mark.parametrize("kind", ["unknown", "note"])
async def test_one_job_that_fails_does_not_hold_up_the_next(content: App, kind: str) -> None:
    async def not_one(ctx: WorkContext, payload: dict[str, Any]) -> None:
        if payload["number"] == 1:
            raise ValueError("not one")
        await note(ctx, payload)

    await plan(content, 1, kind=kind, in_s=-5)
    await plan(content, 2)
    await run_all(runner(content, not_one))
    assert await heard(content) == [2]


async def test_a_new_job_wakes_the_runner(content: App, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "POLL_S", 3600.0)
    awake = runner(content)
    content.job_runners.append(awake)
    running = asyncio.create_task(awake.run())
    await plan(content, 1)
    await eventually(lambda: heard(content))
    await plan(content, 2)
    await eventually(lambda: _both(content), 3)
    running.cancel()


async def _both(content: App) -> bool:
    return await heard(content) == [1, 2]


async def test_housekeeping_leaves_what_is_needed(content: App) -> None:
    async with content.database.transaction() as session:
        session.add_all(
            [
                OutboxRow(envelope={}),
                AuditRow(what="thing:create", at=utc_now() - timedelta(days=3650)),
                *(
                    IdempotencyRow(caller=new_id(), key=key, digest="", item="", created_at=at)
                    for key, at in (("new", utc_now()), ("old", utc_now() - timedelta(hours=25)))
                ),
            ]
        )
    await runner(content).keep_house()
    async with content.database.session() as session:
        assert list(await session.scalars(select(IdempotencyRow.key))) == ["new"]
        assert len(list(await session.scalars(select(AuditRow)))) == 1
        assert len(list(await session.scalars(select(OutboxRow)))) == 1
