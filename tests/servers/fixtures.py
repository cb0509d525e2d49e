"""Real servers for tests: given by environment variables, else started once for the run on free ports.

Workers side by side (``pytest -n``) share one PostgreSQL and one RabbitMQ, which tests/sharing.py starts for them.

| variable | what it gives |
| --- | --- |
| NETZRAUM_TEST_POSTGRES_URL | a superuser's url: postgresql+asyncpg://user:password@host:port/postgres |
| NETZRAUM_TEST_RABBIT_URL | its management interface: http://user:password@host:15672; AMQP on port 5672 |
| NETZRAUM_TEST_OPA_URL | a sidecar that holds policies/bundle |
"""

import os
import secrets
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import pytest
from yarl import URL

from netzraum_standalone.servers import definitions
from netzraum_standalone.servers.opa import OpaServer, SignedBundle
from netzraum_standalone.servers.postgres import Cluster, PostgresServer
from netzraum_standalone.servers.rabbit import Broker, RabbitServer
from tests.workers import shared_servers

POLICIES = Path(__file__).parents[2] / "policies" / "bundle"
OURS = "netzraum-tests-"


@contextmanager
def folders_for_servers() -> Iterator[Callable[[str], Path]]:
    """Makes folders that servers of another system user can enter, unlike those of `tmp_path`."""
    remove_left_folders(Path(tempfile.gettempdir()))
    root = Path(tempfile.mkdtemp(prefix=f"{OURS}{os.getpid()}-"))
    root.chmod(0o711)

    def make(name: str) -> Path:
        folder = root / f"{name}-{secrets.token_hex(4)}"
        folder.mkdir(mode=0o711)
        return folder

    yield make
    shutil.rmtree(root)


def remove_left_folders(place: Path) -> None:
    """Remove what runs that were killed have left: their names hold the number of a process that is gone."""
    for folder in place.glob(f"{OURS}*-*"):
        number = folder.name.removeprefix(OURS).partition("-")[0]
        if number.isdecimal() and not Path("/proc", number).exists():
            shutil.rmtree(folder, ignore_errors=True)  # another run may remove it too


@pytest.fixture(scope="session")
def server_folders() -> Iterator[Callable[[str], Path]]:
    with folders_for_servers() as make:
        yield make


@pytest.fixture
def server_folder(server_folders: Callable[[str], Path], request: pytest.FixtureRequest) -> Path:
    """A folder for the servers of one test."""
    return server_folders(request.function.__name__[:40])


@pytest.fixture(scope="session")
async def postgres(request: pytest.FixtureRequest, server_folders: Callable[[str], Path]) -> AsyncIterator[Cluster]:
    """A PostgreSQL cluster in which databases can be made."""
    if shared := shared_servers(request.config):
        yield Cluster(shared["postgres"])
        return
    async with a_cluster(server_folders("postgres")) as url:
        yield Cluster(url)


@pytest.fixture(scope="session")
async def rabbit(request: pytest.FixtureRequest, server_folders: Callable[[str], Path]) -> AsyncIterator[Broker]:
    """A broker with a user per service, and its management interface."""
    if shared := shared_servers(request.config):
        yield Broker(**shared["rabbit"])
        return
    async with a_broker(server_folders("rabbit")) as broker:
        yield broker


@asynccontextmanager
async def a_cluster(folder: Path) -> AsyncIterator[str]:
    """The superuser's url of the PostgreSQL that is given, or of one in this folder."""
    if url := os.environ.get("NETZRAUM_TEST_POSTGRES_URL"):
        yield url
        return
    server = PostgresServer(folder, durable=False)
    await server.start()
    yield server.url
    await server.stop()


@asynccontextmanager
async def a_broker(folder: Path) -> AsyncIterator[Broker]:
    """The RabbitMQ that is given, or one in this folder."""
    if url := os.environ.get("NETZRAUM_TEST_RABBIT_URL"):
        yield await _given_broker(url)
        return
    server = RabbitServer(folder, management=True)
    await server.start()
    yield server.broker
    await server.stop()


async def _given_broker(management: str) -> Broker:
    passwords = {user: secrets.token_urlsafe(24) for user in (definitions.ADMIN, *definitions.SERVICES)}
    broker = Broker(URL(management).host or "127.0.0.1", 5672, passwords, management)
    await broker.load(definitions.users(passwords))
    await broker.create_vhost(definitions.VHOST)
    return broker


@pytest.fixture
async def vhost(rabbit: Broker) -> AsyncIterator[str]:
    """A virtual host of one test's own: `rabbit.url_of("content", vhost)`."""
    name = f"test-{secrets.token_hex(4)}"
    await rabbit.create_vhost(name)
    yield name
    await rabbit.drop_vhost(name)


@pytest.fixture(scope="session")
async def opa(server_folders: Callable[[str], Path]) -> AsyncIterator[str]:
    """The url of a sidecar with the policies of this repository."""
    if url := os.environ.get("NETZRAUM_TEST_OPA_URL"):
        yield url
        return
    bundle = SignedBundle(server_folders("bundle"))
    await bundle.publish(POLICIES)
    await bundle.start()
    server = OpaServer(server_folders("opa"), bundle)
    await server.start()
    yield server.url
    await server.stop()
    await bundle.stop()
