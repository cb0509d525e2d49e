"""The routes that every item has, and how a tool's own answer: the item as its reader gets it, with its version."""

import uuid
from collections.abc import Awaitable, Callable
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Response

from netzraum_items import life
from netzraum_items.audience_view import who_sees
from netzraum_items.authorize import InSpace
from netzraum_items.items import I, Item
from netzraum_items.on_item import OnItem, Shown, find, on_item
from netzraum_items.schemas import AudienceView, ItemView, Render, V, WithAccess
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


async def one_view(view: type[V], on: OnItem[Any], shown: Shown[Any], response: Response, render: Render = None) -> V:
    """``item_view`` as ``add_item_routes`` takes it."""
    return item_view(view, on, shown, response, render)


def add_item_routes(
    router: APIRouter,
    model: type[Item],
    view: type[V],
    *,
    path: str = "/{item_id}",
    found: Callable[..., Awaitable[OnItem[Any]]] | None = None,
    open_: Callable[[Any], Awaitable[Shown[Any]]] = life.read,
    answer: Callable[[type[V], Any, Shown[Any], Response, Render], Awaitable[V]] = one_view,
    bring_back: Callable[[Any], Awaitable[Shown[Any]]] = life.restore,
) -> None:
    """Reading one item, deleting it, bringing it back, and who can see it. ``router`` has the prefix of the tool.

    A tool may find its item by something else than the id (``found``, a dependency, by ``path``), answer with more
    than the item's own row (``answer``), which it asks for before the reading is audited (``open_``), and have more to
    bring back than the item. The request that these get is what ``found`` gives.
    """
    dependency = Depends(found or on_item(model), scope="function")

    async def read(
        on: Annotated[OnItem[Any], dependency], response: Response, render: Render = None, access: WithAccess = False
    ) -> ItemView:
        on.with_access = access
        return await answer(view, on, await open_(on), response, render)

    async def remove(on: Annotated[OnItem[Any], dependency]) -> None:
        await life.remove(on)

    async def restore(on: Annotated[OnItem[Any], dependency], response: Response, render: Render = None) -> ItemView:
        return await answer(view, on, await bring_back(on), response, render)

    type_ = model.TYPE
    router.add_api_route(path, read, methods=["GET"], response_model=view, name=f"read_{type_}")
    router.add_api_route(path, remove, methods=["DELETE"], status_code=204, name=f"delete_{type_}")
    router.add_api_route(path + "/restore", restore, methods=["POST"], response_model=view, name=f"restore_{type_}")
    add_access_route(router, model, path=path, found=found)


def add_access_route(
    router: APIRouter,
    model: type[Item],
    *,
    path: str = "/{item_id}",
    found: Callable[..., Awaitable[OnItem[Any]]] | None = None,
) -> None:
    """Who can see an item; by itself for a tool whose other routes about one item take more than that item."""
    dependency = Depends(found or on_item(model), scope="function")

    async def access(on: Annotated[OnItem[Any], dependency], account: uuid.UUID | None = None) -> AudienceView:
        return await who_sees(on, account)

    router.add_api_route(path + "/access", access, methods=["GET"], name=f"who_sees_{model.TYPE}")
