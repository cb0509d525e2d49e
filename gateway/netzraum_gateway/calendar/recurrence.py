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
ORDINALS = ("1", "2", "3", "4", "-1")
NONE, KEPT = "none", "kept"
FREQUENCIES = {
    "daily": "DAILY",
    "weekly": "WEEKLY",
    "monthly_day": "MONTHLY",
    "monthly_weekday": "MONTHLY",
    "yearly": "YEARLY",
}
_COMMON = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}
_OWN = {"weekly": {"BYDAY"}, "monthly_weekday": {"BYDAY", "BYSETPOS"}}

Choices = Mapping[str, Any]
"""The fields ``repeat``, ``interval``, ``ordinal``, ``weekday``, ``ends``, ``repeat_until``, ``repeat_count``."""


def rule_of(choices: Choices, weekdays: Sequence[str], timezone: str, *, all_day: bool) -> str | None:
    """The rule; None for a single event. What is no number or day goes into it as typed, for the API to refuse."""
    repeat = choices.get("repeat") or NONE
    if repeat not in FREQUENCIES:
        return None
    parts = {"FREQ": FREQUENCIES[repeat]}
    if choices.get("interval") not in ("", None, "1"):
        parts["INTERVAL"] = choices["interval"]
    if repeat == "weekly" and weekdays:
        parts["BYDAY"] = ",".join(weekdays)
    if repeat == "monthly_weekday":
        parts["BYDAY"] = f"{choices.get('ordinal') or '1'}{choices.get('weekday') or 'MO'}"
    if choices.get("ends") == "until":
        parts["UNTIL"] = _until(choices.get("repeat_until") or "", timezone, all_day=all_day)
    if choices.get("ends") == "count":
        parts["COUNT"] = choices.get("repeat_count") or ""
    return ";".join(f"{name}={value}" for name, value in parts.items())


def choices_of(rule: str | None, start: date, timezone: str) -> dict[str, Any]:
    """The form's fields for a rule; with ``repeat`` KEPT where the form cannot show it."""
    nothing = {"repeat": NONE, "interval": "1", "weekdays": [], "ordinal": "1", "weekday": WEEKDAYS[start.weekday()]}
    ends = {"ends": "never", "repeat_until": "", "repeat_count": ""}
    if not rule:
        return {**nothing, **ends}
    parts = dict(re.findall(r"([A-Z]+)=([^;]*)", rule.upper().removeprefix("RRULE:")))
    kind = _kind_of(parts, start)
    return {
        **nothing,
        **ends,
        "repeat": kind,
        "interval": parts.get("INTERVAL", "1"),
        **(_days_of(kind, parts)),
        **(_end_of(parts, timezone)),
    }


def _kind_of(parts: Mapping[str, str], start: date) -> str:
    for kind, frequency in FREQUENCIES.items():
        own = _OWN.get(kind, set())
        rest = _said_by_start(parts, start, kind)
        if parts.get("FREQ") == frequency and rest - own <= _COMMON and _fits(kind, parts):
            return kind
    return KEPT


def _said_by_start(parts: Mapping[str, str], start: date, kind: str) -> set[str]:
    """The parts without those that only repeat what the start says: the 24th, in November."""
    plain = {"BYMONTHDAY": str(start.day), "BYMONTH": str(start.month) if kind == "yearly" else ""}
    return {name for name, value in parts.items() if plain.get(name) != value}


def _fits(kind: str, parts: Mapping[str, str]) -> bool:
    if kind == "weekly":
        return set(parts.get("BYDAY", "MO").split(",")) <= set(WEEKDAYS)
    if kind == "monthly_weekday":
        return _ordinal_weekday(parts) is not None
    return True


def _ordinal_weekday(parts: Mapping[str, str]) -> tuple[str, str] | None:
    """``2TU``, or ``TU`` with its place apart."""
    given = re.fullmatch(r"(-?\d)?([A-Z]{2})", parts.get("BYDAY", ""))
    if given is None or given[2] not in WEEKDAYS or (given[1] and "BYSETPOS" in parts):
        return None
    ordinal = given[1] or parts.get("BYSETPOS", "")
    return (ordinal, given[2]) if ordinal in ORDINALS else None


def _days_of(kind: str, parts: Mapping[str, str]) -> dict[str, Any]:
    if kind == "weekly" and "BYDAY" in parts:
        return {"weekdays": parts["BYDAY"].split(",")}
    found = _ordinal_weekday(parts) if kind == "monthly_weekday" else None
    return {"ordinal": found[0], "weekday": found[1]} if found else {}


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
