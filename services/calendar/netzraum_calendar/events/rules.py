"""Recurrence rules (RFC 5545, 3.3.10): what of them is taken, and why one is refused. Dates are made by dateutil.

For the next date of a rule that has none dateutil looks on until the last year that there is. As the Gregorian calendar
repeats itself, dates are made as near to that year as they can be: so it looks on for 400 years at most, not for 8,000.
"""

import re
from collections.abc import Iterable, Iterator
from datetime import MAXYEAR, datetime, time, timedelta
from itertools import takewhile
from typing import Final
from zoneinfo import ZoneInfo

from dateutil import rrule as engine

MOST_OCCURRENCES: Final = 20_000
LAST_SECOND: Final = time(23, 59, 59)
CYCLE_YEARS: Final = 400
CYCLE: Final = timedelta(days=146_097)
"""After so many days, whole weeks, each date of the Gregorian calendar has the same weekday and the same leap years."""
FREQUENCIES: Final = frozenset({"DAILY", "WEEKLY", "MONTHLY", "YEARLY"})
TOO_FREQUENT: Final = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
MOST_OF_A_MONTH: Final = 5
"""No weekday comes more often in a month."""
MOST_POSITIONS: Final = 5
"""Each one is looked up in every period, also of a rule that never has so many dates in one."""
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_NUMBERS: Final = {
    "INTERVAL": (1, 1000),
    "COUNT": (1, MOST_OCCURRENCES),
    "BYMONTH": (1, 12),
    "BYMONTHDAY": (-31, 31),
    "BYYEARDAY": (-366, 366),
    "BYWEEKNO": (-53, 53),
    "BYSETPOS": (-366, 366),
    "BYHOUR": (0, 23),
    "BYMINUTE": (0, 59),
    "BYSECOND": (0, 59),
}
_ZERO_COUNTS: Final = frozenset({"BYHOUR", "BYMINUTE", "BYSECOND"})
_SINGLE: Final = frozenset({"INTERVAL", "COUNT"})
_WITHIN_A_DAY: Final = ("BYHOUR", "BYMINUTE", "BYSECOND")
_DAY = re.compile(r"([+-]?\d{1,2})?(MO|TU|WE|TH|FR|SA|SU)")
_UNTIL = re.compile(r"\d{8}(T\d{6}Z?)?")


