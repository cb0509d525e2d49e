"""Dates, times and numbers as the reader writes them, and the marks made out of names."""

import re
import zlib
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import cached_property, lru_cache
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_decimal, format_percent

from netzraum_gateway.browsers import browser_words
from netzraum_gateway.labels import msg

HOME_ZONE = "Europe/Berlin"
HUES = ("blau", "violett", "orange", "tuerkis", "gruen", "gelb", "rot")
GREETINGS = ((11, msg("Good morning, {name}")), (18, msg("Hello, {name}")), (24, msg("Good evening, {name}")))
"""Each with the hour that ends its time."""
RELATIVE_DAYS = {0: msg("today"), 1: msg("tomorrow"), -1: msg("yesterday")}
PATTERNS = {
    "de": {"day": "EEEEEE, d. MMMM", "short": "EEEEEE, d. MMM", "year": "d. MMMM y", "date": "dd.MM.y", "time": "H:mm"},
    "en": {"day": "EEE, d MMMM", "short": "EEE, d MMM", "year": "d MMMM y", "date": "dd/MM/y", "time": "HH:mm"},
}


@dataclass(frozen=True)
class View:
    """What a page depends on beside its content: the reader's settings, the time, and the browser session's token."""

    language: str
    theme: str
    timezone: str
    now: datetime
    csrf: str
    large: bool

    @cached_property
    def today(self) -> date:
        """Where the reader is."""
        return self.now.astimezone(ZoneInfo(self.timezone)).date()


VIEW: ContextVar[View] = ContextVar("view")


class Formats:
    """Filters of one language. Times are RFC 3339 strings or datetimes; they are shown in the reader's zone."""

    def __init__(self, language: str, gettext: Callable[[str], str]) -> None:
        self._language = language
        self._patterns = PATTERNS[language]
        self._gettext = gettext

    def filters(self) -> dict[str, Callable[..., object]]:
        return {
            "day": self.day,
            "short_day": self.short_day,
            "moment": self.moment,
            "short_moment": self.short_moment,
            "date": self.numeric_date,
            "long_date": self.long_date,
            "date_input": date_input,
            "moment_input": moment_input,
            "number": self.number,
            "percent": self.percent,
            "size": self.size,
            "initials": initials,
            "hue": hue,
            "institution": institution,
            "options": self.options,
            "greeting": self.greeting,
            "in_order_of": in_order_of,
            "picture": picture,
            "by_score": by_score,
            "browser": self.browser,
        }

    def options(self, table: Mapping[str, Any]) -> list[tuple[str, str]]:
        """The rows of a label table, to choose from."""
        return [(name, self._gettext(row.label)) for name, row in table.items()]

    def greeting(self, name: str) -> str:
        """By the time of day where the reader is."""
        hour = _local(VIEW.get().now).hour
        return self._gettext(next(words for end, words in GREETINGS if hour < end)).format(name=name)

    def browser(self, client: str) -> str:
        return browser_words(client, self._gettext)

    def day(self, value: str | date) -> str:
        """Today, tomorrow, yesterday; else the weekday and the date, with the year where it is another."""
        return self._relative(value) or self._dated(value, "day")

    def short_day(self, value: str | date) -> str:
        return self._relative(value) or self._dated(value, "short")

    def moment(self, value: str | datetime) -> str:
        return self._gettext("{day}, {time}").format(day=self.day(value), time=self.clock(value))

    def short_moment(self, value: str | datetime) -> str:
        return self._gettext("{day}, {time}").format(day=self.short_day(value), time=self.time_of_day(value))

    def numeric_date(self, value: str | date) -> str:
        return date_text(_local_day(value), self._patterns["date"], self._language)

    def long_date(self, value: str | date) -> str:
        return date_text(_local_day(value), self._patterns["year"], self._language)

    def clock(self, value: str | datetime) -> str:
        """The time of day; with the zone's name where it is not the zone of the installation."""
        text = self._gettext("{time}").format(time=self.time_of_day(value))
        local = _local(value)
        if local.utcoffset() != local.astimezone(ZoneInfo(HOME_ZONE)).utcoffset():
            text += f" ({local.tzname()})"
        return text

    def number(self, value: float) -> str:
        return _number_text(value, self._language)

    def percent(self, share: float) -> str:
        """A share from 0 to 1, in whole percents."""
        return str(format_percent(round(share, 2), locale=self._language))

    def size(self, octets: int) -> str:
        """Decimal units, as file managers show them."""
        if octets < 1000:
            return f"{octets} B"
        amount, unit = octets / 1000, "kB"
        for larger in ("MB", "GB"):
            if amount < 1000:
                break
            amount, unit = amount / 1000, larger
        return f"{self.number(round(amount, 0 if amount >= 10 else 1))} {unit}"

    def time_of_day(self, value: str | datetime) -> str:
        return _time_text(_local(value).time(), self._patterns["time"], self._language)

    def _relative(self, value: str | date) -> str:
        word = RELATIVE_DAYS.get((_local_day(value) - VIEW.get().today).days)
        return self._gettext(word) if word else ""

    def _dated(self, value: str | date, pattern: str) -> str:
        local = _local_day(value)
        other_year = local.year != VIEW.get().now.year
        text = date_text(local, self._patterns["year" if other_year else pattern], self._language)
        return text.replace(".,", ",")


