"""The programs of others that run beside ours: where they are found, and how to get what is missing.

Imports only the standard library, so that the set-up can use it before anything is installed.
"""

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

OPA_VERSION = "v1.22.2"


class MissingProgram(Exception):
    """A server's program is not on this machine; the message names the command that installs it."""


def cache_folder() -> Path:
    """Where the set-up keeps what it built, outside the clone, so that clones share it."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(cache) / "netzraum"


@dataclass(frozen=True)
class Program:
    """A program with the places it may be in, by glob, and what brings it. `variable` may name another place."""

    name: str
    variable: str
    places: tuple[str, ...]
    package: str | None = None
    command: str = ""

    def candidates(self) -> Iterable[Path]:
        if given := os.environ.get(self.variable):
            yield Path(given)
        for place in self.places:
            folder = Path(place).anchor or "."
            yield from sorted(Path(folder).glob(str(Path(place).relative_to(folder))), reverse=True)
        if found := shutil.which(self.name):
            yield Path(found)

    def find(self) -> Path | None:
        return next((path for path in self.candidates() if os.access(path, os.X_OK)), None)

    def path(self) -> Path:
        """Where the program is.

        Raises:
            MissingProgram: it is nowhere.
        """
        if (found := self.find()) is None:
            install = f"apt-get install {self.package}" if self.package else self.command
            raise MissingProgram(f"{self.name} is missing. This installs it: {install}")
        return found


POSTGRES = Program("postgres", "NETZRAUM_POSTGRES", ("/usr/lib/postgresql/*/bin/postgres",), package="postgresql")
# Not the one in /usr/sbin: that one changes to the system's user and its node.
RABBITMQ = Program(
    "rabbitmq-server", "NETZRAUM_RABBITMQ", ("/usr/lib/rabbitmq/bin/rabbitmq-server",), package="rabbitmq-server"
)
EPMD = Program("epmd", "NETZRAUM_EPMD", ("/usr/lib/erlang/erts-*/bin/epmd",), package="erlang-base")
# Without a window's frame: the whole browser takes four times as long for a page of the tests.
CHROMIUM = Program(
    "chromium-headless-shell",
    "NETZRAUM_CHROMIUM",
    ("/usr/bin/chromium-headless-shell",),
    package="chromium-headless-shell",
)
OPA = Program("opa", "NETZRAUM_OPA", (str(cache_folder() / f"opa-{OPA_VERSION}" / "opa"),), command="make servers")
DEBIAN = (POSTGRES, RABBITMQ, EPMD, CHROMIUM)
