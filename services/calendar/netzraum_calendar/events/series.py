"""The occurrences of an event, made out of its rule, its further and left out dates, and its changed occurrences."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from heapq import merge
from itertools import chain, islice
from typing import Any, Final
from zoneinfo import ZoneInfo

from netzraum_calendar.events import rules
from netzraum_calendar.events.models import Event
from netzraum_calendar.events.tables import Change

LONGEST: Final = timedelta(days=366)
"""Of one occurrence; a window in time looks so far back for what still runs."""
FARTHEST: Final = timedelta(days=3660)
"""Ten years: how far ahead events may lie, and windows look."""


def in_utc(at: datetime, zone: ZoneInfo) -> datetime:
    """A wall-clock time as an instant. One that summer time leaves out counts by the offset before (RFC 5545)."""
    return at.replace(tzinfo=zone).astimezone(UTC)


@dataclass(frozen=True)
class Occurrence:
    """One of the dates of an event; all wall-clock times."""

    original: datetime
    starts: datetime
    ends: datetime
    cancelled: bool = False
    fields: Mapping[str, Any] | None = None
    """What it has of its own, where it is changed."""


@dataclass(frozen=True)
class Series:
    """When an event takes place: what of it decides on its occurrences."""

    starts: datetime
    ends: datetime
    timezone: str
    all_day: bool
    rrule: str | None
    exdates: Sequence[str]
    rdates: Sequence[str]
    changed: Mapping[datetime, Change]

    @classmethod
    def of(cls, event: Event) -> "Series":
        return cls(
            starts=event.starts,
            ends=event.ends,
            timezone=event.timezone,
            all_day=event.all_day,
            rrule=event.rrule,
            exdates=event.exdates,
            rdates=event.rdates,
            changed=event.changed,
        )

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def utc(self, at: datetime) -> datetime:
        """A wall-clock time as an instant."""
        return in_utc(at, self.zone)

    def wall_clock(self, at: datetime | date) -> datetime:
        """An instant, or a whole day, as wall-clock time of this event."""
        if not isinstance(at, datetime):
            return datetime.combine(at, time())
        return at.astimezone(self.zone).replace(tzinfo=None)

    def originals(
        self, last: datetime, after: datetime | None = None, since: datetime | None = None
    ) -> Iterator[datetime]:
        """The original starts up to ``last``, in order; without those up to ``after``, where that is given.

        ``since`` is a date that the rule gave (``last_by_rule``), from which it goes on: so an old series costs what a
        young one does.
        """
        left_out = {datetime.fromisoformat(each) for each in self.exdates}
        further = sorted(datetime.fromisoformat(each) for each in self.rdates)
        previous = after
        for each in merge(self._by_rule(last, since), (each for each in further if each <= last)):
            if (previous is None or each > previous) and each not in left_out:
                previous = each
                yield each

    def _by_rule(self, last: datetime, since: datetime | None) -> Iterator[datetime]:
        if self.rrule is None:
            return iter([self.starts] if self.starts <= last else [])
        parts = rules.parts_of(self.rrule)
        start = self.starts if since is None or "COUNT" in parts else since
        found = rules.dates(parts, start, self.zone, last, all_day=self.all_day)
        return self._with_start(found, parts, last) if start == self.starts else found

    def _with_start(self, by_rule: Iterator[datetime], parts: rules.Parts, last: datetime) -> Iterator[datetime]:
        """The start is the first date, also where the rule does not give it, and counts as one (RFC 5545, 3.8.5.3)."""
        first = next(by_rule, None)
        rest = by_rule if first in (None, self.starts) else chain([first], by_rule)
        count = int(parts["COUNT"]) if "COUNT" in parts else None
        if self.starts <= last:
            yield self.starts
            yield from islice(rest, None if count is None else count - 1)

    @property
    def starts_by_rule(self) -> bool:
        """The rule gives the start, as it should (RFC 5545, 3.8.5.3)."""
        return self.first_by_rule(self.starts) == self.starts

    def first_by_rule(self, last: datetime) -> datetime | None:
        """The first date up to ``last`` that the rule itself gives; without a rule the start."""
        if self.rrule is None:
            return self.starts
        return next(rules.dates(rules.parts_of(self.rrule), self.starts, self.zone, last, all_day=self.all_day), None)

    def last_by_rule(self, originals: Iterable[datetime]) -> datetime | None:
        """The last of these that the rule itself gave."""
        return max((each for each in originals if each.isoformat() not in self.rdates), default=None)

    def occurrence(self, original: datetime) -> Occurrence:
        """The occurrence with this original start, as it was changed."""
        cancelled, fields = self.changed.get(original, (False, {}))
        starts, ends = original, original + (self.ends - self.starts)
        if "starts" in fields:
            starts = datetime.fromisoformat(fields["starts"])
            ends = datetime.fromisoformat(fields["ends"])
        return Occurrence(original, starts, ends, cancelled, fields or None)

    def occurrences(
        self, last: datetime, after: datetime | None = None, since: datetime | None = None
    ) -> list[Occurrence]:
        return [self.occurrence(original) for original in self.originals(last, after, since)]

    def has(self, original: datetime) -> bool:
        """Whether the series has such an original start."""
        return any(each == original for each in self.originals(original))

    def count_up_to(self, last: datetime) -> int:
        """How many occurrences there are; counts no further than one too many."""
        return sum(1 for _ in islice(self.originals(last), rules.MOST_OCCURRENCES + 1))
