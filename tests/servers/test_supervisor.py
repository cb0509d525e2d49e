"""Child processes: none is left behind, whatever happens."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

from netzraum_standalone.servers.native import NativeServer, ServerFailed
from netzraum_standalone.servers.process import Command, plain_environment
from netzraum_standalone.servers.supervisor import Supervisor

READY_AND_WAIT = "touch {name}.ready; exec sleep 600"


class Script(NativeServer):
    """A shell script that is ready when its file is there."""

    ready_within_s = 5.0

    def __init__(self, name: str, folder: Path, script: str = READY_AND_WAIT) -> None:
        super().__init__(name, folder)
        self._script = script.format(name=name)

    @property
    def url(self) -> str:
        return self.name

    def command(self) -> Command:
        return Command(["/bin/sh", "-c", self._script], plain_environment(), self.folder)

    async def is_ready(self) -> bool:
        return (self.folder / f"{self.name}.ready").exists()


def is_alive(pid: int) -> bool:
    """Whether a process runs (a zombie does not)."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


async def all_gone(pids: Sequence[int]) -> None:
    """Wait at most 10 s until none of them runs."""
    async with asyncio.timeout(10):
        while any(is_alive(pid) for pid in pids):
            await asyncio.sleep(0.02)


async def test_when_one_dies_all_others_are_stopped(tmp_path: Path) -> None:
    servers = [Script(name, tmp_path) for name in ("first", "second", "third")]
    supervisor = Supervisor()
    await supervisor.start(*servers)
    pids = [server.process.pid for server in servers]
    os.kill(pids[1], signal.SIGKILL)
    async with asyncio.timeout(10):
        ended = await supervisor.keep(asyncio.Event())
    assert [server.name for server in ended] == ["second"]
    await all_gone(pids)


async def test_all_stop_when_asked(tmp_path: Path) -> None:
    servers = [Script(name, tmp_path) for name in ("first", "second")]
    supervisor = Supervisor()
    await supervisor.start(*servers)
    stop = asyncio.Event()
    asyncio.get_running_loop().call_soon(stop.set)
    assert await supervisor.keep(stop) == []
    await all_gone([server.process.pid for server in servers])


async def test_when_one_does_not_start_all_others_are_stopped(tmp_path: Path) -> None:
    good = Script("good", tmp_path)
    bad = Script("bad", tmp_path, "echo 'the disk is full' >&2; exit 3")
    with pytest.raises(ServerFailed, match=r"(?s)bad ended with status 3 before it was ready.*the disk is full"):
        await Supervisor().start(good, bad)
    await all_gone([good.process.pid])


async def test_server_that_is_never_ready_is_given_up(tmp_path: Path) -> None:
    server = Script("slow", tmp_path, "exec sleep 600")
    server.ready_within_s = 0.3
    with pytest.raises(ServerFailed, match="was not ready within"):
        await server.start()
    await all_gone([server.process.pid])


async def test_grandchildren_end_with_the_child(tmp_path: Path) -> None:
    server = Script("parent", tmp_path, "sleep 600 & echo $! > grandchild; touch parent.ready; wait")
    await server.start()
    grandchild = int((tmp_path / "grandchild").read_text())
    assert is_alive(grandchild)
    await server.stop()
    await all_gone([server.process.pid, grandchild])


async def test_child_that_ignores_the_request_is_killed(tmp_path: Path) -> None:
    server = Script("deaf", tmp_path, "trap '' TERM; touch deaf.ready; while true; do sleep 0.1; done")
    await server.start()
    await server.process.stop(within_s=0.3)
    await all_gone([server.process.pid])


PARENT = """
import asyncio, pathlib, sys
from tests.servers.test_supervisor import Script

async def main():
    server = Script("child", pathlib.Path(sys.argv[1]))
    await server.start()
    print(server.process.pid, flush=True)
    await asyncio.sleep(600)

asyncio.run(main())
"""


@pytest.fixture
def parent(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    """A process of its own that keeps a server."""
    command = [sys.executable, "-c", PARENT, str(tmp_path)]
    with subprocess.Popen(command, cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True) as process:
        yield process
        process.kill()


async def test_children_die_with_a_parent_that_is_killed(parent: subprocess.Popen[str]) -> None:
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    assert is_alive(child)
    parent.kill()
    await all_gone([child])
