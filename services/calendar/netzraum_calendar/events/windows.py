"""What takes place within a window of time: one SELECT over the stored occurrences, however old a series is."""

import asyncio
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import defer

from netzraum_calendar.events.conditions import answer_to, is_invited
from netzraum_calendar.events.models import Event
from netzraum_calendar.events.occurrences import HORIZON
from netzraum_calendar.events.schemas import ConflictView, OccurrenceView, last_moment, moment
from netzraum_calendar.events.series import LONGEST, Occurrence, Series
from netzraum_calendar.events.tables import WHOLE_SERIES, Category, OccurrenceRow
from netzraum_items.areas import my_role_is_named
from netzraum_items.authorize import AUDITED_READ
from netzraum_items.everywhere import READ, InAllSpaces
from netzraum_items.items import Item, in_states
from netzraum_items.seen import unread
from netzraum_items.tables import AccessMembership
from netzraum_items.visibility import Rows, Visibility, look, standings
from netzraum_platform.context import RequestContext

MOST_CONFLICTS: Final = 10
A_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class Window:
    """``since`` inclusive, ``until`` exclusive; in one space, or in all of the caller's."""

    since: datetime
    until: datetime
    space: uuid.UUID | None = None
    categories: Sequence[str] = ()
    limit: int = 2000
    after: tuple[datetime, uuid.UUID] | None = None


@dataclass(frozen=True)
class Found:
    """An occurrence in a window, with what the caller has to do with it."""

    event: Event
    starts_at: datetime
    ends_at: datetime
    occurrence: Occurrence
    unread: bool
    withheld: bool
    invited: bool
    answer: str | None

    def is_mine(self, account: uuid.UUID) -> bool:
        """One of the caller's own dates: invited or the author, and not declined."""
        return (self.invited or self.event.is_of(account)) and self.answer != "declined"

    @property
    def place_in_order(self) -> tuple[datetime, uuid.UUID]:
        return self.starts_at, self.event.id


@dataclass(frozen=True)
class Seen:
    view: OccurrenceView
    place_in_order: tuple[datetime, uuid.UUID]


async def occurrences(everywhere: InAllSpaces, visibility: Visibility, window: Window) -> list[Seen]:
    """What takes place in the window, in order; one more than its limit, where there is more."""
    found = [*await _stored(everywhere, visibility, window), *await _beyond(everywhere, visibility, window)]
    found.sort(key=lambda each: each.place_in_order)
    if window.after is not None:
        found = [each for each in found if each.place_in_order > window.after]
    found = found[: window.limit + 1]
    account = visibility.account
    busy = await _busy(everywhere, visibility, window) if any(each.is_mine(account) for each in found) else []
    clashes = _clashes(busy)
    return [
        Seen(_view(each, conflict=(each.event.id, each.starts_at) in clashes), each.place_in_order) for each in found
    ]


def within(since: datetime, until: datetime) -> ColumnElement[bool]:
    """Overlaps with the window. The index finds it by the start alone, as nothing lasts longer than ``LONGEST``."""
    at = OccurrenceRow
    return and_(
        at.starts_at >= since - LONGEST - A_DAY,
        at.starts_at < until,
        or_(at.ends_at > since, at.starts_at >= since),
    )


async def _stored(everywhere: InAllSpaces, visibility: Visibility, window: Window) -> list[Found]:
    at, account, now = OccurrenceRow, visibility.account, visibility.now
    columns = (Event, at, unread(account, now), my_role_is_named, is_invited(account, now))
    statement = select(*columns, answer_to(at.original, account)).select_from(Event).join(at, at.event_id == Event.id)
    statement = _narrowed(visibility.visible(statement), visibility, window)
    statement = statement.where(within(window.since, window.until)).order_by(at.starts_at, at.event_id)
    if window.space is not None:
        statement = statement.where(at.space_id == window.space)
    else:
        statement = statement.where(at.space_id.in_([place.space.space_id for place in everywhere.places]))
    if window.after is not None:
        start, event = window.after
        statement = statement.where(or_(at.starts_at > start, and_(at.starts_at == start, at.event_id > event)))
    rows = await everywhere.context.db.execute(statement.options(defer(Event.text)).limit(window.limit + 1))
    return [_found(visibility, event, Series.of(event).occurrence(row.original), *more) for event, row, *more in rows]


def _narrowed(statement: Rows, visibility: Visibility, window: Window) -> Rows:
    statement = statement.where(in_states(["published"], visibility.now))
    if window.space is not None:
        statement = statement.where(Item.space_id == window.space)
    return statement.where(has_category(window.categories)) if window.categories else statement


def has_category(names: Sequence[str]) -> ColumnElement[bool]:
    return exists(select(Category.name).where(Category.event_id == Item.id, Category.name.in_(names))).correlate(Item)


def _found(
    visibility: Visibility,
    event: Event,
    occurrence: Occurrence,
    is_unread: bool,
    mine: bool,
    invited: bool,
    answer: str | None,
) -> Found:
    cell, series = visibility.cell_of(event, mine=mine), Series.of(event)
    return Found(
        event,
        series.utc(occurrence.starts),
        series.utc(occurrence.ends),
        occurrence,
        bool(is_unread),
        withheld=cell is None or AUDITED_READ in cell.obligations,
        invited=bool(invited),
        answer=answer,
    )


