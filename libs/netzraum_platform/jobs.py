"""Timed work as rows: claimed by one worker, idempotent, tried again with growing delay.

What a job does in its database happens once, for it commits with the job's end. What it does elsewhere (a mail that
is handed over, a call) happens again where the process dies, the database is lost or the lease runs out after it and
before the commit, and where the answer of who took it is lost. Two jobs of one kind may run at the same time: what one
has to know of the other is read under a lock.
"""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from netzraum_platform import dialect, idempotency, inbox, metrics, outbox
from netzraum_platform.context import App, WorkContext
from netzraum_platform.database import utc_now
from netzraum_platform.inbox import Consumer
from netzraum_platform.tables import JobRow

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 5
POLL_S = 1.0
HOUSEKEEPING_S = 3600.0

JobHandler = Callable[[WorkContext, dict[str, Any]], Awaitable[None]]

log = structlog.get_logger(__name__)


class LeaseLost(Exception):
    """The job took longer than its lease, and another worker has it now; what this one did is undone."""


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
        claimed = await self._claim()
        if claimed is None:
            return False
        job_id, until = claimed
        try:
            await self._run(job_id, until)
        except LeaseLost:
            log.warning("job_lease_lost", service=self._app.name, id=str(job_id))
        except Exception as error:
            await self._failed(job_id, until, error)
        return True

    async def _claim(self) -> tuple[uuid.UUID, datetime] | None:
        now = utc_now()
        due = (
            select(JobRow)
            .where(JobRow.state == "waiting", JobRow.run_at <= now)
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
            job.claimed_until = now + LEASE
            return job.id, job.claimed_until

    async def _run(self, job_id: uuid.UUID, until: datetime) -> None:
        async with self._app.database.session() as session:
            job = await session.get_one(JobRow, job_id)
        async with self._app.database.session(write=True) as session:
            context = WorkContext(self._app, session)
            await self._handlers[job.kind](context, job.payload)
            await self._end(session, job_id, until)
            await context.commit()
        metrics.JOBS.labels(self._app.name, job.kind, "done").inc()

    async def _end(self, session: AsyncSession, job_id: uuid.UUID, until: datetime) -> None:
        """Delete the job, unless it was scheduled anew meanwhile: then it comes again.

        Raises:
            LeaseLost: another worker has it.
        """
        job = await _claimed(session, job_id)
        if job is not None and job.claimed_until == until:
            await session.delete(job)
        elif job is not None and job.claimed_until is not None:
            raise LeaseLost

    async def _failed(self, job_id: uuid.UUID, until: datetime, error: Exception) -> None:
        async with self._app.database.transaction() as session:
            job = await _claimed(session, job_id)
            if job is None or job.claimed_until != until:
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
