"""What is done with wiki pages, beside what is done with every item."""

import asyncio
import uuid
from dataclasses import dataclass
from typing import Any

from fastapi import Response
from sqlalchemy import select

from netzraum_content.wiki import tree
from netzraum_content.wiki.addresses import free_slug, id_in, page_named, slug_for
from netzraum_content.wiki.merging import Clash, Written, merge
from netzraum_content.wiki.models import WikiPage, WikiRevision
from netzraum_content.wiki.on_page import OnPage
from netzraum_content.wiki.schemas import PageChange, PageText
from netzraum_content.wiki.writing import (
    add_address,
    add_revision,
    begin,
    by_several,
    check_parent,
    digest_of,
    lock,
    lock_tree,
    revision_of,
    write,
    written,
)
from netzraum_items import life
from netzraum_items.authorize import InSpace, refuse
from netzraum_items.listing import look_in
from netzraum_items.on_item import OnItem, Shown, find
from netzraum_items.visibility import Visibility
from netzraum_platform.errors import Conflict, NotFound, VersionMismatch

AT_CREATION = ("classification", "purpose", "delete_on", "roles", "state")
TRIES = 3
RESTORED = {"de": "Fassung {number} wiederhergestellt", "en": "Revision {number} restored"}
RENAMED = {"de": "Umbenannt, vorher: {title}", "en": "Renamed, before: {title}"}


class EditConflict(Conflict):
    """Somebody else changed the same lines since: carries what both wrote, and what both began with."""

    code = "edit_conflict"
    de = "Inzwischen hat jemand anderes dieselben Stellen geändert. Ihr Text ist nicht verloren."
    en = "Somebody else has changed the same lines in the meantime. Your text is not lost."


class SlugTaken(Conflict):
    code = "slug_taken"
    de = "Unter dieser Adresse gibt es schon eine Seite: „{title}“."
    en = "There is already a page at this address: “{title}”."


class _Overtaken(Conflict):
    """Somebody made a page of the same address at the same time."""


@dataclass(frozen=True)
class Saved:
    """What became of a text that was sent."""

    shown: Shown[WikiPage]
    visibility: Visibility
    created: bool = False
    merged: bool = False


async def put(room: InSpace, name: str, sent: PageText, response: Response) -> Saved:
    """Create the page of this address, or save what somebody wrote in it.

    Raises:
        EditConflict: others changed the same lines since ``sent.base``.
        Unprocessable: ``base`` is missing, or there is no such revision or parent.
    """
    context, visibility = room.context, await look_in(room, WikiPage)
    for last in (number == TRIES for number in range(1, TRIES + 1)):
        known = id_in(name) or await page_named(context.db, visibility, room.space_id, name)
        try:
            if known is not None:
                on = await find(WikiPage, context, room.space_id, known, response)
                return await save(on, visibility, sent)
            return Saved(await _create(room, visibility, slug_for(name), sent), visibility, created=True)
        except (_Overtaken, VersionMismatch):  # another decision is due: it is there now, or nobody's own
            if last:
                raise
            await context.rollback()
    raise AssertionError("not reached: the last try returns or raises")


async def _create(room: InSpace, visibility: Visibility, slug: str, new: PageText) -> Shown[WikiPage]:
    context, db = room.context, room.context.db
    if not slug:
        raise context.invalid("slug", "slug")
    shown = await life.create(
        room,
        WikiPage,
        new,
        text=new.text,
        slug=slug,
        tree_id=room.space_id,
        parent_id=await _parent(room, visibility, new.parent),
        revision=1,
        template=new.template,
    )
    page = shown.item
    await lock_tree(context, room.space_id)
    if await page_named(db, visibility, room.space_id, slug, but=page.id) is not None:
        raise _Overtaken
    begin(context, page, new.comment, digest_of(new))
    return shown


async def _parent(room: InSpace, visibility: Visibility, slug: str | None) -> uuid.UUID | None:
    """
    Raises:
        Unprocessable: the caller sees no such page.
    """
    if slug is None:
        return None
    parent = await page_named(room.context.db, visibility, room.space_id, slug)
    if parent is None:
        raise room.context.invalid("parent", "unknown_page")
    return parent


async def save(on: OnItem[WikiPage], visibility: Visibility, sent: PageText) -> Saved:
    """Save what somebody wrote in a page, together with what others saved since they began."""
    page, context = on.item, on.context
    await on.may("update")
    _check_creation(on, sent)
    parent = await _moved_to(on, visibility, sent.parent) if "parent" in sent.model_fields_set else page.parent_id
    actions = (await on.may("read")).actions
    await lock(on)
    theirs = written(page)
    result = theirs if sent.written == theirs or await _was_sent(on, sent) else await _merged(on, sent)
    columns: dict[str, Any] = {"title": result.title, "text": result.text, "parent_id": parent}
    if "template" in sent.model_fields_set:
        columns["template"] = sent.template
    await write(context, page, columns, sent.comment, digest_of(sent))
    return Saved(on.shown(actions), visibility, merged=result != sent.written)


