"""Taking pages in from a ZIP of Markdown files: first what would come of each, then doing it block by block
(netzraum_items.imports). A second time the same file changes nothing."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import PurePosixPath
from typing import IO, Any

import orjson
from pydantic import ValidationError

from netzraum_content.wiki import archive, writing
from netzraum_content.wiki.addresses import pages_named, slug_for
from netzraum_content.wiki.archive import Entry as FileOfArchive
from netzraum_content.wiki.models import WikiPage
from netzraum_content.wiki.schemas import FaultView, ImportView, PageText
from netzraum_content.wiki.schemas import ImportRow as RowView
from netzraum_items import imports, life
from netzraum_items.areas import my_role_is_named
from netzraum_items.authorize import InSpace
from netzraum_items.imports import Entry, EntryState, ImportRow, Taken
from netzraum_items.listing import look_in
from netzraum_items.schemas import DEFAULT
from netzraum_items.visibility import Visibility
from netzraum_platform.errors import VersionMismatch
from netzraum_platform.validation_texts import field_errors, message

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
    def state(self) -> EntryState:
        if self.faults or self.sent is None:
            return "faulty"
        if self.page is None:
            return "new"
        return "unchanged" if self.sent.written == writing.written(self.page) else "changed"


@dataclass(frozen=True)
class _Import:
    room: InSpace
    visibility: Visibility


async def look_at(room: InSpace, file: IO[bytes]) -> ImportView:
    """Say what would come of each file.

    Raises:
        NotFound, Forbidden: the caller may not read the wiki here.
        NoArchive, ArchiveTooLarge: the file is refused as a whole.
    """
    work = _Import(room, await look_in(room, WikiPage))
    found = await _read(room.context.language, file)
    blocks = (found[start : start + imports.TOGETHER] for start in range(0, len(found), imports.TOGETHER))
    rows = [_row(each) for block in blocks for each in await _decided(work, block)]
    return ImportView(rows=rows, summary=dict(Counter(row.state for row in rows)))


async def begin(room: InSpace, file: IO[bytes], content_digest: str) -> ImportRow:
    """Let the pages of the file be taken in.

    Raises:
        NotFound, Forbidden: the caller may not read the wiki here.
        NoArchive, ArchiveTooLarge: the file is refused as a whole.
        ImportRunning: another file of the caller is being taken in.
    """
    await look_in(room, WikiPage)
    found = await _read(room.context.language, file)
    entries = [Entry(each.path, _kept(each), [fault.model_dump() for fault in each.faults]) for each in in_order(found)]
    return await imports.begin(room, WikiPage, content_digest, entries)


def _kept(planned: Planned) -> bytes | None:
    if planned.sent is None or planned.faults:
        return None
    return orjson.dumps({"path": planned.path, "slug": planned.slug, "sent": planned.sent.model_dump(mode="json")})


def _planned(content: bytes) -> Planned:
    kept = orjson.loads(content)
    return Planned(kept["path"], kept["slug"], PageText.model_validate(kept["sent"]))


def in_order(plan: Sequence[Planned]) -> list[Planned]:
    """Parents before what hangs below them, so that each page finds its parent when it is made; where pages name each
    other in a ring, the one that is met last is at the top."""
    number = {each.slug: index for index, each in enumerate(plan) if each.slug}
    order: dict[int, None] = {}
    for first in range(len(plan)):
        line: dict[int, None] = {}
        at: int | None = first
        while at is not None and at not in order and at not in line:
            line[at] = None
            at = number.get(_parent_slug(plan[at]))
        order |= dict.fromkeys(reversed(line))
    return [plan[index] for index in order]


def _parent_slug(planned: Planned) -> str:
    return slug_for(planned.sent.parent) if planned.sent and planned.sent.parent else ""


async def take(room: InSpace, contents: Sequence[bytes]) -> list[Taken]:
    """Decide about the pages of a block, and write those that are sound.

    Raises:
        NotFound, Forbidden: the caller may not read the wiki here (any more).
        VersionMismatch: somebody changed one of the pages meanwhile.
    """
    work = _Import(room, await look_in(room, WikiPage))
    await room.context.begin_write()
    await writing.lock_tree(room.context, room.space_id)
    plan = await _decided(work, [_planned(content) for content in contents])
    await _create(work, [each for each in plan if each.state == "new"])
    taken = []
    for planned in plan:
        state = planned.state  # as it is before it is written
        if state == "changed":
            await _save(work, planned)
        taken.append(Taken(state, [fault.model_dump() for fault in planned.faults]))
    return taken


async def _read(language: str, file: IO[bytes]) -> list[Planned]:
    """The files, each checked by itself; what is there already is not looked at."""
    return await asyncio.to_thread(_checked, language, file)


def _checked(language: str, file: IO[bytes]) -> list[Planned]:
    taken: set[str] = set()
    plan = []
    for entry in archive.entries(file, language):
        planned = _plan(entry, taken, language)
        taken.add(planned.slug)
        plan.append(planned)
    return plan


def _row(planned: Planned) -> RowView:
    title = planned.sent.title if planned.sent else None
    slug = planned.slug or None
    return RowView(path=planned.path, title=title, slug=slug, state=planned.state, errors=list(planned.faults))


def _plan(entry: FileOfArchive, taken: set[str], language: str) -> Planned:
    if entry.fault:
        return Planned(entry.path, faults=[_fault("file", entry.fault, language)])
    try:
        sent = PageText.model_validate(_as_sent(entry))
    except ValidationError as error:
        located = [{**each, "loc": ("body", *each["loc"])} for each in error.errors()]
        return Planned(entry.path, faults=[FaultView(**each) for each in field_errors(located, language)])
    slug = slug_for(str(entry.head.get("slug") or PurePosixPath(entry.path).stem))
    if not slug or slug in taken:
        return Planned(entry.path, sent=sent, faults=[_fault("slug", "duplicate" if slug else "slug", language)])
    return Planned(entry.path, slug, sent)


def _fault(name: str, code: str, language: str) -> FaultView:
    return FaultView(field=name, code=code, message=message(code, language))


def _as_sent(entry: FileOfArchive) -> dict[str, Any]:
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


async def _decided(work: _Import, plan: Sequence[Planned]) -> list[Planned]:
    """With the pages that are there, or with why the caller may not do it: all by what the policy said once."""
    slugs = {each.slug for each in plan if not each.faults}
    there = await pages_named(
        work.room.context.db, work.visibility, work.room.space_id, slugs, WikiPage, my_role_is_named
    )
    return [each if each.faults else _decided_by(work, each, there.get(each.slug)) for each in plan]


def _decided_by(work: _Import, planned: Planned, there: Sequence[Any] | None) -> Planned:
    """``there``: the page that is, and whether it names the caller's role."""
    if there is None:
        cells = work.visibility.creatable(WikiPage.TYPE, work.room.space_id)
        owed = [
            cell.obligations for cell in cells if planned.sent and planned.sent.classification in cell.classifications
        ]
        if any(not obligations for obligations in owed):
            return planned
        return replace(planned, faults=[_fault("classification", "may_not_create", _language(work))])
    page, mine = there
    cell = work.visibility.cell_of(page, mine=mine)
    planned = replace(planned, page=page)
    if planned.state == "unchanged" or (cell is not None and "update" in cell.actions):
        return planned
    return replace(planned, faults=[_fault("", "may_not_update", _language(work))])


