"""The tree of pages as a reader sees it: what hangs below a page that they do not see, hangs below its nearest
ancestor that they do. Costs grow with the pages that are shown, not with those that there are."""

import uuid
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import CTE, ColumnElement, and_, exists, func, literal, not_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from netzraum_content.wiki.models import WikiPage
from netzraum_items.items import Item
from netzraum_items.tables import AccessMembership, AccessSpace
from netzraum_items.visibility import Visibility

DEEPEST = 50
WIDEST = 500
_pages: Any = WikiPage.__table__  # the table without the columns of all items; has no narrower type


@dataclass(frozen=True)
class Named:
    """A page as others point to it."""

    id: uuid.UUID
    slug: str
    title: str


@dataclass(frozen=True)
class Branch(Named):
    """A page in the tree; ``children``: how many the reader sees below it."""

    parent: uuid.UUID | None
    depth: int
    state: str
    children: int


def sees(visibility: Visibility, page_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Whether the reader sees a page of this id, and it is not in the trash."""
    found = visibility.visible(select(Item.id)).where(Item.id == page_id, Item.deleted_at.is_(None))
    return exists(found.correlate_except(Item, AccessMembership, AccessSpace))


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
    return above.union_all(
        select(above.c.page, step.c.parent_id, above.c.distance + 1, sees(visibility, step.c.parent_id))
        .join(step, step.c.id == above.c.ancestor)
        .where(further, or_(not_(above.c.seen), not nearest))
    )


def below(visibility: Visibility, space_id: uuid.UUID, parents: Collection[uuid.UUID], *, roots: bool = False) -> CTE:
    """``parent``, ``page``, ``seen``: the pages below these, past those that are not seen; ``roots``: the top too."""
    start, step = _pages.alias(), _pages.alias()
    at_top = [start.c.parent_id.is_(None)] if roots else []
    found = (
        select(start.c.parent_id.label("parent"), start.c.id.label("page"), sees(visibility, start.c.id).label("seen"))
        .where(start.c.tree_id == space_id, or_(start.c.parent_id.in_(parents), *at_top))
        .cte("below", recursive=True)
    )
    return found.union_all(
        select(found.c.parent, step.c.id, sees(visibility, step.c.id))
        .join(step, step.c.parent_id == found.c.page)
        .where(not_(found.c.seen))
    )


async def parents_of(db: AsyncSession, visibility: Visibility, pages: Collection[uuid.UUID]) -> dict[uuid.UUID, Named]:
    """The page below which the reader sees each of these; those at the top are left out."""
    above = _above(visibility, pages, nearest=True)
    rows = await db.execute(
        select(above.c.page, WikiPage.id, WikiPage.slug, WikiPage.title)
        .join(WikiPage, WikiPage.id == above.c.ancestor)
        .where(above.c.seen)
    )
    return {page: Named(*named) for page, *named in rows}


async def path_of(db: AsyncSession, visibility: Visibility, page: uuid.UUID) -> list[Named]:
    """The ancestors of a page that the reader sees, from the top down."""
    above = _above(visibility, [page], nearest=False)
    rows = await db.execute(
        select(WikiPage.id, WikiPage.slug, WikiPage.title)
        .join(above, WikiPage.id == above.c.ancestor)
        .where(above.c.seen)
        .order_by(above.c.distance.desc())
    )
    return [Named(*row) for row in rows]


async def is_above(db: AsyncSession, page: uuid.UUID, other: uuid.UUID) -> bool:
    """Whether a page is ``other``, or an ancestor of it, seen or not."""
    start, step = _pages.alias(), _pages.alias()
    line = select(start.c.id, start.c.parent_id).where(start.c.id == other).cte("line", recursive=True)
    line = line.union(select(step.c.id, step.c.parent_id).join(line, step.c.id == line.c.parent_id))
    return await db.scalar(select(line.c.id).where(line.c.id == page).limit(1)) is not None


async def children_counts(
    db: AsyncSession, visibility: Visibility, space_id: uuid.UUID, pages: Collection[uuid.UUID]
) -> dict[uuid.UUID, int]:
    """How many pages the reader sees below each of these; those with none are left out."""
    found = below(visibility, space_id, pages)
    rows = await db.execute(select(found.c.parent, func.count()).where(found.c.seen).group_by(found.c.parent))
    return {page: count for page, count in rows}  # noqa: C416  # dict() of rows has no type
