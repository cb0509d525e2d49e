"""Members over HTTP."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from netzraum_items.authorize import Room
from netzraum_platform.context import IfMatch, etag
from netzraum_platform.idempotency import CreateOnce
from netzraum_platform.paging import DEFAULT_LIMIT, Limit
from netzraum_spaces.access.service import show_versions
from netzraum_spaces.members import reading, service
from netzraum_spaces.members.models import State
from netzraum_spaces.members.schemas import MemberChange, MemberPage, MemberView, NewMember

router = APIRouter(prefix="/spaces/{space_id}/members", tags=["members"])


def _filters(
    role: Annotated[str | None, Query(max_length=100)] = None,
    institution: Annotated[str | None, Query(max_length=200)] = None,
    q: Annotated[str | None, Query(max_length=200)] = None,
    state: Annotated[State | None, Query()] = None,
) -> reading.Filters:
    return reading.Filters(role, institution, q, state)


@router.get("")
async def list_members(
    room: Room,
    filters: Annotated[reading.Filters, Depends(_filters)],
    limit: Limit = DEFAULT_LIMIT,
    cursor: str | None = None,
) -> MemberPage:
    return await reading.members(room, filters, limit, cursor)


@router.post("", status_code=201)
async def add_member(new: NewMember, room: Room, once: CreateOnce, response: Response) -> MemberView:
    membership_id = await once.run(lambda: service.add(room, new), service.made_before, str)
    await room.context.release()
    view = await reading.member(room, membership_id)
    show_versions(response, room.context)
    response.headers["etag"] = etag(view.version)
    return service.as_typed(view, new)


@router.get("/{membership_id}")
async def read_member(membership_id: uuid.UUID, room: Room, response: Response) -> MemberView:
    view = await reading.member(room, membership_id)
    response.headers["etag"] = etag(view.version)
    return view


@router.patch("/{membership_id}")
async def update_member(
    membership_id: uuid.UUID, change: MemberChange, room: Room, if_match: IfMatch, response: Response
) -> MemberView:
    await service.update(room, membership_id, change, if_match)
    await room.context.release()
    view = await reading.member(room, membership_id)
    show_versions(response, room.context)
    response.headers["etag"] = etag(view.version)
    return view


@router.delete("/{membership_id}", status_code=204)
async def end_membership(membership_id: uuid.UUID, room: Room, response: Response) -> None:
    await service.end(room, membership_id)
    show_versions(response, room.context)


@router.post("/{membership_id}/resend", status_code=202)
async def resend_invitation(membership_id: uuid.UUID, room: Room) -> None:
    await service.resend(room, membership_id)
