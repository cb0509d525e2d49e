"""What an event has beside what every item has."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from sqlalchemy import ForeignKey, String, Text, and_, exists, or_, select
from sqlalchemy.ext.associationproxy import AssociationProxy, association_proxy
from sqlalchemy.orm import Mapped, mapped_column, relationship

from netzraum_calendar.events.conditions import is_invited, next_original, next_start
from netzraum_calendar.events.tables import (
    WHOLE_SERIES,
    Attendee,
    Category,
    Change,
    ChangedOccurrence,
    Reply,
    WallClock,
)
from netzraum_contracts.calendar import EventChanged
from netzraum_items.items import Item, Waiting, in_states
from netzraum_platform.database import Json, UtcDateTime, Uuid
from netzraum_platform.text import to_plain


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
    def changed(self) -> dict[datetime, Change]:
        """The changed occurrences by their original start: whether cancelled, and the fields of their own."""
        return {row.original: (row.cancelled, row.fields) for row in self.changed_rows}

    @changed.setter
    def changed(self, wanted: Mapping[datetime, Change]) -> None:
        kept = {row.original: row for row in self.changed_rows if row.original in wanted}
        for original, (cancelled, fields) in wanted.items():
            row = kept.setdefault(original, ChangedOccurrence(original=original))
            row.cancelled, row.fields = cancelled, dict(fields)
        self.changed_rows = list(kept.values())

    @classmethod
    def waiting(cls, account: uuid.UUID, now: datetime) -> Sequence[Waiting]:
        """Whom others invited is asked for an answer, until the last occurrence has begun."""
        mine = (Reply.event_id == Item.id, Reply.account_id == account)
        answered = exists(
            select(Reply.answer).where(*mine, or_(Reply.original == WHOLE_SERIES, Reply.original == next_original(now)))
        ).correlate(Item)
        asked = and_(
            in_states(["published"], now),
            Item.author_id.is_distinct_from(account),
            next_start(now).is_not(None),
            is_invited(account, now),
            ~answered,
        )
        return [Waiting("reply", asked, next_start(now))]

    def searchable(self) -> str:
        return " ".join(part for part in (to_plain(self.text), self.place, *self.categories) if part)


def _named(row: Attendee) -> dict[str, Any]:
    named = {"account": row.account_id, "role": row.role, "space": row.space_id}
    return {kind: value for kind, value in named.items() if value is not None}
