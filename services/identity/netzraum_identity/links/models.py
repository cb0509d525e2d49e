"""Links that were sent by mail."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from netzraum_identity.models import IdentityBase
from netzraum_platform.database import Json, UtcDateTime, Uuid


class MailLink(IdentityBase):
    """What the holder of a mailed token may do. Only the token's digest is kept."""

    __tablename__ = "mail_links"
    __table_args__ = (Index("mail_links_by_account", "account_id", "purpose"),)

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    purpose: Mapped[str] = mapped_column(String(20))
    account_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("accounts.id", ondelete="CASCADE"))
    data: Mapped[dict[str, Any]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
