"""Taking pages in from a ZIP of Markdown files: first what would come of each, then doing it. A second time the same
file changes nothing."""

import asyncio
import uuid
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath
from typing import IO, Any

from pydantic import ValidationError
from sqlalchemy import select

from netzraum_content.wiki import archive, writing
from netzraum_content.wiki.addresses import page_named, slug_for
from netzraum_content.wiki.archive import Entry
from netzraum_content.wiki.models import WikiPage
from netzraum_content.wiki.schemas import FaultView, ImportRow, ImportView, PageText
from netzraum_content.wiki.tree import is_above
from netzraum_items import life
from netzraum_items.areas import my_role_is_named
from netzraum_items.authorize import InSpace
from netzraum_items.listing import look_in
from netzraum_items.schemas import DEFAULT
from netzraum_items.visibility import Visibility
from netzraum_platform.errors import VersionMismatch
from netzraum_platform.validation_texts import field_errors, message

TOGETHER = 50
"""Pages that are written in one transaction, so that others need not wait for all of them."""
COMMENT = {"de": "Aus einer Datei übernommen", "en": "Taken in from a file"}


@dataclass(frozen=True)
class Planned:
    """What becomes of a file: ``page`` is the one that is there already, as it was decided about."""

    path: str
    slug: str = ""
    sent: PageText | None = None
    page: WikiPage | None = None
    faults: Sequence[FaultView] = ()

    @property
    def state(self) -> str:
        if self.faults or self.sent is None:
            return "faulty"
        if self.page is None:
            return "new"
        return "unchanged" if self.sent.written == writing.written(self.page) else "changed"


@dataclass
class _Import:
    room: InSpace
    visibility: Visibility
    made: dict[str, uuid.UUID] = field(default_factory=dict)
    """The pages of the file by slug, as far as they are there."""


async def take_in(room: InSpace, file: IO[bytes], *, dry_run: bool) -> ImportView:
    """Say what comes of each file; unless it is a ``dry_run``, do it with those that are sound.

    Raises:
        NotFound, Forbidden: the caller may not read the wiki here.
        NoArchive, ArchiveTooLarge: the file is refused as a whole.
        VersionMismatch: somebody changed one of the pages meanwhile; what is done already stays.
    """
    work = _Import(room, await look_in(room, WikiPage))
    found = await asyncio.to_thread(archive.entries, file, room.context.language)
    plan: list[Planned] = []
    for entry in found:
        plan.append(await _plan(work, entry, {other.slug for other in plan if other.slug}))
    rows = [_row(each) for each in plan]
    sound = [each for each in plan if each.state in {"new", "changed"}]
    if sound and not dry_run:
        work.made = {each.slug: each.page.id for each in plan if each.page is not None}
        await _carry_out(work, sound)
    return ImportView(rows=rows, summary=dict(Counter(row.state for row in rows)))


def _row(planned: Planned) -> ImportRow:
    title = planned.sent.title if planned.sent else None
    slug = planned.slug or None
    return ImportRow(path=planned.path, title=title, slug=slug, state=planned.state, errors=list(planned.faults))


async def _plan(work: _Import, entry: Entry, taken: set[str]) -> Planned:
    language = work.room.context.language
    if entry.fault:
        return Planned(entry.path, faults=[_fault("file", entry.fault, language)])
    try:
        sent = PageText.model_validate(_as_sent(entry))
    except ValidationError as error:
        located = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        return Planned(entry.path, faults=[FaultView(**each) for each in field_errors(located, language)])
    slug = slug_for(str(entry.head.get("slug") or PurePosixPath(entry.path).stem))
    planned = Planned(entry.path, slug, sent)
    if not slug or slug in taken:
        return replace(planned, slug="", faults=[_fault("slug", "duplicate" if slug else "slug", language)])
    return await _decided(work, planned)


def _fault(name: str, code: str, language: str) -> FaultView:
    return FaultView(field=name, code=code, message=message(code, language))


