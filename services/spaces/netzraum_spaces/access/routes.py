"""What other services ask of spaces, on the internal port."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Depends
from pydantic import BaseModel

from netzraum_contracts.spaces import SpaceAccess, SpaceKind
from netzraum_platform.context import App, app_of
from netzraum_platform.internal import Caller
from netzraum_spaces.access import service
from netzraum_spaces.spaces.service import display

router = APIRouter()
ThisApp = Annotated[App, Depends(app_of)]


class Versions(BaseModel):
    """The access version of each space."""

    versions: dict[uuid.UUID, int]


class SpaceDisplay(BaseModel):
    """How a space is named in mails and on pages, and whom to ask."""

    name: str
    kind: SpaceKind
    contact: str


@router.get("/access")
async def read_versions(app: ThisApp, _caller: Caller) -> Versions:
    async with app.database.session() as session:
        return Versions(versions=await service.versions(session))


@router.get("/access/{space_id}")
async def read_access(space_id: uuid.UUID, app: ThisApp, _caller: Caller) -> SpaceAccess:
    async with app.database.session() as session:
        return await service.access_of(session, space_id)


@router.get("/spaces/{space_id}")
async def read_display(space_id: uuid.UUID, app: ThisApp, _caller: Caller) -> SpaceDisplay:
    async with app.database.session() as session:
        space, contact = await display(session, space_id)
        return SpaceDisplay(name=space.name, kind=space.kind, contact=contact)
