"""Second factors and what replaces a lost one."""

import uuid
from datetime import datetime

from sqlalchemy import ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from netzraum_identity.models import IdentityBase
from netzraum_platform.database import UtcDateTime, Uuid, new_id


class SecondFactor(IdentityBase):
    """A TOTP secret (RFC 6238), sealed (sealing.py).

    It counts once it is confirmed; ``last_step`` keeps a code from being used twice.
    """

    __tablename__ = "second_factors"
    __table_args__ = (Index("second_factors_by_account", "account_id"),)

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    account_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("accounts.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(10))
    secret: Mapped[str] = mapped_column(String(120))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    confirmed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    last_step: Mapped[int] = mapped_column(default=0)


class RecoveryCode(IdentityBase):
    """Replaces a second factor that is not at hand, once; a used one is deleted."""

    __tablename__ = "recovery_codes"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("accounts.id", ondelete="CASCADE"), index=True)