class RuleError(ValueError):
    """A rule that is not taken; ``code`` says why (validation_texts)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


Parts = dict[str, str]


def parts_of(text: str) -> Parts:
    """The parts of a rule, each as it is written.

    Raises:
        RuleError: it is no rule of RFC 5545, or one that asks for too much.
    """
    parts: Parts = {}
    for part in text.strip().upper().removeprefix("RRULE:").rstrip(";").split(";"):
        name, _, value = part.partition("=")
        if name in parts or not value:
            raise RuleError("rrule")
        parts[name] = value
    _check_frequency(parts.get("FREQ", ""))
    for name, value in parts.items():
        _check_value(name, value)
    _check_together(parts)
    return parts


def _check_frequency(frequency: str) -> None:
    if frequency in TOO_FREQUENT:
        raise RuleError("rrule_too_frequent")
    if frequency not in FREQUENCIES:
        raise RuleError("rrule")


def _check_value(name: str, value: str) -> None:
    if name == "FREQ":
        return
    if name in _NUMBERS:
        _check_numbers(name, value.split(","))
    elif name == "BYDAY":
        if any(not _is_day(day) for day in value.split(",")):
            raise RuleError("rrule")
    elif not (name == "WKST" and value in WEEKDAYS) and not (name == "UNTIL" and _UNTIL.fullmatch(value)):
        raise RuleError("rrule")


def _check_numbers(name: str, values: list[str]) -> None:
    least, most = _NUMBERS[name]
    if name in _SINGLE and len(values) > 1:
        raise RuleError("rrule")
    for value in values:
        if not re.fullmatch(r"[+-]?\d{1,5}", value) or not least <= int(value) <= most:
            raise RuleError("rrule")
        if int(value) == 0 and name not in _ZERO_COUNTS:
            raise RuleError("rrule")
    if name == "BYSETPOS" and len(values) > MOST_POSITIONS:
        raise RuleError("rrule_too_many_positions")


def _is_day(day: str) -> bool:
    found = _DAY.fullmatch(day)
    return found is not None and (found[1] is None or 1 <= abs(int(found[1])) <= 53)


def _check_together(parts: Parts) -> None:
    """What RFC 5545 says must not be combined."""
    frequency = parts["FREQ"]
    by = [name for name in parts if name.startswith("BY") and name != "BYSETPOS"]
    numbers = [
        abs(int(found[1])) for found in map(_DAY.fullmatch, parts.get("BYDAY", "").split(",")) if found and found[1]
    ]
    of_a_month = frequency == "MONTHLY" or "BYMONTH" in parts
    if "COUNT" in parts and "UNTIL" in parts:
        raise RuleError("rrule_count_and_until")
    wrong = bool(
        ("BYWEEKNO" in parts and (frequency != "YEARLY" or numbers))
        or ("BYYEARDAY" in parts and frequency != "YEARLY")
        or ("BYMONTHDAY" in parts and frequency == "WEEKLY")
        or ("BYSETPOS" in parts and not by)
        or (numbers and frequency in ("DAILY", "WEEKLY"))
        or (of_a_month and max(numbers, default=0) > MOST_OF_A_MONTH)
    )
    if wrong:
        raise RuleError("rrule")


def normal(parts: Parts) -> str:
    """A rule as it is stored and given out."""
    return ";".join(f"{name}={value}" for name, value in parts.items())


def until_of(parts: Parts, zone: ZoneInfo, *, all_day: bool) -> datetime | None:
    """The last possible start, as wall-clock time. A mere date is taken as the whole day."""
    written = parts.get("UNTIL")
    if written is None:
        return None
    try:
        at = datetime.fromisoformat(written)
    except ValueError as error:
        raise RuleError("rrule") from error
    if all_day or len(written) == len("YYYYMMDD"):
        return datetime.combine(at, LAST_SECOND)
    return at.astimezone(zone).replace(tzinfo=None) if written.endswith("Z") else at


def dates(parts: Parts, start: datetime, zone: ZoneInfo, last: datetime, *, all_day: bool) -> Iterator[datetime]:
    """The wall-clock starts that a rule gives from ``start`` up to ``last``, both inclusive.

    Raises:
        RuleError: it cannot be evaluated.
    """
    if all_day and any(name in parts for name in _WITHIN_A_DAY):
        raise RuleError("rrule")
    until = until_of(parts, zone, all_day=all_day)
    end = last if until is None else min(until, last)
    text = normal({name: value for name, value in _explicit(parts, start).items() if name != "UNTIL"})
    shift = CYCLE * ((MAXYEAR - end.year) // CYCLE_YEARS)
    try:
        rule = engine.rrulestr(text, dtstart=start + shift) if start <= end else ()
    except ValueError as error:
        raise RuleError("rrule") from error
    return (each - shift for each in takewhile(lambda each: each <= end + shift, _to_the_last_year(rule)))


def _explicit(parts: Parts, start: datetime) -> Parts:
    """dateutil takes a week number without days as all seven; RFC 5545 as the weekday of the start."""
    if "BYWEEKNO" in parts and "BYDAY" not in parts:
        return {**parts, "BYDAY": WEEKDAYS[start.weekday()]}
    return parts


def _to_the_last_year(rule: Iterable[datetime]) -> Iterator[datetime]:
    try:
        yield from rule
    except ValueError:  # the week in which the last year ends has days of the next one
        return


def merged(*sources: Iterable[datetime]) -> list[datetime]:
    """All of them in order, each once."""
    return sorted({each for source in sources for each in source})
