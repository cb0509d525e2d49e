"""The wiki over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Query, Response

from netzraum_content.wiki import service, views
from netzraum_content.wiki.models import WikiPage
from netzraum_content.wiki.on_page import Slug, ThisPage, on_page
from netzraum_content.wiki.schemas import PageChange, PageQuery, PageSummary, PageText, PageView
from netzraum_items.authorize import Room
from netzraum_items.item_routes import add_item_routes
from netzraum_items.lists import ItemList
from netzraum_items.schemas import Render
from netzraum_platform.context import IfMatch

router = APIRouter(prefix="/spaces/{space_id}/wiki", tags=["wiki"])
PAGE = "/pages/{slug}"


@router.get("/pages")
async def list_pages(room: Room, query: Annotated[PageQuery, Query()]) -> ItemList[PageSummary]:
    return await views.page_list(room, query)


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


add_item_routes(
    router,
    WikiPage,
    PageView,
    path=PAGE,
    found=on_page,
    answer=views.on_page_view,
    bring_back=service.bring_back,
)
