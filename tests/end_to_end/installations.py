"""A whole Netzraum, reached by HTTP alone: in one process, or as the distributed set."""

import asyncio
import os
import secrets
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx

from netzraum_standalone.distributed import DistributedSet
from netzraum_standalone.servers.process import free_port
from netzraum_standalone.servers.program import ProcessServer

POLICIES = Path(__file__).parents[2] / "policies"
START_S = 120.0
SOON = {"NETZRAUM_MAIL_GATHER_S": "2"}
"""Nobody waits five minutes for a mail about what is new."""
PASSWORD = "ein-langes-kennwort"  # of the accounts that the tests make


class Installation:
    """Where it answers, where its mails lie, and how its operator comes into being."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.address = ""
        self.operator = f"operator-{secrets.token_hex(4)}@netzraum.example"

    @property
    def mails(self) -> Path:
        return self.folder / "mail"

    @asynccontextmanager
    async def another_gateway(self) -> AsyncIterator[str]:
        """The address of one more gateway; of the only one, where one process is all."""
        yield self.address

    async def command(self, *arguments: str) -> str:
        """Run ``netzraum …`` on this installation and return what it printed.

        Raises:
            AssertionError: it failed.
        """
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "netzraum_standalone",
            *arguments,
            env=self.environment(),
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        assert process.returncode == 0, output.decode()
        return output.decode()

    def environment(self) -> dict[str, str]:
        return {**os.environ, "NETZRAUM_DATA": str(self.folder), "NETZRAUM_PASSWORD": PASSWORD}


class StandaloneInstallation(Installation):
    """``netzraum run`` as a process of its own."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self._port = free_port()
        self._process: asyncio.subprocess.Process | None = None
        self.address = f"http://127.0.0.1:{self._port}"

    def environment(self) -> dict[str, str]:
        return {**super().environment(), **SOON, "PORT": str(self._port)}

    async def start(self) -> None:
        log = (self.folder / "run.log").open("ab")
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "netzraum_standalone", "run", env=self.environment(), stdout=log, stderr=log
        )
        await wait_until_ready(self.address, self._process)
        await self.command("accounts", "create-operator", self.operator, "Olaf Petersen")

    async def stop(self) -> None:
        if self._process is not None:
            self._process.terminate()
            await self._process.wait()


class DistributedInstallation(Installation):
    """PostgreSQL, RabbitMQ, the sidecars, the services and the gateway, each a process of its own."""

    def __init__(self, folder: Path, *, durable: bool = False) -> None:
        """A ``durable`` one keeps what was committed also when its database is killed."""
        super().__init__(folder)
        self.servers = DistributedSet(folder, POLICIES, durable=durable)
        self.servers.settings = {"identity": SOON}
        self.address = self.servers.url

    async def start(self) -> None:
        await self.servers.start()
        await self.servers.create_operator(self.operator, "Olaf Petersen", PASSWORD)

    @asynccontextmanager
    async def another_gateway(self) -> AsyncIterator[str]:
        first, name = self.servers.gateway, "gateway-2"
        second = ProcessServer(name, self.folder / name, module="netzraum_gateway", environment=first.environment)
        await second.start()
        try:
            yield second.url
        finally:
            await second.stop()

    async def stop(self) -> None:
        await self.servers.stop()


async def wait_until_ready(address: str, process: asyncio.subprocess.Process) -> None:
    deadline = asyncio.get_running_loop().time() + START_S
    async with httpx.AsyncClient() as http:
        while asyncio.get_running_loop().time() < deadline:
            assert process.returncode is None, f"ended with {process.returncode}"
            try:
                if (await http.get(f"{address}/health/ready")).status_code == 200:
                    return
            except httpx.TransportError:
                pass
            await asyncio.sleep(0.1)
    raise AssertionError(f"{address} was not ready within {START_S} s")
