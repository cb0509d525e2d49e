"""Institutions, as requests and answers."""

import uuid
from datetime import datetime
from typing import Self

from pydantic import BaseModel

from netzraum_contracts.identity import InstitutionKind
from netzraum_identity.accounts.models import Account
from netzraum_identity.fields import NewPassword, Reason
from netzraum_identity.institutions.models import Institution
from netzraum_platform.fields import Email, Line, RequestBody


class Registrant(RequestBody):
    name: Line
    email: Email
    password: NewPassword


class Registration(RequestBody):
    name: Line
    town: Line
    kind: InstitutionKind
    registrant: Registrant


class PartnerToCreate(RequestBody):
    """``space``: where the caller takes members in, and so may name partners; without it, anywhere."""

    name: Line
    town: Line
    kind: InstitutionKind
    space: uuid.UUID | None = None


class Refusal(RequestBody):
    """``reason`` is told to the registrant."""

    reason: Reason


class InstitutionName(BaseModel):
    id: uuid.UUID
    name: str
    town: str
    kind: str

    @classmethod
    def of(cls, institution: Institution) -> Self:
        return cls(id=institution.id, name=institution.name, town=institution.town, kind=institution.kind)


class RegistrantView(BaseModel):
    id: uuid.UUID
    name: str
    email: str


class InstitutionView(InstitutionName):
    state: str
    reason: str | None
    registrant: RegistrantView | None
    created_at: datetime
    approved_at: datetime | None
    version: int
    actions: list[str]

    @classmethod
    def seen(cls, institution: Institution, registrant: Account | None, actions: list[str]) -> Self:
        return cls(
            **InstitutionName.of(institution).model_dump(),
            state=institution.state,
            reason=institution.reason,
            registrant=RegistrantView(id=registrant.id, name=registrant.name, email=registrant.email)
            if registrant
            else None,
            created_at=institution.created_at,
            approved_at=institution.approved_at,
            version=institution.version,
            actions=actions,
        )


class NameList(BaseModel):
    items: list[InstitutionName]


class Confirmed(BaseModel):
    """What the confirmed application is about; the operator decides next."""

    id: uuid.UUID
    name: str
    state: str