def _as_sent(entry: Entry) -> dict[str, Any]:
    """A file as if somebody had written the page; what its head leaves out is taken from its text and its path."""
    path, head = PurePosixPath(entry.path), {name: value for name, value in entry.head.items() if value is not None}
    first_line = entry.text.lstrip().partition("\n")[0]
    title = first_line.removeprefix("# ") if first_line.startswith("# ") else path.stem
    return {
        "title": head.get("title", title),
        "text": entry.text,
        "classification": head.get("classification", DEFAULT),
        "parent": head.get("parent", path.parent.name or None),
    }


async def _decided(work: _Import, planned: Planned) -> Planned:
    """With the page that is there, or with why the caller may not do it: each by what the policy said once."""
    room, sent = work.room, planned.sent
    found = await page_named(room.context.db, work.visibility, room.space_id, planned.slug)
    if found is None:
        cells = work.visibility.creatable(WikiPage.TYPE, room.space_id)
        owed = [cell.obligations for cell in cells if sent and sent.classification in cell.classifications]
        may = any(not obligations for obligations in owed)
        return (
            planned if may else replace(planned, faults=[_fault("classification", "may_not_create", _language(work))])
        )
    row = await room.context.db.execute(
        work.visibility.visible(select(WikiPage, my_role_is_named)).where(WikiPage.id == found)
    )
    page, mine = row.one()
    cell = work.visibility.cell_of(page, mine=mine)
    planned = replace(planned, page=page)
    if planned.state == "unchanged" or (cell is not None and "update" in cell.actions):
        return planned
    return replace(planned, faults=[_fault("", "may_not_update", _language(work))])


def _language(work: _Import) -> str:
    return work.room.context.language


async def _carry_out(work: _Import, sound: Sequence[Planned]) -> None:
    context = work.room.context
    new: dict[str, WikiPage] = {}
    for start in range(0, len(sound), TOGETHER):
        await context.begin_write()
        await writing.lock_tree(context, work.room.space_id)
        for each in sound[start : start + TOGETHER]:
            if each.page is None:
                new[each.slug] = await _create(work, each)
            else:
                await _save(work, each, each.page)
        await context.release()
        await context.app.database.let_others_write()
    work.made.update({slug: page.id for slug, page in new.items()})
    await _hang_up(work, [each for each in sound if each.page is None], new)


async def _create(work: _Import, planned: Planned) -> WikiPage:
    """
    Raises:
        VersionMismatch: somebody made a page of this address meanwhile.
    """
    context, sent = work.room.context, planned.sent
    assert sent is not None  # noqa: S101  # it is sound
    if await page_named(context.db, work.visibility, work.room.space_id, planned.slug) is not None:
        raise VersionMismatch
    columns = {"text": sent.text, "slug": planned.slug, "tree_id": work.room.space_id, "revision": 1}
    page = life.new_item(work.room, WikiPage, sent, columns)
    await life.add(context, page, verb="import")
    await writing.add_address(context, page)
    writing.add_revision(context, page, COMMENT[context.language], writing.digest_of(sent))
    await writing.note_links(context, page)
    return page


async def _save(work: _Import, planned: Planned, page: WikiPage) -> None:
    """
    Raises:
        VersionMismatch: it is not as it was decided about.
    """
    context, sent, version = work.room.context, planned.sent, page.version
    assert sent is not None  # noqa: S101  # it is sound
    await context.db.refresh(page, with_for_update=True)
    if page.version != version:
        raise VersionMismatch
    await writing.write(context, page, {"title": sent.title, "text": sent.text}, COMMENT[context.language])


async def _hang_up(work: _Import, plan: Sequence[Planned], new: Mapping[str, WikiPage]) -> None:
    """Put new pages below those that the file names, where these are there and it makes no ring."""
    context = work.room.context
    parents: dict[str, uuid.UUID | None] = {}
    for each in plan:
        wanted = slug_for(each.sent.parent) if each.sent and each.sent.parent else ""
        found = work.made.get(wanted) if wanted else None
        if found is None and wanted:
            found = await page_named(context.db, work.visibility, work.room.space_id, wanted)
        parents[each.slug] = found
    await writing.lock_tree(context, work.room.space_id)
    for slug, parent in parents.items():
        if parent is not None and not await is_above(context.db, new[slug].id, parent):
            new[slug].parent_id = parent
            await context.db.flush()
