"""The routes that every item has, and how a tool's own answer: the item as its reader gets it, with its version."""

import uuid
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from netzraum_items import life
from netzraum_items.audience_view import AudienceView, who_sees
from netzraum_items.authorize import InSpace
from netzraum_items.items import I, Item
from netzraum_items.on_item import OnItem, Shown, find, on_item
from netzraum_items.schemas import ItemView, Render, V
from netzraum_platform.context import etag
from netzraum_platform.idempotency import Once


def item_view(view: type[V], room: InSpace, shown: Shown[Any], response: Response, render: Render = None) -> V:
    """The answer about one item."""
    response.headers["ETag"] = etag(shown.item.version)
    return view.of(shown, room.context.now, render)


async def created_once(
    once: Once, room: InSpace, model: type[I], response: Response, create: Callable[[], Awaitable[Shown[I]]]
) -> Shown[I]:
    """Create an item; a repeat of the request gets the item that is there, as it is now."""

    async def again(item: str) -> Shown[I]:
        return await life.read(await find(model, room.context, room.space_id, uuid.UUID(item), response))

    return await once.run(create, again, lambda shown: shown.item.id)


def add_item_routes(router: APIRouter, model: type[Item], view: type[ItemView]) -> None:
    """Reading one item, deleting it, bringing it back, and who can see it. ``router`` has the prefix of the tool."""
    dependency = Depends(on_item(model), scope="function")

    async def read(on: Annotated[OnItem[Item], dependency], response: Response, render: Render = None) -> ItemView:
        return item_view(view, on, await life.read(on), response, render)

    async def remove(on: Annotated[OnItem[Item], dependency]) -> None:
        await life.remove(on)

    async def restore(on: Annotated[OnItem[Item], dependency], response: Response, render: Render = None) -> ItemView:
        return item_view(view, on, await life.restore(on), response, render)

    one, type_ = "/{item_id}", model.TYPE
    router.add_api_route(one, read, methods=["GET"], response_model=view, name=f"read_{type_}")
    router.add_api_route(one, remove, methods=["DELETE"], status_code=204, name=f"delete_{type_}")
    router.add_api_route(one + "/restore", restore, methods=["POST"], response_model=view, name=f"restore_{type_}")
    add_access_route(router, model)


def add_access_route(router: APIRouter, model: type[Item]) -> None:
    """Who can see an item; by itself for a tool that answers in its own way about one item."""
    dependency = Depends(on_item(model), scope="function")

    async def access(on: Annotated[OnItem[Item], dependency], account: uuid.UUID | None = None) -> AudienceView:
        return await who_sees(on, account)

    router.add_api_route("/{item_id}/access", access, methods=["GET"], name=f"who_sees_{model.TYPE}")
