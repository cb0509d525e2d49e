"""How a service is put together and run: its routes, the events that it hears, what it does later."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import structlog
from fastapi import APIRouter, FastAPI, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.types import ASGIApp

from netzraum_platform import errors, metrics, migrate
from netzraum_platform.bus import Subscription, Unsubscribe
from netzraum_platform.context import App
from netzraum_platform.events import Envelope, EventData
from netzraum_platform.inbox import Consumer, Handlers
from netzraum_platform.jobs import JobHandler, JobRunner
from netzraum_platform.limits import RequestLimits
from netzraum_platform.outbox import Relay
from netzraum_platform.telemetry import RequestTelemetry

LiveHandler = Callable[[App, Any], Awaitable[None]]  # Any: the table pairs each event with its own handler
LiveHandlers = Mapping[type[EventData], LiveHandler]

JOB_WORKERS = 2

# No closures of one service: FastAPI remembers the functions of routes for good, and all that they hold with them.
HEALTH = APIRouter(prefix="/health", include_in_schema=False)
METRICS = APIRouter(include_in_schema=False)

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Service:
    """What a service declares of itself.

    ``handlers`` run exactly once; ``ordered_handlers`` one at a time, in order, retried in place; ``live_handlers``
    hear in every replica, without a transaction. ``tasks`` run as long as the service does. ``needs``: settings that
    it cannot run without, and others can.
    """

    name: str
    routers: Sequence[APIRouter]
    migrations: Sequence[Path]
    internal_routers: Sequence[APIRouter] = ()
    handlers: Handlers = field(default_factory=dict)
    ordered_handlers: Handlers = field(default_factory=dict)
    live_handlers: LiveHandlers = field(default_factory=dict)
    jobs: Mapping[str, JobHandler] = field(default_factory=dict)
    tasks: Sequence[Callable[[App], Awaitable[None]]] = ()
    prepare: Callable[[App], Awaitable[None]] | None = None
    needs: Sequence[str] = ()


class RunningService:
    """A service on its ports. ``public`` and ``internal`` are two ASGI apps, for two listeners."""

    def __init__(self, service: Service, app: App) -> None:
        self.app = app
        self._service = service
        self._relay = Relay(app.name, app.database, app.bus)
        self._consumers = [
            *([Consumer(app, "events", service.handlers)] if service.handlers else []),
            *(
                [Consumer(app, "access", service.ordered_handlers, retry_in_place=True)]
                if service.ordered_handlers
                else []
            ),
        ]
        self._jobs = JobRunner(app, service.jobs, self._consumers)
        app.relays.append(self._relay)
        app.job_runners.append(self._jobs)
        self._subscribed: list[Unsubscribe] = []
        self._tasks: list[asyncio.Task[None]] = []
        self._ready = False
        self.public = self._asgi("/api/v1", service.routers, HEALTH)
        self.internal = self._asgi("/internal", service.internal_routers, HEALTH, METRICS)

    async def start(self) -> None:
        """Migrate, begin to listen to the bus, start relay, jobs and tasks."""
        await migrate.upgrade(self.app.database, self._service.migrations)
        await self.app.policy.start()
        await self.app.calls.start()
        if self._service.prepare is not None:
            await self._service.prepare(self.app)
        await self.app.bus.start()
        for consumer in self._consumers:
            self._subscribed.append(await self.app.bus.subscribe_together(consumer.subscription, consumer.receive_all))
        if self._service.live_handlers:
            self._subscribed.append(await self._subscribe_live())
        works = (self._relay.run, self._jobs.run_retries, *([self._jobs.run] * JOB_WORKERS))
        self._tasks.extend(asyncio.create_task(work(), name=f"{self.app.name}.{work.__qualname__}") for work in works)
        self._tasks.extend(asyncio.create_task(self._forever(task)) for task in self._service.tasks)
        self._ready = True

    async def stop(self) -> None:
        """Hear nothing more, let running deliveries end, then stop the rest."""
        self._ready = False
        for unsubscribe in self._subscribed:
            await unsubscribe()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.app.bus.stop()
        await self.app.calls.stop()
        await self.app.policy.stop()
        await self.app.database.close()

    async def _subscribe_live(self) -> Unsubscribe:
        handlers = {event.TYPE: (event, handler) for event, handler in self._service.live_handlers.items()}

        async def deliver(envelope: Envelope) -> None:
            event, handler = handlers[envelope.type]
            await handler(self.app, event.model_validate(envelope.data))

        queue = f"{self.app.name}.live.{uuid.uuid4().hex}"
        return await self.app.bus.subscribe(Subscription(queue, tuple(handlers), transient=True), deliver)

    async def _forever(self, task: Callable[[App], Awaitable[None]]) -> None:
        while True:
            try:
                await task(self.app)
                return
            except Exception as error:
                log.error(
                    "task_failed",
                    service=self.app.name,
                    task=task.__name__,
                    exc_info=error,
                )
                await asyncio.sleep(1)

    def _asgi(self, prefix: str, routers: Sequence[APIRouter], *unprefixed: APIRouter) -> ASGIApp:
        api = self.api(prefix, routers, *unprefixed)
        api.state.app = self.app
        api.state.service = self
        return RequestTelemetry(RequestLimits(api), self.app.name)

    def api(self, prefix: str, routers: Sequence[APIRouter], *unprefixed: APIRouter) -> FastAPI:
        """The routes of one port. They hold nothing of this running service but what ``state`` names."""
        api = FastAPI(
            title=f"Netzraum {self.app.name}",
            docs_url=None,
            redoc_url=None,
            openapi_url=f"{prefix}/openapi.json",
            responses=errors.DOCUMENTED,
            redirect_slashes=False,
            telemetry={"tracing": False},  # RequestTelemetry makes the span, and one id for the logs without traces too
        )
        errors.install(api)
        for router in routers:
            api.include_router(router, prefix=prefix)
        for router in unprefixed:
            api.include_router(router)
        return api

    async def ready(self) -> tuple[bool, Mapping[str, bool]]:
        """Whether it may be asked, and which of its dependencies answer."""
        checks = await self._checks()
        return self._ready and all(checks.values()), checks

    async def _checks(self) -> dict[str, bool]:
        """Whether the service's dependencies answer."""
        checks = {}
        try:
            async with self.app.database.session() as session:
                await session.connection()
            checks["database"] = True
        except Exception:  # whatever the driver raises, the answer is no
            checks["database"] = False
        try:
            await self.app.policy.evaluate("decision", {})
            checks["policy"] = True
        except errors.DomainError:
            checks["policy"] = False
        return checks


@HEALTH.get("/live")
async def live() -> dict[str, str]:
    return {"status": "ok"}


@HEALTH.get("/ready")
async def ready(request: Request, response: Response) -> dict[str, Any]:
    service: RunningService = request.app.state.service
    is_ready, checks = await service.ready()
    response.status_code = 200 if is_ready else 503
    return {"ready": is_ready, "checks": checks}


@METRICS.get("/metrics")
async def prometheus(request: Request) -> Response:
    app: App = request.app.state.app
    metrics.show_policy(app.name, app.policy.revision)
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
