"""A program of ours as a process of its own: `python -m netzraum_<name>`, ready when it says so over HTTP."""

import os
import sys
from collections.abc import Mapping
from pathlib import Path

from netzraum_standalone.servers.native import NativeServer, answers_ok
from netzraum_standalone.servers.process import Command, free_port, plain_environment


class ProcessServer(NativeServer):
    """`environment` holds its settings; its ports are added as NETZRAUM_PORT and NETZRAUM_INTERNAL_PORT."""

    ready_within_s = 90.0  # all of a set start at once, and the first time they migrate

    def __init__(
        self,
        name: str,
        folder: Path,
        *,
        module: str,
        environment: Mapping[str, str],
        port: int | None = None,
        ready_path: str = "/health/ready",
    ) -> None:
        super().__init__(name, folder)
        self.port = port or free_port()
        self.internal_port = free_port()
        self._module = module
        self.environment = dict(environment)
        self._ready_path = ready_path

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def internal_url(self) -> str:
        return f"http://127.0.0.1:{self.internal_port}"

    def command(self) -> Command:
        ports = {"NETZRAUM_PORT": str(self.port), "NETZRAUM_INTERNAL_PORT": str(self.internal_port)}
        environment = plain_environment(HOME=os.environ.get("HOME", "/"), **self.environment, **ports)
        return Command([sys.executable, "-u", "-m", self._module], environment, self.folder)

    async def is_ready(self) -> bool:
        return await answers_ok(self.url + self._ready_path)
