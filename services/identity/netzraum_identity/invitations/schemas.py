"""Invitations, as requests and answers."""

import uuid
from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, Field

from netzraum_contracts.identity import InstitutionKind
from netzraum_identity.fields import NewPassword, OptionalLine
from netzraum_platform.fields import Email, Line, RequestBody


class Named(BaseModel):
    id: uuid.UUID
    name: str


class InvitationView(BaseModel):
    """Who invites whom to what. Without a space: to the platform, as an institution's registrant."""

    email: str
    name: str
    institution: Named
    space: Named | None
    invited_by: str | None
    expires_at: datetime


class Acceptance(RequestBody):
    name: Line
    password: NewPassword


class Accepted(BaseModel):
    id: uuid.UUID
    email: str
    name: str
    space: Named | None


class Address(RequestBody):
    """From spaces: somebody who is to be a member. ``institution`` is an id or a name."""

    email: Email
    name: Line
    institution: Annotated[uuid.UUID | Line, Field(union_mode="left_to_right")]
    town: OptionalLine = ""
    kind: InstitutionKind = "other"


class AccountFound(BaseModel):
    """The account of an address, known before or created as invited; a known one keeps name and institution."""

    account: uuid.UUID
    name: str
    function: str | None
    institution: uuid.UUID
    institution_name: str
    state: str
    version: int


class InvitationToSend(RequestBody):
    """From spaces: remind somebody who has not accepted yet."""

    account: uuid.UUID
    space: uuid.UUID
    inviter: uuid.UUID | None = None
