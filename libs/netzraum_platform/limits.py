"""What no route should have to refuse by itself: bodies that are too large, NUL in an address."""

from collections.abc import Callable
from typing import Any, TypeVar

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from netzraum_platform.errors import Unprocessable, language_of, problem
from netzraum_platform.validation_texts import field_error

MAX_BODY = 1_500_000
"""Bytes: the longest text of the API, each of its characters escaped, and some more."""

LARGEST_IMPORT = 5_000_000
"""Bytes of a file out of which items are taken in, in the page as in the API: in the page it travels to the browser and
back, until somebody has looked at what it holds."""
MOST_IMPORTED = 10_000
"""Events of such a file."""
FRAME = 10_000
"""Bytes that a form puts around a file."""

_Endpoint = TypeVar("_Endpoint", bound=Callable[..., Any])


def takes_bodies_of(most: int) -> Callable[[_Endpoint], _Endpoint]:
    """Decorates a route that takes uploads: bodies of so many bytes."""

    def mark(endpoint: _Endpoint) -> _Endpoint:
        endpoint.most_body = most  # type: ignore[attr-defined]  # a mark on the function
        return endpoint

    return mark


class RequestLimits:
    """ASGI middleware around the routes of one app."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if "\0" in scope["path"] or b"%00" in scope["query_string"]:
            language = language_of(Request(scope))
            fault = field_error("", "control_characters", language)
            await problem(Unprocessable([fault]), language)(scope, receive, send)
            return
        taken = 0

        async def limited() -> Message:
            nonlocal taken
            message = await receive()
            taken += len(message.get("body", b""))
            if taken > getattr(scope.get("endpoint"), "most_body", MAX_BODY):
                raise HTTPException(413)
            return message

        await self._app(scope, limited, send)
