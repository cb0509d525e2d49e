"""What an event has beside what every item has, and the tables that hang on it.

Wall-clock times are naive and hold in the event's time zone: so nine o'clock stays nine o'clock when summer time
begins. An occurrence is named by its original start, the wall-clock time at which the series put it.
"""

import uuid
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from typing import Any, ClassVar, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import DateTime, ForeignKey, Index, String, Text
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netzraum_contracts.calendar import EventChanged
from netzraum_items.items import Item
from netzraum_items.tables import ItemsBase
from netzraum_platform.database import Json, UtcDateTime, Uuid
from netzraum_platform.text import to_plain

WallClock = DateTime()
WHOLE_SERIES = datetime.combine(date(1, 1, 1), time())
"""Stands for the original start in a reply to all occurrences."""
Answer = Literal["accepted", "declined", "tentative"]


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
    """An account was reminded of an occurrence, so many minutes before it; never twice."""

    __tablename__ = "event_reminded"

    event_id: Mapped[uuid.UUID] = _of_event(primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    original: Mapped[datetime] = mapped_column(WallClock, primary_key=True)
    minutes: Mapped[int] = mapped_column(primary_key=True)


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


class Event(Item):
    """An event, alone or as a series.

    ``starts`` inclusive and ``ends`` exclusive are wall-clock times of the first occurrence; of whole days: midnights.
    ``exdates`` and ``rdates`` are wall-clock times in ISO format. ``expanded_until``: up to when occurrences are
    stored, None where all are. ``visible_until`` is when the last occurrence ends, None where none is the last.
    """

    __tablename__ = "events"
    __mapper_args__ = {"polymorphic_identity": "event"}  # noqa: RUF012  # read once by SQLAlchemy

    SERVICE: ClassVar = "calendar"
    TOOL: ClassVar = "calendar"
    TYPE: ClassVar = "event"
    EVENT: ClassVar = EventChanged

    id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    place: Mapped[str | None] = mapped_column(String(200))
    link: Mapped[str | None] = mapped_column(String(2000))
    starts: Mapped[datetime] = mapped_column(WallClock)
    ends: Mapped[datetime] = mapped_column(WallClock)
    timezone: Mapped[str] = mapped_column(String(50))
    all_day: Mapped[bool]
    rrule: Mapped[str | None] = mapped_column(String(500))
    exdates: Mapped[list[str]] = mapped_column(Json)
    rdates: Mapped[list[str]] = mapped_column(Json)
    uid: Mapped[str] = mapped_column(String(300), index=True)
    sequence: Mapped[int] = mapped_column(default=0)
    reminders: Mapped[list[int]] = mapped_column(Json)
    expanded_until: Mapped[datetime | None] = mapped_column(UtcDateTime)

    category_rows: Mapped[list[Category]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by=Category.name
    )
    categories: AssociationProxy[list[str]] = association_proxy(
        "category_rows", "name", creator=lambda name: Category(name=name)
    )
    attendee_rows: Mapped[list[Attendee]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by=Attendee.id
    )
    changed_rows: Mapped[list[ChangedOccurrence]] = relationship(
        lazy="selectin", cascade="all, delete-orphan", order_by=ChangedOccurrence.original
    )

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    @property
    def recurs(self) -> bool:
        return self.rrule is not None or bool(self.rdates)

    @property
    def attendees(self) -> list[dict[str, Any]]:
        """As the API writes them: ``{"account": …}``, ``{"role": …}`` or ``{"space": …}``."""
        return [_named(row) for row in self.attendee_rows]

    @attendees.setter
    def attendees(self, wanted: Iterable[Mapping[str, Any]]) -> None:
        self.attendee_rows = [
            Attendee(account_id=each.get("account"), role=each.get("role"), space_id=each.get("space"))
            for each in wanted
        ]

    @property
    def changed(self) -> dict[datetime, "Change"]:
        """The changed occurrences by their original start: whether cancelled, and the fields of their own."""
        return {row.original: (row.cancelled, row.fields) for row in self.changed_rows}

    @changed.setter
    def changed(self, wanted: Mapping[datetime, "Change"]) -> None:
        kept = {row.original: row for row in self.changed_rows if row.original in wanted}
        for original, (cancelled, fields) in wanted.items():
            row = kept.setdefault(original, ChangedOccurrence(original=original))
            row.cancelled, row.fields = cancelled, dict(fields)
        self.changed_rows = list(kept.values())

    def searchable(self) -> str:
        return " ".join(part for part in (to_plain(self.text), self.place, *self.categories) if part)


Change = tuple[bool, Mapping[str, Any]]


def _named(row: Attendee) -> dict[str, Any]:
    named = {"account": row.account_id, "role": row.role, "space": row.space_id}
    return {kind: value for kind, value in named.items() if value is not None}
