"""One request for a page: who asks, what was sent, how it is answered."""

import hashlib
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from netzraum_gateway.api import Api, ApiProblem
from netzraum_gateway.cookies import Cookies, Display, is_local
from netzraum_gateway.doors import Doors
from netzraum_gateway.formats import HOME_ZONE
from netzraum_gateway.frames import Frame, Frames
from netzraum_gateway.sessions import Session, Sessions, csrf_of, same
from netzraum_gateway.settings import GatewaySettings
from netzraum_gateway.templating import Pages
from netzraum_platform.mail import Mail

Form = Mapping[str, Any]
"""``values``, ``errors`` and ``problem``, as the templates take them."""


@dataclass(frozen=True)
class House:
    """What all pages share."""

    settings: GatewaySettings
    pages: Pages
    cookies: Cookies
    doors: Doors
    sessions: Sessions
    frames: Frames
    mail: Mail | None


@dataclass
class Page:
    """A request for a page. ``browser`` is the secret that CSRF tokens of this browser are made of."""

    request: Request
    house: House
    api: Api
    session: Session | None
    browser: str
    display: Display
    language: str
    sent: FormData = field(default_factory=FormData)
    kept_frame: Frame | None = None

    @property
    def path(self) -> str:
        """Of this page, with its query."""
        url = self.request.url
        return f"{url.path}?{url.query}" if url.query else url.path

    @property
    def by_htmx(self) -> bool:
        return self.request.headers.get("hx-request") == "true"

    def part(self, name: str) -> str:
        """A part of the path."""
        return str(self.request.path_params[name])

    def query(self, name: str, default: str = "") -> str:
        return self.request.query_params.get(name, default).strip()

    def text(self, name: str) -> str:
        """What was typed into a field, with the line ends that the API takes; "" where it was not sent."""
        value = self.sent.get(name, "")
        return value.replace("\r\n", "\n").strip() if isinstance(value, str) else ""

    def secret(self, name: str) -> str:
        """A password exactly as it was typed."""
        value = self.sent.get(name, "")
        return value if isinstance(value, str) else ""

    def texts(self, name: str) -> list[str]:
        """All values of a field that may come several times."""
        return [value for value in self.sent.getlist(name) if isinstance(value, str) and value]

    def checked(self, name: str) -> bool:
        return self.text(name) == "1"

    def typed(self, several: Sequence[str] = ()) -> dict[str, Any]:
        """All fields as they were typed; those of ``several`` as lists."""
        single = {name: value for name, value in self.sent.items() if isinstance(value, str) and name != "csrf"}
        return {**single, **{name: self.texts(name) for name in several}}

    def form(self, values: Form | None = None, problem: ApiProblem | None = None, several: Sequence[str] = ()) -> Form:
        """For a template: what there is, or what was typed with what is wrong about it."""
        if problem is None:
            return {"values": values or {}, "errors": [], "problem": None}
        errors = list(problem.document.get("errors", []))
        refused = {name: problem.document.get(name, "") for name in ("title", "detail")}
        refused["reasons"] = problem.document.get("reasons", [])
        return {"values": self.typed(several), "errors": errors, "problem": None if errors else refused}

    @property
    def once(self) -> str:
        """The Idempotency-Key of a form: the same for a double click, another for other words or another form."""
        fields = urlencode(sorted((name, value) for name, value in self.sent.items() if isinstance(value, str)))
        return hashlib.sha256(f"{self.request.url.path}\n{fields}".encode()).hexdigest()

    @property
    def csrf(self) -> str:
        """Each rendering has its own token, so that the same form filled in anew is another one."""
        return f"{csrf_of(self.browser)}.{secrets.token_urlsafe(9)}"

    @property
    def csrf_holds(self) -> bool:
        return same(self.text("csrf").partition(".")[0], csrf_of(self.browser))

    async def frame(self, *, since_last_visit: bool = False) -> Frame:
        """Who is logged in, with spaces and what is unread; empty for who is not."""
        if self.kept_frame is None:
            self.kept_frame = await self.house.frames.of(self.session, self.api, since_last_visit=since_last_visit)
        return self.kept_frame

    async def space(self) -> Any:
        """The space of this page."""
        return await self.house.frames.space(self.session, self.api, self.part("space"))

    def one_read(self, tool: str) -> None:
        """This page shows an item of the tool that was unread until now."""
        if self.session is not None and self.kept_frame is not None:
            space = self.part("space")
            self.kept_frame = replace(self.kept_frame, overview=self.kept_frame.overview.with_one_read(space, tool))
            self.house.frames.one_read(self.session, space, tool)

    async def render(self, template: str, status: int = 200, /, **context: Any) -> Response:
        """A whole page in its frame."""
        frame = await self.frame()
        flash = self.house.cookies.flash(self.request) if status < 400 else None
        around = {**frame.context(), "path": self.path, "flash": flash}
        response = HTMLResponse(self.markup(template, timezone=frame.timezone, **{**around, **context}), status)
        if flash is not None:
            self.house.cookies.drop_flash(response)
        return response

    def markup(self, template: str, /, *, timezone: str | None = None, **context: Any) -> str:
        return self.house.pages.render(
            template,
            self.language,
            self.display.theme,
            timezone=timezone or HOME_ZONE,
            csrf=self.csrf,
            large=self.display.large,
            **context,
        )

    def redirect(self, path: str, code: str | None = None, *, undo: str | None = None) -> Response:
        """To another page (303), which says what has just been done (``code``); ``undo`` is the path that undoes it."""
        response = RedirectResponse(path if is_local(path) else "/", 303)
        if code is not None:
            self.house.cookies.keep_flash(response, code, undo)
        return response

    def enter(self, session: Session) -> None:
        """From now on it is somebody who is logged in."""
        self.session, self.language, self.kept_frame = session, session.language, None
        self.api.caller = replace(self.api.caller, token=session.token, language=session.language)

    def renew_session(self) -> None:
        """Account or session changed: what is kept of them is worth nothing."""
        if self.session is not None:
            self.house.sessions.renew(self.session.id)
            self.house.frames.forget(self.session.id)


Handler = Callable[[Page], Awaitable[Response]]
