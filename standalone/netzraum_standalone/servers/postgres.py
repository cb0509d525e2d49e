"""A private PostgreSQL cluster: own folder, own port on loopback, passwords, a database and a user per service."""

import os
import secrets
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import asyncpg
from yarl import URL

from netzraum_standalone.servers.native import NativeServer, ServerFailed
from netzraum_standalone.servers.process import Command, Process, free_port, plain_environment
from netzraum_standalone.servers.programs import POSTGRES, MissingProgram

Connection = Any  # asyncpg has no types
SYSTEM_USER = "postgres"


def system_user() -> str | None:
    """Whom the server runs as: never root, so Debian's `postgres` for root, else ourselves."""
    return SYSTEM_USER if os.geteuid() == 0 else None


def can_enter(folder: Path, user: str) -> bool:
    """Whether another system user reaches a folder (one in root's home is closed to it)."""
    try:
        return subprocess.run(["test", "-x", str(folder)], user=user, group=user, extra_groups=[]).returncode == 0
    except KeyError as error:
        raise MissingProgram(f"There is no system user {user}. Installing postgresql makes it.") from error


class Cluster:
    """A running PostgreSQL, by its superuser: makes databases and roles."""

    def __init__(self, url: str) -> None:
        """`url` is the superuser's, postgresql+asyncpg://user:password@host:port/postgres."""
        self.url = url
        self._passwords: dict[str, str] = {}

    def url_of(self, database: str, role: str) -> str:
        """Of a role that `create_database` let in."""
        return str(URL(self.url).with_user(role).with_password(self._passwords[role]).with_path(f"/{database}"))

    @asynccontextmanager
    async def connection(self, database: str = "postgres") -> AsyncIterator[Connection]:
        """A connection of the superuser."""
        url = URL(self.url).with_scheme("postgresql").with_path(f"/{database}")
        connection = await asyncpg.connect(str(url), timeout=10)
        try:
            yield connection
        finally:
            await connection.close()

    async def create_database(self, name: str, *, owner: str | None = None, template: str = "template0") -> str:
        """Make a database, if it is not there, that lets in its owner alone; the owner's url.

        The owner is named like the database by default. `template` is a database of the same owner to copy; nobody
        may be connected to it.
        """
        owner = owner or name
        async with self.connection() as admin:
            await self._let_in(admin, owner)
            if not await admin.fetchval("SELECT true FROM pg_database WHERE datname = $1", name):
                await admin.execute(f'CREATE DATABASE "{name}" OWNER "{owner}" TEMPLATE "{template}"')
                await admin.execute(f'REVOKE ALL ON DATABASE "{name}" FROM PUBLIC')
        return self.url_of(name, owner)

    async def _let_in(self, admin: Connection, role: str) -> None:
        """Make a role if it is not there; it has a password for as long as this server runs."""
        if role in self._passwords:
            return
        password = secrets.token_urlsafe(24)
        if not await admin.fetchval("SELECT true FROM pg_roles WHERE rolname = $1", role):
            await admin.execute(f'CREATE ROLE "{role}" LOGIN')
        await admin.execute(f"ALTER ROLE \"{role}\" PASSWORD '{password}'")
        self._passwords[role] = password

    async def drop_database(self, name: str) -> None:
        """Drop a database; who is connected is cut off."""
        async with self.connection() as admin:
            await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')


class PostgresServer(NativeServer):
    """`durable=False` leaves out all waiting for the disk: for tests only."""

    stop_signal = signal.SIGINT  # fast: ends connections, writes a checkpoint
    kill_signal = signal.SIGQUIT  # immediate: recovers at the next start, like after a crash

    def __init__(self, folder: Path, *, port: int | None = None, durable: bool = True) -> None:
        super().__init__("postgres", folder)
        self.port = port or free_port()
        self._durable = durable
        self._data = folder / "data"
        self._password_file = folder / "password"
        self._cluster: Cluster | None = None

    @property
    def url(self) -> str:
        return self.cluster.url

    @property
    def cluster(self) -> Cluster:
        """What is done inside of it; from the first start on."""
        if self._cluster is None:
            raise ServerFailed("postgres was not started")
        return self._cluster

    async def prepare(self) -> None:
        await super().prepare()
        self.folder.chmod(0o711)  # another system user passes through
        if not (self._data / "PG_VERSION").exists():
            await self._make_cluster()
        if self._cluster is None:
            password = self._password_file.read_text(encoding="ascii")
            self._cluster = Cluster(f"postgresql+asyncpg://{SYSTEM_USER}:{password}@127.0.0.1:{self.port}/postgres")

    def command(self) -> Command:
        settings = {
            "listen_addresses": "127.0.0.1",
            "port": str(self.port),
            "unix_socket_directories": "",
            "max_connections": "200",
            "password_encryption": "scram-sha-256",
        }
        if not self._durable:
            # Not synchronous_commit: what is committed outlives a crash of the server here too, if not of the machine.
            settings |= {"fsync": "off", "full_page_writes": "off"}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        return self._command([POSTGRES.path(), "-D", self._data, *options])

    async def is_ready(self) -> bool:
        try:
            async with self.cluster.connection():
                return True
        except asyncpg.CannotConnectNowError:
            return False

    async def _make_cluster(self) -> None:
        self._data.mkdir(mode=0o700, exist_ok=True)
        self._password_file.touch(mode=0o600)
        self._password_file.write_text(secrets.token_urlsafe(24), encoding="ascii")
        if user := system_user():
            if not can_enter(self.folder, user):
                raise ServerFailed(f"the system user {user} cannot enter {self.folder}; NETZRAUM_RUN may name another")
            shutil.chown(self._data, user, user)
            shutil.chown(self._password_file, user, user)
        initdb = POSTGRES.path().resolve().parent / "initdb"
        arguments: list[str | Path] = [
            initdb,
            "-D",
            self._data,
            "-U",
            SYSTEM_USER,
            "--encoding=UTF8",
            "--locale=C.UTF-8",
            "--no-sync",
        ]
        await self._run([*arguments, "--auth=scram-sha-256", f"--pwfile={self._password_file}"])

    async def _run(self, arguments: list[str | Path]) -> None:
        process = await Process.start(self._command(arguments), self.log)
        if await process.ended():
            raise ServerFailed(f"{arguments[0]} failed; see {self.log}")

    def _command(self, arguments: list[str | Path]) -> Command:
        return Command(
            arguments=arguments,
            environment=plain_environment(),
            folder=self._data,
            user=system_user(),
            signal_when_we_die=signal.SIGQUIT,
        )
