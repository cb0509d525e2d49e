"""The one shape of all servers that we start: `await start()`, `.url`, `await stop()`; for tests `kill`, `restart`."""

import asyncio
import signal
from abc import ABC, abstractmethod
from pathlib import Path

import aiohttp

from netzraum_standalone.servers.process import Command, Process

POLL_S = 0.05
LOG_LINES = 30


class ServerFailed(Exception):
    """A server did not become ready; the message holds the end of its log."""


async def answers_ok(url: str) -> bool:
    """Whether a GET is answered with 200 within 5 s."""
    try:
        timeout = aiohttp.ClientTimeout(total=5)
        async with aiohttp.ClientSession(timeout=timeout) as session, session.get(url) as answer:
            return answer.status == 200
    except aiohttp.ClientError:
        return False


class NativeServer(ABC):
    """A server as a child process. A subclass says how it is prepared, started and found ready."""

    stop_signal = signal.SIGTERM
    kill_signal = signal.SIGKILL
    ready_within_s = 30.0

    def __init__(self, name: str, folder: Path) -> None:
        """`folder` keeps its data and its log, and is kept when it stops."""
        self.name = name
        self.folder = folder
        self.log = folder / f"{name}.log"
        self._process: Process | None = None

    @property
    @abstractmethod
    def url(self) -> str:
        """Where it is reached."""

    @abstractmethod
    def command(self) -> Command: ...

    @abstractmethod
    async def is_ready(self) -> bool:
        """Whether it does its work; an OSError or TimeoutError counts as no."""

    async def prepare(self) -> None:
        """See to what must be there before it starts; runs before every start."""
        self.folder.mkdir(parents=True, exist_ok=True)

    @property
    def process(self) -> Process:
        if self._process is None:
            raise ServerFailed(f"{self.name} was not started")
        return self._process

    @property
    def runs(self) -> bool:
        return self._process is not None and self._process.status is None

    async def start(self) -> None:
        """Start it and wait until it is ready.

        Raises:
            ServerFailed: it ended, or it was not ready in time.
        """
        await self.prepare()
        self._process = await Process.start(self.command(), self.log)
        try:
            await self._wait_until_ready()
        except BaseException:
            await self.kill()
            raise

    async def stop(self) -> None:
        if self._process is not None:
            await self._process.stop(self.stop_signal)

    async def kill(self) -> None:
        """End it like a crash does."""
        if self._process is not None:
            await self._process.kill(self.kill_signal)

    async def restart(self) -> None:
        await self.stop()
        await self.start()

    async def _wait_until_ready(self) -> None:
        try:
            async with asyncio.timeout(self.ready_within_s):
                while not await self._answers():
                    if not self.runs:
                        raise self._failure(f"ended with status {self.process.status} before it was ready")
                    await asyncio.sleep(POLL_S)
        except TimeoutError as error:
            raise self._failure(f"was not ready within {self.ready_within_s:.0f} s") from error

    async def _answers(self) -> bool:
        try:
            return self.runs and await self.is_ready()
        except (OSError, TimeoutError):
            return False

    def _failure(self, what: str) -> ServerFailed:
        log = self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-LOG_LINES:]
        return ServerFailed("\n".join([f"{self.name} {what}. The end of {self.log}:", *log]))
