"""Events in the API."""

import uuid
from datetime import date, datetime, timedelta
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    Field,
    PlainSerializer,
    PlainValidator,
    StringConstraints,
    TypeAdapter,
    ValidationError,
    WithJsonSchema,
    model_validator,
)
from pydantic_core import PydanticCustomError

from netzraum_calendar.events.models import Event
from netzraum_calendar.events.series import Series
from netzraum_calendar.events.tables import Answer
from netzraum_items.on_item import Shown
from netzraum_items.schemas import Classification, ItemChange, ItemView, NewItem, RoleName
from netzraum_platform.fields import Line, Markdown, RequestBody, ShortText, printable_line
from netzraum_platform.text import to_html

_TIME: TypeAdapter[datetime] = TypeAdapter(AwareDatetime)
_DAY: TypeAdapter[date] = TypeAdapter(date)
DATE_LENGTH = 10


def _moment(value: object) -> datetime | date:
    """A day is written as such, everything else is a time with its offset."""
    if isinstance(value, date) and (not isinstance(value, datetime) or value.tzinfo is not None):
        return value
    try:
        if isinstance(value, str) and len(value) == DATE_LENGTH:
            return _DAY.validate_python(value)
        return _TIME.validate_python(value)
    except ValidationError as error:
        first = error.errors()[0]
        raise PydanticCustomError(first["type"], "no time") from error


def _web_address(text: str) -> str:
    try:
        parts = urlsplit(text)
    except ValueError as error:
        raise PydanticCustomError("url_parsing", "no address") from error
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise PydanticCustomError("web_address", "no web address")
    return text


Moment = Annotated[
    datetime | date,
    PlainValidator(_moment),
    PlainSerializer(lambda at: at.isoformat(), return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "description": "RFC 3339 with offset; a date (YYYY-MM-DD) of whole days"}),
]
WebAddress = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=2000),
    AfterValidator(printable_line),
    AfterValidator(_web_address),
]
TimeZone = Annotated[str, StringConstraints(min_length=1, max_length=50)]
Rule = Annotated[str, StringConstraints(strip_whitespace=True, max_length=500)]
CategoryName = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=50), AfterValidator(printable_line)
]
Categories = Annotated[list[CategoryName], Field(max_length=20), AfterValidator(lambda names: sorted(set(names)))]
Minutes = Annotated[int, Field(ge=0, le=60 * 24 * 60)]
Reminders = Annotated[list[Minutes], Field(max_length=5), AfterValidator(lambda given: sorted(set(given)))]
Moments = Annotated[list[Moment], Field(max_length=500)]
A_DAY_BEFORE = 24 * 60


class Named(RequestBody):
    """Who is invited: one account, all who have a role here, or all members of a space."""

    account: uuid.UUID | None = None
    role: RoleName | None = None
    space: uuid.UUID | None = None

    @model_validator(mode="after")
    def _exactly_one(self) -> Self:
        if len(self.named()) != 1:
            raise PydanticCustomError("attendee", "one of account, role, space")
        return self

    def named(self) -> dict[str, Any]:
        return self.model_dump(exclude_none=True)


Attendees = Annotated[list[Named], Field(max_length=200)]


class NewEvent(NewItem):
    """``end`` is when it is over; of whole days it is the last day. ``reminders``: minutes before each occurrence."""

    text: Markdown = ""
    place: Line | None = None
    link: WebAddress | None = None
    start: Moment
    end: Moment
    all_day: bool = False
    timezone: TimeZone = "Europe/Berlin"
    rrule: Rule | None = None
    exdates: Moments = Field(default=[])
    rdates: Moments = Field(default=[])
    categories: Categories = Field(default=[])
    attendees: Attendees = Field(default=[])
    reminders: Reminders = Field(default=[A_DAY_BEFORE])


class EventChange(ItemChange):
    """With a new ``start`` alone the event stays as long as it was."""

    text: Markdown = ""
    place: Line | None = None
    link: WebAddress | None = None
    start: Moment = date.min
    end: Moment = date.min
    all_day: bool = False
    timezone: TimeZone = ""
    rrule: Rule | None = None
    exdates: Moments = Field(default=[])
    rdates: Moments = Field(default=[])
    categories: Categories = Field(default=[])
    attendees: Attendees = Field(default=[])
    reminders: Reminders = Field(default=[])


class AttendeeView(BaseModel):
    """``name`` of an account, where it is known."""

    account: uuid.UUID | None = None
    role: str | None = None
    space: uuid.UUID | None = None
    name: str | None = None
    institution: str | None = None


