"""All of Netzraum in one process: the same apps on SQLite, an in-process bus and the compiled policy."""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from joserfc.jwk import KeySet, OKPKey

from netzraum_calendar.app import SERVICE as CALENDAR
from netzraum_content.app import SERVICE as CONTENT
from netzraum_gateway.app import Gateway, build
from netzraum_gateway.settings import GatewaySettings
from netzraum_identity.app import SERVICE as IDENTITY
from netzraum_platform.blobs import ObjectStoreBlobs
from netzraum_platform.bus import InProcessBus
from netzraum_platform.calls import InProcessCalls
from netzraum_platform.context import App
from netzraum_platform.database import Database, utc_now
from netzraum_platform.mail import mail_of
from netzraum_platform.policy import CompiledPolicy
from netzraum_platform.service import RunningService, Service
from netzraum_platform.tokens import AccessTokens, ServiceTokens, new_service_key
from netzraum_polls.app import SERVICE as POLLS
from netzraum_spaces.app import SERVICE as SPACES
from netzraum_standalone.policy import publication
from netzraum_standalone.settings import StandaloneSettings, kept_secret

# In the order of who needs whom at the start.
SERVICES: tuple[Service, ...] = (IDENTITY, SPACES, CONTENT, CALENDAR, POLLS)


class Clock:
    """What time it is for what is recorded; demo data turn it back."""

    def __init__(self) -> None:
        self.turned_to: datetime | None = None

    def __call__(self) -> datetime:
        return self.turned_to or utc_now()


class Standalone:
    """The services and the gateway, sharing bus, calls, policy and clock."""

    def __init__(self, settings: StandaloneSettings, databases: Mapping[str, str] | None = None) -> None:
        """``databases`` names those that lie elsewhere than in the data folder, by service."""
        self.settings = settings
        self._databases = databases or {}
        self.clock = Clock()
        self._bus = InProcessBus(closed=True)
        self._calls = InProcessCalls()
        self._policy = CompiledPolicy(settings.active_policy, "standalone")
        self._keys = {name: new_service_key(name) for name in (*(s.name for s in SERVICES), "gateway")}
        self.services = {service.name: self._compose(service) for service in SERVICES}
        self.gateway = self._gateway()

    async def start(self) -> None:
        """Start all; events begin to flow when everybody listens."""
        for service in self.services.values():
            await service.start()
        await self.gateway.start()
        self._bus.open()

    async def stop(self) -> None:
        await self.gateway.stop()
        for service in reversed(self.services.values()):
            await service.stop()

    def _compose(self, service: Service) -> RunningService:
        app = App(
            name=service.name,
            database=Database(self._databases.get(service.name) or self.settings.database_url(service.name)),
            bus=self._bus,
            policy=self._policy,
            calls=self._calls,
            tokens=AccessTokens(self._fetch_keys(service.name)),
            service_tokens=self._service_tokens(service.name),
            blobs=ObjectStoreBlobs((self.settings.data / "blobs" / service.name).resolve().as_uri()),
            mail=mail_of(self.settings.mail),
            public_url=self.settings.address,
            keys_folder=self.settings.keys,
            clock=self.clock,
        )
        running = RunningService(service, app)
        self._calls.add(service.name, running.public)
        self._calls.add(f"{service.name}.internal", running.internal)
        return running

    def _gateway(self) -> Gateway:
        settings = GatewaySettings(
            public_url=self.settings.address,
            secret=kept_secret(self.settings.data, "gateway"),
            mail_url=self.settings.mail,
        )
        return build(self._calls, self._bus, self._service_tokens("gateway"), settings)

    def _service_tokens(self, name: str) -> ServiceTokens:
        peers = KeySet([OKPKey.import_key(key.as_dict(private=False)) for key in self._keys.values()])
        return ServiceTokens(name, self._keys[name], peers)

    def _fetch_keys(self, name: str) -> Callable[[], Any]:
        return lambda: self.services[name].app.call("identity", "GET", "/internal/keys")


def prepare_folder(settings: StandaloneSettings) -> None:
    """Make the data folder; the first time with the policy that came with this version."""
    for name in ("databases", "blobs", "mail"):
        (settings.data / name).mkdir(parents=True, exist_ok=True)
    publication.install(settings.policies, settings.active_policy)


@asynccontextmanager
async def running(settings: StandaloneSettings) -> AsyncIterator[Standalone]:
    """A started process on its data folder."""
    prepare_folder(settings)
    standalone = Standalone(settings)
    try:
        await standalone.start()
        yield standalone
    finally:
        await standalone.stop()
