"""Pass an HTTP request on to a peer as it is, and the answer back, both as they come and without holding them."""

from collections.abc import AsyncIterator
from typing import cast

import aiohttp
from starlette.requests import ClientDisconnect
from starlette.types import Receive, Scope, Send
from yarl import URL

from netzraum_platform.errors import Unavailable

CONNECT_S = 2.0
SILENCE_S = 120.0  # a request may last as long as bytes come; a silence this long ends it
TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S, sock_read=SILENCE_S)

# Of one connection, not of the message (RFC 9110, section 7.6.1); Expect was answered where it came in.
OF_THE_CONNECTION = frozenset(
    b"connection expect host keep-alive te trailer transfer-encoding upgrade".split()
    + b"proxy-authenticate proxy-authorization proxy-connection".split()
)


async def forward(
    session: aiohttp.ClientSession, address: str, service: str, scope: Scope, receive: Receive, send: Send
) -> None:
    """
    Raises:
        Unavailable: the peer does not answer, and nothing was sent back yet.
    """
    started = False
    try:
        async with session.request(
            scope["method"],
            _url(address, scope),
            data=_body(receive) if _has_body(scope) else None,
            headers=[(k.decode(), v.decode("latin-1")) for k, v in scope["headers"] if k not in OF_THE_CONNECTION],
            skip_auto_headers=("Accept", "Accept-Encoding", "Content-Type", "User-Agent"),
            timeout=TIMEOUT,
            allow_redirects=False,
        ) as reply:
            headers = [(k.lower(), v) for k, v in reply.raw_headers if k.lower() not in OF_THE_CONNECTION]
            started = True
            await send({"type": "http.response.start", "status": reply.status, "headers": headers})
            async for chunk in reply.content.iter_any():
                await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})
    except ClientDisconnect:
        return
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        if started:
            raise
        raise Unavailable(service) from error


def _url(address: str, scope: Scope) -> URL:
    path = cast(bytes, scope.get("raw_path") or scope["path"].encode())
    query = cast(bytes, scope["query_string"])
    return URL(address + (path + b"?" + query if query else path).decode("latin-1"), encoded=True)


def _has_body(scope: Scope) -> bool:
    return any(name in (b"content-length", b"transfer-encoding") for name, _ in scope["headers"])


async def _body(receive: Receive) -> AsyncIterator[bytes]:
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        if chunk := message.get("body"):
            yield chunk
        if not message.get("more_body"):
            return
