"""Timed work as rows: claimed by one worker, idempotent, tried again with growing delay."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import select

from netzraum_platform import dialect, metrics
from netzraum_platform.context import App, WorkContext
from netzraum_platform.database import utc_now
from netzraum_platform.inbox import Consumer
from netzraum_platform.tables import JobRow

LEASE = timedelta(minutes=5)
MAX_ATTEMPTS = 5
POLL_S = 1.0

JobHandler = Callable[[WorkContext, dict[str, Any]], Awaitable[None]]

log = structlog.get_logger(__name__)


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
        while True:
            try:
                self._woken.clear()
                for consumer in self._consumers:
                    await consumer.retry_waiting()
                while await self.run_due():
                    pass
            except Exception as error:
                log.warning("job_runner_interrupted", service=self._app.name, error=repr(error))
            try:
                await asyncio.wait_for(self._woken.wait(), POLL_S)
            except TimeoutError:
                continue

    async def run_due(self) -> int:
        """Run the jobs that are due now; return how many were claimed."""
        claimed = await self._claim()
        for job_id in claimed:
            await self._run(job_id)
        return len(claimed)

    async def _claim(self) -> list[uuid.UUID]:
        now = utc_now()
        due = (
            select(JobRow)
            .where(JobRow.state == "waiting", JobRow.run_at <= now)
            .where((JobRow.claimed_until.is_(None)) | (JobRow.claimed_until < now))
            .order_by(JobRow.run_at)
            .limit(20)
        )
        async with self._app.database.session() as session:
            if not (await session.scalars(due)).first():
                return []
        async with self._app.database.transaction() as session:
            jobs = list(await session.scalars(dialect.claimable(due, self._app.database.dialect)))
            for job in jobs:
                job.claimed_until = now + LEASE
            return [job.id for job in jobs]

    async def _run(self, job_id: uuid.UUID) -> None:
        async with self._app.database.session(write=True) as session:
            job = await session.get_one(JobRow, job_id)
            kind = job.kind
            context = WorkContext(self._app, session)
            try:
                await self._handlers[kind](context, job.payload)
                await session.delete(job)
                await context.commit()
            except Exception as error:
                await session.rollback()
                await self._failed(job_id, error)
                return
        metrics.JOBS.labels(self._app.name, kind, "done").inc()

    async def _failed(self, job_id: uuid.UUID, error: Exception) -> None:
        async with self._app.database.transaction() as session:
            job = await session.get(JobRow, job_id)
            if job is None:
                return
            job.attempts += 1
            job.state = "dead" if job.attempts >= MAX_ATTEMPTS else "waiting"
            job.run_at = utc_now() + timedelta(seconds=4**job.attempts)
            job.claimed_until = None
            job.error = repr(error)
            log.error(
                "job_failed",
                service=self._app.name,
                kind=job.kind,
                attempts=job.attempts,
                exc_info=error,
            )
            metrics.JOBS.labels(self._app.name, job.kind, job.state).inc()
