"""When an event is, in words."""

from collections.abc import Callable, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from netzraum_gateway.calendar.entries import Entry, Occurrence, days_of, lasts_all_day, local
from netzraum_gateway.calendar.recurrence import nth
from netzraum_gateway.formats import VIEW, Formats, date_text

PATTERNS = {
    "de": {
        "weekday": "EEEEEE",
        "long_weekday": "EEEE",
        "month": "MMMM y",
        "short_month": "MMM",
        "full": "EEEE, d. MMMM y",
    },
    "en": {"weekday": "EEE", "long_weekday": "EEEE", "month": "MMMM y", "short_month": "MMM", "full": "EEEE, d MMMM y"},
}

MOST_OF_A_DAY = 5
"""Shown of a day in a month; the week has them all."""


class EventFormats:
    """Filters for occurrences, ``{start, end}``, and for days; times are shown in the reader's zone."""

    def __init__(self, language: str, formats: Formats, gettext: Callable[[str], str]) -> None:
        self._language = language
        self._formats = formats
        self._gettext = gettext

    def filters(self) -> dict[str, Callable[..., object]]:
        named = {name: self._dated(pattern) for name, pattern in PATTERNS[self._language].items()}
        return {
            "weekday": named["weekday"],
            "long_weekday": named["long_weekday"],
            "month_and_year": named["month"],
            "short_month": named["short_month"],
            "full_day": named["full"],
            "clock": self._formats.clock,
            "time_of_day": self._formats.time_of_day,
            "hours": self.hours,
            "whole_when": self.whole_when,
            "local_day": local_day,
            "first_of_day": first_of_day,
            "nth": nth,
        }

    def hours(self, occurrence: Occurrence, day: date) -> str:
        """The hours of one of its days: 14:00–16:00 Uhr, ab 14:00 Uhr, ganztägig."""
        first, last = days_of(occurrence, VIEW.get().timezone)
        if lasts_all_day(occurrence) or first < day < last:
            return self._gettext("all day")
        if first == last:
            return self._between(occurrence)
        if day == first:
            return self._gettext("from {time}").format(time=self._formats.clock(occurrence["start"]))
        return self._gettext("until {time}").format(time=self._formats.clock(occurrence["end"]))

    def whole_when(self, occurrence: Occurrence) -> str:
        """Day and hours in full, from the first day to the last."""
        first, last = days_of(occurrence, VIEW.get().timezone)
        full = self._dated(PATTERNS[self._language]["full"])
        if first == last:
            return self._gettext("{day}, {hours}").format(day=full(first), hours=self.hours(occurrence, first))
        if lasts_all_day(occurrence):
            return self._gettext("{first} to {last}, all day").format(first=full(first), last=full(last))
        moments = [
            self._gettext("{day}, {time}").format(day=full(day), time=self._formats.clock(occurrence[name]))
            for day, name in ((first, "start"), (last, "end"))
        ]
        return self._gettext("{first} to {last}").format(first=moments[0], last=moments[1])

    def _between(self, occurrence: Occurrence) -> str:
        """With an end only where it has one of its own."""
        if occurrence["start"] == occurrence["end"]:
            return self._formats.clock(occurrence["start"])
        return f"{self._formats.time_of_day(occurrence['start'])}–{self._formats.clock(occurrence['end'])}"

    def _dated(self, pattern: str) -> Callable[[date], str]:
        return lambda day: date_text(day, pattern, self._language).rstrip(".")


def first_of_day(entries: Sequence[Entry]) -> tuple[Sequence[Entry], int]:
    """As much of a day as a month has room for, and how many are left out; never only one."""
    if len(entries) <= MOST_OF_A_DAY:
        return entries, 0
    first = entries[: MOST_OF_A_DAY - 1]
    return first, len(entries) - len(first)


def fits(words: str, *texts: str | None) -> bool:
    """Whether each of the words stands in one of the texts."""
    text = " ".join(each for each in texts if each).casefold()
    return all(word in text for word in words.casefold().split())


def local_day(value: str | datetime) -> date:
    """The day of a moment where the reader is; of what is a day, that day."""
    if isinstance(value, str) and "T" not in value:
        return date.fromisoformat(value)
    timezone = VIEW.get().timezone
    return local(value, timezone).date() if isinstance(value, str) else value.astimezone(ZoneInfo(timezone)).date()
