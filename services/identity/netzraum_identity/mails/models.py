"""What members were told by mail."""

import uuid
from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from netzraum_identity.models import IdentityBase
from netzraum_platform.database import UtcDateTime, Uuid


class ToldMembership(IdentityBase):
    """The membership as its holder was last told of it: what differs from it is worth a mail.

    ``version`` is the space's access version then; older news is no news.
    """

    __tablename__ = "told_memberships"

    space_id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    role: Mapped[str] = mapped_column(String(100))
    version: Mapped[int]


class ToldNews(IdentityBase):
    """Until when an account was told by mail what is new to it."""

    __tablename__ = "told_news"

    account_id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    until: Mapped[datetime] = mapped_column(UtcDateTime)


class ToldItem(IdentityBase):
    """An account was told of an item by mail, as it was at ``at``. Kept until ``ToldNews`` says as much."""

    __tablename__ = "told_items"

    account_id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    item_id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime, index=True)
