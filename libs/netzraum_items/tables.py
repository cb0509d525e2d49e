"""What a service knows of spaces, roles, memberships and people, and what it keeps beside its items."""

import uuid
from datetime import datetime
from pathlib import Path

from sqlalchemy import ForeignKey, Index, String, Text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from netzraum_platform.database import Json, UtcDateTime, Uuid
from netzraum_platform.tables import GrowingId

MIGRATIONS = Path(__file__).parent / "migrations"


class ItemsBase(DeclarativeBase):
    """Owner of the tables that every service with items has."""


class AccessSpace(ItemsBase):
    """A space at ``version``, its access version."""

    __tablename__ = "access_spaces"

    space_id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    version: Mapped[int]
    kind: Mapped[str] = mapped_column(String(20))
    parent_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    institution_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    creator_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    tools: Mapped[list[str]] = mapped_column(Json)
    newcomers_see_history: Mapped[bool]
    archived: Mapped[bool]


class AccessRole(ItemsBase):
    """A role of a space: its base, and only what the space changed of it."""

    __tablename__ = "access_roles"

    space_id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str] = mapped_column(String(100), primary_key=True)
    base: Mapped[str] = mapped_column(String(20))
    levels: Mapped[dict[str, str]] = mapped_column(Json)
    clearance: Mapped[str | None] = mapped_column(String(20))


class AccessMembership(ItemsBase):
    """A membership; ``starts_at`` inclusive, ``ends_at`` exclusive. One account has at most one per space."""

    __tablename__ = "access_memberships"
    __table_args__ = (Index("access_memberships_by_account", "account_id", "space_id"),)

    space_id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    membership_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    role: Mapped[str] = mapped_column(String(100))
    function: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[str] = mapped_column(String(10))
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Institution(ItemsBase):
    """The directory's institutions."""

    __tablename__ = "directory_institutions"

    institution_id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    town: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(30))
    state: Mapped[str] = mapped_column(String(20))
    version: Mapped[int]


class Person(ItemsBase):
    """The directory's people: how an account is shown to others."""

    __tablename__ = "directory_people"

    account_id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    function: Mapped[str | None] = mapped_column(String(200))
    institution_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    state: Mapped[str] = mapped_column(String(20))
    version: Mapped[int]


class SeenItem(ItemsBase):
    """An account has seen an item, as it was at ``at``."""

    __tablename__ = "seen_items"

    account_id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    item_id: Mapped[uuid.UUID] = mapped_column(
        Uuid, ForeignKey("items.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class SeenUntil(ItemsBase):
    """An account has seen all that a tool of a space had until then."""

    __tablename__ = "seen_until"

    account_id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    space_id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    tool: Mapped[str] = mapped_column(String(20), primary_key=True)
    until: Mapped[datetime] = mapped_column(UtcDateTime)


class Activity(ItemsBase):
    """A step in the life of an item. Who sees the item sees what was done with it since it was news."""

    __tablename__ = "activity"
    __table_args__ = (Index("activity_newest_first", "space_id", "at"),)

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    space_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    item_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("items.id", ondelete="CASCADE"), index=True)
    what: Mapped[str] = mapped_column(String(20))
    account_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class SearchEntry(ItemsBase):
    """The words by which an item is found; how they are indexed is in search_dialect.py."""

    __tablename__ = "search_entries"

    number: Mapped[int] = mapped_column(GrowingId, primary_key=True, autoincrement=True)
    item_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("items.id", ondelete="CASCADE"), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
