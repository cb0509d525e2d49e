"""A set of servers that lives and dies together."""

import asyncio
from collections.abc import Sequence

from netzraum_standalone.servers.native import NativeServer


class Supervisor:
    """Starts groups of servers, and stops them, the last group first."""

    def __init__(self) -> None:
        self._groups: list[Sequence[NativeServer]] = []

    async def start(self, *servers: NativeServer) -> None:
        """Start a group of servers at once; if one does not start, all of the set are stopped.

        Raises:
            ServerFailed: the first failure.
        """
        self._groups.append(servers)
        results = await asyncio.gather(*(server.start() for server in servers), return_exceptions=True)
        failures = [result for result in results if isinstance(result, BaseException)]
        if failures:
            await self.stop()
            raise failures[0]

    async def keep(self, stop: asyncio.Event) -> Sequence[NativeServer]:
        """Wait until `stop` is set or a server ends by itself; then stop all. The servers that ended by themselves."""
        servers = [server for group in self._groups for server in group]
        waits = [asyncio.create_task(server.process.ended(), name=server.name) for server in servers]
        asked = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait([*waits, asked], return_when=asyncio.FIRST_COMPLETED)
            ended = [] if stop.is_set() else [server for server in servers if not server.runs]
        finally:
            for task in (*waits, asked):
                task.cancel()
            await self.stop()
        return ended

    async def stop(self) -> None:
        """Stop all, the group that was started last first."""
        while self._groups:
            await asyncio.gather(*(server.stop() for server in self._groups.pop()))
