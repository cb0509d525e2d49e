"""Days and moments that were typed, as the moments that the API takes: they are those of the account's time zone."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from netzraum_gateway.formats import HOME_ZONE


def beginning(typed: str, timezone: str | None) -> str | None:
    """When a day begins; what is no day goes to the API as it is, which says so."""
    return _moment(typed, timezone, 0)


def end(typed: str, timezone: str | None) -> str | None:
    """When a day is over: the beginning of the next."""
    return _moment(typed, timezone, 1)


def moment(typed: str, timezone: str | None) -> str | None:
    """A date and time of day; what is none goes to the API as it is, which says so."""
    try:
        return datetime.fromisoformat(typed).replace(tzinfo=ZoneInfo(timezone or HOME_ZONE)).isoformat()
    except ValueError:
        return typed or None


def last_day(until: str | None) -> str | None:
    """A moment within the last day before ``until``, for a form that asks for the last day."""
    return (datetime.fromisoformat(until) - timedelta(seconds=1)).isoformat() if until else None


def _moment(typed: str, timezone: str | None, days: int) -> str | None:
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed) + timedelta(days=days)
    except (ValueError, OverflowError):
        return typed
    return datetime.combine(day, time(), ZoneInfo(timezone or HOME_ZONE)).isoformat()
