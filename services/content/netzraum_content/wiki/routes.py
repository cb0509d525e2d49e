"""The wiki over HTTP."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Response, UploadFile
from fastapi.responses import StreamingResponse
from pydantic import Field

from netzraum_content.wiki import editing, exporting, history, importing, reading, service, templates, views
from netzraum_content.wiki.models import WikiPage
from netzraum_content.wiki.on_page import Name, Slug, ThisPage, on_page
from netzraum_content.wiki.schemas import (
    DiffView,
    EditingView,
    ImportView,
    PageChange,
    PageQuery,
    PageSummary,
    PageText,
    PageView,
    RenderedView,
    RevisionComment,
    RevisionSummary,
    RevisionView,
    Templates,
    TextToRender,
    Tree,
)
from netzraum_items import import_routes
from netzraum_items.authorize import Room
from netzraum_items.import_routes import ImportProgress
from netzraum_items.item_routes import add_item_routes
from netzraum_items.listing import look_in
from netzraum_items.lists import ItemList
from netzraum_items.schemas import Render
from netzraum_platform.context import IfMatch, digest
from netzraum_platform.limits import FRAME, LARGEST_IMPORT, takes_bodies_of
from netzraum_platform.paging import DEFAULT_LIMIT, Limit, Page

router = APIRouter(prefix="/spaces/{space_id}/wiki", tags=["wiki"])
PAGE = "/pages/{slug}"
ZIP: dict[int | str, dict[str, Any]] = {200: {"content": {"application/zip": {}}}}
Number = Annotated[int, Field(ge=1, le=2**31 - 1)]


@router.get("/pages")
async def list_pages(room: Room, query: Annotated[PageQuery, Query()]) -> ItemList[PageSummary]:
    return await views.page_list(room, query)


@router.get("/tree")
async def get_tree(room: Room, opened: Annotated[Name | None, Query(alias="open")] = None) -> Tree:
    return await views.page_tree(room, opened)


@router.put(PAGE, responses={201: {"model": PageView}})
async def put_page(room: Room, slug: Slug, sent: PageText, response: Response, render: Render = None) -> PageView:
    """Create the page (201), or save what was written in it (200), merged with what others saved since ``base``."""
    saved = await service.put(room, slug, sent, response)
    response.status_code = 201 if saved.created else 200
    return await views.page_view(room, saved.visibility, saved.shown, response, render, merged=saved.merged)


@router.patch(PAGE)
async def change_page(
    on: ThisPage, change: PageChange, if_match: IfMatch, response: Response, render: Render = None
) -> PageView:
    shown = await service.change(on, change, if_match)
    return await views.page_view(on, await on.sight(), shown, response, render)


@router.get(PAGE + "/revisions")
async def list_revisions(
    on: ThisPage, limit: Limit = DEFAULT_LIMIT, cursor: Annotated[str | None, Query(max_length=1000)] = None
) -> Page[RevisionSummary]:
    return await history.listed(on, limit, cursor)


@router.get(PAGE + "/revisions/{number}")
async def read_revision(on: ThisPage, number: Number, render: Render = None) -> RevisionView:
    return await history.one(on, number, render)


@router.post(PAGE + "/revisions/{number}/restore")
async def restore_revision(
    on: ThisPage, number: Number, response: Response, comment: RevisionComment | None = None, render: Render = None
) -> PageView:
    """Let a former revision be the newest one; those in between stay."""
    saved = await service.restore_revision(on, number, comment.comment if comment else "")
    return await views.page_view(on, saved.visibility, saved.shown, response, render)


@router.get(PAGE + "/diff")
async def compare_revisions(
    on: ThisPage, before: Annotated[Number, Query(alias="from")], after: Annotated[Number, Query(alias="to")]
) -> DiffView:
    return await history.compared(on, before, after)


@router.put(PAGE + "/editing", status_code=204)
async def begin_editing(on: ThisPage, once: bool = False) -> None:
    """Say that the page is open for editing: again at least every minute, or ``once``, which lasts 20 minutes."""
    await editing.begin(on, once=once)


@router.get(PAGE + "/editing")
async def get_editing(on: ThisPage) -> EditingView:
    """Who else has the page open, and its newest revision: what an open page or form asks for. Shows no text."""
    return await views.what_goes_on(on)


@router.delete(PAGE + "/editing", status_code=204)
async def end_editing(on: ThisPage) -> None:
    await editing.end(on)


@router.post("/render")
async def render_text(room: Room, sent: TextToRender) -> RenderedView:
    """A text as the wiki would show it to the caller; nothing is saved."""
    return await reading.rendered_text(room, await look_in(room, WikiPage), sent.text)


@router.get("/templates")
async def list_templates(room: Room) -> Templates:
    return Templates(items=await templates.offered(room))


@router.get("/export", response_class=StreamingResponse, responses=ZIP)
async def export_wiki(room: Room) -> StreamingResponse:
    """All pages that the caller may take out, as a ZIP of Markdown files."""
    return await exporting.whole_wiki(room)


@router.get(PAGE + "/export", response_class=StreamingResponse, responses=ZIP)
async def export_page(on: ThisPage) -> StreamingResponse:
    """The page with all below it that the caller may take out, as a ZIP of Markdown files."""
    return await exporting.one_page(on)


@router.post("/import", responses={202: {"model": ImportProgress}})
@takes_bodies_of(LARGEST_IMPORT + FRAME)
async def import_pages(
    room: Room, file: UploadFile, response: Response, dry_run: bool = False
) -> ImportView | ImportProgress:
    """Take pages in from a ZIP of Markdown files, in a while (202); with ``dry_run`` only say what would come of it."""
    if dry_run:
        return await importing.look_at(room, file.file)
    begun = await importing.begin(room, file.file, digest(await file.read()))
    return await import_routes.begun(room, begun, response)


import_routes.add_import_routes(router, WikiPage, "")
add_item_routes(
    router,
    WikiPage,
    PageView,
    path=PAGE,
    found=on_page,
    open_=views.open_page,
    answer=views.on_page_view,
    bring_back=service.bring_back,
)
