"""The distributed set on one machine: the very processes of production, on loopback, with their state in one folder."""

import asyncio
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from joserfc.jwk import KeySet, OKPKey

from netzraum_identity.accounts.service import create_operator
from netzraum_platform.serve import compose
from netzraum_platform.settings import PREFIX, SERVICES, ServiceSettings
from netzraum_platform.tokens import new_service_key
from netzraum_standalone.policy.publication import install
from netzraum_standalone.servers.native import NativeServer
from netzraum_standalone.servers.opa import OpaServer, SignedBundle
from netzraum_standalone.servers.postgres import PostgresServer
from netzraum_standalone.servers.process import free_port
from netzraum_standalone.servers.program import ProcessServer
from netzraum_standalone.servers.rabbit import RabbitServer
from netzraum_standalone.servers.supervisor import Supervisor
from netzraum_standalone.settings import kept_secret

GATEWAY = "gateway"


class DistributedSet:
    """PostgreSQL, RabbitMQ, and per service a process with a sidecar; the gateway in front.

    Every server may be killed and restarted by itself: `services["content"].restart()`.
    """

    def __init__(self, folder: Path, policies: Path, *, port: int | None = None, durable: bool = True) -> None:
        """`policies` holds the policy to begin with; `netzraum policy publish --active FOLDER/policy` puts in another.

        `durable=False` is for tests (see PostgresServer).
        """
        self.folder = folder
        self.settings: dict[str, dict[str, str]] = {}
        """Further settings of a service or the gateway, by its name and their variables; to be set before the start."""
        self.supervisor = Supervisor()
        self.postgres = PostgresServer(folder / "postgres", durable=durable)
        self.rabbit = RabbitServer(folder / "rabbitmq")
        self.bundle = SignedBundle(folder / "policy")
        self.sidecars = {name: OpaServer(folder / "policy", self.bundle, name=f"opa-{name}") for name in SERVICES}
        self.services: dict[str, ProcessServer] = {}
        self._policies = policies
        self._port = port or free_port()

    @property
    def url(self) -> str:
        """Where browsers and API clients come in."""
        return f"http://127.0.0.1:{self._port}"

    @property
    def mails(self) -> Path:
        """The folder that takes every mail as an .eml file."""
        return self.folder / "mail"

    @property
    def gateway(self) -> ProcessServer:
        return self.services[GATEWAY]

    async def start(self) -> None:
        """Start all in the order of who needs whom.

        Raises:
            ServerFailed: one did not start; all are stopped again.
            PolicyRefused: the policy does not compile.
        """
        try:
            self.bundle.make_key()
            await asyncio.to_thread(install, self._policies, self.bundle.key.parent, self.bundle.key)
            await self.bundle.start()
            await self.supervisor.start(self.postgres, self.rabbit, *self.sidecars.values())
            await self._make_services()
            await self.supervisor.start(*(self.services[name] for name in SERVICES))
            await self.supervisor.start(self.gateway)
        except BaseException:
            await self.stop()
            raise

    async def keep(self, stop: asyncio.Event) -> Sequence[NativeServer]:
        """Wait until `stop` is set or a server ends by itself; then stop all. The servers that ended by themselves."""
        try:
            return await self.supervisor.keep(stop)
        finally:
            await self.stop()

    async def stop(self) -> None:
        await self.supervisor.stop()
        await self.bundle.stop()

    async def create_operator(self, email: str, name: str, password: str) -> None:
        """Make an account that operates the platform; nobody could invite the first one."""
        variables = self.services["identity"].environment
        settings = {name.removeprefix(PREFIX).lower(): value for name, value in variables.items()}
        for secret in ("service_key", "peer_keys"):
            settings[secret] = Path(settings.pop(f"{secret}_file")).read_text(encoding="utf-8")
        settings["peers"] = json.loads(settings["peers"])
        identity = compose("identity", ServiceSettings.model_validate(settings))
        try:
            await create_operator(identity, email, name, password)
        finally:
            await identity.database.close()

    @property
    def servers(self) -> Mapping[str, NativeServer]:
        """All, by name."""
        every = (self.postgres, self.rabbit, *self.sidecars.values(), *self.services.values())
        return {server.name: server for server in every}

    async def _make_services(self) -> None:
        key_files = write_service_keys(self.folder / "keys", (*SERVICES, GATEWAY))
        self.services = {
            name: ProcessServer(name, self.folder / name, module=f"netzraum_{name}", environment={})
            for name in SERVICES
        }
        self.services[GATEWAY] = ProcessServer(
            GATEWAY, self.folder / GATEWAY, module="netzraum_gateway", environment={}, port=self._port
        )
        for name, server in self.services.items():
            server.environment = self._shared_environment(name, key_files[name])
        for name in SERVICES:
            self.services[name].environment |= await self._own_environment(name)
        self.gateway.environment["NETZRAUM_SECRET"] = kept_secret(self.folder, GATEWAY)
        for name, settings in self.settings.items():
            self.services[name].environment |= settings

    def _shared_environment(self, name: str, key_file: Path) -> dict[str, str]:
        public = {peer: self.services[peer].url for peer in SERVICES}
        internal = {f"{peer}.internal": self.services[peer].internal_url for peer in SERVICES}
        return {
            "NETZRAUM_BUS_URL": self.rabbit.broker.url_of(name),
            "NETZRAUM_PEERS": json.dumps(public | internal),
            "NETZRAUM_SERVICE_KEY_FILE": str(key_file),
            "NETZRAUM_PEER_KEYS_FILE": str(key_file.parent / "peers.json"),
            "NETZRAUM_PUBLIC_URL": self.url,
            "NETZRAUM_MAIL_URL": self.mails.resolve().as_uri(),
        }

    async def _own_environment(self, name: str) -> dict[str, str]:
        return {
            "NETZRAUM_DATABASE_URL": await self.postgres.cluster.create_database(name),
            "NETZRAUM_POLICY_URL": self.sidecars[name].url,
            "NETZRAUM_POLICY_PUBLISHED": str((self.folder / "policy").resolve()),
            "NETZRAUM_BLOBS_URL": (self.folder / name / "blobs").resolve().as_uri(),
            "NETZRAUM_KEYS_FOLDER": str((self.folder / name / "keys").resolve()),
        }


def write_service_keys(folder: Path, names: tuple[str, ...]) -> dict[str, Path]:
    """Make a new key for each; their files, beside `peers.json` with the public halves."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    keys = {name: new_service_key(name) for name in names}
    files = {name: folder / f"{name}.json" for name in names}
    for name, key in keys.items():
        files[name].touch(mode=0o600)
        files[name].write_text(json.dumps(key.as_dict(private=True)), encoding="utf-8")
    public = KeySet([OKPKey.import_key(key.as_dict(private=False)) for key in keys.values()])
    (folder / "peers.json").write_text(json.dumps(public.as_dict(private=False)), encoding="utf-8")
    return files