class ReplyCounts(BaseModel):
    """How many of the invited have answered what, for the next occurrence; ``open``: not at all."""

    accepted: int = 0
    declined: int = 0
    tentative: int = 0
    open: int = 0


class MyReply(BaseModel):
    """``occurrence`` is None where it goes for the whole series."""

    answer: Answer
    comment: str | None
    deputy: uuid.UUID | None
    occurrence: Moment | None


class ChangedView(BaseModel):
    """An occurrence that is not as its series has it; fields that are None are as in the series."""

    occurrence: Moment
    cancelled: bool
    start: Moment
    end: Moment
    title: str | None
    text: str | None
    place: str | None
    link: str | None


class ConflictView(BaseModel):
    event: uuid.UUID
    space: uuid.UUID
    title: str
    start: Moment
    end: Moment


class EventView(ItemView):
    """An event as its reader gets it; ``html`` with ``?render=html``.

    ``start`` and ``end`` are those of the first occurrence, ``next`` is when the next one begins. ``changed`` lists
    the occurrences that were moved, changed or cancelled. ``conflicts`` are own other dates at the time of the next
    occurrence; only the view of one event has them.
    """

    text: str | None
    html: str | None = None
    place: str | None
    link: str | None
    start: Moment
    end: Moment
    all_day: bool
    timezone: str
    rrule: str | None
    exdates: list[Moment]
    rdates: list[Moment]
    categories: list[str]
    reminders: list[int]
    uid: str
    sequence: int
    changed: list[ChangedView]
    attendees: list[AttendeeView]
    next: Moment | None = None
    attending: bool = False
    my_reply: MyReply | None = None
    replies: ReplyCounts = ReplyCounts()
    conflicts: list[ConflictView] | None = None

    @classmethod
    def own_fields(cls, shown: Shown[Event], render: Literal["html"] | None) -> dict[str, Any]:
        event, hidden = shown.item, shown.withheld
        series = Series.of(event)
        text = None if hidden else event.text
        same = ("all_day", "timezone", "rrule", "reminders", "uid", "sequence")
        return {
            **{name: getattr(event, name) for name in same},
            "text": text,
            "html": to_html(text) if render and text is not None else None,
            "place": None if hidden else event.place,
            "link": None if hidden else event.link,
            "start": moment(series, event.starts),
            "end": last_moment(series, event.ends),
            "exdates": [moment(series, datetime.fromisoformat(each)) for each in event.exdates],
            "rdates": [moment(series, datetime.fromisoformat(each)) for each in event.rdates],
            "categories": [] if hidden else list(event.categories),
            "changed": [] if hidden else [_changed(series, original) for original in sorted(series.changed)],
            "attendees": [] if hidden else [AttendeeView(**each) for each in event.attendees],
        }


def moment(series: Series, at: datetime) -> datetime | date:
    """A wall-clock time as the API writes it: with its offset, or as a day."""
    return at.date() if series.all_day else at.replace(tzinfo=series.zone)


def last_moment(series: Series, ends: datetime) -> datetime | date:
    """The end as the API writes it: of whole days the last one."""
    return (ends - timedelta(days=1)).date() if series.all_day else moment(series, ends)


def _changed(series: Series, original: datetime) -> ChangedView:
    each = series.occurrence(original)
    fields = each.fields or {}
    return ChangedView(
        occurrence=moment(series, original),
        cancelled=each.cancelled,
        start=moment(series, each.starts),
        end=last_moment(series, each.ends),
        **{name: fields.get(name) for name in ("title", "text", "place", "link")},
    )


class OccurrenceView(BaseModel):
    """One date of an event in a window of time. ``occurrence`` names it: its original start in the series.

    ``conflict``: it overlaps with another date of one's own. ``place`` is None where reading is audited.
    """

    event: uuid.UUID
    space: uuid.UUID
    occurrence: Moment
    start: Moment
    end: Moment
    all_day: bool
    title: str
    place: str | None
    classification: Classification
    categories: list[str]
    moved: bool
    cancelled: bool
    recurs: bool
    attending: bool
    my_reply: Answer | None
    unread: bool
    conflict: bool


class NewReply(RequestBody):
    """``occurrence``: its original start; without it the answer goes for all. ``deputy``: who comes instead."""

    answer: Answer
    comment: ShortText | None = None
    occurrence: Moment | None = None
    deputy: uuid.UUID | None = None


class AttendeeReply(BaseModel):
    """What one of the invited answered; ``answer`` is None while it is open."""

    account: uuid.UUID
    name: str | None
    institution: str | None
    answer: Answer | None
    comment: str | None
    deputy: AttendeeView | None
    at: AwareDatetime | None
    occurrence: Moment | None
