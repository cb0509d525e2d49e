"""What a page is shown with: where it stands, what it links to and what links to it, who works on it."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from sqlalchemy import ColumnElement, false, select
from sqlalchemy.ext.asyncio import AsyncSession

from netzraum_content.wiki import tree
from netzraum_content.wiki.addresses import Named, named, page_named, pages_named, slug_for
from netzraum_content.wiki.editing import Editor, editors
from netzraum_content.wiki.models import WikiAddress, WikiLink, WikiPage, WikiRevision
from netzraum_content.wiki.schemas import HeadingView, LinkView, RenderedView
from netzraum_items.authorize import InSpace
from netzraum_items.items import Item
from netzraum_items.on_item import Author
from netzraum_items.tables import Institution, Person
from netzraum_items.visibility import Visibility
from netzraum_platform.text import Document, Target

MOST_BACKLINKS = 200
MISSING = {"de": "gibt es noch nicht", "en": "does not exist yet"}
TOP = "root"


@dataclass(frozen=True)
class Surroundings:
    address: str
    path: list[Named]
    links: list[LinkView]
    backlinks: list[Named]
    editing: list[Editor]
    comment: str
    changed_by: Author | None


async def surroundings(room: InSpace, visibility: Visibility, page: WikiPage, names: Iterable[str]) -> Surroundings:
    """All that is shown beside a page; ``names`` are the pages that its text names."""
    db = room.context.db
    path = await tree.path_of(db, visibility, page.id)
    backlinks = await _backlinks(db, visibility, page)
    known = await named(db, visibility, [page.id, *path, *backlinks])
    comment, changed_by = await last_change(db, page)
    return Surroundings(
        address=known[page.id].slug,
        path=[known[each] for each in path],
        links=await links_to(db, visibility, page.space_id, names),
        backlinks=[known[each] for each in backlinks],
        editing=await editors(room, page),
        comment=comment,
        changed_by=changed_by,
    )


async def links_to(
    db: AsyncSession, visibility: Visibility, space_id: uuid.UUID, names: Iterable[str]
) -> list[LinkView]:
    """The pages of these names that the reader sees, and those that are missing, in the order of the names."""
    slugs = [slug for slug in dict.fromkeys(slug_for(name) for name in names) if slug]
    found = await pages_named(db, visibility, space_id, slugs, WikiPage.title)
    titles = {slug: title for slug, (title,) in found.items()}
    return [LinkView(slug=slug, title=titles.get(slug), exists=slug in titles) for slug in slugs]


async def _backlinks(db: AsyncSession, visibility: Visibility, page: WikiPage) -> Sequence[uuid.UUID]:
    """The pages that link to any of a page's addresses."""
    mine = select(WikiAddress.slug).where(WikiAddress.page_id == page.id)
    linking = select(WikiLink.page_id).where(WikiLink.space_id == page.space_id, WikiLink.slug.in_(mine))
    other: Any = Item.__table__.alias("other")
    found = (
        select(other.c.id)
        .where(other.c.id.in_(linking), other.c.id != page.id, tree.sees(visibility, other.c.id))
        .order_by(other.c.sort_title, other.c.id)
        .limit(MOST_BACKLINKS)
    )
    return (await db.scalars(found)).all()


async def last_change(db: AsyncSession, page: WikiPage) -> tuple[str, Author | None]:
    """The comment on the last change of a page, and who made it."""
    rows = await db.execute(
        select(WikiRevision.comment, WikiRevision.author_id, Person.name, Institution.name)
        .outerjoin(Person, Person.account_id == WikiRevision.author_id)
        .outerjoin(Institution, Institution.institution_id == WikiRevision.institution_id)
        .where(WikiRevision.page_id == page.id, WikiRevision.number == page.revision)
    )
    comment, author, name, institution = rows.one()
    return comment, Author(author, name, institution) if author is not None else None


async def rendered_text(room: InSpace, visibility: Visibility, text: str) -> RenderedView:
    """A text as it would be shown in the wiki, to whom it is shown."""
    document = Document(text)
    links = await links_to(room.context.db, visibility, room.space_id, document.names)
    return RenderedView(
        html=rendered(document, room, visibility, links),
        toc=[HeadingView(**vars(heading)) for heading in document.headings],
        links=links,
    )


def rendered(document: Document, room: InSpace, visibility: Visibility, links: Sequence[LinkView]) -> str:
    """The HTML of a text. Where the reader sees nothing of the wiki, nothing is said about other pages."""
    by_slug = {link.slug: link for link in links}
    wiki = f"/raum/{room.space_id}/wiki"

    def target(name: str) -> Target | None:
        link = by_slug.get(slug_for(name))
        if link is None or not visibility.cells:
            return None
        if link.exists:
            return Target(f"{wiki}/{link.slug}")
        return Target(f"{wiki}/neu?titel={quote(name)}", MISSING[room.context.language])

    return document.html(target)


async def below(db: AsyncSession, visibility: Visibility, space_id: uuid.UUID, parent: str) -> ColumnElement[bool]:
    """The condition that the reader sees a page below the one of this slug, or at the ``root``."""
    if parent == TOP:
        found = tree.below(visibility, space_id, [], roots=True)
    elif page := await page_named(db, visibility, space_id, parent):
        found = tree.below(visibility, space_id, [page])
    else:
        return false()
    return WikiPage.id.in_(select(found.c.page).where(found.c.seen))
