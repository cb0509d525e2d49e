"""The wiki, or a page with all below it, as a ZIP of Markdown files with a head of YAML (front matter)."""

import asyncio
import uuid
import zipfile
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from tempfile import SpooledTemporaryFile
from typing import IO, Any

import yaml
from fastapi.responses import StreamingResponse
from sqlalchemy import ColumnElement, select

from netzraum_content.wiki import tree
from netzraum_content.wiki.addresses import Named, named
from netzraum_content.wiki.models import WikiPage
from netzraum_content.wiki.on_page import WIKI, OnPage
from netzraum_items.areas import my_role_is_named
from netzraum_items.authorize import AUDITED_READ, InSpace, refuse
from netzraum_items.items import Item, in_states
from netzraum_items.listing import look_in
from netzraum_items.on_item import with_author
from netzraum_items.visibility import Visibility, look
from netzraum_platform.errors import Forbidden

EXPORT = "export"
FENCE = "---\n"
IN_MEMORY = 4_000_000
"""Bytes; a larger file is kept on disk while it is made."""
AT_ONCE = 200
CHUNK = 65_536
_Names = Mapping[uuid.UUID, Named]


@dataclass(frozen=True)
class _Place:
    """Where pages stand in the file: their addresses, and below which one each of them is."""

    names: _Names
    parents: Mapping[uuid.UUID, uuid.UUID]

    def path(self, page: uuid.UUID) -> str:
        parts = [self.names[page].slug]
        while (above := self.parents.get(page)) is not None:
            parts.append(self.names[above].slug)
            page = above
        return f"{PurePosixPath(*reversed(parts))}.md"


async def whole_wiki(room: InSpace) -> StreamingResponse:
    """All that the caller may take out of the wiki."""
    await look_in(room, WikiPage)
    return await _exported(room, await _sight(room), WikiPage.tree_id == room.space_id, "wiki")


async def one_page(on: OnPage) -> StreamingResponse:
    """A page, and of all below it what the caller may take out.

    Raises:
        Forbidden: the page may not be taken out.
    """
    refuse(await on.ask(on.item.action("read"), on.resource))
    visibility = await _sight(on)
    page = visibility.visible(select(Item.id)).where(Item.id == on.item.id)
    if await on.context.db.scalar(page) is None:
        raise Forbidden(["channel_closed"])
    return await _exported(on, visibility, tree.all_below(on.item.id), on.item.slug)


async def _sight(room: InSpace) -> Visibility:
    return await look(room.context, [room.place], WIKI, channel=EXPORT)


async def _exported(
    room: InSpace, visibility: Visibility, condition: ColumnElement[bool], name: str
) -> StreamingResponse:
    context, db = room.context, room.context.db
    shown = visibility.visible(select(WikiPage.id)).where(condition, in_states(["published"], context.now))
    ids = (await db.scalars(shown.order_by(WikiPage.id))).all()
    parents = {page: above for page, above in (await tree.parents_of(db, visibility, ids)).items() if above in set(ids)}
    place = _Place(await named(db, visibility, ids), parents)
    await context.begin_write()
    file: IO[bytes] = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # closed when all is sent
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for start in range(0, len(ids), AT_ONCE):
            entries = await _entries(room, visibility, place, ids[start : start + AT_ONCE])
            await asyncio.to_thread(_add, archive, entries)
    context.audit("wiki_page:export", space=room.space_id, pages=len(ids))
    file.seek(0)
    disposition = f'attachment; filename="{name}.zip"'
    return StreamingResponse(_sent(file), media_type="application/zip", headers={"content-disposition": disposition})


def _add(archive: zipfile.ZipFile, entries: Mapping[str, str]) -> None:
    for path, text in entries.items():
        archive.writestr(path, text)


async def _sent(file: IO[bytes]) -> AsyncIterator[bytes]:
    with file:
        while chunk := await asyncio.to_thread(file.read, CHUNK):
            yield chunk


async def _entries(room: InSpace, visibility: Visibility, place: _Place, ids: Any) -> dict[str, str]:
    """The files of some pages; the reading of those that ask for it is audited."""
    wanted = with_author(visibility.visible(select(WikiPage, my_role_is_named))).where(WikiPage.id.in_(ids))
    entries = {}
    for page, mine, author, institution in await room.context.db.execute(wanted):
        cell = visibility.cell_of(page, mine=mine)
        if cell is None or AUDITED_READ in cell.obligations:
            room.context.audit("wiki_page:read", item=page.id, space=page.space_id)
        parent = place.parents.get(page.id)
        head = {
            "title": page.title,
            "slug": place.names[page.id].slug,
            "parent": place.names[parent].slug if parent else None,
            "classification": page.classification,
            "author": ", ".join(name for name in (author, institution) if name) or None,
            "created": page.created_at.isoformat(),
            "updated": page.updated_at.isoformat(),
            "revision": page.revision,
        }
        yaml_head = yaml.safe_dump(head, allow_unicode=True, sort_keys=False)
        entries[place.path(page.id)] = f"{FENCE}{yaml_head}{FENCE}{page.text}"
    return entries
