"""Calendars to subscribe to: an address with a personal token in it, as calendar apps can neither log in nor send one.

Whatever the token does not open answers alike: not found.
"""

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from netzraum_gateway.backend import Backend, Caller
from netzraum_gateway.doors import Doors
from netzraum_gateway.routing import PREFIX
from netzraum_gateway.sessions import Sessions
from netzraum_platform.errors import DomainError, TooMany, Unauthenticated, Unavailable, language_of

CHANNEL = "feed"
OPEN_ERRORS = (TooMany, Unavailable)
"""These say nothing about the token."""


class Feeds:
    """Exchanges the token of the address for an access token of the channel ``feed``, and passes the calendar on."""

    def __init__(self, backend: Backend, doors: Doors, sessions: Sessions) -> None:
        self._backend = backend
        self._doors = doors
        self._sessions = sessions

    def routes(self) -> list[Route]:
        return [
            Route("/feeds/{token}/calendar.ics", self._all, methods=["GET"]),
            Route("/feeds/{token}/raum/{space:uuid}/calendar.ics", self._of_space, methods=["GET"]),
        ]

    async def _all(self, request: Request) -> Response:
        return await self._answer(request, f"{PREFIX}calendar.ics")

    async def _of_space(self, request: Request) -> Response:
        return await self._answer(request, f"{PREFIX}spaces/{request.path_params['space']}/calendar.ics")

    async def _answer(self, request: Request, path: str) -> Response:
        try:
            reply = await self._backend.request("calendar", "GET", path, await self._caller(request))
        except DomainError as error:
            language = language_of(request)
            status = error.status if isinstance(error, OPEN_ERRORS) else 404
            return PlainTextResponse(f"{error.text(language)}\n", status, headers=error.headers)
        if reply.status == 200:
            return Response(reply.body, media_type=reply.headers["content-type"], headers={"Cache-Control": "no-store"})
        return PlainTextResponse("", reply.status if reply.status >= 500 else 404)

    async def _caller(self, request: Request) -> Caller:
        """
        Raises:
            Unauthenticated: the token is unknown, ended, revoked, or not for feeds.
            TooMany
        """
        address = request.client.host if request.client else ""
        try:
            session = await self._sessions.exchange(request.path_params["token"], CHANNEL)
        except Unauthenticated:
            self._doors.count(None, address)
            raise
        self._doors.count(session.id, address)
        return Caller(session.token, session.language, address, request.headers.get("user-agent", ""))
