"""The caller's own account, as requests and answers."""

import uuid
import zoneinfo
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, BaseModel, StringConstraints
from pydantic_core import PydanticCustomError

from netzraum_identity.accounts.models import Account
from netzraum_identity.fields import GivenPassword, NewPassword, OptionalLine
from netzraum_identity.institutions.models import Institution
from netzraum_platform.fields import Email, Line, RequestBody

MailChoice = Literal["each", "daily", "weekly", "never"]
Language = Literal["de", "en"]


def _time_zone(name: str) -> str:
    if name not in zoneinfo.available_timezones():
        raise PydanticCustomError("time_zone", "no such time zone")
    return name


TimeZone = Annotated[str, StringConstraints(max_length=64), AfterValidator(_time_zone)]


class AccountChange(RequestBody):
    """What is named changes; ``function`` may be emptied."""

    name: Line | None = None
    function: OptionalLine | None = None
    language: Language | None = None
    timezone: TimeZone | None = None
    mail: MailChoice | None = None


class PasswordChange(RequestBody):
    current: GivenPassword
    new: NewPassword


class EmailChange(RequestBody):
    """``current`` is the password, ``new`` the address."""

    current: GivenPassword
    new: Email


class PasswordResetRequest(RequestBody):
    email: Email


class PasswordReset(RequestBody):
    password: NewPassword


class InstitutionName(BaseModel):
    id: uuid.UUID
    name: str


class Me(BaseModel):
    """``second_factor``: the account has one. ``last_visit``: the end of the visit before this one."""

    id: uuid.UUID
    email: str
    name: str
    function: str | None
    institution: InstitutionName
    language: str
    timezone: str
    mail: str
    operator: bool
    second_factor: bool
    last_visit: datetime | None

    @classmethod
    def of(cls, account: Account, institution: Institution, second_factor: bool) -> Self:
        return cls(
            id=account.id,
            email=account.email,
            name=account.name,
            function=account.function,
            institution=InstitutionName(id=institution.id, name=institution.name),
            language=account.language,
            timezone=account.timezone,
            mail=account.mail,
            operator=account.operator,
            second_factor=second_factor,
            last_visit=account.last_visit,
        )
