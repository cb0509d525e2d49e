"""Events out of an iCalendar file: read row by row, compared with what is there, and taken over."""

import asyncio
import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Any, Final, Literal
from zoneinfo import ZoneInfo

import icalendar
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON
from pydantic import ValidationError

from netzraum_calendar.events import rules
from netzraum_calendar.events.planning import A_DAY, TIMES, NotPossible, plan
from netzraum_calendar.events.schemas import NewEvent
from netzraum_calendar.events.series import FARTHEST, Series
from netzraum_calendar.events.tables import Change
from netzraum_platform.limits import MOST_IMPORTED
from netzraum_platform.validation_texts import field_errors, grouped, message

DEFAULT_ZONE: Final = "Europe/Berlin"
NAMELESS: Final = "Termin"
Component = Any  # of icalendar, where a property may have one of thirty types
State = Literal["new", "unchanged", "changed", "faulty"]
MOST_DATES: Final = 500_000
"""Of all series of a file, within ``FARTHEST``."""
LEAST_OF_A_SERIES: Final = 200
"""What a series counts for at least: to look for the next date costs, too, where there are few."""
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
    blocks = _blocks(text)
    if len(blocks) > MOST_IMPORTED:
        number, most = grouped(len(blocks), language), grouped(MOST_IMPORTED, language)
        raise NoCalendar("too_many_events", number=number, most=most)
    reader = _Reader(classification, now, language)
    return reader.rows(blocks)


def _blocks(text: str) -> list[tuple[int, str]]:
    """The events, each with the line on which it begins; without what is nested in them (alarms), which is not taken.

    One that does not end is one, too: it is told of as unreadable.
    """
    found: list[tuple[int, list[str]]] = []
    inside, depth = False, 0
    for number, line in enumerate(text.split("\n"), 1):
        what = line.rstrip().upper()
        if what == "BEGIN:VEVENT":
            found.append((number, [line]))
            inside, depth = True, 0
        elif inside and what == "END:VEVENT":
            found[-1][1].append(line)
            inside = False
        elif inside:
            depth += what.startswith("BEGIN:")
            if depth == 0:
                found[-1][1].append(line)
            depth -= what.startswith("END:") and depth > 0
    return [(number, "\n".join(lines)) for number, lines in found]


class _Reader:
    def __init__(self, classification: str, now: datetime, language: str) -> None:
        self._classification = classification
        self._now = now
        self._language = language
        self._dates = 0

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
        by_series = defaultdict(list)
        for row, component in later:
            by_series[row.uid].append((row, component))
        for uid, changes in by_series.items():
            faulty += self._change(found.get(uid), changes)
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
            row.series = self._planned(row.event)
        except ValidationError as error:
            row.state = "faulty"
            inside = [{**each, "loc": ("row", *each["loc"])} for each in error.errors()]
            for fault in field_errors(inside, self._language):
                row.errors.append({"column": fault.pop("field"), **fault})
        except NotPossible as error:
            row.fault(error.field, error.code, self._language)

    def _planned(self, event: NewEvent) -> Series:
        """
        Raises:
            NotPossible: also where the series of the file have too many dates in all.
        """
        given = event.model_dump(include=set(TIMES))
        if not event.rrule:
            return _planned(given, self._now)
        if self._dates > MOST_DATES:
            raise NotPossible("rrule", "too_many_dates_of_a_file")
        self._dates += rules.MOST_OCCURRENCES  # what one costs that is refused
        series = _planned(given, self._now)
        number = series.count_up_to(series.wall_clock(self._now + FARTHEST))
        self._dates += max(number, LEAST_OF_A_SERIES) - rules.MOST_OCCURRENCES
        if self._dates > MOST_DATES:
            raise NotPossible("rrule", "too_many_dates_of_a_file")
        return series

    def _change(self, series_row: Row | None, changes: Sequence[tuple[Row, Component]]) -> list[Row]:
        """Take changed occurrences into their series; a row of its own is told only where that cannot be."""
        series, event = (series_row.series, series_row.event) if series_row else (None, None)
        changed, faulty = {}, []
        there = _originals(series, self._now) if series else set()
        for row, component in changes:
            try:
                if series is None or event is None:
                    raise NotPossible("recurrence-id", "no_series")
                original, change = _changed(series, there, event, component)
                changed[original] = change
            except (NotPossible, ValueError) as error:
                code = error.code if isinstance(error, NotPossible) else "unreadable"
                row.fault("recurrence-id", code, self._language)
                faulty.append(row)
        if series_row and series:
            series_row.series = replace(series, changed=changed)
        return faulty


def _originals(series: Series, now: datetime) -> set[datetime]:
    """Made once for all that is changed; endless ones as far ahead as dates can be at all."""
    return set(series.originals(series.wall_clock(now + FARTHEST)))


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


def _changed(
    series: Series, there: Collection[datetime], event: NewEvent, component: Component
) -> tuple[datetime, Change]:
    """An original start out of ``there``, and how that occurrence differs from its series.

    Raises:
        NotPossible: it belongs to no date of the series.
    """
    at = component["RECURRENCE-ID"].dt
    original = series.wall_clock(_aware(at, series.timezone))
    if isinstance(at, datetime) == series.all_day or original not in there:
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
    return original, (cancelled, fields)
