"""Occurrences as the days of a calendar show them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

Occurrence = Mapping[str, Any]

PARTS_OF_A_DAY = ("all_day", "morning", "afternoon", "evening")
NOON, EVENING = 12, 18


@dataclass(frozen=True)
class Entry:
    """An occurrence on one of its days; ``continued`` where it began on a day before."""

    occurrence: Occurrence
    continued: bool

    @property
    def untimed(self) -> bool:
        """Whether this day shows no time of it."""
        return self.continued or lasts_all_day(self.occurrence)


def local(value: str, timezone: str) -> datetime:
    return datetime.fromisoformat(value).astimezone(ZoneInfo(timezone))


def lasts_all_day(occurrence: Occurrence) -> bool:
    """Of whole days the API names the first and the last one, without times."""
    return "T" not in occurrence["start"]


def days_of(occurrence: Occurrence, timezone: str) -> tuple[date, date]:
    """Its first and its last day where the reader is."""
    if lasts_all_day(occurrence):
        return date.fromisoformat(occurrence["start"]), date.fromisoformat(occurrence["end"])
    start, end = (local(occurrence[name], timezone) for name in ("start", "end"))
    return start.date(), max(start.date(), (end - timedelta(microseconds=1)).date())


def by_day(occurrences: Iterable[Occurrence], first: date, last: date, timezone: str) -> dict[date, list[Entry]]:
    """The entries of each day from ``first`` to ``last`` that has any: what lasts all day, then by time."""
    days: dict[date, list[Entry]] = {}
    for occurrence in occurrences:
        begins, ends = days_of(occurrence, timezone)
        day = max(begins, first)
        while day <= min(ends, last):
            days.setdefault(day, []).append(Entry(occurrence, continued=day > begins))
            day += timedelta(1)
    for entries in days.values():
        entries.sort(key=lambda entry: (not entry.untimed, entry.occurrence["start"], entry.occurrence["title"] or ""))
    return dict(sorted(days.items()))


def by_part(entries: Iterable[Entry], timezone: str) -> dict[str, list[Entry]]:
    """The entries of a day by the part of the day in which they begin."""
    parts: dict[str, list[Entry]] = {part: [] for part in PARTS_OF_A_DAY}
    for entry in entries:
        parts[_part_of(entry, timezone)].append(entry)
    return parts


def _part_of(entry: Entry, timezone: str) -> str:
    if entry.untimed:
        return "all_day"
    hour = local(entry.occurrence["start"], timezone).hour
    if hour < NOON:
        return "morning"
    return "afternoon" if hour < EVENING else "evening"
