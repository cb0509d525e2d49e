"""Live updates: says in which tool of which space something is new, to those who see it, and nothing of what it is.

Whether somebody sees it is asked of the services, with the very token of the stream: so a stream says no more
than the reader may know, and ends with the session.
"""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from contextlib import suppress
from datetime import datetime
from typing import Any
from urllib.parse import quote

import orjson
import structlog
from starlette.requests import Request
from starlette.responses import StreamingResponse

from netzraum_gateway.backend import Backend, Caller
from netzraum_gateway.doors import Doors
from netzraum_gateway.merged import Merged
from netzraum_platform.errors import DomainError, Unauthenticated

PAUSE_S = 1.0
SILENCE_S = 15.0
"""So often a stream with nothing to say proves that it lives."""

log = structlog.get_logger(__name__)


class Stream:
    """One open stream: what it has to ask about, by space and tool with the time since when."""

    def __init__(self, session: str, account: str) -> None:
        self.session = session
        self.account = account
        self.spaces: frozenset[str] | None = None
        self.news: dict[tuple[str, str], datetime] = {}
        self._ended = asyncio.Event()
        self._woken = asyncio.Event()

    @property
    def ended(self) -> bool:
        return self._ended.is_set()

    def tell(self, space: str, tool: str, at: datetime) -> None:
        self.news.setdefault((space, tool), at)
        self._woken.set()

    def end(self) -> None:
        self._ended.set()
        self._woken.set()

    async def wait(self) -> None:
        """Until there is something to ask about, the stream ends, or it has been silent for long."""
        try:
            async with asyncio.timeout(SILENCE_S):
                await self._woken.wait()
        except TimeoutError:
            return
        self._woken.clear()

    async def pause(self, seconds: float) -> None:
        """Say nothing for so long, unless the stream ends."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._ended.wait()


class Live:
    """All streams of this process."""

    def __init__(self, backend: Backend, merged: Merged, doors: Doors) -> None:
        self._backend = backend
        self._merged = merged
        self._doors = doors
        self._streams: set[Stream] = set()

    @property
    def is_open(self) -> bool:
        """Whether anybody listens."""
        return bool(self._streams)

    def tell(self, space: uuid.UUID, tool: str, at: datetime) -> None:
        for stream in self._streams:
            if stream.spaces is None or str(space) in stream.spaces:
                stream.tell(str(space), tool, at)

    def account_changed(self, account: uuid.UUID) -> None:
        """Where the account is has changed: find out anew."""
        for stream in self._streams:
            if stream.account == str(account):
                stream.spaces = None

    def end(self, session: str) -> None:
        for stream in self._streams:
            if stream.session == session:
                stream.end()

    def end_all(self) -> None:
        for stream in self._streams:
            stream.end()

    async def open(self, request: Request) -> StreamingResponse:
        """
        Raises:
            Unauthenticated: nobody is logged in.
            TooMany
        """
        visitor = await self._doors.api(request.scope, by_cookie=True)
        if visitor.session is None or visitor.account is None:
            raise Unauthenticated
        stream = Stream(visitor.session, visitor.account)
        headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
        return StreamingResponse(self._run(request, stream), media_type="text/event-stream", headers=headers)

    async def _run(self, request: Request, stream: Stream) -> AsyncIterator[bytes]:
        self._streams.add(stream)
        try:
            yield b"retry: 5000\n\n"
            while not stream.ended:
                await stream.wait()
                if stream.ended:
                    break
                started = time.monotonic()
                news = [pair async for pair in self._seen_news(request, stream)]
                for space, tool in news:
                    yield b"data: " + orjson.dumps({"space": space, "tool": tool}) + b"\n\n"
                if not news:
                    yield b": \n\n"
                await stream.pause(PAUSE_S - (time.monotonic() - started))
        except Unauthenticated:
            return
        finally:
            self._streams.discard(stream)

    async def _seen_news(self, request: Request, stream: Stream) -> AsyncIterator[tuple[str, str]]:
        """The news of this stream that its reader sees.

        Raises:
            Unauthenticated: the session has ended.
        """
        visitor = await self._doors.enter(request.scope, by_cookie=True)
        if stream.spaces is None:
            stream.spaces = await self._spaces(visitor.caller)
        news, stream.news = stream.news, {}
        for (space, tool), at in news.items():
            if space in stream.spaces and await self._sees(visitor.caller, space, tool, at):
                yield space, tool

    async def _spaces(self, caller: Caller) -> frozenset[str]:
        reply = await self._backend.request("spaces", "GET", "/api/v1/spaces?limit=200", caller)
        if reply.status == 401:
            raise Unauthenticated
        return frozenset(space["id"] for space in reply.json()["items"]) if reply.status == 200 else frozenset()

    async def _sees(self, caller: Caller, space: str, tool: str, at: datetime) -> bool:
        """Whether something was done with what the reader sees, or with what they saw until it was deleted."""
        query = f"tool={tool}&since={quote(at.isoformat())}"
        steps = await self._ask(caller, f"/api/v1/spaces/{space}/activity", f"{query}&limit=1")
        if steps is None or steps["items"]:
            return steps is not None
        gone = await self._ask(caller, f"/api/v1/spaces/{space}/gone", query)
        return gone is not None and gone["number"] > 0

    async def _ask(self, caller: Caller, path: str, query: str) -> Any:
        """
        Raises:
            Unauthenticated: the session has ended.
        """
        try:
            reply = await self._merged.answer("GET", path, query, b"", caller)
        except DomainError as error:
            log.info("live_update_lost", path=path, error=error.code)
            return None
        if reply.status == 401:
            raise Unauthenticated
        return reply.json() if reply.status == 200 else None
