"""One service under test: its real database, the compiled policy, an in-process bus, over HTTP without a socket."""

import asyncio
import inspect
import time
import uuid
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import httpx
from fastapi import APIRouter, FastAPI
from joserfc.jwk import KeySet, OKPKey
from sqlalchemy import Engine

from netzraum_platform import tokens
from netzraum_platform.blobs import ObjectStoreBlobs
from netzraum_platform.bus import InProcessBus
from netzraum_platform.calls import InProcessCalls
from netzraum_platform.context import App, WorkContext
from netzraum_platform.database import Database, new_id, utc_now
from netzraum_platform.events import Envelope, EventData
from netzraum_platform.mail import FolderMail
from netzraum_platform.policy import CompiledPolicy, Policy
from netzraum_platform.service import RunningService, Service
from netzraum_platform.tokens import AccessTokens, ServiceTokens, new_service_key

POLICIES = Path(__file__).parents[1] / "policies"
SERVICES = ("identity", "spaces", "content", "calendar", "polls", "gateway")

SERVICE_KEYS = {name: new_service_key(name) for name in SERVICES}
PEER_KEYS = KeySet([OKPKey.import_key(key.as_dict(private=False)) for key in SERVICE_KEYS.values()])
TOKEN_KEY = OKPKey.generate_key("Ed25519", {"kid": "test"})


@dataclass
class Surroundings:
    """What the services of one test share: bus, calls and a folder."""

    folder: Path
    bus: InProcessBus = field(default_factory=InProcessBus)
    calls: InProcessCalls = field(default_factory=InProcessCalls)

    @property
    def mails(self) -> list[Path]:
        return sorted((self.folder / "mail").glob("*.eml"))


class SharedPolicy(CompiledPolicy):
    """The policy of this repository, compiled once for all tests; it never changes, so nobody watches it."""

    async def start(self) -> None:
        if self._module is None:
            self._load(self._files())

    async def stop(self) -> None:
        return None


SHARED_POLICY = SharedPolicy(POLICIES, "tests")


async def _public_keys() -> dict[str, Any]:
    return dict(KeySet([TOKEN_KEY]).as_dict(private=False))


class DatabaseInTests(Database):
    """Knows the statements that were compiled for the databases of earlier tests, as one that runs for long does."""

    compiled: ClassVar[dict[str, Engine]] = {}

    def __init__(self, url: str) -> None:
        super().__init__(url)
        first = self.compiled.get(self.dialect)
        if first is None or first.dialect.server_version_info is None:  # it never reached its database
            self.compiled[self.dialect] = self.engine.sync_engine
            return
        for engine in filter(None, (self.engine.sync_engine, self._reading)):
            engine.dialect, engine._compiled_cache = first.dialect, first._compiled_cache


def compose(name: str, database_url: str, around: Surroundings, policy: Policy | None = None) -> App:
    """The ports of one service; access tokens are those of ``access_token`` below."""
    return App(
        name=name,
        database=DatabaseInTests(database_url),
        bus=around.bus,
        policy=policy or SHARED_POLICY,
        calls=around.calls,
        tokens=AccessTokens(_public_keys),
        service_tokens=ServiceTokens(name, SERVICE_KEYS[name], PEER_KEYS),
        blobs=ObjectStoreBlobs((around.folder / "blobs").as_uri()),
        mail=FolderMail(around.folder / "mail"),
        public_url="http://netzraum.test",
        keys_folder=around.folder / "keys",
    )


