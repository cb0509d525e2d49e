"""What goes in and out of memberships."""

import uuid
from datetime import datetime
from typing import Annotated, TypeVar

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    Field,
    StringConstraints,
    ValidationInfo,
    field_validator,
)
from pydantic_core import PydanticCustomError, PydanticKnownError

from netzraum_contracts.identity import InstitutionKind
from netzraum_platform.fields import Email, Line, RequestBody, ShortText
from netzraum_platform.paging import Page
from netzraum_spaces.members.models import State

RoleName = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
Function = Annotated[Line | None, BeforeValidator(lambda typed: typed or None)]
"""An empty one is none."""
Part = TypeVar("Part")


class PartnerInstitution(RequestBody):
    """An institution by name; it comes into being as a partner where nobody knows it yet."""

    name: Line
    town: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200)] = ""
    kind: InstitutionKind = "other"


class NewMember(RequestBody):
    """Somebody to take in: an account, or an address with the person's name and institution (id, name, or more)."""

    account: uuid.UUID | None = None
    email: Email | None = Field(default=None, validate_default=True)
    name: Line | None = Field(default=None, validate_default=True)
    institution: Line | PartnerInstitution | None = Field(default=None, validate_default=True)
    role: RoleName
    function: Function = None
    until: AwareDatetime | None = None
    welcome: ShortText = ""

    @field_validator("email", "name", "institution")
    @classmethod
    def _one_person(cls, part: Part, info: ValidationInfo) -> Part:
        """Field by field: a check of the whole would wait until every field is right by itself."""
        if "account" not in info.data:  # named, but wrong: that is said already
            return part
        if info.data["account"] is None and part is None:
            raise PydanticKnownError("missing")
        if info.data["account"] is not None and part is not None:
            raise PydanticCustomError("person", "account, or email with name and institution")
        return part

    def partner(self) -> PartnerInstitution:
        """The institution as it was typed."""
        named = self.institution
        return named if isinstance(named, PartnerInstitution) else PartnerInstitution(name=named or "")


class MemberChange(RequestBody):
    """Only the fields that are named are changed; ``until: null`` takes the end away."""

    role: RoleName | None = None
    function: Function = None
    until: AwareDatetime | None = None


class Who(BaseModel):
    """An account as others see it. ``name`` is empty until the directory has heard of the account."""

    id: uuid.UUID
    name: str
    institution: str
    institution_id: uuid.UUID | None = None


class MemberView(BaseModel):
    """A membership. ``last_seen``, to a quarter of an hour, is for those who may know it."""

    id: uuid.UUID
    account: Who
    function: str | None
    role: str
    from_: Annotated[datetime, Field(serialization_alias="from")]
    until: datetime | None
    state: State
    last_seen: datetime | None = None
    version: int
    actions: list[str]


class MemberPage(Page[MemberView]):
    """``actions``: what the caller may do to let somebody begin here (create, import)."""

    actions: list[str]
