"""API tokens: for programs, calendar apps and feed readers that cannot log in."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from netzraum_identity.models import IdentityBase
from netzraum_platform.database import Json, UtcDateTime, Uuid, new_id


class ApiToken(IdentityBase):
    """Acts for its account within its scopes; never counts as a second factor."""

    __tablename__ = "api_tokens"
    __table_args__ = (Index("api_tokens_by_account", "account_id"),)

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    account_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("accounts.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(200))
    scopes: Mapped[list[str]] = mapped_column(Json)
    secret: Mapped[str] = mapped_column(String(64), unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
