"""Which holidays a state has: by the library ``holidays``; of schools out of the operator's files, too."""

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Literal

import holidays
import icalendar
import structlog

LANGUAGES: Final = {"de": "de", "en": "en_US"}
A_DAY: Final = datetime.timedelta(days=1)
YEARS: Final = range(2000, 2100)
"""Of these the library is asked for school holidays; it knows some twenty, the ministers a few years ahead."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, order=True)
class Holiday:
    """``until`` is the last day."""

    date: datetime.date
    until: datetime.date
    name: str
    kind: Literal["public", "school"]


@dataclass(frozen=True)
class Found:
    """``school_until``: the last day of the last school holidays that are on file, whichever days were asked for."""

    holidays: Sequence[Holiday]
    school_until: datetime.date


def between(state: str, since: datetime.date, until: datetime.date, language: str, folder: Path | None) -> Found:
    """All that touch the days from ``since`` to ``until``, both inclusive, in order."""
    school = _school(state, language, folder)
    touching = [each for each in school if each.date <= until and each.until >= since]
    return Found(
        sorted([*_public(state, since, until, language), *touching]),
        max(each.until for each in school),
    )


def _public(state: str, since: datetime.date, until: datetime.date, language: str) -> Iterable[Holiday]:
    years = range(since.year, until.year + 1)
    found = holidays.country_holidays("DE", subdiv=state, years=years, language=LANGUAGES[language])
    return [Holiday(day, day, name, "public") for day, name in found.items() if since <= day <= until]


def _school(state: str, language: str, folder: Path | None) -> list[Holiday]:
    """A file named by its year has all that begins in it; every file adds, and corrects what its holidays touch."""
    files = sorted(folder.glob(f"{state}*.ics")) if folder else []
    own = [holiday for file in files for holiday in _of_file(file)]
    whole_years = {file.stem.removeprefix(f"{state}-") for file in files}
    return own + [
        each
        for each in _by_library(state, language)
        if str(each.date.year) not in whole_years
        and not any(mine.date <= each.until and mine.until >= each.date for mine in own)
    ]


@lru_cache(maxsize=2 * 16)
def _by_library(state: str, language: str) -> tuple[Holiday, ...]:
    """The library knows days; those of one name that follow on each other are one period, also over New Year."""
    days = holidays.country_holidays(
        "DE", subdiv=state, years=YEARS, language=LANGUAGES[language], categories=holidays.SCHOOL
    )
    found: list[Holiday] = []
    for day, name in sorted(days.items()):
        before = found[-1] if found else None
        if before is not None and before.name == name and before.until + A_DAY == day:
            found[-1] = replace(before, until=day)
        else:
            found.append(Holiday(day, day, name, "school"))
    return tuple(found)


def _of_file(file: Path) -> Iterable[Holiday]:
    try:
        return _read(file, file.stat().st_mtime_ns)
    except (OSError, ValueError) as error:
        log.warning("school_holidays_unreadable", file=file.name, error=repr(error))
        return ()


@lru_cache(maxsize=200)
def _read(file: Path, _changed: int) -> tuple[Holiday, ...]:
    """The periods in a file; read again only when it changed."""
    calendar = icalendar.Calendar.from_ical(file.read_bytes())
    found = []
    for event in calendar.walk("VEVENT"):
        start = _day(event["DTSTART"])
        end = _day(event["DTEND"]) - A_DAY if "DTEND" in event else start
        found.append(Holiday(start, max(start, end), str(event.get("SUMMARY", "")), "school"))
    return tuple(found)


def _day(at: Any) -> datetime.date:  # of icalendar, where a property may have one of thirty types
    day: datetime.date = at.dt.date() if isinstance(at.dt, datetime.datetime) else at.dt
    return day
