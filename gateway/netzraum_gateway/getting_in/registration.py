"""Ways in by mail: register an institution, accept an invitation, set a new password."""

from typing import Any

from starlette.responses import Response

from netzraum_gateway.api import ApiProblem
from netzraum_gateway.getting_in.pages import enter
from netzraum_gateway.page import Page
from netzraum_gateway.site import get, post

ACCEPTED = "already_accepted"


async def show_register(page: Page) -> Response:
    return await page.render("account/register", form=page.form())


async def register(page: Page) -> Response:
    """What is empty is not sent, so that the answer says of each field alike that it is missing."""
    registrant = {name: page.text(f"registrant.{name}") for name in ("name", "email")}
    registrant["password"] = page.secret("registrant.password")
    body: dict[str, Any] = _given({name: page.text(name) for name in ("name", "town", "kind")})
    body["registrant"] = _given(registrant)
    try:
        await page.api.post("institutions", body)
    except ApiProblem as problem:
        form = page.form(problem=problem.in_form())
        return await page.render("account/register", problem.status, form=form)
    return await _done(page, "registered", page.text("name"))


def _given(typed: dict[str, str]) -> dict[str, str]:
    return {name: value for name, value in typed.items() if value}


async def show_confirmation(page: Page) -> Response:
    action = f"/registrieren/bestaetigen/{page.part('token')}"
    return await page.render("account/confirm", message="confirm_institution", action=action)


async def confirm(page: Page) -> Response:
    try:
        institution = await page.api.post(f"institutions/confirm/{page.part('token')}")
    except ApiProblem as problem:
        return await _gone(page, problem, "registration_gone")
    return await _done(page, "institution_confirmed", institution["name"])


async def show_invitation(page: Page) -> Response:
    return await _invitation(page)


async def accept(page: Page) -> Response:
    """Accepting an invitation sets the password, and who has just proved to hold the address is let in with it."""
    body = {"name": page.text("name"), "password": page.secret("password")}
    try:
        accepted = await page.api.post(f"invitations/{page.part('token')}/accept", body)
    except ApiProblem as problem:
        return await _invitation(page, problem)
    return await enter(page, accepted["email"], body["password"], greeting="invitation_accepted")


async def _invitation(page: Page, problem: ApiProblem | None = None) -> Response:
    try:
        invitation = await page.api.get(f"invitations/{page.part('token')}")
    except ApiProblem as gone:
        if gone.document.get("code") == ACCEPTED:
            return await _done(page, "invitation_accepted_before", status=gone.status)
        return await _gone(page, gone, "invitation_gone")
    form = page.form({"name": invitation["name"]}, problem)
    status = problem.status if problem else 200
    return await page.render("account/invitation", status, invitation=invitation, token=page.part("token"), form=form)


async def show_reset_request(page: Page) -> Response:
    return await page.render("account/password_request", form=page.form())


async def ask_reset(page: Page) -> Response:
    try:
        await page.api.post("password-reset", {"email": page.text("email")})
    except ApiProblem as problem:
        form = page.form(problem=problem.in_form())
        return await page.render("account/password_request", problem.status, form=form)
    return await _done(page, "reset_sent")


async def show_reset(page: Page) -> Response:
    return await page.render("account/password_set", token=page.part("token"), form=page.form())


async def reset(page: Page) -> Response:
    token = page.part("token")
    try:
        await page.api.post(f"password-reset/{token}", {"password": page.secret("password")})
    except ApiProblem as problem:
        if problem.status == 404:
            return await _gone(page, problem, "password_link_gone")
        form = page.form(problem=problem.in_form())
        return await page.render("account/password_set", problem.status, token=token, form=form)
    return await _done(page, "password_set")


async def show_email_confirmation(page: Page) -> Response:
    action = f"/konto/email/{page.part('token')}"
    return await page.render("account/confirm", message="confirm_email", action=action)


async def confirm_email(page: Page) -> Response:
    try:
        await page.api.post(f"me/email/{page.part('token')}")
    except ApiProblem as problem:
        return await _gone(page, problem, "email_link_gone")
    page.renew_session()
    return page.redirect("/konto/sicherheit", "email_changed")


async def _gone(page: Page, problem: ApiProblem, message: str) -> Response:
    """A link that was used, has expired, or never was one of ours; ``message`` says what to do then.

    Raises:
        ApiProblem: it is something else.
    """
    if problem.status != 404:
        raise problem
    return await _done(page, message, status=404)


async def _done(page: Page, message: str, name: str = "", status: int = 200) -> Response:
    context: dict[str, Any] = {"message": message, "name": name}
    return await page.render("account/message", status, **context)


ROUTES = [
    get("/registrieren", show_register, open=True),
    post("/registrieren", register, open=True),
    get("/registrieren/bestaetigen/{token}", show_confirmation, open=True),
    post("/registrieren/bestaetigen/{token}", confirm, open=True),
    get("/einladung/{token}", show_invitation, open=True),
    post("/einladung/{token}", accept, open=True),
    get("/passwort", show_reset_request, open=True),
    post("/passwort", ask_reset, open=True),
    get("/passwort/{token}", show_reset, open=True),
    post("/passwort/{token}", reset, open=True),
    get("/konto/email/{token}", show_email_confirmation, open=True),
    post("/konto/email/{token}", confirm_email, open=True),
]
