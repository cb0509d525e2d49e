"""Events out of a calendar file: first what would happen, then doing it."""

from typing import Any

from starlette.datastructures import UploadFile
from starlette.responses import Response

from netzraum_gateway.api import ApiProblem
from netzraum_gateway.calendar.tool import EVENTS
from netzraum_gateway.imports import LARGEST_FORM, Importing, check_size, previewed
from netzraum_gateway.page import Page
from netzraum_gateway.site import get, post
from netzraum_platform.limits import LARGEST_IMPORT, MOST_IMPORTED

ICALENDAR = "text/calendar"
IMPORTING = Importing(EVENTS, lambda page: f"{EVENTS.api(page)}/import")


async def show_import(page: Page) -> Response:
    return await _form(page, "", None)


async def take_over(page: Page) -> Response:
    """The page that shows what would happen carries the file's content, so that nobody has to choose it twice."""
    content = page.text("content") or await _content(page)
    try:
        check_size(content.encode(), page.language)
        if page.checked("confirmed"):
            return await IMPORTING.send(page, "calendar.ics", content.encode(), ICALENDAR)
        found = await IMPORTING.preview(page, "calendar.ics", content.encode(), ICALENDAR)
    except ApiProblem as problem:
        return await _form(page, "", None, problem.in_form())
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
        **previewed(found),
        latest=[] if found else await IMPORTING.latest(page),
        largest=LARGEST_IMPORT,
        most=MOST_IMPORTED,
    )


ROUTES = [
    get(IMPORTING.path, show_import),
    post(IMPORTING.path, take_over, body=LARGEST_FORM),
    *IMPORTING.routes,
]
