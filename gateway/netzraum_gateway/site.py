"""The pages as an ASGI app: opens each request, checks that it is ours, and makes a page of what the API refuses."""

import secrets
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.applications import Starlette
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from netzraum_gateway.api import Api, ApiProblem
from netzraum_gateway.backend import Backend, Caller
from netzraum_gateway.limits import Body
from netzraum_gateway.merged import Merged
from netzraum_gateway.page import Handler, House, Page
from netzraum_gateway.problems import FormOutdated, FormRefused, problem_page
from netzraum_platform.errors import DomainError, Failed, NotFound, Unauthenticated

MOST_FIELDS = 1000


@dataclass(frozen=True)
class PageRoute:
    """``open``: also for who is not logged in. ``body``: how many bytes may be sent, where not as many as usual."""

    method: str
    path: str
    handler: Handler
    open: bool
    body: int | None = None


def get(path: str, handler: Handler, *, open: bool = False) -> PageRoute:  # noqa: A002  # the word for a door
    return PageRoute("GET", path, handler, open)


def post(
    path: str,
    handler: Handler,
    *,
    open: bool = False,  # noqa: A002  # the word for a door
    body: int | None = None,
) -> PageRoute:
    return PageRoute("POST", path, handler, open, body)


class Site:
    """All pages."""

    def __init__(self, house: House, backend: Backend, merged: Merged, routes: Sequence[PageRoute]) -> None:
        self._house = house
        self._backend = backend
        self._merged = merged
        self._app = Starlette(
            routes=[Route(each.path, self._endpoint(each), methods=[each.method]) for each in routes],
            exception_handlers={HTTPException: self._no_such_page, Exception: self._failed},
        )
        self._app.router.redirect_slashes = True

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self._app(scope, receive, send)

    def _endpoint(self, route: PageRoute) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            request.scope["route"] = route
            page = self._page(request)
            try:
                return self._finish(page, await self._answer(page, route))
            except ApiProblem as problem:
                return self._finish(page, await problem_page(page, problem))
            except DomainError as error:
                return self._finish(page, await problem_page(page, ApiProblem.of(error, page.language)))

        return endpoint

    async def _answer(self, page: Page, route: PageRoute) -> Response:
        if route.method == "POST":
            page.sent = await self._taken(page, route)
        await self._enter(page)
        self._house.doors.count(page.session.id if page.session else None, page.api.caller.address)
        if route.method == "POST":
            self._check_form(page, route)
        if page.session is None and not route.open:
            raise Unauthenticated
        try:
            return await route.handler(page)
        finally:
            if route.method == "POST" and page.session is not None:
                self._house.frames.forget(page.session.id)

    async def _taken(self, page: Page, route: PageRoute) -> FormData:
        """What was sent, before it is asked who it is: so it is kept where that cannot be told.

        Raises:
            TooLarge, TooSlow: and the page that says so stands in the frame of who is logged in.
        """
        try:
            return await self._form(page.request, route.body)
        except DomainError:
            with suppress(DomainError):
                await self._enter(page)
            raise

    def _check_form(self, page: Page, route: PageRoute) -> None:
        """A form has to be of our own making. One that came without a session does nothing but lead to the log-in.

        Raises:
            FormRefused: another site sent it.
            FormOutdated: it was made for another session; its sender has logged in or out meanwhile.
        """
        acts = page.session is not None or route.open
        if _is_foreign(page.request):
            raise FormRefused
        if acts and not page.csrf_holds:
            raise FormOutdated

    def _page(self, request: Request) -> Page:
        """The request of somebody who is not logged in, as far as one knows."""
        cookies = self._house.cookies
        language = cookies.language(request)
        address = request.client.host if request.client else ""
        caller = Caller(None, language, address, request.headers.get("user-agent", ""))
        browser = cookies.session(request) or cookies.guest(request) or secrets.token_urlsafe(16)
        api = Api(self._backend, self._merged, caller)
        return Page(request, self._house, api, None, browser, cookies.display(request), language)

    async def _enter(self, page: Page) -> None:
        """Find out who it is, by the cookie; an ended session is as good as none.

        Raises:
            Unavailable: identity does not answer.
        """
        secret = self._house.cookies.session(page.request)
        if not secret:
            return
        try:
            page.enter(await self._house.sessions.exchange(secret, "web"))
        except Unauthenticated:
            return

    async def _form(self, request: Request, most: int | None) -> FormData:
        """
        Raises:
            TooLarge, TooSlow
        """
        limits = self._house.settings.limits
        most = most or limits.body
        body = Body(request.receive, limit=most, silence_s=limits.silence_s, whole_s=limits.body_s)
        length = request.headers.get("content-length")
        body.announce(length.encode() if length else None)
        try:
            return await Request(request.scope, body.receive).form(max_fields=MOST_FIELDS, max_part_size=most)
        except (MultiPartException, HTTPException) as error:
            raise body.failure or FormRefused() from error

    def _finish(self, page: Page, response: Response) -> Response:
        """What every page carries: nothing of it is kept by caches, and a guest's forms have a cookie to hold on to."""
        response.headers.setdefault("Cache-Control", "no-store")
        cookies = self._house.cookies
        if page.session is None and not (cookies.guest(page.request) or cookies.session(page.request)):
            cookies.keep_guest(response, page.browser)
        return response

    async def _no_such_page(self, request: Request, error: Exception) -> Response:
        return await self._say(request, NotFound())

    async def _failed(self, request: Request, _error: Exception) -> Response:
        """A mistake of ours, which the log keeps."""
        return await self._say(request, Failed())

    async def _say(self, request: Request, error: DomainError) -> Response:
        page = self._page(request)
        with suppress(DomainError):  # then without a frame
            await self._enter(page)
        return self._finish(page, await problem_page(page, ApiProblem.of(error, page.language)))


def _is_foreign(request: Request) -> bool:
    """Whether another site sent the form, as the browser says (Fetch Metadata, or the Origin header)."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site not in ("same-origin", "none")
    origin = request.headers.get("origin")
    return origin is not None and urlsplit(origin).netloc != request.headers.get("host")
