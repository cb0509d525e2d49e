"""What goes in and out of spaces."""

import uuid
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from netzraum_contracts.spaces import SpaceKind
from netzraum_contracts.tools import ToolName
from netzraum_platform.fields import Line, RequestBody, ShortText
from netzraum_spaces.spaces.templates import TemplateName


class NewSpace(RequestBody):
    """A body of the network ``parent``; or a community group, in that network's name where one has several."""

    kind: SpaceKind
    name: Line
    parent: uuid.UUID | None = None
    description: ShortText = ""
    contact: ShortText = ""
    template: TemplateName | None = None
    tools: list[ToolName] | None = None
    newcomers_see_history: bool = True


class SpaceChange(RequestBody):
    """Only the fields that are named are changed."""

    name: Line | None = None
    description: ShortText | None = None
    contact: ShortText | None = None
    tools: list[ToolName] | None = None
    newcomers_see_history: bool | None = None


class Appointment(RequestBody):
    """Whom the operator lets coordinate a space that nobody coordinates any more."""

    account: uuid.UUID


class SpaceSummary(BaseModel):
    """``open_invitations``: how many have not accepted yet, where that is asked for and I take members in."""

    id: uuid.UUID
    kind: SpaceKind
    name: str
    parent: uuid.UUID | None
    role: str
    open_invitations: int | None


class SpaceWithoutCoordinator(BaseModel):
    """What the operator sees of it."""

    id: uuid.UUID
    kind: SpaceKind
    name: str
    parent: uuid.UUID | None
    since: datetime


class My(BaseModel):
    """What I have in the space: role, the level for each tool, and the highest classification that I may see."""

    role: str
    title: str
    levels: dict[str, str]
    clearance: str


class BodyOf(BaseModel):
    id: uuid.UUID
    name: str


class SpaceView(BaseModel):
    """A space for its members. ``bodies``: those that I am in; ``welcome``: the words that I was taken in with."""

    id: uuid.UUID
    kind: SpaceKind
    name: str
    description: str
    contact: str
    parent: uuid.UUID | None
    institution: uuid.UUID | None
    template: str
    tools: list[str]
    newcomers_see_history: bool
    archived: bool
    without_coordinator: bool
    bodies: list[BodyOf]
    welcome: str
    my: My
    created_at: datetime
    version: int
    actions: Annotated[list[str], Field(description="verbs that I may do with the space")]
