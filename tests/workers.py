"""Which worker this process is, where several run tests side by side (``pytest -n``)."""

import os
from typing import Any

import pytest

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "main")
SHARED = "netzraum_servers"
PORTS_OF_A_WORKER = 2000
FIRST_PORT = 12_000
"""Below those that the system gives to outgoing connections."""


def shared_servers(config: pytest.Config) -> dict[str, Any] | None:
    """Where the servers are that all workers share; None where this process runs all tests itself."""
    given: dict[str, Any] = getattr(config, "workerinput", {})
    return given.get(SHARED)


def ports() -> str | None:
    """The range of ports that is this worker's own."""
    if WORKER == "main":
        return None
    first = FIRST_PORT + int(WORKER.removeprefix("gw")) * PORTS_OF_A_WORKER
    return f"{first}-{first + PORTS_OF_A_WORKER - 1}"
