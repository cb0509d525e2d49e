"""The gateway put together: pages, API, live updates, static files; what it hears on the bus."""

from typing import Any

from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from netzraum_gateway.api_front import ApiFront
from netzraum_gateway.backend import Backend
from netzraum_gateway.cookies import Cookies
from netzraum_gateway.doors import Doors
from netzraum_gateway.feeds import Feeds
from netzraum_gateway.frames import Frames
from netzraum_gateway.headers import SecurityHeaders
from netzraum_gateway.listening import Listening
from netzraum_gateway.live import Live
from netzraum_gateway.merged import Merged
from netzraum_gateway.openapi import Description, page_of
from netzraum_gateway.page import House
from netzraum_gateway.sessions import Sessions
from netzraum_gateway.settings import GatewaySettings
from netzraum_gateway.site import Site
from netzraum_gateway.site_map import ROUTES
from netzraum_gateway.templating import Pages
from netzraum_gateway.versions import AccessVersions
from netzraum_platform import errors
from netzraum_platform.bus import Bus
from netzraum_platform.calls import Calls
from netzraum_platform.errors import DomainError
from netzraum_platform.mail import mail_of
from netzraum_platform.telemetry import RequestTelemetry
from netzraum_platform.tokens import ServiceTokens

FOR_EVER = "public, max-age=31536000, immutable"


def build(calls: Calls, bus: Bus, service_tokens: ServiceTokens, settings: GatewaySettings) -> "Gateway":
    """The gateway on its ports; ``service_tokens`` prove it to identity's internal port."""
    return Gateway(calls, bus, service_tokens, settings)


class Gateway:
    """``asgi`` is for browsers and clients, ``internal`` for whoever watches over it."""

    def __init__(self, calls: Calls, bus: Bus, service_tokens: ServiceTokens, settings: GatewaySettings) -> None:
        self._calls = calls
        self._bus = bus
        self._ready = False
        versions = AccessVersions()
        self._backend = Backend(calls, versions)
        self._merged = Merged(self._backend)
        sessions = Sessions(calls, service_tokens)
        self._doors = Doors(settings, calls, service_tokens, sessions)
        self._feeds = Feeds(self._backend, self._doors, sessions)
        self.live = Live(self._backend, self._merged, self._doors)
        self._description = Description(self._backend)
        self._pages = Pages(settings.static, settings.locale, operator=settings.operator)
        self.house = House(
            settings=settings,
            pages=self._pages,
            cookies=Cookies(settings),
            doors=self._doors,
            sessions=sessions,
            frames=Frames(versions),
            mail=mail_of(settings.mail_url.get_secret_value()) if settings.mail_url else None,
        )
        self._listening = Listening(bus, sessions, self._doors, self.house.frames, self.live, versions)
        site = Site(self.house, self._backend, self._merged, ROUTES)
        front = ApiFront(self._backend, self._doors, self._merged, settings.limits)
        own = Starlette(routes=self._own_routes(settings), exception_handlers={DomainError: _problem})
        hall = Hall(own, front, site)
        self.asgi: ASGIApp = RequestTelemetry(SecurityHeaders(hall, secure=settings.secure), "gateway")
        self.internal: ASGIApp = Starlette(routes=[*self._health(), Route("/health/metrics", _metrics)])

    async def start(self) -> None:
        await self._calls.start()
        await self._bus.start()
        await self._listening.start()
        self._ready = True

    async def stop(self) -> None:
        self._ready = False
        self.live.end_all()
        await self._listening.stop()
        await self._bus.stop()
        await self._calls.stop()

    def _own_routes(self, settings: GatewaySettings) -> list[BaseRoute]:
        return [
            *self._health(),
            Mount("/static", _Static(directory=settings.static)),
            Route("/api/v1/live", self.live.open),
            Route("/api/v1/openapi.json", self._openapi),
            Route("/api/docs", self._api_docs),
            *self._feeds.routes(),
        ]

    def _health(self) -> list[BaseRoute]:
        return [Route("/health/live", _alive), Route("/health/ready", self._is_ready)]

    async def _is_ready(self, _request: Request) -> Response:
        """Whether somebody could log in; what else is missing shows where it is used."""
        try:
            identity = (await self._calls.request("identity", "GET", "/health/ready")).status == 200
        except DomainError:
            identity = False
        ready = self._ready and identity
        return JSONResponse({"ready": ready, "checks": {"identity": identity}}, 200 if ready else 503)

    async def _openapi(self, _request: Request) -> Response:
        return JSONResponse(await self._description.document())

    async def _api_docs(self, _request: Request) -> Response:
        style_sheet, icon = self._pages.asset("netzraum.css"), self._pages.asset("favicon.svg")
        return HTMLResponse(page_of(await self._description.document(), style_sheet, icon))


class Hall:
    """Leads each request to the app that answers it: the gateway's own, the API's front, or the pages."""

    OWN = ("/health/", "/static/", "/feeds/", "/api/docs", "/api/v1/live", "/api/v1/openapi.json")

    def __init__(self, own: ASGIApp, front: ASGIApp, site: ASGIApp) -> None:
        self._own = own
        self._front = front
        self._site = site

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path = scope["path"]
        if path.startswith(self.OWN):
            await self._own(scope, receive, send)
        elif path.startswith("/api/v1/"):
            await self._front(scope, receive, send)
        else:
            await self._site(scope, receive, send)


class _Static(StaticFiles):
    """Built files: their names change with their content, so browsers keep them."""

    def file_response(self, *args: Any, **kwargs: Any) -> Response:  # Any: as the class above has it
        response = super().file_response(*args, **kwargs)
        response.headers["Cache-Control"] = FOR_EVER
        return response


async def _alive(_request: Request) -> Response:
    return JSONResponse({"status": "ok"})


async def _metrics(_request: Request) -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)


async def _problem(request: Request, error: Exception) -> Response:
    if not isinstance(error, DomainError):
        raise error
    return errors.problem(error, errors.language_of(request))
