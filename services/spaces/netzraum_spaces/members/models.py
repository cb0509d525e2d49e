"""The row of a membership: an account in a space, as what, from when and until when."""

import uuid
from datetime import datetime
from typing import Literal

from sqlalchemy import ColumnElement, ForeignKey, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from netzraum_contracts import spaces as contract
from netzraum_platform.database import UtcDateTime, Uuid, new_id
from netzraum_spaces.spaces.models import SpacesBase

NOT_ENDED = text("state <> 'ended'")

State = Literal["invited", "active", "suspended", "ended"]
PolicyState = Literal["published", "deleted"]


class Membership(SpacesBase):
    """A membership. An account has at most one in a space that has not ended; who comes back gets a new one.

    ``ends_at`` is exclusive. ``suspended_at`` is set while account or institution are suspended: the term is kept,
    but runs out at once for everybody who asks.
    """

    __tablename__ = "memberships"
    __table_args__ = (
        Index(
            "memberships_one_per_account",
            "space_id",
            "account_id",
            unique=True,
            postgresql_where=NOT_ENDED,
            sqlite_where=NOT_ENDED,
        ),
        Index("memberships_by_account", "account_id"),
    )

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    space_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("spaces.id"))
    account_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    role: Mapped[str] = mapped_column(String(100))
    function: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[State] = mapped_column(String(10))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    suspended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    welcome: Mapped[str] = mapped_column(Text, default="")
    invited_by: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    last_seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    version: Mapped[int] = mapped_column(default=1)

    def has_ended(self, now: datetime) -> bool:
        return self.state == "ended" or (self.ends_at is not None and self.ends_at <= now)

    def state_at(self, now: datetime) -> State:
        return "ended" if self.has_ended(now) else self.state

    def policy_state(self, now: datetime) -> PolicyState:
        """How the policy names it."""
        return "deleted" if self.has_ended(now) else "published"

    def as_contract(self) -> contract.Membership:
        """For others a suspended membership is one that has run out."""
        ends = [at for at in (self.ends_at, self.suspended_at) if at is not None]
        return contract.Membership(
            membership=self.id,
            account=self.account_id,
            role=self.role,
            function=self.function,
            from_=self.starts_at,
            until=min(ends, default=None),
            state="active" if self.state == "suspended" else self.state,
        )


def not_ended(now: datetime) -> ColumnElement[bool]:
    """Memberships that somebody holds: running, invited or suspended."""
    return (Membership.state != "ended") & ((Membership.ends_at.is_(None)) | (Membership.ends_at > now))


def acting(now: datetime) -> ColumnElement[bool]:
    """Memberships of those who can act today: neither invited nor suspended."""
    return (Membership.state == "active") & not_ended(now) & (Membership.starts_at <= now)
