"""The wiki as a file: given out, and taken in once it was seen what the file holds."""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from typing import Any

import httpx
import orjson
from starlette.datastructures import UploadFile
from starlette.responses import Response

from netzraum_gateway.api import ApiProblem
from netzraum_gateway.page import Page
from netzraum_gateway.site import get, post
from netzraum_gateway.wiki.tool import WIKI, of_wiki
from netzraum_platform.errors import Unprocessable

ZIP = "application/zip"
LARGEST_FILE = 5_000_000
"""Bytes. The API takes more; here the file travels to the browser and back, until somebody has looked at it."""
LARGEST_FORM = LARGEST_FILE * 3 // 2
"""Bytes: in base64 a file is a third larger."""
GIVEN_ON = ("content-type", "content-disposition")


class FileMissing(Unprocessable):
    """Nothing was chosen."""

    de = "Wählen Sie eine Datei."
    en = "Choose a file."


class FileTooLarge(Unprocessable):
    de = "Die Datei ist zu groß."
    en = "The file is too large."


async def export_wiki(page: Page) -> Response:
    return await _given_out(page, f"{of_wiki(page)}/export")


async def export_page(page: Page) -> Response:
    return await _given_out(page, f"{WIKI.item_api(page)}/export")


async def _given_out(page: Page, path: str) -> Response:
    reply = await page.api.exchange("GET", path, None, {})
    if reply.status != 200:
        raise ApiProblem(reply.status, orjson.loads(reply.body), reply.headers)
    return Response(reply.body, headers={name: reply.headers[name] for name in GIVEN_ON})


async def show_import(page: Page) -> Response:
    return await _import_page(page)


async def import_file(page: Page) -> Response:
    """First what would come of the file, which the answer carries along; then, confirmed, doing it."""
    name, content = await _sent(page)
    try:
        if not 0 < len(content) <= LARGEST_FILE:
            raise _about_file(FileTooLarge if content else FileMissing, page.language)
        rows = await _taken_in(page, name, content, dry_run=not page.checked("confirmed"))
    except ApiProblem as problem:
        return await _import_page(page, problem=problem.in_form())
    if page.checked("confirmed"):
        return page.redirect(WIKI.home(page), "wiki_imported")
    return await _import_page(page, found=rows, content=content, name=name)


def _about_file(error: type[Unprocessable], language: str) -> ApiProblem:
    """An error that is said beside the field."""
    fault = {"field": "file", "code": error.code, "message": error([]).text(language)}
    return ApiProblem.of(error([fault]), language)


async def _sent(page: Page) -> tuple[str, bytes]:
    """The file's name and what is in it; empty where nothing readable was sent."""
    file = page.sent.get("file")
    if isinstance(file, UploadFile):
        return file.filename or "wiki.zip", await file.read()
    try:
        return page.text("name") or "wiki.zip", b64decode(page.text("content"), validate=True)
    except NotBase64:
        return "", b""


async def _taken_in(page: Page, name: str, content: bytes, *, dry_run: bool) -> Any:
    """
    Raises:
        ApiProblem: the file is refused as a whole.
    """
    form = httpx.Request("POST", "http://gateway.internal", files={"file": (name, content, ZIP)})
    path = f"{of_wiki(page)}/import?dry_run={str(dry_run).lower()}"
    reply = await page.api.exchange("POST", path, form.read(), {"content-type": form.headers["content-type"]})
    if reply.status != 200:
        raise ApiProblem(reply.status, orjson.loads(reply.body), reply.headers)
    return reply.json()


async def _import_page(
    page: Page, *, problem: ApiProblem | None = None, found: Any = None, content: bytes = b"", name: str = ""
) -> Response:
    return await page.render(
        "wiki/import",
        problem.status if problem else 200,
        space=await page.space(),
        tool=WIKI.name,
        form=page.form({}, problem),
        rows=found["rows"] if found else None,
        summary=found["summary"] if found else {},
        content=b64encode(content).decode() if found else None,
        name=name,
        largest=LARGEST_FILE,
    )


FILE_ROUTES = [
    get(WIKI.path + "/ausfuhr", export_wiki),
    get(WIKI.path + "/einfuhr", show_import),
    post(WIKI.path + "/einfuhr", import_file, body=LARGEST_FORM),
    get(WIKI.item_path + "/ausfuhr", export_page),
]
