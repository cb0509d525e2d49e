"""What the operator sees and sends."""

import uuid
from datetime import datetime
from typing import Self

from pydantic import BaseModel

from netzraum_identity.accounts.models import Account
from netzraum_identity.fields import Reason
from netzraum_identity.institutions.models import Institution
from netzraum_platform.fields import RequestBody
from netzraum_platform.publication import Publication


class Suspension(RequestBody):
    """``reason`` is told to the owner of the account."""

    reason: Reason | None = None


class InstitutionOf(BaseModel):
    id: uuid.UUID
    name: str


class AccountView(BaseModel):
    """An account as the operator sees it: no content, no memberships' items."""

    id: uuid.UUID
    email: str
    name: str
    function: str | None
    institution: InstitutionOf
    state: str
    operator: bool
    second_factor: bool
    seen_at: datetime | None
    created_at: datetime
    actions: list[str]

    @classmethod
    def seen(cls, account: Account, institution: Institution, second_factor: bool, actions: list[str]) -> Self:
        return cls(
            id=account.id,
            email=account.email,
            name=account.name,
            function=account.function,
            institution=InstitutionOf(id=institution.id, name=institution.name),
            state=account.state,
            operator=account.operator,
            second_factor=second_factor,
            seen_at=account.seen_at,
            created_at=account.created_at,
            actions=actions,
        )


class PolicyView(BaseModel):
    """The policy in force: since when, by whom; ``error`` says why a later one is not."""

    revision: str
    since: datetime | None
    by: str | None
    error: str | None

    @classmethod
    def of(cls, known: Publication) -> Self:
        return cls(revision=known.revision, since=known.since, by=known.by, error=known.error)
