"""Spaces over HTTP."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Query, Response

from netzraum_contracts.spaces import SpaceKind
from netzraum_items.authorize import Room
from netzraum_platform.context import IfMatch, LoggedIn, etag
from netzraum_platform.idempotency import CreateOnce
from netzraum_platform.paging import DEFAULT_LIMIT, Limit, Page
from netzraum_spaces.access.service import show_versions
from netzraum_spaces.spaces import operator, service
from netzraum_spaces.spaces.schemas import (
    Appointment,
    NewSpace,
    SpaceChange,
    SpaceSummary,
    SpaceView,
    SpaceWithoutCoordinator,
)

router = APIRouter(tags=["spaces"])


@router.get("/spaces")
async def list_spaces(
    context: LoggedIn, kind: Annotated[SpaceKind | None, Query()] = None, open_invitations: bool = False
) -> Page[SpaceSummary]:
    """``?open_invitations=true`` counts them where the caller takes members in."""
    return Page(items=await service.mine(context, kind, with_invitations=open_invitations))


@router.post("/spaces", status_code=201)
async def create_space(wanted: NewSpace, context: LoggedIn, once: CreateOnce, response: Response) -> SpaceView:
    space_id = await once.run(lambda: service.create(context, wanted), service.made_before, str)
    await context.release()
    view = await service.read(await service.enter(context, space_id))
    show_versions(response, context)
    response.headers["etag"] = etag(view.version)
    return view


@router.get("/spaces/{space_id}")
async def read_space(room: Room, response: Response) -> SpaceView:
    view = await service.read(room)
    response.headers["etag"] = etag(view.version)
    return view


@router.patch("/spaces/{space_id}")
async def update_space(change: SpaceChange, room: Room, if_match: IfMatch, response: Response) -> SpaceView:
    await service.update(room, change, if_match)
    await room.context.release()
    view = await service.read(room)
    show_versions(response, room.context)
    response.headers["etag"] = etag(view.version)
    return view


@router.get("/operator/spaces")
async def list_spaces_without_coordinator(
    context: LoggedIn, limit: Limit = DEFAULT_LIMIT, cursor: str | None = None
) -> Page[SpaceWithoutCoordinator]:
    """For the operator: the spaces that lost their last coordinator."""
    return await operator.without_coordinator(context, limit, cursor)


@router.post("/operator/spaces/{space_id}/coordinator", status_code=204)
async def appoint(space_id: uuid.UUID, appointment: Appointment, context: LoggedIn, response: Response) -> None:
    """For the operator: let an account coordinate such a space."""
    await operator.appoint(context, space_id, appointment.account)
    show_versions(response, context)
