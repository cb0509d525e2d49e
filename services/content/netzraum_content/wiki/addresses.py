"""How a page is named in an address, and which page an address means to whom."""

import uuid
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from netzraum_content.wiki.models import WikiAddress, WikiPage
from netzraum_content.wiki.tree import sees
from netzraum_items.items import Item
from netzraum_items.visibility import Rows, Visibility
from netzraum_platform.text import slug_of

TAKEN = frozenset({"neu", "neues", "ausfuhr", "einfuhr"})
"""What the page has addresses for itself."""
MOST_CANDIDATES = 20
# Tables without the columns of all items; they have no narrower type.
_of_pages: Any = WikiPage.__table__
_of_items: Any = Item.__table__


def slug_for(name: str) -> str:
    """The slug of a title, or of a slug as somebody typed it; empty where no address can be made of it."""
    slug = slug_of(name)
    return f"seite-{slug}" if slug in TAKEN or id_in(slug) else slug


def id_in(name: str) -> uuid.UUID | None:
    """The page's id, where an address holds that in place of a slug."""
    try:
        return uuid.UUID(name)
    except ValueError:
        return None


async def candidates(db: AsyncSession, space_id: uuid.UUID, name: str) -> Sequence[uuid.UUID]:
    """The pages that an address may mean; which of them it does is for the reader's rights to say.

    What is called so now comes before what was, what is there before what is in the trash, then the oldest.
    """
    if (page := id_in(name)) is not None:
        return [page]
    found = _in_order(select(WikiPage.id), space_id, WikiAddress.slug == slug_for(name))
    return (await db.scalars(found.limit(MOST_CANDIDATES))).all()


def _in_order(statement: Rows | Select[tuple[uuid.UUID]], space_id: uuid.UUID, of_slugs: ColumnElement[bool]) -> Rows:
    return (
        statement.join(WikiAddress, WikiAddress.page_id == WikiPage.id)
        .where(WikiAddress.space_id == space_id, of_slugs)
        .order_by(Item.deleted_at.is_not(None), WikiPage.slug != WikiAddress.slug, Item.created_at, Item.id)
    )


async def page_named(
    db: AsyncSession, visibility: Visibility, space_id: uuid.UUID, name: str, but: uuid.UUID | None = None
) -> uuid.UUID | None:
    """The page that an address means to the reader, ``but`` for one; what is in the trash has no address."""
    wanted = select(WikiPage.id) if but is None else select(WikiPage.id).where(WikiPage.id != but)
    if (page := id_in(name)) is not None:
        wanted = wanted.where(WikiPage.id == page, WikiPage.tree_id == space_id, sees(visibility, WikiPage.id))
    else:
        wanted = _in_order(wanted, space_id, WikiAddress.slug == slug_for(name))
        wanted = wanted.where(sees(visibility, WikiAddress.page_id))
    return (await db.scalars(wanted.limit(1))).first()


async def pages_named(
    db: AsyncSession, visibility: Visibility, space_id: uuid.UUID, slugs: Collection[str], *columns: Any
) -> dict[str, Sequence[Any]]:
    """As ``page_named``, of many slugs at once: these columns of the page that each means, where it means one."""
    found: dict[str, Sequence[Any]] = {}
    if slugs:
        wanted = _in_order(select(WikiAddress.slug, *columns), space_id, WikiAddress.slug.in_(slugs))
        for slug, *of_page in await db.execute(wanted.where(sees(visibility, WikiAddress.page_id))):
            found.setdefault(slug, of_page)
    return found


@dataclass(frozen=True)
class Named:
    """A page as others point to it."""

    slug: str
    title: str


async def named(db: AsyncSession, visibility: Visibility, pages: Iterable[uuid.UUID]) -> dict[uuid.UUID, Named]:
    """Title and address of each of these pages, which the reader sees.

    Where an older one that they see has the same slug, which so leads there, the address is the id.
    """
    page, item, wanted = _of_pages.alias("page"), _of_items.alias("item"), set(pages)
    rows = await db.execute(
        select(page.c.id, page.c.slug, item.c.title, _is_second(visibility, page, item))
        .join(item, item.c.id == page.c.id)
        .where(page.c.id.in_(wanted), item.c.id.in_(wanted))  # of both: else PostgreSQL reads all items to join them
    )
    return {id_: Named(str(id_) if is_second else slug, title) for id_, slug, title, is_second in rows}


def _is_second(visibility: Visibility, page: Any, item: Any) -> ColumnElement[bool]:
    """Whether the reader sees an older page of the same slug. Looked up by the slug: a database that begins with what
    the reader sees reads the whole wiki for each page."""
    other, older = _of_pages.alias("other"), _of_items.alias("older")
    first = or_(
        older.c.created_at < item.c.created_at, and_(older.c.created_at == item.c.created_at, older.c.id < item.c.id)
    )
    return exists(
        select(other.c.id)
        .join(older, older.c.id == other.c.id)
        .where(other.c.tree_id == page.c.tree_id, other.c.slug == page.c.slug, other.c.id != page.c.id, first)
        .where(sees(visibility, other.c.id))
        .correlate(page, item)
    )


async def free_slug(
    db: AsyncSession, visibility: Visibility, space_id: uuid.UUID, title: str, but: uuid.UUID | None = None
) -> str:
    """A slug for a title that no other page which the reader sees has: with a number where it is taken."""
    stem = slug = slug_for(title) or "seite"
    number = 1
    while await page_named(db, visibility, space_id, slug, but) is not None:
        number += 1
        slug = f"{stem[:95]}-{number}"
    return slug
