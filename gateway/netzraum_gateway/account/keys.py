"""What opens one's account beside the password: second factors and API tokens."""

from typing import Any

from starlette.responses import Response

from netzraum_gateway.account.pages import SECURITY, security_page
from netzraum_gateway.api import ApiProblem
from netzraum_gateway.days import end
from netzraum_gateway.page import Page
from netzraum_gateway.site import get, post

TOKENS = "/konto/zugriff"
SEVERAL = ("scopes",)
SHOWN = ("secret", "uri", "picture")


async def add_factor(page: Page) -> Response:
    body = {"kind": "totp", "password": page.secret("password"), "code": page.text("code") or None}
    try:
        factor = await page.api.post("me/second-factors", body)
    except ApiProblem as problem:
        return await security_page(page, "factor_form", problem.in_form())
    return await page.render("account/second_factor", factor=factor, form=page.form())


async def confirm_factor(page: Page) -> Response:
    """The recovery codes are shown by the answer itself, for they exist only once."""
    try:
        answer = await page.api.post(f"me/second-factors/{page.part('factor')}/confirm", {"code": page.text("code")})
    except ApiProblem as problem:
        factor = {"id": page.part("factor"), **{name: page.text(name) for name in SHOWN}}
        form = page.form(problem=problem.in_form())
        return await page.render("account/second_factor", problem.status, factor=factor, form=form)
    page.renew_session()
    return await page.render("account/recovery_codes", recovery_codes=answer["recovery_codes"])


async def remove_factor(page: Page) -> Response:
    try:
        await page.api.delete(f"me/second-factors/{page.part('factor')}")
    except ApiProblem as problem:
        return await security_page(page, "factor_form", problem.in_form())
    page.renew_session()
    return page.redirect(SECURITY, "second_factor_off")


async def show_tokens(page: Page) -> Response:
    return await _tokens(page)


async def make_token(page: Page) -> Response:
    """The secret is shown by the answer itself, for it exists only once."""
    frame = await page.frame()
    body = {
        "name": page.text("name"),
        "scopes": page.texts("scopes"),
        "expires_at": end(page.text("expires_at"), frame.timezone),
    }
    try:
        token = await page.api.post("me/tokens", body)
    except ApiProblem as problem:
        return await _tokens(page, problem=problem.in_form())
    return await _tokens(page, secret=token["secret"])


async def _tokens(page: Page, *, secret: str | None = None, problem: ApiProblem | None = None) -> Response:
    tokens: dict[str, Any] = await page.api.get("me/tokens")
    status = problem.status if problem else 200
    form = page.form({"scopes": ["read"]}, problem, SEVERAL)
    return await page.render("account/tokens", status, tokens=tokens["items"], secret=secret, form=form)


async def delete_token(page: Page) -> Response:
    await page.api.delete(f"me/tokens/{page.part('token')}")
    page.house.doors.end(page.part("token"))
    return page.redirect(TOKENS, "token_deleted")


_FACTOR = "/konto/zweiter-faktor/{factor:uuid}"
ROUTES = [
    post("/konto/zweiter-faktor", add_factor),
    post(_FACTOR + "/bestaetigen", confirm_factor),
    post(_FACTOR + "/entfernen", remove_factor),
    get(TOKENS, show_tokens),
    post(TOKENS, make_token),
    post(TOKENS + "/{token:uuid}/loeschen", delete_token),
]
