"""Notices over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from netzraum_content.notices import service
from netzraum_content.notices.models import Notice
from netzraum_content.notices.schemas import NewNotice, NoticeChange, NoticeView
from netzraum_items.authorize import Room
from netzraum_items.item_routes import add_item_routes, created_once, item_view
from netzraum_items.listing import listed
from netzraum_items.lists import ItemList, ItemQuery, answer
from netzraum_items.on_item import OnItem, on_item
from netzraum_items.schemas import Render
from netzraum_platform.context import IfMatch
from netzraum_platform.idempotency import CreateOnce

router = APIRouter(prefix="/spaces/{space_id}/notices", tags=["notices"])
add_item_routes(router, Notice, NoticeView)

OnNotice = Annotated[OnItem[Notice], Depends(on_item(Notice), scope="function")]


@router.get("")
async def list_notices(room: Room, query: Annotated[ItemQuery, Query()]) -> ItemList[NoticeView]:
    found = await listed(room, Notice, query.of(room.context.principal.account))
    return answer(found, lambda shown: NoticeView.of(shown, room.context.now, query.render))


@router.post("", status_code=201)
async def create_notice(
    room: Room, new: NewNotice, once: CreateOnce, response: Response, render: Render = None
) -> NoticeView:
    made = await created_once(once, room, Notice, response, lambda: service.create(room, new))
    return item_view(NoticeView, room, made, response, render)


@router.patch("/{item_id}")
async def update_notice(
    on: OnNotice, change: NoticeChange, if_match: IfMatch, response: Response, render: Render = None
) -> NoticeView:
    return item_view(NoticeView, on, await service.update(on, change, if_match), response, render)