def _language(work: _Import) -> str:
    return work.room.context.language


async def _create(work: _Import, plan: Sequence[Planned]) -> None:
    room, context = work.room, work.room.context
    above = {_parent_slug(each) for each in plan} - {""}
    known = await pages_named(context.db, work.visibility, room.space_id, above, WikiPage.id)
    parents = {slug: page for slug, (page,) in known.items()}
    made = []
    for each in plan:
        assert each.sent is not None  # noqa: S101  # it is sound
        columns = {"text": each.sent.text, "slug": each.slug, "tree_id": room.space_id, "revision": 1}
        page = life.new_item(room, WikiPage, each.sent, {**columns, "parent_id": parents.get(_parent_slug(each))})
        made.append((page, writing.digest_of(each.sent)))
        if work.visibility.cell_of(page, mine=False) is not None:
            parents[each.slug] = page.id
    await life.add(context, *(page for page, _ in made), verb="import")
    for page, digest in made:
        writing.begin(context, page, COMMENT[context.language], digest)
        await asyncio.sleep(0)  # as in leave_first_traces: to look for links takes a while


async def _save(work: _Import, planned: Planned) -> None:
    """
    Raises:
        VersionMismatch: it is not as it was decided about.
    """
    context, sent, page = work.room.context, planned.sent, planned.page
    assert sent is not None  # noqa: S101  # it is sound
    assert page is not None  # noqa: S101  # it is there
    version = page.version
    await context.db.refresh(page, with_for_update=True)
    if page.version != version:
        raise VersionMismatch
    await writing.write(context, page, {"title": sent.title, "text": sent.text}, COMMENT[context.language])
