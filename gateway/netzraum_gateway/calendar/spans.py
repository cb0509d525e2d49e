"""The days that a view of the calendar shows, and where turning its pages leads."""

import calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

MONTH, WEEK, LIST = "monat", "woche", "liste"
DAYS_OF_A_LIST = 56
FARTHEST_YEARS = 9
"""The calendar answers at most ten years ahead; what is asked for beyond is answered with today."""


@dataclass(frozen=True)
class Span:
    """The days ``first`` to ``last``, both shown. ``before`` and ``after`` are days of the neighbouring spans."""

    view: str
    day: date
    first: date
    last: date
    before: date
    after: date

    @property
    def weeks(self) -> list[list[date]]:
        days = [self.first + timedelta(days) for days in range((self.last - self.first).days + 1)]
        return [days[at : at + 7] for at in range(0, len(days), 7)]

    def holds(self, day: date) -> bool:
        """Whether a day belongs to the span itself, and does not only fill up its first or last week."""
        return self.view != MONTH or (day.year, day.month) == (self.day.year, self.day.month)


def span_of(view: str, typed: str, today: date) -> Span:
    """The span around a day as the address has it; around today where it is none, or too far away."""
    return _SPANS.get(view, _month)(_day_of(typed, today))


def _day_of(typed: str, today: date) -> date:
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return today
    return day if abs(day.year - today.year) <= FARTHEST_YEARS else today


def _month(day: date) -> Span:
    """In whole weeks, from Monday to Sunday."""
    first = day.replace(day=1)
    last = day.replace(day=calendar.monthrange(day.year, day.month)[1])
    before, after = first - timedelta(1), last + timedelta(1)
    return Span(MONTH, day, _monday(first), _monday(last) + timedelta(6), before.replace(day=1), after)


def _week(day: date) -> Span:
    first = _monday(day)
    return Span(WEEK, day, first, first + timedelta(6), first - timedelta(7), first + timedelta(7))


def _list(day: date) -> Span:
    length = timedelta(DAYS_OF_A_LIST)
    return Span(LIST, day, day, day + length - timedelta(1), day - length, day + length)


def _monday(day: date) -> date:
    return day - timedelta(day.weekday())


_SPANS: Mapping[str, Callable[[date], Span]] = {MONTH: _month, WEEK: _week, LIST: _list}
