"""What takes place within a window of time: the stored occurrences, however old a series is."""

import asyncio
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import defer, lazyload

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
FOR_A_WINDOW: Final = (
    *map(defer, (Event.text, Event.link, Event.uid, Event.reminders, Event.excerpt, Event.sort_title, Event.purpose)),
    lazyload(Event.attendee_rows),
)
"""What a window shows nothing of: columns come with every date of an event."""


PlaceInOrder = tuple[datetime, uuid.UUID, datetime]
"""Start, event and original start: of one event two dates may begin at the same time, where one was moved."""


@dataclass(frozen=True)
class Window:
    """``since`` inclusive, ``until`` exclusive; in one space, or in all of the caller's."""

    since: datetime
    until: datetime
    space: uuid.UUID | None = None
    categories: Sequence[str] = ()
    limit: int = 2000
    after: PlaceInOrder | None = None


@dataclass(frozen=True)
class Listed:
    """An event of which dates lie in a window, with what the caller has to do with it: the same for all its dates."""

    event: Event
    series: Series
    categories: Sequence[str]
    unread: bool
    withheld: bool
    invited: bool
    answer: str | None
    """To the whole series."""


@dataclass(frozen=True)
class Found:
    """An occurrence in a window, and what the caller answered to it."""

    listed: Listed
    starts_at: datetime
    ends_at: datetime
    occurrence: Occurrence
    answer: str | None

    def is_mine(self, account: uuid.UUID) -> bool:
        """One of the caller's own dates: invited or the author, and not declined."""
        return (self.listed.invited or self.listed.event.is_of(account)) and self.answer != "declined"

    @property
    def place_in_order(self) -> PlaceInOrder:
        return self.starts_at, self.listed.event.id, self.occurrence.original


@dataclass(frozen=True)
class Seen:
    view: OccurrenceView
    place_in_order: PlaceInOrder


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
        Seen(_view(each, conflict=(each.listed.event.id, each.starts_at) in clashes), each.place_in_order)
        for each in found
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
    at = OccurrenceRow
    columns = (at.event_id, at.original, at.starts_at, at.ends_at, answer_to(at.original, visibility.account))
    statement = select(*columns).select_from(Event).join(at, at.event_id == Event.id)
    statement = visibility.visible(statement).where(_wanted(visibility, window), within(window.since, window.until))
    statement = statement.order_by(at.starts_at, at.event_id, at.original)
    if window.space is not None:
        statement = statement.where(at.space_id == window.space)
    else:
        statement = statement.where(at.space_id.in_([place.space.space_id for place in everywhere.places]))
    if window.after is not None:
        start, event, original = window.after
        later_one = or_(at.event_id > event, and_(at.event_id == event, at.original > original))
        statement = statement.where(or_(at.starts_at > start, and_(at.starts_at == start, later_one)))
    while True:
        rows = (await everywhere.context.db.execute(statement.limit(window.limit + 1))).all()
        events = {row.event_id for row in rows}
        listed = {each.event.id: each for each in await _listed(everywhere, visibility, Event.id.in_(events))}
        if listed.keys() == events:  # else one was hidden or deleted in between
            break
    return [
        Found(listed[event], starts_at, ends_at, listed[event].series.occurrence(original), answer)
        for event, original, starts_at, ends_at, answer in rows
    ]


async def _listed(everywhere: InAllSpaces, visibility: Visibility, which: ColumnElement[bool]) -> list[Listed]:
    """These events, as far as the caller sees them."""
    account, now = visibility.account, visibility.now
    columns = (Event, unread(account, now), my_role_is_named, is_invited(account, now))
    statement = select(*columns, answer_to(WHOLE_SERIES, account)).options(*FOR_A_WINDOW)
    rows = await everywhere.context.db.execute(visibility.visible(statement).where(which))
    return [_one_listed(visibility, *row) for row in rows]


def _wanted(visibility: Visibility, window: Window) -> ColumnElement[bool]:
    conditions = [in_states(["published"], visibility.now)]
    if window.space is not None:
        conditions.append(Item.space_id == window.space)
    if window.categories:
        conditions.append(has_category(window.categories))
    return and_(*conditions)


def has_category(names: Sequence[str]) -> ColumnElement[bool]:
    return exists(select(Category.name).where(Category.event_id == Item.id, Category.name.in_(names))).correlate(Item)


def _one_listed(
    visibility: Visibility, event: Event, is_unread: bool, mine: bool, invited: bool, answer: str | None
) -> Listed:
    cell = visibility.cell_of(event, mine=mine)
    return Listed(
        event,
        Series.of(event),
        list(event.categories),
        bool(is_unread),
        withheld=cell is None or AUDITED_READ in cell.obligations,
        invited=bool(invited),
        answer=answer,
    )


async def _beyond(everywhere: InAllSpaces, visibility: Visibility, window: Window) -> list[Found]:
    """What lies beyond the horizon of what is stored: made from the last stored occurrence on."""
    if window.until <= visibility.now + HORIZON:
        return []
    which = and_(_wanted(visibility, window), Event.expanded_until < window.until)
    events = await _listed(everywhere, visibility, which)
    reached = await last_stored(everywhere, [each.event.id for each in events])
    found = []
    for listed in events:
        made = await asyncio.to_thread(_made, listed, window, reached.get(listed.event.id))
        utc = listed.series.utc
        found += [Found(listed, utc(each.starts), utc(each.ends), each, listed.answer) for each in made]
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


def _made(listed: Listed, window: Window, reached: datetime | None) -> list[Occurrence]:
    event, series = listed.event, listed.series
    length = series.ends - series.starts
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
    listed, each = found.listed, found.occurrence
    event, series, own = listed.event, listed.series, each.fields or {}
    return OccurrenceView(
        event=event.id,
        space=event.space_id,
        occurrence=moment(series, each.original),
        start=moment(series, each.starts),
        end=last_moment(series, each.ends),
        all_day=event.all_day,
        title=event.title if listed.withheld else own.get("title", event.title),
        place=None if listed.withheld else own.get("place", event.place),
        classification=event.classification,
        categories=[] if listed.withheld else listed.categories,
        moved="starts" in own,
        cancelled=each.cancelled,
        recurs=event.recurs,
        attending=listed.invited,
        my_reply=found.answer,
        unread=listed.unread,
        conflict=conflict,
    )
