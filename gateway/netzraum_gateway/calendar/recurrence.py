"""The rule of a series (RFC 5545, RRULE) as a form holds it, and back.

A form offers what people say: every day, every other week on Tuesday, on the second Tuesday of the month. What comes
out of other calendars may say more; such a rule is kept as it is.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
NONE, KEPT = "none", "kept"
FREQUENCIES = {
    "daily": "DAILY",
    "weekly": "WEEKLY",
    "monthly_day": "MONTHLY",
    "monthly_weekday": "MONTHLY",
    "monthly_last": "MONTHLY",
    "yearly": "YEARLY",
}
_COMMON = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}

Choices = Mapping[str, Any]
"""The fields ``repeat``, ``interval``, ``ends``, ``repeat_until``, ``repeat_count``."""


def rule_of(choices: Choices, weekdays: Sequence[str], start: str, timezone: str, *, all_day: bool) -> str | None:
    """The rule; None for a single event. What is no number or day goes into it as typed, for the API to refuse."""
    repeat = choices.get("repeat") or NONE
    if repeat not in FREQUENCIES:
        return None
    parts = {"FREQ": FREQUENCIES[repeat]}
    if choices.get("interval") not in ("", None, "1"):
        parts["INTERVAL"] = choices["interval"]
    if days := _by_day(repeat, weekdays, start):
        parts["BYDAY"] = days
    if choices.get("ends") == "until":
        parts["UNTIL"] = _until(choices.get("repeat_until") or "", timezone, all_day=all_day)
    if choices.get("ends") == "count":
        parts["COUNT"] = choices.get("repeat_count") or ""
    return ";".join(f"{name}={value}" for name, value in parts.items())


def choices_of(rule: str | None, start: date, timezone: str) -> dict[str, Any]:
    """The form's fields for a rule; with ``repeat`` KEPT where the form cannot show it."""
    fields = {"interval": "1", "weekdays": [], "ends": "never", "repeat_until": "", "repeat_count": ""}
    if not rule:
        return {**fields, "repeat": NONE}
    parts = dict(re.findall(r"([A-Z]+)=([^;]*)", rule.upper().removeprefix("RRULE:")))
    kind = _kind_of(parts, start)
    days = parts["BYDAY"].split(",") if kind == "weekly" and "BYDAY" in parts else []
    interval = parts.get("INTERVAL", "1")
    return {**fields, "repeat": kind, "interval": interval, "weekdays": days, **_end_of(parts, timezone)}


def nth(day: date) -> int:
    """Which one of its weekday it is in its month."""
    return (day.day - 1) // 7 + 1


def _by_day(repeat: str, weekdays: Sequence[str], start: str) -> str:
    if repeat == "weekly":
        return ",".join(weekdays)
    if repeat not in ("monthly_weekday", "monthly_last"):
        return ""
    try:
        return _of_month(repeat, date.fromisoformat(start))
    except ValueError:
        return ""


def _of_month(repeat: str, start: date) -> str:
    place = -1 if repeat == "monthly_last" else nth(start)
    return f"{place}{WEEKDAYS[start.weekday()]}"


def _kind_of(parts: Mapping[str, str], start: date) -> str:
    """The choice that says the same; what only repeats the start, the 24th or November, may be said or not."""
    own = {name: value for name, value in parts.items() if name not in _COMMON}
    if "BYSETPOS" in own:
        own["BYDAY"] = own.pop("BYSETPOS") + own.get("BYDAY", "")
    by_date, by_month = {"BYMONTHDAY": str(start.day)}, {"BYMONTH": str(start.month)}
    said: Mapping[str, list[Mapping[str, str]]] = {
        "daily": [{}],
        "weekly": [{}, {"BYDAY": own.get("BYDAY", "")}] if _plain(own.get("BYDAY", "")) else [{}],
        "monthly_day": [{}, by_date],
        "monthly_weekday": [{"BYDAY": _of_month("monthly_weekday", start)}],
        "monthly_last": [{"BYDAY": _of_month("monthly_last", start)}],
        "yearly": [{}, by_month, {**by_date, **by_month}],
    }
    fitting = (kind for kind, frequency in FREQUENCIES.items() if parts.get("FREQ") == frequency and own in said[kind])
    return next(fitting, KEPT)


def _plain(days: str) -> bool:
    return set(days.split(",")) <= set(WEEKDAYS)


def _end_of(parts: Mapping[str, str], timezone: str) -> dict[str, str]:
    if "COUNT" in parts:
        return {"ends": "count", "repeat_count": parts["COUNT"]}
    if "UNTIL" in parts:
        return {"ends": "until", "repeat_until": _last_day(parts["UNTIL"], timezone)}
    return {}


def _until(typed: str, timezone: str, *, all_day: bool) -> str:
    """The last moment of a day, in UTC as RFC 5545 wants it; the day itself for what lasts all day."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return typed
    if all_day:
        return day.strftime("%Y%m%d")
    last = datetime.combine(day, time(23, 59, 59), ZoneInfo(timezone))
    return last.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _last_day(until: str, timezone: str) -> str:
    try:
        moment = datetime.fromisoformat(until)
    except ValueError:
        return until
    return (moment.astimezone(ZoneInfo(timezone)) if moment.tzinfo else moment).date().isoformat()