def _check_creation(on: OnItem[WikiPage], sent: PageText) -> None:
    """
    Raises:
        Unprocessable: a field would change that changes by PATCH only.
    """
    for name in sent.model_fields_set.intersection(AT_CREATION):
        if getattr(sent, name) != (on.roles if name == "roles" else getattr(on.item, name)):
            raise on.context.invalid(name, "only_at_creation")


async def _moved_to(on: OnItem[WikiPage], visibility: Visibility, slug: str | None) -> uuid.UUID | None:
    """The parent that a slug means; where that is the one that the caller sees already, the one that it has."""
    parent = await _parent(on, visibility, slug)
    path = await tree.path_of(on.context.db, visibility, on.item.id)
    return on.item.parent_id if parent == (path[-1] if path else None) else parent


async def _was_sent(on: OnItem[WikiPage], sent: PageText) -> bool:
    """Whether this very request was answered before, and the answer was lost."""
    found = select(WikiRevision.number).where(
        WikiRevision.page_id == on.item.id,
        WikiRevision.number > (sent.base or 0),
        WikiRevision.author_id == on.context.principal.account,
        WikiRevision.sent == digest_of(sent),
    )
    return await on.context.db.scalar(found.limit(1)) is not None


async def _merged(on: OnItem[WikiPage], sent: PageText) -> Written:
    context, page = on.context, on.item
    if sent.base is None:
        raise context.invalid("base", "missing")
    base = written(found) if (found := await revision_of(context, page, sent.base)) else Written("", "")
    if found is None and sent.base != 0:
        raise context.invalid("base", "unknown_revision")
    try:
        return await asyncio.to_thread(merge, base, sent.written, written(page))
    except Clash as clash:
        await context.release()  # what was read is audited, whatever became of the rest
        texts = {"mine": sent.text, "theirs": page.text, "base": base.text}
        titles = {"mine": sent.title, "theirs": page.title, "base": base.title}
        raise EditConflict(extra={**texts, "titles": titles, "theirs_revision": page.revision}) from clash


async def change(on: OnPage, wanted: PageChange, if_match: str) -> Shown[WikiPage]:
    """Rename, move, publish or reclassify a page; its former address goes on working.

    Raises:
        SlugTaken: the caller sees another page at the new address.
    """
    page, context = on.item, on.context
    refuse(await on.ask(page.action("read"), on.resource))
    visibility, columns = await on.sight(), wanted.given()
    before, parent_before = page.title, page.parent_id
    if "slug" in columns:
        columns["slug"] = await _new_slug(on, visibility, wanted.slug)
    if "parent" in columns:
        columns["parent_id"] = await _moved_to(on, visibility, columns.pop("parent"))
    if columns.get("title", before) != before:
        columns |= {"revision": page.revision + 1, "several_authors": by_several(context, page)}
    shown = await life.update(on, columns, if_match=if_match, reason=wanted.reason)
    if page.title != before:
        add_revision(context, page, RENAMED[context.language].format(title=before)[:200])
    if page.parent_id != parent_before:
        await check_parent(context, page)
    if columns.get("slug"):
        await context.begin_write()
        await add_address(context, page)
    return shown


async def _new_slug(on: OnPage, visibility: Visibility, name: str) -> str:
    slug = slug_for(name)
    if not slug:
        raise on.context.invalid("slug", "slug")
    other = await page_named(on.context.db, visibility, on.space_id, slug, but=on.item.id)
    if other is not None:
        title = await on.context.db.scalar(select(WikiPage.title).where(WikiPage.id == other))
        raise SlugTaken(title=title, extra={"item": str(other)})
    return slug


async def bring_back(on: OnPage) -> Shown[WikiPage]:
    """Bring a page out of the trash; where another one has its address by now, it gets one of its own."""
    context, page = on.context, on.item
    refuse(await on.ask(page.action("restore"), on.resource))
    visibility = await on.sight()
    shown = await life.restore(on)
    await lock_tree(context, on.space_id)
    if await page_named(context.db, visibility, on.space_id, page.slug, but=page.id) is not None:
        page.slug = await free_slug(context.db, visibility, on.space_id, page.slug, but=page.id)
        await add_address(context, page)
        await context.db.flush()
    return shown


async def restore_revision(on: OnPage, number: int, comment: str) -> Saved:
    """Let a former revision be the newest one.

    Raises:
        NotFound: there is no such revision.
    """
    page, context = on.item, on.context
    await on.may("restore_revision")
    visibility = await on.sight()
    actions = (await on.may("read")).actions
    await lock(on)
    former = await revision_of(context, page, number)
    if former is None:
        raise NotFound
    columns = {"title": former.title, "text": former.text}
    await write(context, page, columns, comment or RESTORED[context.language].format(number=number))
    return Saved(on.shown(actions), visibility)
