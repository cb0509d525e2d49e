"""The door of the public API: passes each request on to the service that answers it, as it is."""

from collections.abc import Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from netzraum_gateway.backend import Backend
from netzraum_gateway.doors import Doors, Visitor
from netzraum_gateway.limits import Body, TooSlow
from netzraum_gateway.merged import Merged
from netzraum_gateway.routing import MERGED, PREFIX, Target, target_of
from netzraum_gateway.settings import Limits
from netzraum_gateway.versions import HEADER
from netzraum_platform.errors import DomainError, NotFound, language_of, problem

# What the gateway alone writes towards the services, whatever the client sent.
OURS = frozenset((b"authorization", b"cookie", b"x-forwarded-for", b"accept-language", b"traceparent", HEADER.encode()))


@dataclass(frozen=True)
class Route:
    """What metrics call the path of a request."""

    path: str


class ApiFront:
    """ASGI app of ``/api/v1/…``, but for what the gateway answers by itself."""

    def __init__(self, backend: Backend, doors: Doors, merged: Merged, limits: Limits) -> None:
        self._backend = backend
        self._doors = doors
        self._merged = merged
        self._limits = limits

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        answer = _Answer(send, self._backend)
        try:
            await self._answer(scope, receive, answer)
        except DomainError as error:
            if answer.started:
                raise
            answer.body = None
            response = problem(error, language_of(Request(scope)))
            await response(scope, receive, answer.send)

    async def _answer(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        target = target_of(scope["path"])
        scope["route"] = Route(f"{PREFIX}{target.service if target else 'unknown'}")
        visitor = await self._doors.api(scope)
        if target is None:
            raise NotFound
        body = self._body(scope, receive, target)
        if target.service == MERGED:
            await self._answer_merged(scope, body, visitor, answer)
            return
        headers = _with_ours(scope, self._backend.headers(visitor.caller, target.space))
        answer.body = body
        try:
            await self._backend.calls.forward(target.service, {**scope, "headers": headers}, body.receive, answer.send)
        finally:
            if body.failure is not None and not answer.started:
                raise body.failure
        if (scope["method"], scope["path"]) == ("DELETE", f"{PREFIX}session") and answer.status == 204:
            self._doors.end(visitor.session or "")

    async def _answer_merged(self, scope: Scope, body: Body, visitor: Visitor, answer: "_Answer") -> None:
        content = await _read(body) if scope["method"] == "POST" else b""
        query = scope["query_string"].decode("latin-1")
        found = await self._merged.answer(scope["method"], scope["path"], query, content, visitor.caller)
        response = Response(found.body, found.status, dict(found.headers))
        await response(scope, body.receive, answer.send)

    def _body(self, scope: Scope, receive: Receive, target: Target) -> Body:
        limits = self._limits
        body = Body(
            receive,
            limit=limits.upload if target.upload else limits.body,
            silence_s=limits.silence_s,
            whole_s=None if target.upload else limits.body_s,
        )
        body.announce(dict(scope["headers"]).get(b"content-length"))
        return body


class _Answer:
    """The way back: learns access versions; holds back what a service answers to a body that was cut off."""

    def __init__(self, send: Send, backend: Backend) -> None:
        self._send = send
        self._backend = backend
        self.body: Body | None = None
        self.status: int | None = None

    @property
    def started(self) -> bool:
        return self.status is not None

    async def send(self, message: Message) -> None:
        if not self.started and self.body is not None and self.body.failure is not None:
            return
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = [header for header in message["headers"] if not self._learn(*header)]
        await self._send(message)

    def _learn(self, name: bytes, value: bytes) -> bool:
        if name.lower() != HEADER.encode():
            return False
        self._backend.versions.learn_header(value.decode("latin-1"))
        return True


def _with_ours(scope: Scope, ours: Mapping[str, str]) -> list[tuple[bytes, bytes]]:
    theirs = [(name, value) for name, value in scope["headers"] if name not in OURS]
    kept = {name for name, _ in theirs}
    return theirs + [(n.encode(), v.encode("latin-1")) for n, v in ours.items() if n.encode() not in kept]


async def _read(body: Body) -> bytes:
    chunks = []
    while True:
        message = await body.receive()
        if message["type"] == "http.disconnect":
            raise TooSlow
        chunks.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(chunks)
