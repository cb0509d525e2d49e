"""Lists of items: one question to the policy, one statement, each item's actions out of the same answer."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any, Generic

from sqlalchemy import ColumnElement, and_, func, literal, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from netzraum_items.areas import my_role_is_named
from netzraum_items.authorize import AUDITED_READ, InSpace, Resource
from netzraum_items.items import DEFAULT_CLASSIFICATION, I, Item, in_phase
from netzraum_items.on_item import Shown, author_of, roles_of, with_author
from netzraum_items.search import found_by
from netzraum_items.search_dialect import planned_for_words
from netzraum_items.seen import UNREAD
from netzraum_items.tables import Institution
from netzraum_items.visibility import ACCOUNT, NOW, Cell, Rows, Visibility, look
from netzraum_platform.errors import NotFound
from netzraum_platform.paging import BadCursor, cursor_of, position_of

NEVER = datetime(9999, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Key:
    """One expression that a list is ordered by; ``read`` takes its value back out of a cursor."""

    by: Any  # a column or an expression, which have no common type
    read: Callable[[Any], Any]
    descends: bool = True


@dataclass(frozen=True)
class Order:
    """An order of a list; the item's id parts what is equal."""

    keys: Sequence[Key]

    def clauses(self) -> list[ColumnElement[Any]]:
        return [key.by.desc() if key.descends else key.by.asc() for key in self.keys]

    def after(self, position: Sequence[Any]) -> ColumnElement[bool]:
        """What comes after a position: later in the first key, or equal there and later in the second, …

        Keys of one direction are compared as a row, which an index of them finds at once.
        """
        there = [literal(value, key.by.type) for key, value in zip(self.keys, position, strict=True)]
        if len({key.descends for key in self.keys}) == 1:
            row, last = tuple_(*(key.by for key in self.keys)), tuple_(*there)
            return row < last if self.keys[0].descends else row > last
        later: list[ColumnElement[bool]] = []
        equal: list[ColumnElement[bool]] = []
        for key, value in zip(self.keys, there, strict=True):
            later.append(and_(*equal, key.by < value if key.descends else key.by > value))
            equal.append(key.by == value)
        return or_(*later)


_PHASES = {phase: in_phase(phase, NOW) for phase in ("current", "coming", "past", "draft", "deleted")}
_VIEWS = {**_PHASES, "unread": UNREAD, "mine": and_(_PHASES["current"], Item.author_id == ACCOUNT)}
_COUNTS = [func.count().filter(view) for view in _VIEWS.values()]
_ends = func.coalesce(Item.visible_until, NEVER, type_=Item.visible_until.type)
_institution = func.lower(func.coalesce(Institution.name, ""))
_NEWEST = Key(Item.news_at, datetime.fromisoformat)
_ID = Key(Item.id, uuid.UUID)
ORDERS: Mapping[str, Order] = {
    "newest": Order([Key(Item.pinned, bool), _NEWEST, _ID]),
    "ends": Order([Key(_ends, datetime.fromisoformat, descends=False), _ID]),
    "changed": Order([Key(Item.updated_at, datetime.fromisoformat), _ID]),
    "title": Order([Key(Item.sort_title, str, descends=False), Key(Item.id, uuid.UUID, descends=False)]),
    "institution": Order([Key(_institution, str, descends=False), _NEWEST, _ID]),
}


@dataclass(frozen=True)
class ListQuery:
    """What of a tool is listed; ``conditions`` and ``own_orders`` are the tool's own."""

    phases: Sequence[str] = ("current",)
    words: str | None = None
    unread: bool = False
    classifications: Sequence[str] = ()
    author: uuid.UUID | None = None
    order: str = "newest"
    limit: int = 50
    cursor: str | None = None
    counts: bool = False
    conditions: Sequence[ColumnElement[bool]] = ()
    own_orders: Mapping[str, Order] = field(default_factory=dict)

    @property
    def in_order(self) -> Order:
        return self.own_orders.get(self.order) or ORDERS[self.order]

    def narrowed(self, *conditions: ColumnElement[bool]) -> "ListQuery":
        """The same list with further conditions of the tool's own."""
        return replace(self, conditions=[*self.conditions, *conditions])


@dataclass(frozen=True)
class Listed(Generic[I]):
    items: list[Shown[I]]
    next: str | None
    creatable: list[Cell]
    """What the caller may create here, by classification and with what it owes."""
    counts: dict[str, int] | None


