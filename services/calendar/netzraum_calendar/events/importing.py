"""Events out of an iCalendar file: read row by row, compared with what is there, and taken over."""

import asyncio
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import icalendar
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON
from pydantic import ValidationError

from netzraum_calendar.events.planning import A_DAY, TIMES, NotPossible, plan
from netzraum_calendar.events.schemas import NewEvent
from netzraum_calendar.events.series import Series
from netzraum_platform.limits import MOST_IMPORTED
from netzraum_platform.validation_texts import field_errors, grouped, message

DEFAULT_ZONE: Final = "Europe/Berlin"
NAMELESS: Final = "Termin"
Component = Any  # of icalendar, where a property may have one of thirty types
State = Literal["new", "unchanged", "changed", "faulty"]
_BLOCK = re.compile(r"^BEGIN:VEVENT\s*$.*?^END:VEVENT\s*$", re.MULTILINE | re.DOTALL | re.IGNORECASE)
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


class NoCalendar(ValueError):
    """The file as a whole cannot be taken; ``code`` says why (validation_texts), with ``parameters``."""

    def __init__(self, code: str, **parameters: str) -> None:
        super().__init__(code)
        self.code = code
        self.parameters = parameters


@dataclass
class Row:
    """An event of the file, from which ``line`` on; ``errors`` as ``{column, code, message}``."""

    line: int
    uid: str = ""
    title: str | None = None
    start: datetime | date | None = None
    state: State = "new"
    errors: list[dict[str, str]] = field(default_factory=list)
    event: NewEvent | None = None
    series: Series | None = None
    sequence: int = 0

    def fault(self, column: str, code: str, language: str) -> None:
        self.state = "faulty"
        self.errors.append({"column": column, "code": code, "message": message(code, language)})


async def read(content: bytes, classification: str, now: datetime, language: str) -> list[Row]:
    """The events of a file, checked one by one. A series and its changed occurrences are one row.

    Raises:
        NoCalendar: it is none, or holds too much.
    """
    return await asyncio.to_thread(_read, content, classification, now, language)


def _read(content: bytes, classification: str, now: datetime, language: str) -> list[Row]:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NoCalendar("no_calendar") from error
    if not text.lstrip().upper().startswith("BEGIN:VCALENDAR"):
        raise NoCalendar("no_calendar")
    blocks = [(text.count("\n", 0, found.start()) + 1, found[0]) for found in _BLOCK.finditer(text)]
    if len(blocks) > MOST_IMPORTED:
        number, most = grouped(len(blocks), language), grouped(MOST_IMPORTED, language)
        raise NoCalendar("too_many_events", number=number, most=most)
    reader = _Reader(classification, now, language)
    return reader.rows(blocks)


class _Reader:
    def __init__(self, classification: str, now: datetime, language: str) -> None:
        self._classification = classification
        self._now = now
        self._language = language

    def rows(self, blocks: Sequence[tuple[int, str]]) -> list[Row]:
        found: dict[str, Row] = {}
        faulty: list[Row] = []
        later: list[tuple[Row, Component]] = []
        for line, block in blocks:
            row = Row(line)
            component = self._parsed(row, block)
            if component is None:
                faulty.append(row)
            elif "RECURRENCE-ID" in component and row.uid:
                later.append((row, component))
            elif row.uid in found:
                row.fault("uid", "twice", self._language)
                faulty.append(row)
            else:
                self._take(row, component)
                found[row.uid or f"line {line}"] = row
        for row, component in later:
            faulty += self._change(found.get(row.uid), row, component)
        return sorted([*found.values(), *faulty], key=lambda each: each.line)

    def _parsed(self, row: Row, block: str) -> Component | None:
        try:
            component: Component = icalendar.Event.from_ical(block)
            row.uid = str(component.get("UID", "")).strip()[:300]
            row.title = _printable(str(component.get("SUMMARY", ""))).strip()[:200] or NAMELESS
            if component.errors:
                raise ValueError(component.errors)
        except (ValueError, KeyError, IndexError, AttributeError, TypeError):  # whatever the parser meets
            row.fault("event", "unreadable", self._language)
            return None
        return component if isinstance(component, icalendar.Event) else None

    def _take(self, row: Row, component: Component) -> None:
        try:
            given = _given(component)
            row.event = NewEvent(title=row.title, classification=self._classification, **given)
            row.start = given["start"]
            row.sequence = int(component.get("SEQUENCE", 0))
            row.series = _planned(row.event.model_dump(include=set(TIMES)), self._now)
        except ValidationError as error:
            row.state = "faulty"
            inside = [{**each, "loc": ("row", *each["loc"])} for each in error.errors()]
            for fault in field_errors(inside, self._language):
                row.errors.append({"column": fault.pop("field"), **fault})
        except NotPossible as error:
            row.fault(error.field, error.code, self._language)

    def _change(self, series_row: Row | None, row: Row, component: Component) -> list[Row]:
        """Take a changed occurrence into its series; a row of its own is told only where that cannot be."""
        series = series_row.series if series_row else None
        try:
            if series is None or series_row is None or series_row.event is None:
                raise NotPossible("recurrence-id", "no_series")
            series_row.series = _with_change(series, series_row.event, component)
        except (NotPossible, ValueError) as error:
            code = error.code if isinstance(error, NotPossible) else "unreadable"
            row.fault("recurrence-id", code, self._language)
            return [row]
        return []


