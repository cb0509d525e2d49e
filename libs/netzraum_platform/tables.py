"""The tables that every service has beside its own."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Integer, String, Text, text
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from netzraum_platform.database import Json, UtcDateTime, Uuid, new_id, utc_now

GrowingId = BigInteger().with_variant(Integer(), "sqlite")


class PlatformBase(DeclarativeBase):
    """Owner of the shared tables; each service's own tables have a base of their own."""


class OutboxRow(PlatformBase):
    """An event that waits to be published, or was (``sent_at``) and waits to be forgotten."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index(
            "outbox_unsent",
            "sequence",
            postgresql_where=text("sent_at IS NULL"),
            sqlite_where=text("sent_at IS NULL"),
        ),
        Index("outbox_sent", "sent_at"),
    )

    sequence: Mapped[int] = mapped_column(GrowingId, primary_key=True, autoincrement=True)
    envelope: Mapped[dict[str, Any]] = mapped_column(Json)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    sent_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class InboxRow(PlatformBase):
    """An event that a handler has handled (``done``), will try again (``waiting``) or gave up on (``dead``)."""

    __tablename__ = "inbox"
    __table_args__ = (Index("inbox_waiting", "state", "run_at"), Index("inbox_received", "received_at"))

    handler: Mapped[str] = mapped_column(String(100), primary_key=True)
    event_id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    state: Mapped[str] = mapped_column(String(10))
    envelope: Mapped[dict[str, Any] | None] = mapped_column(Json)
    attempts: Mapped[int] = mapped_column(default=0)
    run_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    error: Mapped[str | None] = mapped_column(Text)
    received_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)


class JobRow(PlatformBase):
    """Timed work. Its id is made of kind and ``key``, where it has one, so that scheduling it again moves it.

    ``state``: waiting (it runs while ``claimed_until`` is to come), again (moved while it runs), dead (given up on).
    """

    __tablename__ = "jobs"
    __table_args__ = (Index("jobs_due", "state", "run_at"),)

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    kind: Mapped[str] = mapped_column(String(100))
    key: Mapped[str | None] = mapped_column(String(200))
    payload: Mapped[dict[str, Any]] = mapped_column(Json)
    state: Mapped[str] = mapped_column(String(10), default="waiting")
    run_at: Mapped[datetime] = mapped_column(UtcDateTime)
    claimed_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    attempts: Mapped[int] = mapped_column(default=0)
    error: Mapped[str | None] = mapped_column(Text)


class AuditRow(PlatformBase):
    """Who did what to which item, under which policy. Ids and states only: no titles, no texts."""

    __tablename__ = "audit"
    __table_args__ = (Index("audit_by_space", "space_id", "id"),)

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True, default=new_id)
    at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
    account_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    what: Mapped[str] = mapped_column(String(100))
    space_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    item: Mapped[str | None] = mapped_column(String(200))
    reason: Mapped[str | None] = mapped_column(Text)
    details: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    policy_revision: Mapped[str | None] = mapped_column(String(100))


class IdempotencyRow(PlatformBase):
    """What a creating request with an ``Idempotency-Key`` made; kept for 24 hours."""

    __tablename__ = "idempotency_keys"

    caller: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    item: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime] = mapped_column(UtcDateTime, default=utc_now)
