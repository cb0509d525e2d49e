"""Events out of a calendar file: first what would happen, then doing it."""

from typing import Any

import httpx
from starlette.datastructures import UploadFile
from starlette.responses import Response

from netzraum_gateway.api import ApiProblem, document_of
from netzraum_gateway.calendar.tool import EVENTS
from netzraum_gateway.page import Page
from netzraum_gateway.site import get, post
from netzraum_platform.errors import DomainError

IMPORT = EVENTS.path + "/einfuhr"


async def show_import(page: Page) -> Response:
    return await _form(page, "", None)


async def take_over(page: Page) -> Response:
    """The page that shows what would happen carries the file's content, so that nobody has to choose it twice."""
    content = page.text("content") or await _content(page)
    doing = page.checked("import")
    try:
        found = await _send(page, content, dry_run=not doing)
    except ApiProblem as problem:
        return await _form(page, content, None, problem=problem.in_form())
    return await _form(page, content, found, done=doing)


async def _content(page: Page) -> str:
    file = page.sent.get("file")
    if not isinstance(file, UploadFile):
        return ""
    content = await file.read()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


async def _send(page: Page, content: str, *, dry_run: bool) -> Any:
    """
    Raises:
        ApiProblem: the API refuses the file, or does not answer.
    """
    files = {"file": ("calendar.ics", content.encode(), "text/calendar")}
    request = httpx.Request("POST", "http://netzraum", files=files)
    path = f"{EVENTS.api(page)}/import" + ("?dry_run=true" if dry_run else "")
    headers = {"content-type": request.headers["content-type"]}
    try:
        reply = await page.api.exchange("POST", path, request.read(), headers)
    except DomainError as error:
        raise ApiProblem.of(error, page.language) from error
    if reply.status >= 300:
        raise ApiProblem(reply.status, document_of(reply), reply.headers)
    return reply.json()


async def _form(
    page: Page, content: str, found: Any, *, done: bool = False, problem: ApiProblem | None = None
) -> Response:
    form = {**page.form({"content": content}, problem), "values": {"content": content}}
    return await page.render(
        "calendar/import",
        problem.status if problem else 200,
        space=await page.space(),
        tool=EVENTS.name,
        form=form,
        rows=found["rows"] if found else None,
        summary=found["summary"] if found else {},
        done=done,
    )


ROUTES = [get(IMPORT, show_import), post(IMPORT, take_over)]
