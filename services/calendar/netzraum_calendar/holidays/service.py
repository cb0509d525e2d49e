"""Which holidays a state has: public ones by the library ``holidays``, school ones out of the operator's files."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

import holidays
import icalendar
import structlog

LANGUAGES: Final = {"de": "de", "en": "en_US"}

log = structlog.get_logger(__name__)


@dataclass(frozen=True, order=True)
class Holiday:
    """``until`` is the last day."""

    date: datetime.date
    until: datetime.date
    name: str
    kind: Literal["public", "school"]


def between(
    state: str, since: datetime.date, until: datetime.date, language: str, folder: Path | None
) -> list[Holiday]:
    """All that touch the days from ``since`` to ``until``, both inclusive, in order."""
    found = [*_public(state, since, until, language), *_school(state, folder)]
    return sorted(each for each in found if each.date <= until and each.until >= since)


def _public(state: str, since: datetime.date, until: datetime.date, language: str) -> Iterable[Holiday]:
    years = range(since.year, until.year + 1)
    for day, name in holidays.country_holidays("DE", subdiv=state, years=years, language=LANGUAGES[language]).items():
        yield Holiday(day, day, name, "public")


def _school(state: str, folder: Path | None) -> Iterable[Holiday]:
    for file in sorted(folder.glob(f"{state}*.ics")) if folder else ():
        try:
            yield from _read(file, file.stat().st_mtime_ns)
        except (OSError, ValueError) as error:
            log.warning("school_holidays_unreadable", file=file.name, error=repr(error))


@lru_cache(maxsize=200)
def _read(file: Path, _changed: int) -> tuple[Holiday, ...]:
    """The periods in a file; read again only when it changed."""
    calendar = icalendar.Calendar.from_ical(file.read_bytes())
    found = []
    for event in calendar.walk("VEVENT"):
        start = _day(event["DTSTART"])
        end = _day(event["DTEND"]) - datetime.timedelta(days=1) if "DTEND" in event else start
        found.append(Holiday(start, max(start, end), str(event.get("SUMMARY", "")), "school"))
    return tuple(found)


def _day(at: Any) -> datetime.date:  # of icalendar, where a property may have one of thirty types
    day: datetime.date = at.dt.date() if isinstance(at.dt, datetime.datetime) else at.dt
    return day
