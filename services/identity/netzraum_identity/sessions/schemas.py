"""Logging in and sessions, as requests and answers."""

import uuid
from datetime import datetime
from typing import Literal, Self

from pydantic import BaseModel

from netzraum_identity.fields import Code, GivenPassword, OptionalLine, Secret
from netzraum_identity.sessions.models import Session
from netzraum_platform.fields import RequestBody
from netzraum_platform.tokens import ACCESS_TOKEN_S


class LogIn(RequestBody):
    """An address is taken as it is typed: a faulty one is not told from an unknown one."""

    email: OptionalLine
    password: GivenPassword
    code: Code | None = None


class BrowserLogIn(LogIn):
    """From the gateway, which alone knows the browser: its address and what it calls itself."""

    address: str | None = None
    client: str = ""


class Refresh(RequestBody):
    refresh_token: Secret


class StepUp(RequestBody):
    code: Code


class AccessToken(BaseModel):
    """``expires_in`` in seconds."""

    access_token: str
    token_type: Literal["Bearer"] = "Bearer"  # noqa: S105  # the type's name
    expires_in: int = ACCESS_TOKEN_S


class Tokens(AccessToken):
    refresh_token: str


class SessionView(BaseModel):
    """Where and since when somebody is logged in."""

    id: uuid.UUID
    kind: str
    client: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    second_factor: bool
    current: bool

    @classmethod
    def of(cls, session: Session, current: uuid.UUID) -> Self:
        return cls(
            id=session.id,
            kind=session.kind,
            client=session.client,
            created_at=session.created_at,
            seen_at=session.seen_at,
            expires_at=session.expires_at,
            second_factor=session.second_factor,
            current=session.id == current,
        )


class SessionList(BaseModel):
    items: list[SessionView]


class BrowserSession(AccessToken):
    """For the gateway: ``secret`` goes into the cookie, the rest stays in its memory."""

    secret: str
    session: uuid.UUID
    account: uuid.UUID
    language: str
    expires_at: datetime


class Exchange(RequestBody):
    """A cookie's secret or an API token, and the door that it came to."""

    secret: Secret
    channel: Literal["web", "api", "feed", "dav"] | None = None


class Exchanged(AccessToken):
    session: uuid.UUID
    account: uuid.UUID
    channel: str
    scopes: list[str]
    language: str
