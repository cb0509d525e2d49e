"""The wiki as a file: given out, and taken in once it was seen what the file holds."""

from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from typing import Any

from starlette.datastructures import UploadFile
from starlette.responses import Response

from netzraum_gateway.api import ApiProblem
from netzraum_gateway.imports import LARGEST_FORM, Importing, check_size, previewed
from netzraum_gateway.page import Page
from netzraum_gateway.site import get, post
from netzraum_gateway.wiki.tool import WIKI, of_wiki
from netzraum_platform.limits import LARGEST_IMPORT

ZIP = "application/zip"
IMPORTING = Importing(WIKI, lambda page: f"{of_wiki(page)}/import")
GIVEN_ON = ("content-type", "content-disposition")


async def export_wiki(page: Page) -> Response:
    return await _given_out(page, f"{of_wiki(page)}/export")


async def export_page(page: Page) -> Response:
    return await _given_out(page, f"{WIKI.item_api(page)}/export")


async def _given_out(page: Page, path: str) -> Response:
    reply = await page.api.download(path)
    return Response(reply.body, headers={name: reply.headers[name] for name in GIVEN_ON})


async def show_import(page: Page) -> Response:
    return await _import_page(page)


async def import_file(page: Page) -> Response:
    """First what would come of the file, which the answer carries along; then, confirmed, doing it."""
    name, content = await _sent(page)
    try:
        check_size(content, page.language)
        if page.checked("confirmed"):
            return await IMPORTING.send(page, name, content, ZIP)
        found = await IMPORTING.preview(page, name, content, ZIP)
    except ApiProblem as problem:
        return await _import_page(page, problem=problem.in_form())
    return await _import_page(page, found=found, content=content, name=name)


async def _sent(page: Page) -> tuple[str, bytes]:
    """The file's name and what is in it; empty where nothing readable was sent."""
    file = page.sent.get("file")
    if isinstance(file, UploadFile):
        return file.filename or "wiki.zip", await file.read()
    try:
        return page.text("name") or "wiki.zip", b64decode(page.text("content"), validate=True)
    except NotBase64:
        return "", b""


async def _import_page(
    page: Page, *, problem: ApiProblem | None = None, found: Any = None, content: bytes = b"", name: str = ""
) -> Response:
    return await page.render(
        "wiki/import",
        problem.status if problem else 200,
        space=await page.space(),
        tool=WIKI.name,
        form=page.form({}, problem),
        **previewed(found),
        latest=[] if found else await IMPORTING.latest(page),
        content=b64encode(content).decode() if found else None,
        name=name,
        largest=LARGEST_IMPORT,
    )


FILE_ROUTES = [
    get(WIKI.path + "/ausfuhr", export_wiki),
    get(IMPORTING.path, show_import),
    post(IMPORTING.path, import_file, body=LARGEST_FORM),
    *IMPORTING.routes,
    get(WIKI.item_path + "/ausfuhr", export_page),
]