async def listed(room: InSpace, model: type[I], query: ListQuery, visibility: Visibility | None = None) -> Listed[I]:
    """A page of a tool's items in one space; ``visibility`` where it was asked for already (``look_in``).

    Raises:
        NotFound, Forbidden: the caller may not read the tool here, or it is switched off.
        BadCursor: the cursor is none of this list.
    """
    visibility = visibility or await look_in(room, model)
    db = room.context.db
    statement = _statement(room, model, visibility, query).limit(query.limit + 1)
    async with planned_for_words(db, query.words):
        rows = (await db.execute(statement, visibility.reader)).all()
    page = rows[: query.limit]
    roles = await roles_of(db, [row[0] for row in page])
    items = [_shown(visibility, roles, *row[:5]) for row in page]
    more = len(rows) > query.limit
    return Listed(
        items,
        next=cursor_of(query.order, *page[-1][5:]) if more else None,
        creatable=visibility.creatable(model.TYPE, room.space_id),
        counts=await _counts(db, visibility, model) if query.counts else None,
    )


async def look_in(room: InSpace, model: type[Item]) -> Visibility:
    """What the caller may do with a tool's items in one space.

    Raises:
        NotFound, Forbidden: nothing at all.
    """
    if model.TOOL not in room.place.space.tools:
        raise NotFound
    room.context.principal  # noqa: B018  # a list is never for somebody who is not logged in
    visibility = await look(room.context, [room.place], [model.TOOL])
    if not visibility.cells:
        nothing = Resource(model.TYPE, classification=DEFAULT_CLASSIFICATION)
        await room.decide(model.action("read"), nothing)
        raise NotFound
    return visibility


def _statement(room: InSpace, model: type[I], visibility: Visibility, query: ListQuery) -> Rows:
    """Space and tool are named beside the condition: by them the index gives the items in their order."""
    order = query.in_order
    statement = (
        visibility.visible(select(model, UNREAD, my_role_is_named))
        .where(Item.space_id == room.space_id, Item.tool == model.TOOL)
        .where(*_filters(room.context.db, query))
    )
    statement = with_author(statement).add_columns(*(key.by for key in order.keys)).order_by(*order.clauses())
    statement = statement.options(*(defer(getattr(model, name), raiseload=True) for name in model.NOT_LISTED))
    if query.cursor is None:
        return statement
    return statement.where(order.after(_position(query.cursor, query.order, order)))


def _filters(db: AsyncSession, query: ListQuery) -> list[ColumnElement[bool]]:
    wanted = [*query.conditions, or_(*(_PHASES[phase] for phase in query.phases))]
    if query.words:
        wanted.append(found_by(db, query.words))
    if query.unread:
        wanted.append(UNREAD)
    if query.classifications:
        wanted.append(Item.classification.in_(query.classifications))
    if query.author is not None:
        wanted.append(Item.author_id == query.author)
    return wanted


def _position(cursor: str, name: str, order: Order) -> list[Any]:
    """
    Raises:
        BadCursor: the cursor belongs to a list in another order, or to none.
    """
    first, *position = position_of(cursor, len(order.keys) + 1)
    try:
        if first != name:
            raise ValueError(first)
        return [key.read(value) for key, value in zip(order.keys, position, strict=True)]
    except (ValueError, TypeError, AttributeError) as error:
        raise BadCursor from error


def _shown(
    visibility: Visibility,
    roles: Mapping[uuid.UUID, list[str]],
    item: I,
    is_unread: bool,
    mine: bool,
    name: str | None,
    institution: str | None,
) -> Shown[I]:
    cell = visibility.cell_of(item, mine=mine)
    return Shown(
        item,
        author_of(item, name, institution),
        roles.get(item.id, []),
        bool(is_unread),
        actions=cell.actions if cell is not None else [],
        withheld=cell is None or AUDITED_READ in cell.obligations,
    )


async def _counts(db: AsyncSession, visibility: Visibility, model: type[Item]) -> dict[str, int]:
    """How many items each view of the list holds for the caller, in one statement."""
    statement = visibility.visible(select(*_COUNTS).select_from(Item)).where(Item.type == model.TYPE)
    row = (await db.execute(statement, visibility.reader)).one()
    return dict(zip(_VIEWS, row, strict=True))
