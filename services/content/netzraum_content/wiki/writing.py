"""The steps of which every change of a page is made, within its transaction."""

import hashlib
import uuid
from collections.abc import Mapping
from typing import Any

import orjson
from sqlalchemy import delete, select

from netzraum_content.wiki.addresses import slug_for
from netzraum_content.wiki.merging import Written
from netzraum_content.wiki.models import WikiAddress, WikiLink, WikiPage, WikiRevision
from netzraum_content.wiki.schemas import PageText
from netzraum_content.wiki.tree import is_above
from netzraum_items.on_item import OnItem, roles_of
from netzraum_items.tables import AccessSpace
from netzraum_items.traces import leave_traces
from netzraum_platform.context import RequestContext
from netzraum_platform.errors import VersionMismatch
from netzraum_platform.text import names_in

MOST_LINKS = 500


def digest_of(sent: PageText) -> str:
    """By which a request that comes again is known."""
    parts = [sent.base, sent.title, sent.text, sent.parent, sent.template]
    return hashlib.sha256(orjson.dumps(parts)).hexdigest()


def by_several(context: RequestContext, page: WikiPage) -> bool:
    """Whether others than its author wrote in a page, once the caller has."""
    return page.several_authors or page.author_id != context.principal.account


def add_revision(context: RequestContext, page: WikiPage, comment: str, sent: str = "") -> None:
    """Keep the page as it now is under its number. Once others write in it, it is nobody's own any more."""
    principal = context.principal
    page.several_authors = by_several(context, page)
    context.db.add(
        WikiRevision(
            page_id=page.id,
            number=page.revision,
            title=page.title,
            text=page.text,
            author_id=principal.account,
            institution_id=principal.institution,
            at=context.now,
            comment=comment,
            sent=sent,
        )
    )


def begin(context: RequestContext, page: WikiPage, comment: str, sent: str) -> None:
    """Give a page that is new its address, its first revision and its links."""
    context.db.add(_address_of(page))
    add_revision(context, page, comment, sent)
    context.db.add_all(_links_of(page))


async def add_address(context: RequestContext, page: WikiPage) -> None:
    """Let the page be found by its slug from now on; those that it had stay."""
    if await context.db.get(WikiAddress, (page.id, page.slug)) is None:
        context.db.add(_address_of(page))


def _address_of(page: WikiPage) -> WikiAddress:
    return WikiAddress(page_id=page.id, slug=page.slug, space_id=page.space_id)


async def note_links(context: RequestContext, page: WikiPage) -> None:
    """Note which slugs the page's text names now."""
    await context.db.execute(delete(WikiLink).where(WikiLink.page_id == page.id))
    context.db.add_all(_links_of(page))


def _links_of(page: WikiPage) -> list[WikiLink]:
    """To the slugs that the page's text names, the first few hundred of them."""
    slugs = dict.fromkeys(slug_for(name) for name in names_in(page.text))
    named = [slug for slug in slugs if slug][:MOST_LINKS]
    return [WikiLink(page_id=page.id, slug=slug, space_id=page.space_id) for slug in named]


async def lock(on: OnItem[WikiPage]) -> None:
    """Take the page as it is now, and let nobody else change it until this request ends.

    Raises:
        VersionMismatch: what was decided about it meanwhile is another thing.
    """
    decided_about, db = on.resource, on.context.db
    await on.context.begin_write()
    await db.refresh(on.item, with_for_update=True)
    roles = (await roles_of(db, [on.item])).get(on.item.id, [])
    if on.resource != decided_about or roles != on.roles:
        raise VersionMismatch


async def lock_tree(context: RequestContext, space_id: uuid.UUID) -> None:
    """Let nobody else create or move pages in the space until this request ends."""
    await context.db.execute(select(AccessSpace.space_id).where(AccessSpace.space_id == space_id).with_for_update())


async def check_parent(context: RequestContext, page: WikiPage) -> None:
    """
    Raises:
        Unprocessable: the page would stand below itself.
    """
    await lock_tree(context, page.space_id)
    if page.parent_id is not None and await is_above(context.db, page.id, page.parent_id):
        raise context.invalid("parent", "below_itself")


async def revision_of(context: RequestContext, page: WikiPage, number: int) -> WikiRevision | None:
    return await context.db.get(WikiRevision, (page.id, number))


def written(of: WikiPage | WikiRevision) -> Written:
    return Written(of.title, of.text)


async def write(
    context: RequestContext, page: WikiPage, columns: Mapping[str, Any], comment: str, sent: str = ""
) -> None:
    """Make the changes that are some, with a revision where title or text changed. The page is locked."""
    changed = {name: value for name, value in columns.items() if getattr(page, name) != value}
    if not changed:
        return
    for name, value in changed.items():
        setattr(page, name, value)
    page.updated_at = context.now
    if not changed.keys().isdisjoint({"title", "text"}):
        page.revision += 1
        add_revision(context, page, comment, sent)
    if "parent_id" in changed:
        await check_parent(context, page)
    if "text" in changed:
        await note_links(context, page)
    await leave_traces(context, page, "updated", revision=page.revision)
