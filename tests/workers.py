"""Which worker this process is, where several run tests side by side (``pytest -n``)."""

import os
from typing import Any

import pytest

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
SHARED = "netzraum_servers"
PORTS_OF_A_WORKER = 2000
FIRST_PORT = 10_000
"""All lie below those that the system gives to outgoing connections: such a one would take the port of a server that a
test has killed, and keep it from its start."""


def shared_servers(config: pytest.Config) -> dict[str, Any] | None:
    """Where the servers are that all workers share; None where this process runs all tests itself."""
    given: dict[str, Any] = getattr(config, "workerinput", {})
    return given.get(SHARED)


def ports() -> str:
    """The range of ports that is this worker's own; of the process that runs all, or hands out, the one that is given.

    Several such processes share a range where none is given: each begins at another port of it.
    """
    number = 0 if WORKER == "main" else 1 + int(WORKER.removeprefix("gw"))
    first = FIRST_PORT + number * PORTS_OF_A_WORKER
    own = f"{first}-{first + PORTS_OF_A_WORKER - 1}"
    return os.environ.get("NETZRAUM_PORTS", own) if WORKER == "main" else own
