"""Pages for what the API refuses: why, in words, and what to do; a lost session loses nothing that was typed."""

from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from netzraum_gateway.api import ApiProblem
from netzraum_gateway.page import Page
from netzraum_platform.errors import DomainError

TEMPLATES = {401: "errors/forbidden", 403: "errors/forbidden", 404: "errors/not_found", 503: "errors/unavailable"}
OTHERWISE = "errors/problem"


class CsrfRefused(DomainError):
    """A form that is not ours, or too old to tell."""

    status, code = 403, "form_refused"
    de = "Dieses Formular ist veraltet oder kam von einer anderen Seite. Bitte laden Sie die Seite neu."
    en = "This form is outdated or came from another site. Please load the page anew."


async def problem_page(page: Page, problem: ApiProblem) -> Response:
    """
    Raises:
        ApiProblem: not even the page about it can be shown.
    """
    if problem.status == 401:
        return await _log_in_first(page)
    template = TEMPLATES.get(problem.status, OTHERWISE)
    status = problem.status if problem.status >= 400 else 500
    response = await _render(page, template, status, problem=problem.document, space=await _space(page, problem))
    if retry := problem.headers.get("Retry-After") or problem.headers.get("retry-after"):
        response.headers["Retry-After"] = retry
    return response


async def _log_in_first(page: Page) -> Response:
    """The log-in; it leads back to the page, and carries on what a form held."""
    if page.request.method != "POST":
        response = page.redirect("/anmelden?" + urlencode({"return_to": page.path}))
    else:
        fields = [(name, value) for name, value in page.sent.multi_items() if isinstance(value, str) and name != "csrf"]
        kept = {"return_to": page.path, "kept": urlencode(fields)}
        response = await _render(page, "account/login", 401, form=page.form(kept), code_wanted=False)
    if page.session is not None:
        page.house.sessions.renew(page.session.id)
    page.house.cookies.drop_session(response)
    return response


async def _render(page: Page, template: str, status: int, **context: Any) -> Response:
    """In the frame where there is one to be had."""
    try:
        return await page.render(template, status, **context)
    except ApiProblem:
        page.session = page.kept_frame = None
        return await page.render(template, status, **context)


async def _space(page: Page, problem: ApiProblem) -> dict[str, Any] | None:
    """The space of a refused page, so that it can say whom to ask; None where the reader may not know it."""
    space = page.request.path_params.get("space")
    if space is None or problem.status != 403 or page.session is None:
        return None
    try:
        found: dict[str, Any] = await page.api.get(f"spaces/{space}")
    except ApiProblem:
        return None
    return found
