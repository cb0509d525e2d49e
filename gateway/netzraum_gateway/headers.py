"""The headers that protect whoever reads an answer of ours, on every answer."""

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from netzraum_gateway.templating import CONTENT_SECURITY_POLICY

NOTHING_ACTIVE = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'; sandbox"
YEAR_S = 365 * 24 * 3600


class SecurityHeaders:
    """ASGI middleware. Pages get the policy of the templates; what the API answers may do nothing in a browser."""

    def __init__(self, app: ASGIApp, *, secure: bool) -> None:
        self._app = app
        shared = {
            "x-content-type-options": "nosniff",
            "x-frame-options": "DENY",
            "referrer-policy": "same-origin",
            "cross-origin-opener-policy": "same-origin",
            "cross-origin-resource-policy": "same-origin",
            "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=()",
            **({"strict-transport-security": f"max-age={YEAR_S}; includeSubDomains"} if secure else {}),
        }
        self._pages = _encoded({**shared, "content-security-policy": CONTENT_SECURITY_POLICY})
        self._api = _encoded({**shared, "content-security-policy": NOTHING_ACTIVE, "cache-control": "no-store"})

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        ours = self._api if scope["path"].startswith("/api/v1/") else self._pages

        async def protected(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {name.lower() for name, _ in message["headers"]}
                message["headers"] = [*message["headers"], *((n, v) for n, v in ours if n not in given)]
            await send(message)

        await self._app(scope, receive, protected)


def _encoded(headers: dict[str, str]) -> list[tuple[bytes, bytes]]:
    return [(name.encode(), value.encode()) for name, value in headers.items()]
