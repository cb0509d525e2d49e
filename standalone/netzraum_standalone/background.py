"""`make up` and `make down`: the distributed set in the background, found again by its process id."""

import asyncio
import os
import signal
import subprocess
import sys
import time
import zlib
from pathlib import Path

from netzraum_standalone.demo import WELCOME, fill_running
from netzraum_standalone.demo.client import DemoFailed
from netzraum_standalone.distributed import DistributedSet
from netzraum_standalone.policy.publication import PolicyRefused
from netzraum_standalone.servers.native import ServerFailed
from netzraum_standalone.servers.postgres import can_enter, system_user
from netzraum_standalone.servers.programs import MissingProgram

CLONE = Path(__file__).parents[2]
MODULE = "netzraum_standalone.background"
START_WITHIN_S = 600.0
STOP_WITHIN_S = 60.0
POLL_S = 0.1


def run_folder() -> Path:
    """Where the set keeps its state: NETZRAUM_RUN, else `run` in the clone.

    PostgreSQL never runs as root: where we are root and its user cannot enter the clone, a folder in /var/lib serves.
    """
    if given := os.environ.get("NETZRAUM_RUN"):
        return Path(given).resolve()
    user = system_user()
    if user and not can_enter(CLONE, user):
        return Path("/var/lib/netzraum") / f"{CLONE.name}-{zlib.crc32(os.fsencode(CLONE)):08x}"
    return CLONE / "run"


class RunningSet:
    """What is known of the set from outside its process."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log = folder / "set.log"
        self.address_file = folder / "address"
        self._pid_file = folder / "pid"

    @property
    def pid(self) -> int | None:
        """Its process, if it runs."""
        try:
            pid = int(self._pid_file.read_text(encoding="ascii"))
            arguments = Path(f"/proc/{pid}/cmdline").read_bytes()
        except (FileNotFoundError, ProcessLookupError, ValueError):
            return None
        return pid if MODULE.encode() in arguments else None

    @property
    def address(self) -> str | None:
        """Where browsers come in, as soon as it is ready."""
        return self.address_file.read_text(encoding="ascii") if self.address_file.exists() else None

    def start(self) -> None:
        """Start it in the background and wait until it is ready, with its demo data.

        Raises:
            ServerFailed: it ended before.
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        self.folder.chmod(0o711)
        self.address_file.unlink(missing_ok=True)
        with self.log.open("wb") as log:
            child = subprocess.Popen(
                [sys.executable, "-m", MODULE, "run"],
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                cwd=CLONE,
                start_new_session=True,
            )
        self._pid_file.write_text(str(child.pid), encoding="ascii")
        deadline = time.monotonic() + START_WITHIN_S
        while self.address is None:
            if child.poll() is not None or time.monotonic() > deadline:
                child.terminate()
                raise ServerFailed(self.log.read_text(encoding="utf-8", errors="replace").strip())
            time.sleep(POLL_S)

    def stop(self) -> bool:
        """Stop it and all of its processes; whether it ran."""
        if (pid := self.pid) is None:
            return False
        os.kill(pid, signal.SIGTERM)
        deadline = time.monotonic() + STOP_WITHIN_S
        while self.pid is not None:
            if time.monotonic() > deadline:
                os.kill(pid, signal.SIGKILL)  # the kernel then ends its children
                break
            time.sleep(POLL_S)
        self.address_file.unlink(missing_ok=True)
        self._pid_file.unlink(missing_ok=True)
        return True


async def run(running: RunningSet) -> None:
    """Keep the set until SIGTERM, or until one of its servers ends by itself."""
    os.umask(0o077)
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(name, stop.set)
    port = os.environ.get("PORT")
    servers = DistributedSet(running.folder, CLONE / "policies", port=int(port) if port else None)
    await servers.start()
    try:
        await fill_running(servers.url, servers.mails, servers.create_operator)
    except BaseException:
        await servers.stop()
        raise
    running.address_file.write_text(servers.url, encoding="ascii")
    ended = await servers.keep(stop)
    running.address_file.unlink(missing_ok=True)
    for server in ended:
        print(f"{server.name} ended by itself; all others were stopped. Its log: {server.log}")


def up(running: RunningSet) -> None:
    if running.pid is not None:
        print(f"Netzraum runs already: {running.address or 'it is still starting'}")
        return
    print(f"Starting PostgreSQL, RabbitMQ, five policy sidecars, five services and the gateway in {running.folder}")
    print("The first time it makes demo data; that takes a minute.")
    running.start()
    print(WELCOME.format(address=running.address))
    print("`make down` stops it.")


def down(running: RunningSet) -> None:
    print("Netzraum is stopped." if running.stop() else "Netzraum was not running.")


def main(command: str) -> None:
    running = RunningSet(run_folder())
    try:
        match command:
            case "up":
                up(running)
            case "down":
                down(running)
            case "run":
                asyncio.run(run(running))
            case _:
                sys.exit(f"usage: python -m {MODULE} up|down|run")
    except (DemoFailed, MissingProgram, PolicyRefused, ServerFailed) as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "")