@lru_cache(maxsize=10_000)
def date_text(day: date, pattern: str, language: str) -> str:
    """A list has the same days again and again, and Babel takes its time for each."""
    return str(format_date(day, pattern, locale=language))


@lru_cache(maxsize=10_000)
def _time_text(at: time, pattern: str, language: str) -> str:
    return str(format_time(at, pattern, locale=language))


@lru_cache(maxsize=1000)
def _number_text(value: float, language: str) -> str:
    return str(format_decimal(value, locale=language))


def _local(value: str | datetime) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    return moment.astimezone(ZoneInfo(VIEW.get().timezone))


def _local_day(value: str | date) -> date:
    if isinstance(value, str):
        value = datetime.fromisoformat(value) if "T" in value else date.fromisoformat(value)
    return _local(value).date() if isinstance(value, datetime) else value


def date_input(value: str | date | None) -> str:
    """The day as an HTML date field takes it; what was typed and is no date stays as it is."""
    try:
        return _local_day(value).isoformat() if value else ""
    except ValueError:
        return str(value)


def moment_input(value: str | datetime | None) -> str:
    """The moment as an HTML field for date and time takes it; what was typed and is no moment stays as it is."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return str(value)
    if moment is None or moment.tzinfo is None:
        return str(value or "")
    return _local(moment).strftime("%Y-%m-%dT%H:%M")


def pieces(text: str, marks: Iterable[tuple[int, int]]) -> list[tuple[str, bool]]:
    """The text in parts, each with whether it is marked; `marks` are starts and ends in order."""
    parts, at = [], 0
    for start, end in marks:
        parts += [(text[at:start], False), (text[start:end], True)]
        at = end
    return [part for part in [*parts, (text[at:], False)] if part[0]]


def in_order_of(rows: Iterable[Mapping[str, Any]], table: Mapping[str, object], key: str) -> list[Mapping[str, Any]]:
    """As the table lists what they hold under ``key``; what it does not list comes last."""
    places = {name: place for place, name in enumerate(table)}
    return sorted(rows, key=lambda row: places.get(row[key], len(places)))


def by_score(options: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """The highest score first; what nobody has scored comes last."""
    return sorted(options, key=lambda option: -1 if option["score"] is None else option["score"], reverse=True)


def picture(svg: str) -> str:
    """An SVG as an address, so that it comes with the page and is no markup of it."""
    return "data:image/svg+xml," + quote(svg)


def initials(name: str) -> str:
    """Two letters: of the first and the last word, or the first two of the only one."""
    words: list[str] = re.findall(r"\w+", name)
    if len(words) > 1:
        return (words[0][0] + words[-1][0]).upper()
    return "".join(words)[:2].upper()


def hue(key: str) -> str:
    """The same colour for the same id, on every machine and in every process."""
    return HUES[zlib.crc32(key.encode()) % len(HUES)]


def institution(value: str | Mapping[str, str] | None) -> str:
    """An institution's name, whether the answer carries the name alone or the institution with its id."""
    if value is None:
        return ""
    return value if isinstance(value, str) else str(value["name"])
