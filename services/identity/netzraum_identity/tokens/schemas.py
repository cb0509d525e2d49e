"""API tokens, as requests and answers."""

import uuid
from datetime import datetime
from typing import Annotated, Literal, Self

from pydantic import AwareDatetime, BaseModel, Field

from netzraum_identity.tokens.models import ApiToken
from netzraum_platform.fields import Line, RequestBody

Scope = Literal["read", "write", "feed", "dav"]


class TokenToMake(RequestBody):
    name: Line
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=4)]
    expires_at: AwareDatetime | None = None


class TokenView(BaseModel):
    id: uuid.UUID
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime | None
    last_used_at: datetime | None

    @classmethod
    def of(cls, token: ApiToken) -> Self:
        return cls(
            id=token.id,
            name=token.name,
            scopes=token.scopes,
            created_at=token.created_at,
            expires_at=token.expires_at,
            last_used_at=token.last_used_at,
        )


class NewToken(TokenView):
    """``secret`` is shown once."""

    secret: str


class TokenList(BaseModel):
    items: list[TokenView]
