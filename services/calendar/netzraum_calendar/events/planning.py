"""When an event takes place, out of what a request says: checked, and as wall-clock times."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from netzraum_calendar.events import rules
from netzraum_calendar.events.series import FARTHEST, LONGEST, Series
from netzraum_calendar.events.tables import Change

EARLIEST: Final = date(1900, 1, 1)
LATEST_YEAR: Final = 9000
"""Far beyond all that is taken, and far enough from the last year that can be computed with."""
A_DAY: Final = timedelta(days=1)
TIMES: Final = frozenset({"start", "end", "all_day", "timezone", "rrule", "exdates", "rdates"})
"""The fields of a request that say when an event takes place."""
COLUMNS: Final = ("starts", "ends", "timezone", "all_day", "rrule", "exdates", "rdates")
_ZONES: Final = available_timezones()


class NotPossible(ValueError):
    """A time that cannot be taken: the ``field`` of the request, and why (validation_texts)."""

    def __init__(self, field: str, code: str) -> None:
        super().__init__(field, code)
        self.field = field
        self.code = code


def plan(given: Mapping[str, Any], now: datetime, before: Series | None = None, *, any_start: bool = False) -> Series:
    """The series that a request asks for; fields that it leaves out stay as ``before`` has them.

    ``any_start``: one that the rule does not give is taken, too. Whoever types both has made a mistake; what other
    calendars wrote is meant so.

    Raises:
        NotPossible
    """
    timezone = given.get("timezone", before.timezone if before else "")
    if timezone not in _ZONES:
        raise NotPossible("timezone", "time_zone")
    all_day = given.get("all_day", before.all_day if before else False)
    start, end = start_and_end(given, ZoneInfo(timezone), before, all_day=all_day)
    series = Series(
        starts=start,
        ends=end,
        timezone=timezone,
        all_day=all_day,
        rrule=_rule(given["rrule"]) if "rrule" in given else before.rrule if before else None,
        exdates=(),
        rdates=(),
        changed={},
    )
    rdates, exdates = (_dates(series, name, given, before) for name in ("rdates", "exdates"))
    series = replace(series, rdates=rdates, exdates=exdates)
    any_start = any_start or (before is not None and not before.starts_by_rule)
    check(series, now, before, given, any_start=any_start)
    return replace(series, changed=_kept(series, before)) if before is not None and before.changed else series


def start_and_end(
    given: Mapping[str, Any], zone: ZoneInfo, before: Series | None, *, all_day: bool
) -> tuple[datetime, datetime]:
    """Start and end as wall-clock times, the end exclusive; where only the start is new, the length stays.

    Raises:
        NotPossible
    """
    start = wall_clock("start", given["start"], zone, all_day=all_day) if "start" in given else None
    end = wall_clock("end", given["end"], zone, all_day=all_day) if "end" in given else None
    if before is not None and before.all_day != all_day and (start is None or end is None):
        raise NotPossible("end" if end is None else "start", "missing")
    if end is not None and all_day:
        end += A_DAY
    if before is not None:
        start = start or before.starts
        end = end or start + (before.ends - before.starts)
    if start is None or end is None:
        raise NotPossible("start", "missing")
    return start, end


def wall_clock(field: str, at: datetime | date, zone: ZoneInfo, *, all_day: bool) -> datetime:
    """
    Raises:
        NotPossible: a time where a day is needed, or the other way round, or too early or late to be meant.
    """
    if isinstance(at, datetime) == all_day:
        raise NotPossible(field, "needs_day" if all_day else "needs_time")
    if not EARLIEST.year <= at.year <= LATEST_YEAR:
        raise NotPossible(field, "too_early" if at.year < EARLIEST.year else "too_far")
    if not isinstance(at, datetime):
        return datetime.combine(at, time())
    return at.astimezone(zone).replace(tzinfo=None, microsecond=0, fold=0)


def _rule(written: str | None) -> str | None:
    if not written:
        return None
    try:
        return rules.normal(rules.parts_of(written))
    except rules.RuleError as error:
        raise NotPossible("rrule", error.code) from error


def _dates(series: Series, name: str, given: Mapping[str, Any], before: Series | None) -> list[str]:
    """Further or left out dates, in ISO format; those of a series move with its start."""
    if name in given:
        days = [wall_clock(name, each, series.zone, all_day=series.all_day) for each in given[name]]
    elif before is not None:
        days = [datetime.fromisoformat(each) + (series.starts - before.starts) for each in getattr(before, name)]
    else:
        days = []
    return [each.isoformat() for each in sorted(set(days))]


def without_time(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if name not in ("starts", "ends")}


def _kept(series: Series, before: Series) -> dict[datetime, Change]:
    """The changed occurrences go along when the series moves; those go whose date is none of the series any more."""
    moved = {original + (series.starts - before.starts): change for original, change in before.changed.items()}
    there = set(series.originals(max(moved)))
    same_kind = series.all_day == before.all_day
    return {
        original: (cancelled, fields if same_kind else without_time(fields))
        for original, (cancelled, fields) in moved.items()
        if original in there
    }


def check(series: Series, now: datetime, before: Series | None, given: Mapping[str, Any], *, any_start: bool) -> None:
    """
    Raises:
        NotPossible: it ends before it begins, is too long, too far away, or too often.
    """
    farthest = series.wall_clock(now + FARTHEST)
    check_length(series)
    if series.starts > farthest:
        raise NotPossible("start", "too_far")
    if any(datetime.fromisoformat(each) > farthest for each in series.rdates):
        raise NotPossible("rdates", "too_far")
    _check_rule(series, farthest, any_start=any_start)
    unchanged = before is not None and "exdates" not in given
    left_out = {datetime.fromisoformat(each) for each in series.exdates}
    if left_out and not unchanged and left_out - set(replace(series, exdates=()).originals(max(left_out))):
        raise NotPossible("exdates", "not_in_series")


def check_length(series: Series) -> None:
    """
    Raises:
        NotPossible: it ends before it begins, or lasts too long.
    """
    if series.ends < series.starts or (series.all_day and series.ends == series.starts):
        raise NotPossible("end", "ends_before_it_begins")
    if series.ends - series.starts > LONGEST:
        raise NotPossible("end", "longer_than_a_year")


def _check_rule(series: Series, farthest: datetime, *, any_start: bool) -> None:
    whole = replace(series, exdates=(), rdates=())
    try:
        first = whole.first_by_rule(farthest)
        if first is None or (first != series.starts and not any_start):
            raise NotPossible("rrule" if first is None else "start", "start_not_in_series")
        if series.count_up_to(farthest) > rules.MOST_OCCURRENCES:
            raise NotPossible("rrule", "too_many_occurrences")
    except rules.RuleError as error:
        raise NotPossible("rrule", error.code) from error
    if next(series.originals(farthest), None) is None:
        raise NotPossible("exdates", "nothing_left")
