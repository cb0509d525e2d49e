"""Changing and cancelling a part of a series: one occurrence, or one and all that follow."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from netzraum_calendar.events import attendance, occurrences, rules, service
from netzraum_calendar.events.models import Event
from netzraum_calendar.events.planning import A_DAY, TIMES, NotPossible, check_length, start_and_end, without_time
from netzraum_calendar.events.schemas import EventChange
from netzraum_calendar.events.series import Series
from netzraum_calendar.events.tables import Change
from netzraum_items import life
from netzraum_items.items import ItemRole
from netzraum_items.on_item import OnItem, Shown
from netzraum_items.traces import leave_traces
from netzraum_platform.context import require_version
from netzraum_platform.database import new_id

OF_ONE: Final = frozenset({"title", "text", "place", "link", "start", "end"})
"""What one occurrence may have of its own."""
OF_SOME: Final = OF_ONE | TIMES | {"categories", "attendees", "reminders"}
_SAME: Final = (
    *("space_id", "tool", "author_id", "institution_id", "title", "classification", "state", "purpose", "delete_on"),
    *("narrowed", "visible_from", "text", "place", "link", "reminders"),
)


async def change_one(on: OnItem[Event], change: EventChange, original: datetime, if_match: str) -> Shown[Event]:
    """Let one occurrence be different from its series."""
    given = change.given()
    _only(on, given, OF_ONE)
    series = Series.of(on.item)
    cancelled, fields = series.changed.get(original, (False, {}))
    own = {name: value for name, value in given.items() if name not in TIMES}
    try:
        own |= _own_time(series, original, given)
    except NotPossible as error:
        raise on.context.invalid(error.field, error.code) from error
    return await service.rewrite(on, _with(series, original, (cancelled, {**fields, **own})), if_match=if_match)


def _only(on: OnItem[Event], given: Mapping[str, Any], possible: frozenset[str]) -> None:
    """
    Raises:
        Unprocessable: something that only a whole series can have.
    """
    for name in given.keys() - possible:
        raise on.context.invalid(name, "whole_series_only")


def _own_time(series: Series, original: datetime, given: Mapping[str, Any]) -> dict[str, str]:
    if not {"start", "end"} & given.keys():
        return {}
    now = series.occurrence(original)
    as_it_is = replace(series, starts=now.starts, ends=now.ends)
    starts, ends = start_and_end(given, series.zone, as_it_is, all_day=series.all_day)
    check_length(replace(series, starts=starts, ends=ends))
    return {"starts": starts.isoformat(), "ends": ends.isoformat()}


def _with(series: Series, original: datetime, change: Change) -> Series:
    return replace(series, changed={**series.changed, original: change})


async def cancel_one(on: OnItem[Event], original: datetime) -> Shown[Event]:
    """Cancel one occurrence: it stays to be seen, as cancelled."""
    series = Series.of(on.item)
    _, fields = series.changed.get(original, (False, {}))
    return await service.rewrite(on, _with(series, original, (True, fields)))


async def bring_back(on: OnItem[Event], original: datetime) -> Shown[Event]:
    """Let a cancelled occurrence take place again."""
    series = Series.of(on.item)
    _, fields = series.changed.get(original, (False, {}))
    rest = {each: change for each, change in series.changed.items() if each != original}
    return await service.rewrite(on, replace(series, changed={**rest, original: (False, fields)} if fields else rest))


async def cancel_following(on: OnItem[Event], original: datetime) -> None:
    """End a series before one of its occurrences; where that is the first, all of it goes into the trash."""
    first, _ = await _split(on, original)
    if first is None:
        await life.remove(on)
    else:
        await service.rewrite(on, first)


async def change_following(on: OnItem[Event], change: EventChange, original: datetime, if_match: str) -> Shown[Event]:
    """Split a series in two, and change the second; answers the second."""
    given = change.given()
    first, rest = await _split(on, original)
    rest = _as_given(rest, given)
    if first is None:
        return await service.update(on, change, if_match, rest)
    _only(on, given, OF_SOME)
    second = rest if given.keys().isdisjoint(TIMES) else await service.planned(on.context, given, rest)
    columns = await service.columns_of(on, change)
    expansions = [await occurrences.expand(each, on.context.now) for each in (first, second)]
    item = on.item
    allowed = await on.may("update", fields={"purpose": item.purpose, "delete_on": item.delete_on})
    require_version(if_match, item.version)
    await on.context.begin_write()
    await _shorten(on, first, expansions[0])
    event = await _second(on, second, expansions[1], columns)
    await attendance.hand_over(on.context, item.id, event.id, original)
    await attendance.move(on.context, event.id, second.starts - original)
    for each, expansion in zip((item, event), expansions, strict=True):
        await service.follow(on.context, each, expansion)
    return Shown(event, on.author, on.roles, unread=False, actions=allowed.actions)


def _as_given(series: Series, given: Mapping[str, Any]) -> Series:
    """What is given for all is given for the first of them as well: it has it no longer of its own."""
    if series.starts not in series.changed:
        return series
    cancelled, fields = series.changed[series.starts]
    timed = without_time(fields) if "start" in given else fields
    own = {name: value for name, value in timed.items() if name not in given}
    rest = {each: change for each, change in series.changed.items() if each != series.starts}
    return replace(series, changed={**rest, series.starts: (cancelled, own)} if cancelled or own else rest)


async def _split(on: OnItem[Event], original: datetime) -> tuple[Series | None, Series]:
    """
    Raises:
        Unprocessable: a further date, at which the rule cannot begin.
    """
    series = Series.of(on.item)
    if series.rrule is not None and original.isoformat() in series.rdates:
        raise on.context.invalid("occurrence", "whole_series_only")
    return await asyncio.to_thread(split, series, original)


def split(series: Series, original: datetime) -> tuple[Series | None, Series]:
    """A series up to an occurrence and from there on; nothing before where no date is."""
    rest = replace(
        series,
        starts=original,
        ends=original + (series.ends - series.starts),
        **_dates(series, lambda each: each > original),
        changed={each: change for each, change in series.changed.items() if each >= original},
    )
    first = replace(
        series,
        **_dates(series, lambda each: each < original),
        changed={each: change for each, change in series.changed.items() if each < original},
    )
    if series.rrule is None:
        later = [series.starts.isoformat()] if series.starts > original else []
        rest = replace(rest, rdates=sorted([*later, *rest.rdates]))
    elif original > series.starts:
        before, after = _rules(series, original)
        first, rest = replace(first, rrule=before), replace(rest, rrule=after)
    before_it = first if first.starts < original else _of_single_dates(first)
    return (before_it if before_it and _has_dates_before(before_it, original) else None), rest


def _of_single_dates(series: Series) -> Series | None:
    """A series of its further dates alone, where the others are cut off."""
    if not series.rdates:
        return None
    starts = datetime.fromisoformat(series.rdates[0])
    ends = starts + (series.ends - series.starts)
    return replace(series, starts=starts, ends=ends, rrule=None, rdates=series.rdates[1:])


def _has_dates_before(series: Series, original: datetime) -> bool:
    return next(series.originals(original), None) is not None


def _dates(series: Series, wanted: Any) -> dict[str, Any]:  # a condition on a date
    return {
        name: [each for each in getattr(series, name) if wanted(datetime.fromisoformat(each))]
        for name in ("exdates", "rdates")
    }


def _rules(series: Series, original: datetime) -> tuple[str, str]:
    parts = rules.parts_of(series.rrule or "")
    if "COUNT" not in parts:
        return rules.normal({**parts, "UNTIL": _just_before(series, original)}), rules.normal(parts)
    alone = replace(series, exdates=(), rdates=())
    number = sum(1 for _ in alone.originals(original - timedelta(seconds=1)))
    counts = (number, int(parts["COUNT"]) - number)
    first, second = (rules.normal({**parts, "COUNT": str(count)}) for count in counts)
    return first, second


def _just_before(series: Series, original: datetime) -> str:
    if series.all_day:
        return (original - A_DAY).strftime("%Y%m%d")
    return (series.utc(original).astimezone(UTC) - timedelta(seconds=1)).strftime("%Y%m%dT%H%M%SZ")


async def _shorten(on: OnItem[Event], first: Series, expansion: occurrences.Expansion) -> None:
    item = on.item
    columns = service.times_of(first, expansion) | {"changed": first.changed, "sequence": item.sequence + 1}
    for name, value in columns.items():
        setattr(item, name, value)
    item.updated_at = on.context.now
    await leave_traces(on.context, item, "updated")


async def _second(
    on: OnItem[Event], series: Series, expansion: occurrences.Expansion, columns: Mapping[str, Any]
) -> Event:
    item, now = on.item, on.context.now
    kept = {name: getattr(item, name) for name in _SAME}
    lists = {"categories": list(item.categories), "attendees": item.attendees}
    event = Event(
        id=new_id(),
        uid=service.new_uid(),
        created_at=now,
        updated_at=now,
        news_at=now,
        category_rows=[],
        changed_rows=[],
        **{**kept, **lists, **service.times_of(series, expansion), **columns},
    )
    event.changed = series.changed
    on.context.db.add(event)
    await leave_traces(on.context, event, "published" if event.state == "published" else "created")
    on.context.db.add_all(ItemRole(item_id=event.id, role=role) for role in on.roles)
    return event
