"""What a page is shown with: where it stands, what it links to and what links to it, who works on it."""

import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from sqlalchemy import ColumnElement, false, select
from sqlalchemy.ext.asyncio import AsyncSession

from netzraum_content.wiki import tree
from netzraum_content.wiki.addresses import Named, named, page_named, slug_for
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
    found: dict[str, str] = {}
    if slugs:
        # a slug leads to who is called so now before who was, and to the oldest of these
        rows = await db.execute(
            visibility.visible(select(WikiAddress.slug, WikiPage.title))
            .join(WikiAddress, WikiAddress.page_id == WikiPage.id)
            .where(WikiAddress.space_id == space_id, WikiAddress.slug.in_(slugs), Item.deleted_at.is_(None))
            .order_by(WikiPage.slug != WikiAddress.slug, Item.created_at, Item.id)
        )
        for slug, title in rows:
            found.setdefault(slug, title)
    return [LinkView(slug=slug, title=found.get(slug), exists=slug in found) for slug in slugs]


async def _backlinks(db: AsyncSession, visibility: Visibility, page: WikiPage) -> Sequence[uuid.UUID]:
    """The pages that link to any of a page's addresses."""
    mine = select(WikiAddress.slug).where(WikiAddress.page_id == page.id)
    linking = select(WikiLink.page_id).where(WikiLink.space_id == page.space_id, WikiLink.slug.in_(mine))
    found = (
        visibility.visible(select(WikiPage.id))
        .where(WikiPage.id.in_(linking), WikiPage.id != page.id, Item.deleted_at.is_(None))
        .order_by(Item.sort_title, WikiPage.id)
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
