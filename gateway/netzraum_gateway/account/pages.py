"""One's own account: profile and mails, password and address, sessions."""

import asyncio
from zoneinfo import available_timezones

from starlette.responses import Response

from netzraum_gateway.api import ApiProblem
from netzraum_gateway.page import Form, Page
from netzraum_gateway.site import get, post

PROFILE = ("name", "function", "language", "timezone", "mail")
SECURITY = "/konto/sicherheit"
TIME_ZONES = sorted(available_timezones())


async def show_profile(page: Page) -> Response:
    return await _profile(page)


async def change_profile(page: Page) -> Response:
    try:
        await page.api.patch("me", {name: page.text(name) for name in PROFILE})
    except ApiProblem as problem:
        return await _profile(page, problem.in_form())
    page.renew_session()
    return page.redirect("/konto", "saved")


async def _profile(page: Page, problem: ApiProblem | None = None) -> Response:
    me = await page.api.get("me")
    status = problem.status if problem else 200
    form = page.form({name: me[name] for name in PROFILE}, problem)
    return await page.render("account/profile", status, form=form, timezones=TIME_ZONES)


async def show_security(page: Page) -> Response:
    return await security_page(page)


async def security_page(page: Page, which: str = "", problem: ApiProblem | None = None) -> Response:
    """``which`` of the three forms has a problem."""
    factors, sessions = await asyncio.gather(page.api.get("me/second-factors"), page.api.get("me/sessions"))
    forms: dict[str, Form] = {name: page.form() for name in ("password_form", "email_form", "factor_form")}
    if problem is not None:
        forms[which] = page.form(problem=problem)
    status = problem.status if problem else 200
    return await page.render("account/security", status, factors=factors, sessions=sessions["items"], **forms)


async def change_password(page: Page) -> Response:
    body = {"current": page.secret("current"), "new": page.secret("new")}
    try:
        await page.api.put("me/password", body)
    except ApiProblem as problem:
        return await security_page(page, "password_form", problem.in_form())
    return page.redirect(SECURITY, "password_changed")


async def change_email(page: Page) -> Response:
    body = {"current": page.secret("current"), "new": page.text("new")}
    try:
        await page.api.put("me/email", body)
    except ApiProblem as problem:
        return await security_page(page, "email_form", problem.in_form())
    return page.redirect(SECURITY, "email_change_sent")


async def end_session(page: Page) -> Response:
    await page.api.delete(f"me/sessions/{page.part('session')}")
    page.house.doors.end(page.part("session"))
    return page.redirect(SECURITY, "session_ended")


ROUTES = [
    get("/konto", show_profile),
    post("/konto", change_profile),
    get(SECURITY, show_security),
    post("/konto/passwort", change_password),
    post("/konto/email", change_email),
    post("/konto/sitzungen/{session:uuid}/beenden", end_session),
]
