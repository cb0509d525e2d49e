"""Roles over HTTP."""

from typing import Annotated

from fastapi import APIRouter, Header, Response

from netzraum_items.authorize import Room
from netzraum_platform.context import etag
from netzraum_platform.paging import Page
from netzraum_spaces.access.service import show_versions
from netzraum_spaces.roles import service
from netzraum_spaces.roles.schemas import RoleDefinition, RoleSlug, RoleView

router = APIRouter(prefix="/spaces/{space_id}/roles", tags=["roles"])


@router.get("")
async def list_roles(room: Room) -> Page[RoleView]:
    return Page(items=await service.roles(room))


@router.get("/{name}")
async def read_role(name: RoleSlug, room: Room, response: Response) -> RoleView:
    view = await service.role(room, name)
    response.headers["etag"] = etag(view.version)
    return view


@router.put("/{name}")
async def define_role(
    name: RoleSlug,
    definition: RoleDefinition,
    room: Room,
    response: Response,
    if_match: Annotated[str | None, Header()] = None,
) -> RoleView:
    """Add a role, or change one that exists (then with If-Match)."""
    await service.define(room, name, definition, if_match)
    await room.context.release()
    view = await service.role(room, name)
    show_versions(response, room.context)
    response.headers["etag"] = etag(view.version)
    return view


@router.delete("/{name}", status_code=204)
async def delete_role(name: RoleSlug, room: Room, response: Response) -> None:
    await service.delete(room, name)
    show_versions(response, room.context)
