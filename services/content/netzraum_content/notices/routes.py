"""Notices over HTTP."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from netzraum_content.notices import service
from netzraum_content.notices.models import Notice
from netzraum_content.notices.schemas import NewNotice, NoticeChange, NoticeView
from netzraum_items import life
from netzraum_items.audience_view import AudienceView, who_sees
from netzraum_items.authorize import InSpace, Room
from netzraum_items.listing import listed
from netzraum_items.lists import ItemList, ItemQuery, answer
from netzraum_items.on_item import OnItem, Shown, find, on_item
from netzraum_items.schemas import Render
from netzraum_platform.context import IfMatch, etag
from netzraum_platform.idempotency import CreateOnce

router = APIRouter(prefix="/spaces/{space_id}/notices", tags=["notices"])

OnNotice = Annotated[OnItem[Notice], Depends(on_item(Notice), scope="function")]


def _view(room: InSpace, response: Response, shown: Shown[Notice], render: Render) -> NoticeView:
    response.headers["ETag"] = etag(shown.item.version)
    return NoticeView.of(shown, room.context.now, render)


@router.get("")
async def list_notices(room: Room, query: Annotated[ItemQuery, Query()]) -> ItemList[NoticeView]:
    found = await listed(room, Notice, query.of(room.context.principal.account))
    return answer(found, lambda shown: NoticeView.of(shown, room.context.now, query.render))


@router.post("", status_code=201)
async def create_notice(
    room: Room, new: NewNotice, once: CreateOnce, response: Response, render: Render = None
) -> NoticeView:
    async def create() -> NoticeView:
        return _view(room, response, await service.create(room, new), render)

    async def again(item: str) -> NoticeView:
        on = await find(Notice, room.context, room.space_id, uuid.UUID(item), response)
        return _view(on, response, await life.read(on), render)

    return await once.run(create, again, lambda view: view.id)


@router.get("/{item_id}")
async def read_notice(on: OnNotice, response: Response, render: Render = None) -> NoticeView:
    return _view(on, response, await life.read(on), render)


@router.patch("/{item_id}")
async def update_notice(
    on: OnNotice, change: NoticeChange, if_match: IfMatch, response: Response, render: Render = None
) -> NoticeView:
    return _view(on, response, await service.update(on, change, if_match), render)


@router.delete("/{item_id}", status_code=204)
async def delete_notice(on: OnNotice) -> None:
    await life.remove(on)


@router.post("/{item_id}/restore")
async def restore_notice(on: OnNotice, response: Response, render: Render = None) -> NoticeView:
    return _view(on, response, await life.restore(on), render)


@router.get("/{item_id}/access")
async def who_sees_notice(on: OnNotice, account: uuid.UUID | None = None) -> AudienceView:
    return await who_sees(on, account)
