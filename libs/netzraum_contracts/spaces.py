"""What spaces tells: who may be where, as what. Each event raises its space's ``access_version`` by one."""

import uuid
from datetime import datetime
from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from netzraum_platform.events import EventData

SpaceKind = Literal["network", "body", "community"]
MembershipState = Literal["invited", "active", "ended"]


class Role(BaseModel):
    """A role of one space: the built-in role it is based on, and what the space changed of that."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    name: str
    base: str
    levels: dict[str, str] = {}
    clearance: str | None = None


class Membership(BaseModel):
    """A membership, whole. ``from_`` is inclusive, ``until`` exclusive.

    Dates alone say whether it runs: an ended one, and one of a suspended account, have an ``until`` that has passed.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    membership: uuid.UUID
    account: uuid.UUID
    role: str
    function: str | None = None
    from_: datetime
    until: datetime | None = None
    state: MembershipState


class Space(BaseModel):
    """A space without its names and texts."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: SpaceKind
    parent: uuid.UUID | None = None
    institution: uuid.UUID | None = None
    creator: uuid.UUID | None = None
    tools: list[str]
    newcomers_see_history: bool = True
    archived: bool = False


class AccessEvent(EventData):
    """One step of a space's access data, from ``access_version - 1`` to ``access_version``."""

    space: uuid.UUID
    access_version: int


class SpaceChanged(AccessEvent):
    """A space came into being (version 1, with its roles) or its settings changed."""

    TYPE: ClassVar = "spaces.space.changed.v1"

    state: Space
    roles: list[Role]


class RoleChanged(AccessEvent):
    """A role was added or changed, or (``removed``) is no more."""

    TYPE: ClassVar = "spaces.role.changed.v1"

    role: Role
    removed: bool = False


class MembershipChanged(AccessEvent):
    """Somebody came, changed role or term, or left."""

    TYPE: ClassVar = "spaces.membership.changed.v1"

    membership: Membership


class SpaceAccess(AccessEvent):
    """All access data of a space at one version: what ``/internal/access/{space}`` answers. Never on the bus."""

    TYPE: ClassVar = "spaces.access.read.v1"
    ON_THE_BUS: ClassVar = False

    state: Space
    roles: list[Role]
    memberships: list[Membership]


class Heartbeat(EventData):
    """Transient, every 5 s: the versions that changed in the last 10 minutes (hourly: all)."""

    TYPE: ClassVar = "spaces.access.heartbeat.v1"

    versions: dict[uuid.UUID, int]
