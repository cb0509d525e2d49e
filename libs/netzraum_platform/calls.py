"""The port for calls between our own apps: HTTP, or ASGI within the process.

A service answers under two names: ``identity`` is its public API, ``identity.internal`` its internal port.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import unquote

import aiohttp
import orjson
import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from netzraum_platform import forwarding
from netzraum_platform.errors import Unavailable
from netzraum_platform.telemetry import current_traceparent

TIMEOUT_S = 10.0
PATIENT_S = forwarding.SILENCE_S
"""For what may take long: files that are taken in."""

log = structlog.get_logger(__name__)


def internal(service: str) -> str:
    """The name under which a service's internal port is called."""
    return f"{service}.internal"


@dataclass(frozen=True)
class Reply:
    """What a peer answered. Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return orjson.loads(self.body) if self.body else None


class Calls(Protocol):
    """Both ways to call raise Unavailable (503) where the peer does not answer."""

    async def start(self) -> None: ...

    async def stop(self) -> None: ...

    async def request(
        self,
        service: str,
        method: str,
        path: str,
        *,
        json: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> Reply: ...

    async def forward(self, service: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on as it is, and the answer back, both as they come."""
        ...


def _body(json: Any, content: bytes | None, headers: Mapping[str, str] | None) -> tuple[bytes | None, dict[str, str]]:
    sent = dict(headers or {})
    if traceparent := current_traceparent():
        sent["traceparent"] = traceparent
    if json is not None:
        sent["content-type"] = "application/json"
        return orjson.dumps(json), sent
    return content, sent


class HttpCalls:
    """One session for the whole process; peers by their addresses."""

    def __init__(self, addresses: Mapping[str, str]) -> None:
        self._addresses = addresses
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        self._session = aiohttp.ClientSession(
            auto_decompress=False,
            connector=aiohttp.TCPConnector(limit=200),
            cookie_jar=aiohttp.DummyCookieJar(),
        )

    async def stop(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def request(
        self,
        service: str,
        method: str,
        path: str,
        *,
        json: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> Reply:
        session, address = self._peer(service)
        body, sent = _body(json, content, headers)
        try:
            async with session.request(
                method,
                address + path,
                data=body,
                headers=sent,
                allow_redirects=False,
                timeout=aiohttp.ClientTimeout(total=timeout_s),
            ) as reply:
                return Reply(
                    reply.status,
                    {k.lower(): v for k, v in reply.headers.items()},
                    await reply.read(),
                )
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unavailable(service) from error

    async def forward(self, service: str, scope: Scope, receive: Receive, send: Send) -> None:
        session, address = self._peer(service)
        await forwarding.forward(session, address, service, scope, receive, send)

    def _peer(self, service: str) -> tuple[aiohttp.ClientSession, str]:
        if self._session is None or service not in self._addresses:
            raise Unavailable(service)
        return self._session, self._addresses[service]


class InProcessCalls:
    """Peers are ASGI apps of this process; they may be added after this object was handed out."""

    def __init__(self) -> None:
        self._apps: dict[str, ASGIApp] = {}

    def add(self, service: str, app: ASGIApp) -> None:
        self._apps[service] = app

    async def start(self) -> None:
        return None

    async def stop(self) -> None:
        return None

    async def request(
        self,
        service: str,
        method: str,
        path: str,
        *,
        json: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout_s: float = TIMEOUT_S,
    ) -> Reply:
        body, sent = _body(json, content, headers)
        exchange = _Exchange(service, body or b"")
        try:
            async with asyncio.timeout(timeout_s):
                await self._app(service)(_scope(service, method, path, sent, body), exchange.receive, exchange.send)
        except TimeoutError as error:
            raise Unavailable(service) from error
        except Exception as error:  # the app has answered 500 and raises it for whoever keeps the log
            log.error("peer_failed", service=service, path=path, exc_info=error)
        return exchange.reply()

    async def forward(self, service: str, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(service)({**scope, "state": {}}, receive, send)

    def _app(self, service: str) -> ASGIApp:
        if service not in self._apps:
            raise Unavailable(service)
        return self._apps[service]


class _Exchange:
    """One request and its answer, within the process."""

    def __init__(self, service: str, body: bytes) -> None:
        self._service = service
        self._body: bytes | None = body
        self._start: Message | None = None
        self._chunks: list[bytes] = []

    async def receive(self) -> Message:
        """The body; whoever asks again waits for a caller that never goes away."""
        if self._body is None:
            await asyncio.Future()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        elif message["type"] == "http.response.body":
            self._chunks.append(message.get("body", b""))

    def reply(self) -> Reply:
        if self._start is None:
            raise Unavailable(self._service)
        headers = {name.decode().lower(): value.decode("latin-1") for name, value in self._start["headers"]}
        return Reply(self._start["status"], headers, b"".join(self._chunks))


def _scope(service: str, method: str, path: str, headers: Mapping[str, str], body: bytes | None) -> Scope:
    raw_path, _, query = path.partition("?")
    sent = {"host": service, **({} if body is None else {"content-length": str(len(body))}), **headers}
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote(raw_path),
        "raw_path": raw_path.encode(),
        "query_string": query.encode(),
        "root_path": "",
        "headers": [(name.lower().encode(), value.encode("latin-1")) for name, value in sent.items()],
        "client": ("127.0.0.1", 0),
        "server": (service, 80),
        "state": {},
    }
