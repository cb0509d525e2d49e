"""The tree of pages as a reader sees it: what hangs below a page that they do not see, hangs below its nearest
ancestor that they do. Costs grow with the pages that are shown, not with those that there are."""

import uuid
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, ColumnElement, SQLColumnExpression, and_, exists, func, literal, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from netzraum_content.wiki.models import WikiPage
from netzraum_items.items import Item, state_of
from netzraum_items.tables import AccessMembership, AccessSpace
from netzraum_items.visibility import Visibility

DEEPEST = 50
WIDEST = 500
_pages: Any = WikiPage.__table__  # the table without the columns of all items; has no narrower type


@dataclass(frozen=True)
class Leaf:
    """A page in the tree. ``parent``: below which the reader sees it; ``children``: how many they see below it."""

    id: uuid.UUID
    state: str
    parent: uuid.UUID | None
    depth: int
    children: int


def sees(visibility: Visibility, page_id: SQLColumnExpression[Any]) -> ColumnElement[bool]:
    """Whether the reader sees a page of this id, and it is not in the trash. The offset has PostgreSQL look each page
    up: without it, it collects all that the reader sees first, wherever it expects many pages."""
    found = visibility.visible(select(Item.id)).where(Item.id == page_id, Item.deleted_at.is_(None))
    return exists(found.correlate_except(Item, AccessMembership, AccessSpace).limit(1).offset(0))


def _looked_up(column: SQLColumnExpression[Any], value: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether they are equal, in words that leave PostgreSQL nothing but the index: it takes a recursive query for a
    hundred times as long as it is, and would read all pages there are to join them."""
    return column.between(value, value)


def _above(visibility: Visibility, pages: Collection[uuid.UUID], *, nearest: bool) -> CTE:
    """``page``, ``ancestor``, its ``distance``, ``seen``; where ``nearest``, up to the first that is seen."""
    start, step = _pages.alias(), _pages.alias()
    above = (
        select(
            start.c.id.label("page"),
            start.c.parent_id.label("ancestor"),
            literal(1).label("distance"),
            sees(visibility, start.c.parent_id).label("seen"),
        )
        .where(start.c.id.in_(pages), start.c.parent_id.is_not(None))
        .cte("above", recursive=True)
    )
    further = and_(step.c.parent_id.is_not(None), above.c.distance < DEEPEST)
    if nearest:
        further = and_(further, not_(above.c.seen))
    return above.union_all(
        select(above.c.page, step.c.parent_id, above.c.distance + 1, sees(visibility, step.c.parent_id))
        .join(step, _looked_up(step.c.id, above.c.ancestor))
        .where(further)
    )


def below(visibility: Visibility, space_id: uuid.UUID, parents: Collection[uuid.UUID], *, roots: bool = False) -> CTE:
    """``parent``, ``page``, ``seen``: the pages below these, past those that are not seen; ``roots``: the top too."""
    start, step = _pages.alias(), _pages.alias()
    # Each with the space: so an index gives both to SQLite, too.
    here = [and_(start.c.tree_id == space_id, start.c.parent_id.in_(parents))]
    if roots:
        here.append(and_(start.c.tree_id == space_id, start.c.parent_id.is_(None)))
    found = (
        select(start.c.parent_id.label("parent"), start.c.id.label("page"), sees(visibility, start.c.id).label("seen"))
        .where(or_(*here))
        .cte("below", recursive=True)
    )
    return found.union_all(
        select(found.c.parent, step.c.id, sees(visibility, step.c.id))
        .join(step, _looked_up(step.c.parent_id, found.c.page))
        .where(not_(found.c.seen))
    )


async def parents_of(
    db: AsyncSession, visibility: Visibility, pages: Collection[uuid.UUID]
) -> dict[uuid.UUID, uuid.UUID]:
    """The page below which the reader sees each of these; those at the top are left out."""
    above = _above(visibility, pages, nearest=True)
    rows = await db.execute(select(above.c.page, above.c.ancestor).where(above.c.seen))
    return {page: parent for page, parent in rows}  # noqa: C416  # dict() of rows has no type


async def path_of(db: AsyncSession, visibility: Visibility, page: uuid.UUID) -> list[uuid.UUID]:
    """The ancestors of a page that the reader sees, from the top down."""
    above = _above(visibility, [page], nearest=False)
    return list(await db.scalars(select(above.c.ancestor).where(above.c.seen).order_by(above.c.distance.desc())))


async def is_above(db: AsyncSession, page: uuid.UUID, other: uuid.UUID) -> bool:
    """Whether a page is ``other``, or an ancestor of it, seen or not."""
    start, step = _pages.alias(), _pages.alias()
    line = select(start.c.id, start.c.parent_id).where(start.c.id == other).cte("line", recursive=True)
    line = line.union(select(step.c.id, step.c.parent_id).join(line, step.c.id == line.c.parent_id))
    return await db.scalar(select(line.c.id).where(line.c.id == page).limit(1)) is not None


def all_below(page: uuid.UUID) -> ColumnElement[bool]:
    """The condition that an item is a page, or hangs somewhere below it."""
    start, step = _pages.alias(), _pages.alias()
    found = select(start.c.id).where(start.c.id == page).cte("all_below", recursive=True)
    found = found.union(select(step.c.id).join(found, step.c.parent_id == found.c.id))
    return WikiPage.id.in_(select(found.c.id))


async def children_counts(
    db: AsyncSession, visibility: Visibility, space_id: uuid.UUID, pages: Collection[uuid.UUID]
) -> dict[uuid.UUID, int]:
    """How many pages the reader sees below each of these; those with none are left out."""
    found = below(visibility, space_id, pages)
    rows = await db.execute(select(found.c.parent, func.count()).where(found.c.seen).group_by(found.c.parent))
    return {page: count for page, count in rows}  # noqa: C416  # dict() of rows has no type


async def along(
    db: AsyncSession, visibility: Visibility, space_id: uuid.UUID, way: Sequence[uuid.UUID]
) -> tuple[list[Leaf], bool]:
    """The top of the wiki, and what hangs below each page of a way that leads down from there; in the order in which
    they are shown. The second: whether there are more than ``WIDEST``, and some were left out."""
    found = below(visibility, space_id, way, roots=True)
    rows = (
        await db.execute(
            select(found.c.parent, Item.id, Item.sort_title, Item.state, Item.visible_from)
            .outerjoin(Item, _looked_up(Item.id, found.c.page))  # there is one; so SQLite does not begin with items
            .where(found.c.seen)
            .order_by(Item.id.not_in(way), Item.sort_title, Item.id)
            .limit(WIDEST + 1)
        )
    ).all()
    shown = rows[:WIDEST]
    counts = await children_counts(db, visibility, space_id, [row.id for row in shown])
    below_each: dict[uuid.UUID | None, list[Leaf]] = {}
    for parent, page, _title, state, begins in sorted(shown, key=lambda row: (row.sort_title, row.id)):
        depth = way.index(parent) + 1 if parent in way else 0
        leaf = Leaf(page, state_of(state, begins, visibility.now), parent, depth, counts.get(page, 0))
        below_each.setdefault(parent, []).append(leaf)
    return list(_unfolded(below_each, None)), len(rows) > WIDEST


def _unfolded(below_each: Mapping[uuid.UUID | None, Sequence[Leaf]], parent: uuid.UUID | None) -> Iterator[Leaf]:
    for leaf in below_each.get(parent, ()):
        yield leaf
        yield from _unfolded(below_each, leaf.id)
