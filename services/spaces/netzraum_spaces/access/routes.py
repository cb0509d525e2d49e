"""What other services ask of spaces, on the internal port."""

import uuid

from fastapi import APIRouter
from pydantic import BaseModel

from netzraum_contracts.spaces import SpaceAccess, SpaceKind
from netzraum_platform.internal import InternalRequest
from netzraum_spaces.access import service
from netzraum_spaces.spaces.service import display

router = APIRouter()


class Versions(BaseModel):
    """The access version of each space."""

    versions: dict[uuid.UUID, int]


class SpaceDisplay(BaseModel):
    """How a space is named in mails and on pages, and whom to ask; ``welcome``: the words that the account that was
    asked for was taken in with."""

    name: str
    kind: SpaceKind
    contact: str
    welcome: str


@router.get("/access")
async def read_versions(context: InternalRequest) -> Versions:
    return Versions(versions=await service.versions(context.db))


@router.get("/access/{space_id}")
async def read_access(space_id: uuid.UUID, context: InternalRequest) -> SpaceAccess:
    return await service.access_of(context.db, space_id)


@router.get("/spaces/{space_id}")
async def read_display(space_id: uuid.UUID, context: InternalRequest, account: uuid.UUID | None = None) -> SpaceDisplay:
    space, contact = await display(context.db, space_id)
    welcome = await service.welcome_of(context, space_id, account) if account else ""
    return SpaceDisplay(name=space.name, kind=space.kind, contact=contact, welcome=welcome)
