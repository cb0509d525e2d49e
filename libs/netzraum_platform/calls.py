"""The port for calls between our own apps: HTTP, or ASGI within the process."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import aiohttp
import httpx
import orjson
from starlette.types import ASGIApp

from netzraum_platform.errors import Unavailable

TIMEOUT_S = 10.0


@dataclass(frozen=True)
class Reply:
    """What a peer answered. Header names are lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        return orjson.loads(self.body) if self.body else None


class Calls(Protocol):
    """``request`` raises Unavailable (503) where the peer does not answer."""

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
    ) -> Reply: ...


def _body(json: Any, content: bytes | None, headers: Mapping[str, str] | None) -> tuple[bytes | None, dict[str, str]]:
    sent = dict(headers or {})
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
            timeout=aiohttp.ClientTimeout(total=TIMEOUT_S),
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
    ) -> Reply:
        if self._session is None:
            raise Unavailable(service)
        body, sent = _body(json, content, headers)
        try:
            async with self._session.request(
                method,
                self._addresses[service] + path,
                data=body,
                headers=sent,
                allow_redirects=False,
            ) as reply:
                return Reply(
                    reply.status,
                    {k.lower(): v for k, v in reply.headers.items()},
                    await reply.read(),
                )
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise Unavailable(service) from error


class InProcessCalls:
    """Peers are ASGI apps of this process; they may be added after this object was handed out."""

    def __init__(self) -> None:
        self._clients: dict[str, httpx.AsyncClient] = {}

    def add(self, service: str, app: ASGIApp) -> None:
        transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
        self._clients[service] = httpx.AsyncClient(transport=transport, base_url=f"http://{service}")

    async def start(self) -> None:
        return None

    async def stop(self) -> None:
        for client in self._clients.values():
            await client.aclose()

    async def request(
        self,
        service: str,
        method: str,
        path: str,
        *,
        json: Any = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        body, sent = _body(json, content, headers)
        if service not in self._clients:
            raise Unavailable(service)
        reply = await self._clients[service].request(method, path, content=body, headers=sent)
        return Reply(
            reply.status_code,
            {k.lower(): v for k, v in reply.headers.items()},
            reply.content,
        )
