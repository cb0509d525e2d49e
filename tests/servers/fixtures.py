"""Real servers for tests: given by environment variables, else started once for the run on free ports.

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
from pathlib import Path

import pytest
from yarl import URL

from netzraum_standalone.servers import definitions
from netzraum_standalone.servers.opa import OpaServer, SignedBundle
from netzraum_standalone.servers.postgres import Cluster, PostgresServer
from netzraum_standalone.servers.rabbit import Broker, RabbitServer

POLICIES = Path(__file__).parents[2] / "policies" / "bundle"


@pytest.fixture(scope="session")
def server_folders() -> Iterator[Callable[[str], Path]]:
    """Makes folders that servers of another system user can enter, unlike those of `tmp_path`."""
    root = Path(tempfile.mkdtemp(prefix="netzraum-tests-"))
    root.chmod(0o711)

    def make(name: str) -> Path:
        folder = root / f"{name}-{secrets.token_hex(4)}"
        folder.mkdir(mode=0o711)
        return folder

    yield make
    shutil.rmtree(root)


@pytest.fixture
def server_folder(server_folders: Callable[[str], Path], request: pytest.FixtureRequest) -> Path:
    """A folder for the servers of one test."""
    return server_folders(request.function.__name__[:40])


@pytest.fixture(scope="session")
async def postgres(server_folders: Callable[[str], Path]) -> AsyncIterator[Cluster]:
    """A PostgreSQL cluster in which databases can be made."""
    if url := os.environ.get("NETZRAUM_TEST_POSTGRES_URL"):
        yield Cluster(url)
        return
    server = PostgresServer(server_folders("postgres"), durable=False)
    await server.start()
    yield server.cluster
    await server.stop()


@pytest.fixture(scope="session")
async def rabbit(server_folders: Callable[[str], Path]) -> AsyncIterator[Broker]:
    """A broker with a user per service, and its management interface."""
    if url := os.environ.get("NETZRAUM_TEST_RABBIT_URL"):
        yield await _given_broker(url)
        return
    server = RabbitServer(server_folders("rabbit"), management=True)
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
