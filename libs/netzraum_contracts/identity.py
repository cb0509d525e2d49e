"""What identity tells. Names of accounts and institutions travel in these events alone."""

import uuid
from typing import ClassVar, Literal

from netzraum_platform.events import EventData

InstitutionKind = Literal[
    "school", "vocational_school", "training_provider", "employment_agency", "chamber", "municipality", "other"
]
InstitutionState = Literal["pending", "approved", "rejected", "suspended", "partner"]
AccountState = Literal["invited", "active", "suspended", "erased"]


class InstitutionChanged(EventData):
    """The institution as it now is."""

    TYPE: ClassVar = "identity.institution.changed.v1"

    institution: uuid.UUID
    name: str
    town: str
    kind: InstitutionKind
    state: InstitutionState
    version: int


class InstitutionApproved(EventData):
    """The operator let the institution in; this brings its network space into being, coordinated by the registrant."""

    TYPE: ClassVar = "identity.institution.approved.v1"

    institution: uuid.UUID
    name: str
    registrant: uuid.UUID


class AccountChanged(EventData):
    """The account as it now is. An erased one has lost its name."""

    TYPE: ClassVar = "identity.account.changed.v1"

    account: uuid.UUID
    name: str
    function: str | None = None
    institution: uuid.UUID
    state: AccountState
    version: int


class SessionChanged(EventData):
    """A session may do more than its tokens say: whoever keeps one asks for a new one. Transient: kept nowhere."""

    TYPE: ClassVar = "identity.session.changed.v1"

    session: str
    account: uuid.UUID


class SessionEnded(EventData):
    """Tokens of this session are worth nothing from now on."""

    TYPE: ClassVar = "identity.session.ended.v1"

    session: str
    account: uuid.UUID
