"""Several workers side by side (``pytest -n``): the servers that they share, and which tests stay together.

Each worker has databases, virtual hosts, folders and ports of its own, and its own services. PostgreSQL and RabbitMQ
are started once for all, by the process that hands out the tests; tests that kill servers start such for themselves.
"""

import asyncio
from contextlib import AsyncExitStack
from dataclasses import asdict
from typing import Any

import pytest
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling
from xdist.workermanage import WorkerController

from tests.servers.fixtures import a_broker, a_cluster, folders_for_servers
from tests.workers import SHARED

TOGETHER = ("tests/end_to_end/", "tests/faults/", "tests/standalone/test_background.py")
"""What starts whole installations: one after the other, in one worker. It takes longest, so it begins first."""


class Shared:
    """The servers for all workers, and the loop in which they were started."""

    def __init__(self) -> None:
        self._runner = asyncio.Runner()
        self._stack = AsyncExitStack()

    def start(self) -> dict[str, Any]:
        return self._runner.run(self._start())

    def stop(self) -> None:
        self._runner.run(self._stack.aclose())
        self._runner.close()

    async def _start(self) -> dict[str, Any]:
        folder = self._stack.enter_context(folders_for_servers())
        postgres, rabbit = await asyncio.gather(
            self._stack.enter_async_context(a_cluster(folder("postgres"))),
            self._stack.enter_async_context(a_broker(folder("rabbit"))),
        )
        return {"postgres": postgres, "rabbit": asdict(rabbit)}


SERVERS = pytest.StashKey[Shared]()
ADDRESSES = pytest.StashKey[dict[str, Any]]()


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_setupnodes(config: pytest.Config) -> None:
    config.stash[SERVERS] = Shared()
    config.stash[ADDRESSES] = config.stash[SERVERS].start()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: WorkerController) -> None:
    node.workerinput[SHARED] = node.config.stash[ADDRESSES]


def pytest_unconfigure(config: pytest.Config) -> None:
    if SERVERS in config.stash:
        config.stash[SERVERS].stop()


class ByModule(LoadScopeScheduling):  # type: ignore[misc]  # xdist ships no types
    """A module at a time, and what is ``TOGETHER`` as one."""

    def _split_scope(self, nodeid: str) -> str:
        return TOGETHER[0] if nodeid.startswith(TOGETHER) else nodeid.split("::", 1)[0]


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> ByModule:
    config.option.loadscopereorder = False
    return ByModule(config, log)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        items.sort(key=_turn)


def _turn(item: pytest.Item) -> bool:
    return not item.nodeid.startswith(TOGETHER)