@dataclass
class ServiceUnderTest:
    running: RunningService
    public: httpx.AsyncClient
    internal: httpx.AsyncClient

    @property
    def app(self) -> App:
        return self.running.app

    async def hear(
        self,
        event: EventData,
        *,
        space: uuid.UUID | None = None,
        actor: uuid.UUID | None = None,
        event_id: uuid.UUID | None = None,
    ) -> Envelope:
        """Deliver an event of another service, as the bus would."""
        envelope = Envelope(
            id=event_id or new_id(),
            source=f"/{event.publisher()}",
            type=event.TYPE,
            time=utc_now(),
            spaceid=space,
            actor=actor,
            data=event.model_dump(mode="json"),
        )
        await self.app.bus.publish([envelope])
        return envelope

    @asynccontextmanager
    async def work(self, actor: uuid.UUID | None = None) -> AsyncIterator[WorkContext]:
        """A transaction of this service, committed at the end."""
        async with self.app.database.session(write=True) as session:
            context = WorkContext(self.app, session, actor=actor)
            yield context
            await context.commit()


class ServiceInTests(RunningService):
    """Takes over the routes of one that was stopped: to make them ready costs as much as a short test."""

    idle: ClassVar[dict[str, list[FastAPI]]] = defaultdict(list)
    """By name and the numbers of the routers, which they keep: no other one has the same."""

    def __init__(self, service: Service, app: App) -> None:
        self._taken: list[tuple[list[FastAPI], FastAPI]] = []
        super().__init__(service, app)

    def api(self, prefix: str, routers: Sequence[APIRouter], *unprefixed: APIRouter) -> FastAPI:
        idle = self.idle[f"{self.app.name} {prefix} {[id(router) for router in (*routers, *unprefixed)]}"]
        api = idle.pop() if idle else super().api(prefix, routers, *unprefixed)
        self._taken.append((idle, api))
        return api

    async def stop(self) -> None:
        await super().stop()
        for idle, api in self._taken:
            idle.append(api)


@asynccontextmanager
async def running(
    service: Service, database_url: str, around: Surroundings, policy: Policy | None = None
) -> AsyncIterator[ServiceUnderTest]:
    """Start a service; its peers reach it by ``around.calls``."""
    service_app = ServiceInTests(service, compose(service.name, database_url, around, policy))
    around.calls.add(service.name, service_app.public)
    around.calls.add(f"{service.name}.internal", service_app.internal)
    await service_app.start()
    clients = [
        httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://service")
        for app in (service_app.public, service_app.internal)
    ]
    try:
        yield ServiceUnderTest(service_app, *clients)
    finally:
        for client in clients:
            await client.aclose()
        await service_app.stop()


def access_token(
    account: uuid.UUID | None = None,
    *,
    institution: uuid.UUID | None = None,
    operator: bool = False,
    second_factor: bool = False,
    scopes: Iterable[str] = ("read", "write"),
    channel: str = "api",
    session: str = "session",
    lifetime_s: int = tokens.ACCESS_TOKEN_S,
) -> dict[str, str]:
    """The Authorization header of a logged-in account."""
    claims = {
        "sub": str(account or new_id()),
        "aud": tokens.AUDIENCE,
        "typ": "access",
        "sid": session,
        "channel": channel,
        "inst": str(institution) if institution else None,
        "operator": operator,
        "scope": " ".join(scopes),
        "amr": ["pwd", tokens.SECOND_FACTOR] if second_factor else ["pwd"],
    }
    return {"Authorization": f"Bearer {tokens.sign(claims, TOKEN_KEY, lifetime_s)}"}


def service_token(caller: str, callee: str) -> dict[str, str]:
    """The Authorization header of another service on the internal port."""
    return {"Authorization": f"Bearer {ServiceTokens(caller, SERVICE_KEYS[caller], PEER_KEYS).for_peer(callee)}"}


def sqlite_url(folder: Path, name: str) -> str:
    return f"sqlite+aiosqlite:///{folder / f'{name}.db'}"


async def eventually(check: Callable[[], Any], limit_s: float = 30.0) -> Any:
    """The first truthy answer of ``check`` (which may be async).

    Raises:
        AssertionError: none within the limit.
    """
    deadline = time.monotonic() + limit_s
    while True:
        answer = check()
        if inspect.isawaitable(answer):
            answer = await answer
        if answer:
            return answer
        assert time.monotonic() < deadline, f"{check} did not come true within {limit_s} s"
        await asyncio.sleep(0.02)
