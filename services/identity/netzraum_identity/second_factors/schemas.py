"""Second factors, as requests and answers."""

import uuid
from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel

from netzraum_identity.fields import Code, GivenPassword
from netzraum_identity.second_factors.models import SecondFactor
from netzraum_platform.fields import RequestBody


class FactorToAdd(RequestBody):
    """``code``: of a factor that the account has already."""

    kind: Literal["totp"]
    password: GivenPassword
    code: Code | None = None


class Confirmation(RequestBody):
    code: Code


class FactorView(BaseModel):
    id: uuid.UUID
    kind: str
    created_at: datetime
    confirmed: bool

    @classmethod
    def of(cls, factor: SecondFactor) -> Self:
        return cls(
            id=factor.id, kind=factor.kind, created_at=factor.created_at, confirmed=factor.confirmed_at is not None
        )


class FactorList(BaseModel):
    items: list[FactorView]
    recovery_codes_left: int


class NewFactor(FactorView):
    """``secret`` and ``uri`` for the authenticator app; ``picture`` is the uri as an SVG image of a QR code."""

    secret: str
    uri: str
    picture: str


class RecoveryCodes(BaseModel):
    """Shown once."""

    recovery_codes: list[str]
