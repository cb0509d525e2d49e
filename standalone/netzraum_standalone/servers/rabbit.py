"""A private RabbitMQ node: own Erlang port mapper, own cookie, loopback only, its users from a definitions file."""

import asyncio
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import aio_pika
import aiohttp
from aio_pika.exceptions import AMQPError
from yarl import URL

from netzraum_standalone.servers import definitions
from netzraum_standalone.servers.definitions import ADMIN, SERVICES, VHOST
from netzraum_standalone.servers.native import NativeServer
from netzraum_standalone.servers.process import Command, Process, free_port, plain_environment
from netzraum_standalone.servers.programs import EPMD, RABBITMQ

ERLANG_ARGUMENTS = (
    "-kernel inet_dist_use_interface {127,0,0,1}",
    "+sbwt none +sbwtdcpu none +sbwtdio none",  # schedulers that wait do not spin: others share these cores
)


@dataclass(frozen=True)
class Broker:
    """A running RabbitMQ: where each user reaches it; with its management interface also virtual hosts.

    `management` is the address of that HTTP interface, with the login of an administrator.
    """

    host: str
    port: int
    passwords: Mapping[str, str]
    management: str = ""

    def url_of(self, user: str, vhost: str = VHOST) -> str:
        return f"amqp://{user}:{self.passwords[user]}@{self.host}:{self.port}/{vhost}"

    async def create_vhost(self, vhost: str) -> None:
        """Make a virtual host with all exchanges and rights, apart from the others."""
        await self._manage("PUT", f"/api/vhosts/{vhost}")
        await self._manage("POST", "/api/definitions", definitions.contents(vhost))

    async def drop_vhost(self, vhost: str) -> None:
        await self._manage("DELETE", f"/api/vhosts/{vhost}")

    async def load(self, content: definitions.Definitions) -> None:
        """Add users, exchanges and rights to what is there."""
        await self._manage("POST", "/api/definitions", content)

    async def _manage(self, method: str, path: str, body: definitions.Definitions | None = None) -> None:
        async with aiohttp.ClientSession(raise_for_status=True) as session:
            await session.request(method, URL(self.management).with_path(path), json=body)


class RabbitServer(NativeServer):
    """With `management`, its HTTP interface runs too (tests keep apart by virtual hosts that they make there)."""

    ready_within_s = 120.0

    def __init__(self, folder: Path, *, port: int | None = None, management: bool = False) -> None:
        super().__init__("rabbitmq", folder)
        self.port = port or free_port()
        self._management_port = free_port() if management else None
        self._epmd_port = free_port()
        self._distribution_port = free_port()
        self._epmd: Process | None = None
        self._passwords = {user: secrets.token_urlsafe(24) for user in (ADMIN, *SERVICES)}

    @property
    def url(self) -> str:
        """The administrator's."""
        return self.broker.url_of(ADMIN)

    @property
    def broker(self) -> Broker:
        management = ""
        if self._management_port:
            management = f"http://{ADMIN}:{self._passwords[ADMIN]}@127.0.0.1:{self._management_port}"
        return Broker("127.0.0.1", self.port, self._passwords, management)

    async def prepare(self) -> None:
        await super().prepare()
        home = self.folder / "home"
        home.mkdir(exist_ok=True)
        cookie = home / ".erlang.cookie"
        if not cookie.exists():
            cookie.touch(mode=0o600)
            cookie.write_text(secrets.token_hex(20), encoding="ascii")
            cookie.chmod(0o400)
        plugins = "[rabbitmq_management]." if self._management_port else "[]."
        (self.folder / "enabled_plugins").write_text(plugins, encoding="ascii")
        (self.folder / "environment.conf").touch()
        (self.folder / "rabbitmq.conf").write_text(self._configuration(), encoding="ascii")
        self._write_definitions()
        await self._start_port_mapper()

    def command(self) -> Command:
        return Command([RABBITMQ.path()], self._environment(), self.folder)

    async def is_ready(self) -> bool:
        _, probe = await asyncio.open_connection("127.0.0.1", self.port)
        probe.close()
        try:
            connection = await aio_pika.connect(self.broker.url_of(SERVICES[-1]), timeout=5)
        except AMQPError:
            return False
        await connection.close()
        return True

    async def stop(self) -> None:
        await super().stop()
        if self._epmd is not None:
            await self._epmd.stop()

    async def _start_port_mapper(self) -> None:
        """Start epmd as a child of ours first: one that the node started would outlive it."""
        if self._epmd is not None and self._epmd.status is None:
            return
        command = Command(
            [EPMD.path(), "-port", str(self._epmd_port), "-address", "127.0.0.1"], plain_environment(), self.folder
        )
        self._epmd = await Process.start(command, self.log)

    def _write_definitions(self) -> None:
        file = self.folder / "definitions.json"
        file.touch(mode=0o600)
        file.write_text(json.dumps(definitions.broker(self._passwords)), encoding="utf-8")

    def _configuration(self) -> str:
        lines = [
            f"load_definitions = {self.folder / 'definitions.json'}",
            f"default_vhost = {VHOST}",
            "log.console = true",
            "log.console.level = warning",
            "log.file = false",
        ]
        if self._management_port:
            lines += ["management.tcp.ip = 127.0.0.1", f"management.tcp.port = {self._management_port}"]
        return "\n".join(lines) + "\n"

    def _environment(self) -> dict[str, str]:
        files = {
            "MNESIA_BASE": "mnesia",
            "LOG_BASE": "log",
            "PID_FILE": "pid",
            "ENABLED_PLUGINS_FILE": "enabled_plugins",
            "CONFIG_FILE": "rabbitmq.conf",
            "ADVANCED_CONFIG_FILE": "advanced.config",
            "CONF_ENV_FILE": "environment.conf",
        }
        return plain_environment(
            HOME=str(self.folder / "home"),
            RUNNING_UNDER_SYSTEMD="true",  # the start script becomes the node, so our signals reach it
            ERL_EPMD_PORT=str(self._epmd_port),
            ERL_EPMD_ADDRESS="127.0.0.1",
            RABBITMQ_NODENAME="netzraum@localhost",
            RABBITMQ_NODE_IP_ADDRESS="127.0.0.1",
            RABBITMQ_NODE_PORT=str(self.port),
            RABBITMQ_DIST_PORT=str(self._distribution_port),
            RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS=" ".join(ERLANG_ARGUMENTS),
            **{f"RABBITMQ_{name}": str(self.folder / file) for name, file in files.items()},
        )
