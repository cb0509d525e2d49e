"""Logging in and out: password, second factor, and what was typed before the session was lost."""

from typing import Any
from urllib.parse import parse_qsl

from starlette.responses import Response

from netzraum_gateway.api import ApiProblem
from netzraum_gateway.cookies import is_local
from netzraum_gateway.page import Form, Page
from netzraum_gateway.sessions import Refused, Session
from netzraum_gateway.site import get, post
from netzraum_platform.errors import Unauthenticated

CODE_WANTED = "second_factor_required"
CARRIED = ("return_to", "kept")


async def show_log_in(page: Page) -> Response:
    if page.session is not None:
        return page.redirect(_return_to(page.query("return_to")))
    form = page.form({"return_to": page.query("return_to")})
    response = await page.render("account/login", form=form, code_wanted=False)
    page.house.cookies.drop_attempt(response)
    return response


async def log_in(page: Page) -> Response:
    return await enter(page, page.text("email"), page.secret("password"))


async def send_code(page: Page) -> Response:
    attempt = page.house.cookies.attempt(page.request)
    if attempt is None:
        return await page.render("account/login", 401, form=page.form(page.typed()), code_wanted=False)
    return await enter(page, attempt["email"], attempt["password"], page.text("code"))


async def enter(
    page: Page, email: str, password: str, code: str | None = None, *, greeting: str | None = None
) -> Response:
    """Log in; ``greeting`` is what the first page says then (a key of the messages)."""
    caller = page.api.caller
    try:
        secret, session = await page.house.sessions.log_in(
            email=email,
            password=password,
            code=code,
            address=caller.address,
            client=caller.agent[:200],
            language=page.language,
        )
    except Refused as refused:
        return await _refused(page, refused, email, password, code)
    response = await _come_in(page, secret, session, greeting)
    page.house.cookies.keep_session(response, secret)
    page.house.cookies.drop_attempt(response)
    return response


async def _come_in(page: Page, secret: str, session: Session, greeting: str | None) -> Response:
    """To where somebody wanted to go; or, with a form that came without a session, to sending it once more."""
    kept = page.text("kept")
    if not kept:
        return page.redirect(_return_to(page.text("return_to")), greeting)
    page.browser = secret
    page.enter(session)
    fields = parse_qsl(kept, keep_blank_values=True)
    return await page.render("account/resend", action=_return_to(page.text("return_to")), fields=fields)


async def _refused(page: Page, refused: Refused, email: str, password: str, code: str | None) -> Response:
    code_wanted = refused.problem.get("code") == CODE_WANTED
    if code is None and code_wanted:
        response = await page.render("account/login", form=page.form(_carried(page)), code_wanted=True)
        page.house.cookies.keep_attempt(response, email=email, password=password)
        return response
    problem = ApiProblem(refused.status, refused.problem, refused.headers)
    form = page.form(problem=problem)
    return await page.render("account/login", refused.status, form=form, code_wanted=code is not None)


def _carried(page: Page) -> Form:
    return {name: page.text(name) for name in CARRIED}


def _return_to(path: str) -> str:
    return path if is_local(path) and not path.startswith("/anmelden") else "/"


async def log_out(page: Page) -> Response:
    response = page.redirect("/anmelden", "logged_out")
    if page.session is not None:
        await page.api.send("DELETE", "session")
        page.house.doors.end(page.session.id)
    page.house.cookies.drop_session(response)
    return response


async def show_step_up(page: Page) -> Response:
    return await page.render("account/step_up", form=page.form({"return_to": page.query("return_to")}))


async def step_up(page: Page) -> Response:
    """Prove the second factor now, for a page that needs it."""
    try:
        await page.api.post("session/step-up", {"code": page.text("code")})
    except ApiProblem as problem:
        if problem.status == Unauthenticated.status:
            raise
        return await page.render("account/step_up", problem.status, form=page.form(problem=problem))
    page.renew_session()
    return page.redirect(_return_to(page.text("return_to")))


async def change_display(page: Page) -> Response:
    """Theme, size and language; what is not sent stays."""
    sent: dict[str, Any] = page.typed()
    response = page.redirect(_return_to(page.text("return_to")))
    display = page.display.changed(sent)
    page.house.cookies.keep_display(response, display)
    if page.session is not None and display.language and "language" in sent:
        await page.api.patch("me", {"language": display.language})
        page.renew_session()
    return response


ROUTES = [
    get("/anmelden", show_log_in, open=True),
    post("/anmelden", log_in, open=True),
    post("/anmelden/code", send_code, open=True),
    get("/anmelden/nachweis", show_step_up),
    post("/anmelden/nachweis", step_up),
    post("/abmelden", log_out, open=True),
    post("/darstellung", change_display, open=True),
]
