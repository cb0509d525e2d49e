"""Live updates: says in which tool of which space something is new, to those who see it, and nothing of what it is.

A page also names the items that it shows: it is told that something goes on at one of them, or that its reader does
not see it any more, whyever.

Whether somebody sees something is asked of the services, with the very token of the stream: so a stream says no more
than the reader may know, and ends with the session.
"""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator, Iterable
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
from netzraum_platform.calls import Reply
from netzraum_platform.errors import DomainError, Unauthenticated, Unprocessable, language_of
from netzraum_platform.validation_texts import field_error

PAUSE_S = 1.0
SILENCE_S = 15.0
"""So often a stream with nothing to say proves that it lives."""
MOST_ITEMS = 100
"""So many of the items that it shows a page may name."""

log = structlog.get_logger(__name__)


class Stream:
    """One open stream: what it has to ask about, by space and tool with the time since when.

    ``shown`` are the items that its page shows, of ``space`` or (None) of any; what its reader was once found not to
    see is no longer among them.
    """

    def __init__(self, session: str, account: str, space: str | None, shown: Iterable[str]) -> None:
        self.session = session
        self.account = account
        self.space = space
        self.shown = set(shown)
        self.touched: set[str] = set()
        self.spaces: frozenset[str] | None = None
        self.news: dict[tuple[str, str], datetime] = {}
        self._ended = asyncio.Event()
        self._woken = asyncio.Event()
        self.touch(self.shown)

    @property
    def ended(self) -> bool:
        return self._ended.is_set()

    def tell(self, space: str, tool: str, at: datetime) -> None:
        self.news.setdefault((space, tool), at)
        self._woken.set()

    def touch(self, items: Iterable[str]) -> None:
        """Something goes on at these items; those that the page does not show are none of its business."""
        if touched := self.shown.intersection(items):
            self.touched |= touched
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

    def touch(self, item: uuid.UUID, but: uuid.UUID | None = None) -> None:
        """Something goes on at an item, done by ``but``, who knows it."""
        for stream in self._streams:
            if stream.account != str(but):
                stream.touch([str(item)])

    def account_changed(self, account: uuid.UUID) -> None:
        """Where the account is has changed: find out anew."""
        for stream in self._streams:
            if stream.account == str(account):
                stream.spaces = None

    def rights_changed(self, space: uuid.UUID, account: uuid.UUID | None = None) -> None:
        """Who sees what of a space has changed, for this account or all: open pages may show too much."""
        for stream in self._streams:
            if stream.space in (None, str(space)) and account in (None, uuid.UUID(stream.account)):
                stream.touch(stream.shown)

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
            Unprocessable: ``items`` are no ids, or too many.
            TooMany
        """
        visitor = await self._doors.api(request.scope, by_cookie=True)
        if visitor.session is None or visitor.account is None:
            raise Unauthenticated
        stream = Stream(visitor.session, visitor.account, *_shown(request))
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
                caller = (await self._doors.enter(request.scope, by_cookie=True)).caller
                messages = [message async for message in self._messages(caller, stream)]
                yield b"".join(messages) or b": \n\n"
                await stream.pause(PAUSE_S - (time.monotonic() - started))
        except Unauthenticated:
            return
        finally:
            self._streams.discard(stream)

    async def _messages(self, caller: Caller, stream: Stream) -> AsyncIterator[bytes]:
        """What this stream has to say, and its reader may know.

        Raises:
            Unauthenticated: the session has ended.
        """
        if about := await self._about_items(caller, stream):
            yield b"event: items\ndata: " + orjson.dumps(about) + b"\n\n"
        if stream.news and stream.spaces is None:
            stream.spaces = await self._spaces(caller)
        news, stream.news = stream.news, {}
        for (space, tool), at in news.items():
            if space in (stream.spaces or ()) and await self._sees(caller, space, tool, at):
                yield b"data: " + orjson.dumps({"space": space, "tool": tool}) + b"\n\n"

    async def _about_items(self, caller: Caller, stream: Stream) -> dict[str, Any] | None:
        """Which of the items at which something goes on its reader sees: of all of them as the stream begins. What is
        not there is told once, and nothing of what happens to it. Asked again later where no answer comes."""
        touched, stream.touched = stream.touched, set()
        if not touched:
            return None
        visible = await self._visible(caller, stream.space, touched)
        if visible is None:
            stream.touched |= touched
            return None
        stream.shown -= touched - visible
        return {"space": stream.space, "there": sorted(visible), "gone": sorted(touched - visible)}

    async def _visible(self, caller: Caller, space: str | None, items: set[str]) -> set[str] | None:
        """
        Raises:
            Unauthenticated: the session has ended.
        """
        path = f"/api/v1/spaces/{space}/visible" if space else "/api/v1/visible"
        reply = await self._reply(caller, path, f"items={','.join(sorted(items))}")
        if reply is not None and reply.status in (403, 404):
            return set()
        answer = reply.json() if reply is not None and reply.status == 200 else {}
        return set(answer["items"]) if answer and "missing" not in answer else None

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
        reply = await self._reply(caller, path, query)
        return reply.json() if reply is not None and reply.status == 200 else None

    async def _reply(self, caller: Caller, path: str, query: str) -> Reply | None:
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
        return reply


def _shown(request: Request) -> tuple[str | None, set[str]]:
    """The space, where all are of one, and the items that a page shows.

    Raises:
        Unprocessable: they are no ids, or too many.
    """
    space, given = request.query_params.get("space"), request.query_params.get("items")
    try:
        ids = {str(uuid.UUID(each)) for each in given.split(",")} if given else set()
        found = str(uuid.UUID(space)) if space else None, ids
    except ValueError:
        raise Unprocessable([field_error("items", "uuid_parsing", language_of(request))]) from None
    if len(ids) > MOST_ITEMS:
        raise Unprocessable([field_error("items", "too_long", language_of(request), max_length=MOST_ITEMS)])
    return found
