"""Pages for what the API refuses: why, in words, and what to do; nothing that was typed is lost."""

from typing import Any
from urllib.parse import urlencode

from opentelemetry import trace
from starlette.responses import HTMLResponse, Response

from netzraum_gateway.api import ApiProblem
from netzraum_gateway.page import Page
from netzraum_platform.errors import DomainError

UNKEPT = frozenset(("csrf", "password", "current", "new", "code"))
SECOND_FACTOR_NEEDED = "second_factor_needed"


class FormRefused(DomainError):
    """A form that is not ours, or too old to tell."""

    status, code = 403, "form_refused"
    de = "Dieses Formular ist veraltet oder kam von einer anderen Seite. Bitte laden Sie die Seite neu."
    en = "This form is outdated or came from another site. Please load the page anew."


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
            return "errors/failed", {**said, "trace": _trace()}


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
    context = {"reasons": document.get("reasons", []), "ask": "", "space": None, "detail": document.get("title", "")}
    space = page.request.path_params.get("space")
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