async def _beyond(everywhere: InAllSpaces, visibility: Visibility, window: Window) -> list[Found]:
    """What lies beyond the horizon of what is stored: made from the last stored occurrence on."""
    if window.until <= visibility.now + HORIZON:
        return []
    account, now, db = visibility.account, visibility.now, everywhere.context.db
    columns = (Event, unread(account, now), my_role_is_named, is_invited(account, now))
    statement = select(*columns, answer_to(WHOLE_SERIES, account)).where(Event.expanded_until < window.until)
    rows = (await db.execute(_narrowed(visibility.visible(statement), visibility, window))).all()
    reached = await last_stored(everywhere, [row[0].id for row in rows])
    found = []
    for event, *more in rows:
        made = await asyncio.to_thread(_made, event, window, reached.get(event.id))
        found += [_found(visibility, event, each, *more) for each in made]
    return found


async def last_stored(everywhere: InAllSpaces, events: Iterable[uuid.UUID]) -> Mapping[uuid.UUID, datetime]:
    """The last stored original start of each of these events."""
    at = OccurrenceRow
    rows = await everywhere.context.db.execute(
        select(at.event_id, func.max(at.original))
        .join(Event, Event.id == at.event_id)
        .where(at.event_id.in_(list(events)), at.starts_at <= Event.expanded_until)
        .group_by(at.event_id)
    )
    return {row[0]: row[1] for row in rows}


def _made(event: Event, window: Window, reached: datetime | None) -> list[Occurrence]:
    series, length = Series.of(event), event.ends - event.starts
    since = series.last_by_rule([reached] if reached else [])
    after = series.wall_clock(event.expanded_until) if event.expanded_until else None
    return [
        each
        for each in series.occurrences(series.wall_clock(window.until), after, since)
        if each.original not in series.changed
        and each.starts < series.wall_clock(window.until)
        and each.starts + length > series.wall_clock(window.since)
    ]


Busy = tuple[datetime, datetime, uuid.UUID]


async def _busy(everywhere: InAllSpaces, visibility: Visibility, window: Window) -> list[Busy]:
    """The caller's own dates in the window, in all spaces: start, end, event; in order."""
    at = OccurrenceRow
    statement = select(at.starts_at, at.ends_at, at.event_id).select_from(Event).join(at, at.event_id == Event.id)
    rows = await everywhere.context.db.execute(
        visibility.visible(statement)
        .where(
            within(window.since, window.until),
            own_date(visibility.account, visibility.now),
            in_states(["published"], visibility.now),
        )
        .order_by(at.starts_at, at.event_id)
    )
    return [(start, end, event) for start, end, event in rows]


def own_date(account: uuid.UUID, now: datetime) -> ColumnElement[bool]:
    """``Found.is_mine`` as SQL over items and occurrences, where it takes somebody's time: not cancelled, and at a
    time of the day, as a deadline or a week of practice leaves room for a meeting."""
    return and_(
        or_(Item.author_id == account, is_invited(account, now)),
        answer_to(OccurrenceRow.original, account).is_distinct_from("declined"),
        OccurrenceRow.cancelled.is_(False),
        Event.all_day.is_(False),
    )


def _clashes(busy: Sequence[Busy]) -> set[tuple[uuid.UUID, datetime]]:
    """Those that overlap with one of another event, by event and start."""
    clashes: set[tuple[uuid.UUID, datetime]] = set()
    running: list[Busy] = []
    for start, end, event in busy:
        running = [each for each in running if each[1] > start]
        for other_start, _, other in running:
            if other != event:
                clashes |= {(event, start), (other, other_start)}
        running.append((start, end, event))
    return clashes


async def conflicts(context: RequestContext, event: Event, since: datetime, until: datetime) -> list[ConflictView]:
    """The caller's own dates, in all spaces, that overlap with this time. Asks the policy only where there are some."""
    account = context.principal.account
    mine = _own_dates(account, context.now, since, until).where(OccurrenceRow.event_id != event.id)
    membership = and_(AccessMembership.space_id == Item.space_id, AccessMembership.account_id == account)
    if (await context.db.execute(mine.join(AccessMembership, membership).limit(1))).first() is None:
        return []
    places = await standings(context.db, account, context.now)
    visibility = await look(context, places, [Event.TOOL], READ)
    rows = await context.db.execute(visibility.visible(mine).order_by(OccurrenceRow.starts_at).limit(MOST_CONFLICTS))
    return [_conflict(other, original) for other, original in rows]


def _own_dates(account: uuid.UUID, now: datetime, since: datetime, until: datetime) -> Rows:
    at = OccurrenceRow
    return (
        select(Event, at.original)
        .join(at, at.event_id == Event.id)
        .where(within(since, until), own_date(account, now), in_states(["published"], now))
    )


def _conflict(event: Event, original: datetime) -> ConflictView:
    series = Series.of(event)
    each = series.occurrence(original)
    return ConflictView(
        event=event.id,
        space=event.space_id,
        title=(each.fields or {}).get("title", event.title),
        start=moment(series, each.starts),
        end=last_moment(series, each.ends),
    )


def _view(found: Found, *, conflict: bool) -> OccurrenceView:
    event, each, series = found.event, found.occurrence, Series.of(found.event)
    own = each.fields or {}
    return OccurrenceView(
        event=event.id,
        space=event.space_id,
        occurrence=moment(series, each.original),
        start=moment(series, each.starts),
        end=last_moment(series, each.ends),
        all_day=event.all_day,
        title=event.title if found.withheld else own.get("title", event.title),
        place=None if found.withheld else own.get("place", event.place),
        classification=event.classification,
        categories=[] if found.withheld else list(event.categories),
        moved="starts" in own,
        cancelled=each.cancelled,
        recurs=event.recurs,
        attending=found.invited,
        my_reply=found.answer,
        unread=found.unread,
        conflict=conflict,
    )
