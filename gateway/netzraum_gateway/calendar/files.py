"""Events out of a calendar file: first what would happen, then doing it."""

from typing import Any

from starlette.datastructures import UploadFile
from starlette.responses import Response

from netzraum_gateway.api import ApiProblem
from netzraum_gateway.calendar.tool import EVENTS
from netzraum_gateway.imports import LARGEST_FORM, check_size
from netzraum_gateway.page import Page
from netzraum_gateway.site import get, post
from netzraum_platform.limits import LARGEST_IMPORT

IMPORT = EVENTS.path + "/einfuhr"


async def show_import(page: Page) -> Response:
    return await _form(page, "", None)


async def take_over(page: Page) -> Response:
    """The page that shows what would happen carries the file's content, so that nobody has to choose it twice."""
    content = page.text("content") or await _content(page)
    doing = page.checked("confirmed")
    path = f"{EVENTS.api(page)}/import" + ("" if doing else "?dry_run=true")
    try:
        check_size(content.encode(), page.language)
        found = await page.api.upload(path, "calendar.ics", content.encode(), "text/calendar")
    except ApiProblem as problem:
        return await _form(page, "", None, problem.in_form())
    if doing:
        return page.redirect(EVENTS.home(page), "events_imported")
    return await _form(page, content, found)


async def _content(page: Page) -> str:
    """As UTF-8, which the format asks for, or as older programs write it."""
    file = page.sent.get("file")
    content = await file.read() if isinstance(file, UploadFile) else b""
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("latin-1")


async def _form(page: Page, content: str, found: Any, problem: ApiProblem | None = None) -> Response:
    return await page.render(
        "calendar/import",
        problem.status if problem else 200,
        space=await page.space(),
        tool=EVENTS.name,
        form={**page.form({}, problem), "values": {"content": content}},
        rows=found["rows"] if found else None,
        summary=found["summary"] if found else {},
        largest=LARGEST_IMPORT,
    )


ROUTES = [get(IMPORT, show_import), post(IMPORT, take_over, body=LARGEST_FORM)]
