"""Run one service by itself: ports from its settings, two listeners, until it is told to stop."""

import asyncio
import gc
import json
import os
import signal
from collections.abc import Callable

import structlog
import uvicorn
import uvloop
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey
from pydantic import SecretStr
from starlette.types import ASGIApp

from netzraum_platform.blobs import ObjectStoreBlobs
from netzraum_platform.calls import HttpCalls
from netzraum_platform.context import App
from netzraum_platform.database import Database
from netzraum_platform.mail import mail_of
from netzraum_platform.policy import CompiledPolicy, Policy, SidecarPolicy
from netzraum_platform.rabbit import RabbitBus
from netzraum_platform.service import RunningService, Service
from netzraum_platform.settings import BadSettings, ServiceSettings, needed, read_settings
from netzraum_platform.telemetry import configure_logs, configure_traces
from netzraum_platform.tokens import AccessTokens, ServiceTokens

KEEP_ALIVE_S = 60
"""Longer than clients keep an idle connection (aiohttp: 15 s): so the client is who closes it, and sends no request
into a connection that the server is just closing, which a POST could not send again."""

log = structlog.get_logger(__name__)


def main(service: Service) -> None:
    """The entry of ``python -m netzraum_<service>``."""
    configure_logs()
    try:
        settings = read_settings(ServiceSettings)
        for field in service.needs:
            needed(getattr(settings, field), field)
        running = RunningService(service, compose(service.name, settings))
    except BadSettings as error:
        raise SystemExit(f"netzraum {service.name} cannot start:\n{error}") from None
    configure_traces(service.name, settings.traces_url)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(running, settings))


def compose(name: str, settings: ServiceSettings) -> App:
    """The ports of a service that runs by itself."""
    app = App(
        name=name,
        database=Database(settings.database_url.get_secret_value(), settings.database_pool),
        bus=RabbitBus(needed(settings.bus_url, "BUS_URL"), name),
        policy=_policy(name, settings),
        calls=HttpCalls(settings.peers),
        tokens=AccessTokens(lambda: app.call("identity", "GET", "/internal/keys")),
        service_tokens=service_tokens(name, settings.service_key, settings.peer_keys),
        blobs=ObjectStoreBlobs(needed(settings.blobs_url, "BLOBS_URL")),
        mail=mail_of(needed(settings.mail_url, "MAIL_URL")),
        public_url=settings.public_url,
        mail_from=settings.mail_from,
        keys_folder=settings.keys_folder,
    )
    return app


def service_tokens(name: str, own_key: SecretStr | None, peer_keys: str | None) -> ServiceTokens:
    """
    Raises:
        BadSettings: a key is missing, or is none; the message does not hold it.
    """
    own, peers = needed(own_key, "SERVICE_KEY"), needed(peer_keys, "PEER_KEYS")
    try:
        return ServiceTokens(name, OKPKey.import_key(json.loads(own)), KeySet.import_key_set(json.loads(peers)))
    except (JoseError, ValueError, TypeError, KeyError):
        raise BadSettings("NETZRAUM_SERVICE_KEY has to be a JWK, NETZRAUM_PEER_KEYS a JWK set, in JSON") from None


def _policy(name: str, settings: ServiceSettings) -> Policy:
    """The settings have checked that exactly one of the two is named."""
    if settings.policy_directory is not None:
        return CompiledPolicy(settings.policy_directory, name)
    return SidecarPolicy(needed(settings.policy_url, "POLICY_URL"), name, published=settings.policy_published)


async def _serve(running: RunningService, settings: ServiceSettings) -> None:
    await running.start()
    try:
        await listen(
            (running.public, settings.host, settings.port),
            (running.internal, settings.host, settings.internal_port),
        )
    finally:
        await running.stop()


async def listen(*listeners: tuple[ASGIApp, str, int], end_streams: Callable[[], None] | None = None) -> None:
    """Serve each app on its address until SIGTERM or SIGINT; then let what is under way end.

    ``end_streams`` is to end the answers that would never end by themselves.
    """
    servers = [
        uvicorn.Server(
            uvicorn.Config(
                app,
                host=host,
                port=port,
                log_config=None,
                access_log=False,
                lifespan="off",
                timeout_graceful_shutdown=5,
                timeout_keep_alive=KEEP_ALIVE_S,
                server_header=False,
            )
        )
        for app, host, port in listeners
    ]
    _spare_the_collector()
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stopping.set)
    tasks = [asyncio.create_task(server._serve()) for server in servers]  # noqa: SLF001  # serve() takes the signals
    waiting = asyncio.create_task(stopping.wait())
    await asyncio.wait([*tasks, waiting], return_when=asyncio.FIRST_COMPLETED)
    if end_streams is not None:
        end_streams()
    for server in servers:
        server.should_exit = True
    await asyncio.gather(*tasks)
    waiting.cancel()
    log.info("stopped", pid=os.getpid())


def _spare_the_collector() -> None:
    """Garbage collection passes over what is there at the start, which stays, and comes by less often: it took a third
    of an answer over many rows (docs/operations.md, Figures)."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(5_000, 20, 20)
