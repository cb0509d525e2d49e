"""The tables that hang on an event.

Wall-clock times are naive and hold in the event's time zone: so nine o'clock stays nine o'clock when summer time
begins. An occurrence is named by its original start, the wall-clock time at which the series put it.
"""

import uuid
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, Literal

from sqlalchemy import DateTime, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from netzraum_items.tables import ItemsBase
from netzraum_platform.database import Json, UtcDateTime, Uuid

WallClock = DateTime()
WHOLE_SERIES = datetime.combine(date(1, 1, 1), time())
"""Stands for the original start in a reply to all occurrences."""
Answer = Literal["accepted", "declined", "tentative"]
Change = tuple[bool, Mapping[str, Any]]
"""How an occurrence differs from its series: whether it is cancelled, and what it has of its own."""


def _of_event(**options: Any) -> Mapped[uuid.UUID]:
    return mapped_column(Uuid, ForeignKey("events.id", ondelete="CASCADE"), **options)


class Category(ItemsBase):
    """A word by which an event is sorted and coloured."""

    __tablename__ = "event_categories"

    event_id: Mapped[uuid.UUID] = _of_event(primary_key=True)
    name: Mapped[str] = mapped_column(String(50), primary_key=True)


class Attendee(ItemsBase):
    """Who is invited: an account, a role of the event's space, or all members of a space; one of the three."""

    __tablename__ = "event_attendees"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    event_id: Mapped[uuid.UUID] = _of_event(index=True)
    account_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, index=True)
    role: Mapped[str | None] = mapped_column(String(100))
    space_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)


class ChangedOccurrence(ItemsBase):
    """An occurrence that is not as its series has it: cancelled, or with own fields (``starts``, ``title``, …)."""

    __tablename__ = "event_changed_occurrences"

    event_id: Mapped[uuid.UUID] = _of_event(primary_key=True)
    original: Mapped[datetime] = mapped_column(WallClock, primary_key=True)
    cancelled: Mapped[bool] = mapped_column(default=False)
    fields: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)


class Reply(ItemsBase):
    """What an account answered, to one occurrence or to the whole series."""

    __tablename__ = "event_replies"

    event_id: Mapped[uuid.UUID] = _of_event(primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    original: Mapped[datetime] = mapped_column(WallClock, primary_key=True)
    answer: Mapped[str] = mapped_column(String(10))
    comment: Mapped[str | None] = mapped_column(String(2000))
    deputy_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    at: Mapped[datetime] = mapped_column(UtcDateTime)


class Reminded(ItemsBase):
    """An account was reminded of an occurrence, so many minutes before it; never twice of the same time.

    An occurrence that is moved to another time is reminded of anew.
    """

    __tablename__ = "event_reminded"

    event_id: Mapped[uuid.UUID] = _of_event(primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    original: Mapped[datetime] = mapped_column(WallClock, primary_key=True)
    minutes: Mapped[int] = mapped_column(primary_key=True)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)


class OccurrenceRow(ItemsBase):
    """An occurrence as a window in time finds it. Kept up from the event (occurrences.py), up to a horizon."""

    __tablename__ = "event_occurrences"
    __table_args__ = (
        Index("event_occurrences_of_space", "space_id", "starts_at", "ends_at"),
        Index("event_occurrences_of_event", "event_id", "starts_at"),
    )

    event_id: Mapped[uuid.UUID] = _of_event(primary_key=True)
    original: Mapped[datetime] = mapped_column(WallClock, primary_key=True)
    space_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    starts_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cancelled: Mapped[bool]
