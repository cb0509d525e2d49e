"""Timed work as rows: claimed by one worker, idempotent, tried again with growing delay.

What a job does in its database happens once, for it commits with the job's end. What it does elsewhere (a mail that
is handed over, a call) happens again where the process dies, the database is lost or the lease runs out after it and
before the commit, and where the answer of who took it is lost. Two jobs of one kind may run at the same time: what one
has to know of the other is read under a lock.

A lease is short, and renewed for as long as its job runs: what a process that was killed had begun goes on soon after.
"""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import func, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from netzraum_platform import dialect, idempotency, inbox, metrics, outbox
from netzraum_platform.context import App, WorkContext
from netzraum_platform.database import utc_now
from netzraum_platform.inbox import Consumer
from netzraum_platform.tables import JobRow

LEASE = timedelta(seconds=30)
RENEW_S = 10.0
"""Two may fail (a database that is switched over) before the lease ends."""
MAX_ATTEMPTS = 5
POLL_S = 1.0
HOUSEKEEPING_S = 3600.0

JobHandler = Callable[[WorkContext, dict[str, Any]], Awaitable[None]]

log = structlog.get_logger(__name__)


class LeaseLost(Exception):
    """The lease ended unrenewed, and another worker has the job now; what this one did is undone."""


@dataclass
class Claim:
    """A job that is this worker's own while its ``claimed_until`` is one of ``ends``: the first or one asked for since,
    as nobody knows whether the last one came in until the database has answered."""

    job: uuid.UUID
    ends: set[datetime] = field(default_factory=set)

    def next_end(self) -> datetime:
        end = utc_now() + LEASE
        self.ends.add(end)
        return end


class JobRunner:
    """Runs due jobs and the inbox's retries. A job's effects and its end commit together."""

    def __init__(self, app: App, handlers: Mapping[str, JobHandler], consumers: list[Consumer]) -> None:
        self._app = app
        self._handlers = handlers
        self._consumers = consumers
        self._woken = asyncio.Event()

    def wake(self) -> None:
        self._woken.set()

    async def run(self) -> None:
        """Run jobs until cancelled; several of this may run at once."""
        while True:
            self._woken.clear()
            try:
                while await self.run_due():
                    pass
            except Exception as error:
                log.warning("job_runner_interrupted", service=self._app.name, error=repr(error))
            with suppress(TimeoutError):
                async with asyncio.timeout(POLL_S):  # wait_for() of Python 3.11 may swallow that it is to stop
                    await self._woken.wait()

    async def run_retries(self) -> None:
        """Try again what handlers failed at, and keep house, until cancelled."""
        kept_house_at = float("-inf")
        while True:
            try:
                for consumer in self._consumers:
                    await consumer.retry_waiting()
                if time.monotonic() - kept_house_at >= HOUSEKEEPING_S:
                    await self.keep_house()
                    kept_house_at = time.monotonic()
            except Exception as error:
                log.warning("retries_interrupted", service=self._app.name, error=repr(error))
            await asyncio.sleep(POLL_S)

    async def keep_house(self) -> None:
        """Forget what nobody needs any more; count what was given up on."""
        for forget in (outbox.forget_sent, inbox.forget_done, idempotency.forget_keys):
            async with self._app.database.transaction() as session:
                await forget(session)
        async with self._app.database.session() as session:
            dead = await session.scalar(select(func.count()).select_from(JobRow).where(JobRow.state == "dead"))
        metrics.DEAD_JOBS.labels(self._app.name).set(dead or 0)

    async def run_due(self) -> bool:
        """Run the job that is due longest; return whether there was one."""
        claim = await self._claim()
        if claim is None:
            return False
        renewing = asyncio.create_task(self._renew(claim), name=f"{self._app.name}.renew")
        try:
            await self._run(claim)
        except LeaseLost:
            log.warning("job_lease_lost", service=self._app.name, id=str(claim.job))
        except Exception as error:
            await self._failed(claim, error)
        finally:
            renewing.cancel()
            await asyncio.wait([renewing])
        return True

    async def _claim(self) -> Claim | None:
        now = utc_now()
        due = (
            select(JobRow)
            .where(JobRow.state.in_(("waiting", "again")), JobRow.run_at <= now)
            .where((JobRow.claimed_until.is_(None)) | (JobRow.claimed_until < now))
            .order_by(JobRow.run_at)
            .limit(1)
        )
        async with self._app.database.session() as session:
            if (await session.scalars(due)).first() is None:
                return None
        async with self._app.database.transaction() as session:
            job = (await session.scalars(dialect.claimable(due, self._app.database.dialect))).first()
            if job is None:
                return None
            claim = Claim(job.id)
            job.state = "waiting"
            job.claimed_until = claim.next_end()
            return claim

    async def _renew(self, claim: Claim) -> None:
        """Put off the end of a lease until cancelled; one that was lost stays as it is."""
        while True:
            await asyncio.sleep(RENEW_S)
            mine = (JobRow.id == claim.job) & JobRow.claimed_until.in_(tuple(claim.ends))
            renewed = update(JobRow).where(mine).values(claimed_until=claim.next_end())
            try:
                await self._app.database.execute_alone(renewed, {})
            except Exception as error:
                log.warning("job_lease_not_renewed", service=self._app.name, id=str(claim.job), error=repr(error))

    async def _run(self, claim: Claim) -> None:
        async with self._app.database.session() as session:
            job = await session.get_one(JobRow, claim.job)
        async with self._app.database.session(write=True) as session:
            context = WorkContext(self._app, session)
            await self._handlers[job.kind](context, job.payload)
            await self._end(session, claim)
            await context.commit()
        metrics.JOBS.labels(self._app.name, job.kind, "done").inc()

    async def _end(self, session: AsyncSession, claim: Claim) -> None:
        """Delete the job, unless it was scheduled anew meanwhile: then it comes again.

        Raises:
            LeaseLost: another worker has it.
        """
        job = await _claimed(session, claim.job)
        if job is None:
            return
        if job.claimed_until not in claim.ends:
            raise LeaseLost
        if not _comes_again(job):
            await session.delete(job)

    async def _failed(self, claim: Claim, error: Exception) -> None:
        async with self._app.database.transaction() as session:
            job = await _claimed(session, claim.job)
            if job is None or job.claimed_until not in claim.ends:
                return
            if _comes_again(job):
                return
            job.attempts += 1
            job.state = "dead" if job.attempts >= MAX_ATTEMPTS else "waiting"
            job.run_at = utc_now() + timedelta(seconds=4**job.attempts)
            job.claimed_until = None
            job.error = repr(error)
            outcome = "dead" if job.state == "dead" else "failed"
            log.error("job_failed", service=self._app.name, kind=job.kind, attempts=job.attempts, exc_info=error)
            metrics.JOBS.labels(self._app.name, job.kind, outcome).inc()


async def _claimed(session: AsyncSession, job_id: uuid.UUID) -> JobRow | None:
    return await session.get(JobRow, job_id, with_for_update=True, populate_existing=True)


def _comes_again(job: JobRow) -> bool:
    """Let go of a job that was moved while it ran, for its new time; return whether it was."""
    if job.state != "again":
        return False
    job.state, job.claimed_until = "waiting", None
    return True