def _planned(given: Mapping[str, Any], now: datetime) -> Series:
    """As ``plan``; a start that its rule does not give, and what is left out of a series though it is none of its
    dates, do no harm in a file."""
    try:
        return plan(given, now, any_start=True)
    except NotPossible as error:
        if (error.field, error.code) != ("exdates", "not_in_series"):
            raise
    series = plan({**given, "exdates": []}, now, any_start=True)
    wanted = {series.wall_clock(each) for each in given["exdates"]}
    there = [each.isoformat() for each in series.originals(max(wanted)) if each in wanted]
    return replace(series, exdates=there)


def _given(component: Component) -> dict[str, Any]:
    """What the API would be sent for this event.

    Raises:
        NotPossible: no start, or a time zone that nobody knows.
    """
    if "DTSTART" not in component:
        raise NotPossible("start", "missing")
    start = component["DTSTART"]
    all_day = not isinstance(start.dt, datetime)
    recurs = "RRULE" in component or "RDATE" in component
    zone = DEFAULT_ZONE if all_day else _zone(start, recurs=recurs)
    end = _end(component, start.dt, zone)
    if isinstance(component.get("RRULE"), list) or "EXRULE" in component:
        raise NotPossible("rrule", "rrule")
    rrule = component["RRULE"].to_ical().decode() if "RRULE" in component else None
    return {
        "start": _aware(start.dt, zone),
        "end": end - A_DAY if all_day else end,
        "all_day": all_day,
        "timezone": zone,
        "rrule": rrule,
        "exdates": _dates(component, "EXDATE", start.dt, zone),
        "rdates": _dates(component, "RDATE", start.dt, zone),
        "text": _printable(str(component.get("DESCRIPTION", ""))),
        "place": _printable(str(component.get("LOCATION", ""))).replace("\n", " ").strip()[:200] or None,
        "link": _link(component),
        "categories": sorted(set(_categories(component)))[:20],
        "reminders": [],
    }


def _printable(text: str) -> str:
    return _UNPRINTABLE.sub("", text)


def _zone(time: Any, *, recurs: bool) -> str:
    """The name of a time's zone; of an instant in UTC the region's own, where no summer time comes between."""
    written = str(time.params.get("TZID", "")).strip('"')
    name = getattr(time.dt.tzinfo, "key", None) or WINDOWS_TO_OLSON.get(written) or written
    if time.dt.tzinfo is not None and time.dt.utcoffset() == timedelta() and not written:
        return "UTC" if recurs else DEFAULT_ZONE
    return str(name) or DEFAULT_ZONE


def _aware(at: datetime | date, zone: str) -> datetime | date:
    if not isinstance(at, datetime):
        return at
    try:
        return at if at.tzinfo is not None else at.replace(tzinfo=ZoneInfo(zone))
    except (ValueError, LookupError) as error:
        raise NotPossible("timezone", "time_zone") from error


def _end(component: Component, start: datetime | date, zone: str) -> Any:  # as the start: a time or a day
    if "DTEND" in component:
        return _aware(component["DTEND"].dt, zone)
    length = component["DURATION"].dt if "DURATION" in component else timedelta()
    if not isinstance(start, datetime):
        return start + max(length, A_DAY)
    return _aware(start + length, zone)


def _dates(component: Component, name: str, start: datetime | date, zone: str) -> list[datetime | date]:
    """Further or left out dates; a day in a series of times stands for the time of that day."""
    written = component.get(name, [])
    found: list[datetime | date] = []
    for values in written if isinstance(written, list) else [written]:
        for value in values.dts:
            at = value.dt
            if isinstance(start, datetime) and not isinstance(at, datetime):
                at = datetime.combine(at, start.time())
            found.append(_aware(at, zone))
    return found


def _link(component: Component) -> str | None:
    link = str(component.get("URL", "")).strip()
    return link if link.startswith(("http://", "https://")) else None


def _categories(component: Component) -> Iterable[str]:
    written = component.get("CATEGORIES", [])
    for values in written if isinstance(written, list) else [written]:
        for each in values.cats:
            if name := _printable(str(each)).strip()[:50]:
                yield name


def _with_change(series: Series, event: NewEvent, component: Component) -> Series:
    """
    Raises:
        NotPossible: it belongs to no date of the series.
    """
    at = component["RECURRENCE-ID"].dt
    original = series.wall_clock(_aware(at, series.timezone))
    if isinstance(at, datetime) == series.all_day or not series.has(original):
        raise NotPossible("recurrence-id", "not_in_series")
    cancelled = str(component.get("STATUS", "")).upper() == "CANCELLED"
    fields: dict[str, Any] = {}
    if "DTSTART" in component:
        given = _given(component)
        end = given["end"] + (A_DAY if series.all_day else timedelta())
        times = series.wall_clock(given["start"]), series.wall_clock(end)
        if times != (original, original + (series.ends - series.starts)):
            fields |= {"starts": times[0].isoformat(), "ends": times[1].isoformat()}
        fields |= {name: given[name] for name in ("text", "place", "link") if given[name] != getattr(event, name)}
    title = _printable(str(component.get("SUMMARY", ""))).strip()[:200]
    fields |= {"title": title} if title not in ("", event.title) else {}
    return replace(series, changed={**series.changed, original: (cancelled, fields)})
