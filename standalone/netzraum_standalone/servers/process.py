"""One child process: in a session of its own, with its output in a file, and never left behind when we die."""

import asyncio
import contextlib
import ctypes
import itertools
import os
import signal
import socket
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PR_SET_PDEATHSIG = 1  # prctl(2): the signal that the child gets when its parent dies
_libc = ctypes.CDLL(None, use_errno=True)


PORTS_APART = 100
"""Processes that start one after the other begin so far from each other, more than a set takes: the port of a server
that is down for a moment is not the next one that somebody else finds."""
_turns = itertools.count(PORTS_APART * os.getpid())


def free_port() -> int:
    """A TCP port of the loopback interface that nobody listens on: the next of NETZRAUM_PORTS (``20000-20999``) where
    that is set, so that sets which start at the same time take none from each other.

    Raises:
        OSError: all of these are taken.
    """
    for port in _candidates():
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.bind(("127.0.0.1", port))
            free: int = probe.getsockname()[1]
            return free
    raise OSError("no port of NETZRAUM_PORTS is free")


def _candidates() -> Iterator[int]:
    first, _, last = os.environ.get("NETZRAUM_PORTS", "0-0").partition("-")
    count = int(last) - int(first) + 1
    return (int(first) + turn % count for turn in itertools.islice(_turns, count))


def plain_environment(**variables: str) -> dict[str, str]:
    """What a server of others needs of the environment; nothing of ours and none of its own settings leaks in."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LANG": "C.UTF-8", **variables}


@dataclass(frozen=True)
class Command:
    """How a process is started. `user` is another system user to run as (only root can)."""

    arguments: Sequence[str | Path]
    environment: Mapping[str, str]
    folder: Path
    user: str | None = None
    signal_when_we_die: signal.Signals = signal.SIGKILL


class Process:
    """A started child. Created by `start`."""

    def __init__(self, child: asyncio.subprocess.Process) -> None:
        self._child = child

    @classmethod
    async def start(cls, command: Command, log: Path) -> "Process":
        us = os.getpid()

        def die_with_parent() -> None:
            _libc.prctl(PR_SET_PDEATHSIG, int(command.signal_when_we_die))
            if os.getppid() != us:  # we died before the kernel knew
                os._exit(1)

        with log.open("ab") as output:
            child = await asyncio.create_subprocess_exec(
                *map(str, command.arguments),
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=output,
                cwd=command.folder,
                env=dict(command.environment),
                start_new_session=True,
                preexec_fn=die_with_parent,  # runs after the change of user, which would undo it
                user=command.user,
                group=command.user,
                extra_groups=[] if command.user else None,
            )
        return cls(child)

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def status(self) -> int | None:
        """The exit status; None as long as it runs."""
        return self._child.returncode

    async def ended(self) -> int:
        """Wait until it has ended; the exit status."""
        return await self._child.wait()

    async def stop(self, how: signal.Signals = signal.SIGTERM, within_s: float = 20.0) -> None:
        """Ask it to end; kill it and all of its session that still runs after `within_s`."""
        if self.status is None:
            self._child.send_signal(how)
            try:
                async with asyncio.timeout(within_s):
                    await self.ended()
            except TimeoutError:
                pass
        await self.kill()

    async def kill(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End it and its session without notice."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.pid, how)
        await self.ended()
