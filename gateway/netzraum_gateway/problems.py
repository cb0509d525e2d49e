"""Pages for what the API refuses: why, in words, and what to do; nothing that was typed is lost."""

from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from opentelemetry import trace
from starlette.responses import HTMLResponse, Response

from netzraum_gateway.api import ApiProblem
from netzraum_gateway.cookies import is_local
from netzraum_gateway.page import Page
from netzraum_platform.errors import DomainError, Failed

UNKEPT = frozenset(("csrf", "password", "current", "new", "code"))
OF_A_SPACE = frozenset(("level_too_low",))
"""Reasons whose sentence speaks of a space: said on its pages alone."""
SECOND_FACTOR_NEEDED = "second_factor_needed"


class FormRefused(DomainError):
    """A form that is not ours."""

    status, code = 403, "form_refused"
    de = "Dieses Formular kam von einer anderen Website oder ist unvollständig. Es wurde nichts gespeichert."
    en = "This form came from another site or is incomplete. Nothing was saved."


class FormOutdated(DomainError):
    """A form of ours, made for another session than the one that it came back with."""

    status, code = 403, "form_outdated"
    de, en = "Dieses Formular gilt nicht mehr.", "This form is no longer valid."


async def problem_page(page: Page, problem: ApiProblem) -> Response:
    if problem.status == 401:
        return await _log_in_first(page)
    if page.by_htmx:
        return HTMLResponse(page.markup("_fragments/error", **_said(problem)), problem.status)
    if SECOND_FACTOR_NEEDED in problem.document.get("reasons", []) and page.request.method == "GET":
        return page.redirect("/anmelden/nachweis?" + urlencode({"return_to": page.path}))
    template, context = await _template(page, problem)
    response = await _render(page, template, max(problem.status, 400), **context)
    if retry := _retry_after(problem):
        response.headers["Retry-After"] = retry
    return response


async def _template(page: Page, problem: ApiProblem) -> tuple[str, dict[str, Any]]:
    said = _said(problem)
    match problem.status:
        case 403 if problem.document.get("code") == FormOutdated.code:
            return "errors/outdated", _once_more(page)
        case 403:
            return "errors/forbidden", await _whom_to_ask(page, problem)
        case 404:
            return "errors/not_found", {}
        case 409 | 412:
            return "errors/conflict", {
                **said,
                "fields": _fields(page),
                "back": _where_it_was(page),
            }
        case 429:
            return "errors/too_many", {"seconds": _retry_after(problem) or "1"}
        case 503:
            fields = _fields(page)
            action = page.request.url.path if page.request.method == "POST" else ""
            return "errors/unavailable", {"detail": said["title"], "fields": fields, "action": action}
        case _:
            return "errors/failed", _what_failed(page, problem)


def _once_more(page: Page) -> dict[str, Any]:
    """What an outdated form held, to be sent again; only where the browser vouches that it came from our own page,
    and nothing of a secret ballot: somebody else may be logged in by now."""
    vouched = page.request.headers.get("sec-fetch-site") == "same-origin"
    fields = _fields(page) if vouched and not page.checked("unkept") else []
    came_from = urlsplit(page.request.headers.get("referer", ""))
    back = urlunsplit(("", "", came_from.path, came_from.query, "")) if vouched else ""
    return {"fields": fields, "action": page.request.url.path, "back": back if is_local(back) else "/"}


def _what_failed(page: Page, problem: ApiProblem) -> dict[str, Any]:
    """A mistake of ours comes with the id that the log has it under; one of the reader's, with what is wrong."""
    ours = problem.status >= Failed.status
    wrong = [error["message"] for error in problem.document.get("errors", [])]
    sent = page.request.method == "POST"
    anew = page.request.url.path if page.request.url.query and not sent and not ours else ""
    return {**_said(problem), "wrong": wrong, "sent": sent, "anew": anew, "trace": _trace() if ours else ""}


async def _log_in_first(page: Page) -> Response:
    """The log-in; it leads back to the page, and carries on what a form held."""
    if page.session is not None:
        page.renew_session()
        page.session = page.kept_frame = None
    if page.request.method == "POST" and page.by_htmx:
        response: Response = HTMLResponse(page.markup("_fragments/logged_out"), 401)
    elif page.request.method == "POST":
        response = await page.render("account/login", 401, form=page.form(_carried_on(page)), code_wanted=False)
    else:
        response = page.redirect("/anmelden?" + urlencode({"return_to": page.path}))
    page.house.cookies.drop_session(response)
    return response


def _carried_on(page: Page) -> dict[str, str]:
    """What the log-in page holds of a form. Of a secret ballot nothing: the next to log in here may be somebody else.
    It leads back to where the form was."""
    if page.checked("unkept"):
        return {"return_to": _where_it_was(page), "unkept": "1"}
    return {"return_to": page.path, "kept": urlencode(_fields(page))}


def _where_it_was(page: Page) -> str:
    return page.request.url.path.rpartition("/")[0]


async def _render(page: Page, template: str, status: int, /, **context: Any) -> Response:
    """In the frame where there is one to be had, else without."""
    try:
        return await page.render(template, status, **context)
    except ApiProblem:
        page.session = page.kept_frame = None
        return await page.render(template, status, **context)


async def _whom_to_ask(page: Page, problem: ApiProblem) -> dict[str, Any]:
    """Why, and who may help: the contact of the space, where the reader may know the space."""
    document = problem.document
    space = page.request.path_params.get("space")
    reasons = [reason for reason in document.get("reasons", []) if space is not None or reason not in OF_A_SPACE]
    context = {"reasons": reasons, "ask": "", "space": None, "detail": document.get("title", "")}
    if space is None or page.session is None:
        return context
    try:
        found = await page.api.get(f"spaces/{space}")
    except ApiProblem:
        return context
    return {**context, "ask": found["contact"], "space": found}


def _said(problem: ApiProblem) -> dict[str, str]:
    return {name: str(problem.document.get(name) or "") for name in ("title", "detail")}


def _fields(page: Page) -> list[tuple[str, str]]:
    """What a form held, without what nobody else may read."""
    typed = [(name, value) for name, value in page.sent.multi_items() if isinstance(value, str)]
    return [(name, value) for name, value in typed if name.rpartition(".")[2] not in UNKEPT]


def _retry_after(problem: ApiProblem) -> str | None:
    return problem.headers.get("Retry-After") or problem.headers.get("retry-after")


def _trace() -> str:
    span = trace.get_current_span().get_span_context()
    return format(span.trace_id, "032x") if span.is_valid else ""
