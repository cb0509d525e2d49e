"""Items out of a file: what was read of it is kept entry by entry, and a job takes the entries in, block by block.

Each block commits with the entries that it took out, so that after a kill nothing comes twice and nothing is lost, and
each asks anew what the caller may do. What an entry holds goes as soon as it is taken in; what became of the whole is
kept for a week.
"""

import uuid
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import ForeignKey, Index, LargeBinary, String, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from netzraum_items.authorize import InSpace, at_least, standing
from netzraum_items.items import Item
from netzraum_items.tables import AccessSpace, ItemsBase
from netzraum_platform.context import ContinuedContext, WorkContext, job_id
from netzraum_platform.database import Json, UtcDateTime, Uuid, as_json, new_id
from netzraum_platform.errors import Conflict, Forbidden, NotFound
from netzraum_platform.jobs import JobHandler
from netzraum_platform.tables import JobRow
from netzraum_platform.tokens import Principal

TOGETHER = 50
"""Entries of one block."""
KEPT = timedelta(days=7)
FORGET = "items.forget_import"
ImportState = Literal["running", "done", "stopped"]
"""``stopped``: who began it may not go on."""
EntryState = Literal["new", "unchanged", "changed", "faulty"]
STATES: tuple[EntryState, ...] = ("new", "unchanged", "changed", "faulty")
Errors = Sequence[Mapping[str, str]]


class ImportRow(ItemsBase):
    """A file that is taken in, or was: ``caller`` is who sent it, as the access token said (without the token);
    ``summary`` how many entries are in which state by now."""

    __tablename__ = "imports"
    __table_args__ = (Index("imports_newest_first", "space_id", "tool", "started_at"),)

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    space_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    tool: Mapped[str] = mapped_column(String(20))
    account_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    caller: Mapped[dict[str, Any]] = mapped_column(Json)
    language: Mapped[str] = mapped_column(String(2))
    digest: Mapped[str] = mapped_column(String(64))
    state: Mapped[ImportState] = mapped_column(String(10))
    total: Mapped[int]
    summary: Mapped[dict[str, int]] = mapped_column(Json)
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class ImportEntry(ItemsBase):
    """An entry that waits, or (without ``content``) one that was refused. One that is taken in is no longer here."""

    __tablename__ = "import_entries"

    import_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("imports.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(1000))
    content: Mapped[bytes | None] = mapped_column(LargeBinary)
    errors: Mapped[list[dict[str, str]]] = mapped_column(Json)


@dataclass(frozen=True)
class Entry:
    """What was read out of a file: ``name`` tells people which one it is; ``content`` is the tool's own writing of it,
    None where it is faulty (``errors``)."""

    name: str
    content: bytes | None = None
    errors: Errors = ()


@dataclass(frozen=True)
class Taken:
    """What became of an entry."""

    state: EntryState
    errors: Errors = field(default=())


Take = Callable[[InSpace, Sequence[bytes]], Awaitable[Sequence[Taken]]]
"""Decides about the entries of a block and writes those that are sound, in one transaction that stays open; raises
``NotFound`` or ``Forbidden`` before it writes, where the caller may not go on."""


class ImportRunning(Conflict):
    code = "import_running"
    de = "Sie haben hier schon eine Datei, die gerade übernommen wird. Warten Sie, bis sie fertig ist."
    en = "A file of yours is being taken in here already. Wait until it is done."


def kind_of(tool: str) -> str:
    return f"{tool}.import"


async def begin(room: InSpace, model: type[Item], digest: str, entries: Sequence[Entry]) -> ImportRow:
    """Keep what is to be taken in, for the job. The same file again, while it is taken in, is the same import.

    The caller has been decided about.

    Raises:
        ImportRunning: another file of the caller is being taken in.
    """
    context = room.context
    await context.begin_write()
    await context.db.execute(
        select(AccessSpace.space_id).where(AccessSpace.space_id == room.space_id).with_for_update()
    )
    running = await _running(room, model)
    if running is not None:
        if running.digest == digest:
            return running
        raise ImportRunning(extra={"import": str(running.id)})
    started = _new(room, model, digest, entries)
    context.db.add(started)
    await context.db.flush()
    await _keep(room, started, entries)
    context.audit(f"{model.TYPE}:begin_import", item=started.id, space=room.space_id, entries=len(entries))
    await context.schedule(kind_of(model.TOOL), {"import": started.id}, key=str(started.id))
    await context.schedule(FORGET, {"import": started.id}, context.now + KEPT, key=str(started.id))
    return started


def _new(room: InSpace, model: type[Item], digest: str, entries: Sequence[Entry]) -> ImportRow:
    context = room.context
    return ImportRow(
        id=new_id(),
        space_id=room.space_id,
        tool=model.TOOL,
        account_id=context.principal.account,
        caller=_as_kept(context.principal),
        language=context.language,
        digest=digest,
        state="running",
        total=len(entries),
        summary=dict.fromkeys(STATES, 0) | {"faulty": sum(1 for entry in entries if entry.content is None)},
        started_at=context.now,
    )


async def _keep(room: InSpace, started: ImportRow, entries: Sequence[Entry]) -> None:
    rows = [
        {"import_id": started.id, "number": number, "name": entry.name[:1000], "content": entry.content}
        | {"errors": list(entry.errors)}
        for number, entry in enumerate(entries)
    ]
    if rows:
        await room.context.db.execute(insert(ImportEntry), rows)


def _as_kept(caller: Principal) -> dict[str, Any]:
    """Without token and session: what goes on outlives both."""
    kept: dict[str, Any] = as_json(
        {
            "account": caller.account,
            "institution": caller.institution,
            "operator": caller.operator,
            "second_factor": caller.second_factor,
            "scopes": sorted(caller.scopes),
            "channel": caller.channel,
        }
    )
    return kept


def _principal(kept: Mapping[str, Any]) -> Principal:
    institution = kept["institution"]
    return Principal(
        account=uuid.UUID(kept["account"]),
        institution=uuid.UUID(institution) if institution else None,
        operator=kept["operator"],
        second_factor=kept["second_factor"],
        session="",
        scopes=frozenset(kept["scopes"]),
        channel=kept["channel"],
    )


async def _running(room: InSpace, model: type[Item]) -> ImportRow | None:
    mine = select(ImportRow).where(
        ImportRow.space_id == room.space_id,
        ImportRow.tool == model.TOOL,
        ImportRow.account_id == room.context.principal.account,
        ImportRow.state == "running",
        ImportRow.started_at > room.context.now - KEPT,
    )
    for found in await room.context.db.scalars(mine):
        if not await was_given_up(room.context.db, found):
            return found
    return None


async def was_given_up(db: AsyncSession, row: ImportRow) -> bool:
    """Whether its job failed too often."""
    state = await db.scalar(select(JobRow.state).where(JobRow.id == job_id(kind_of(row.tool), str(row.id))))
    return state == "dead"


def import_jobs(model: type[Item], take: Take) -> dict[str, JobHandler]:
    """The job that takes in what was sent to a tool, and the one that forgets what became of it."""

    async def go_on(work: WorkContext, payload: dict[str, Any]) -> None:
        await work.app.database.let_others_write()
        found = await work.db.get(ImportRow, uuid.UUID(payload["import"]))
        if found is not None and found.state == "running":
            await _next_block(work, found, take)

    return {kind_of(model.TOOL): go_on, FORGET: forget}


async def forget(context: WorkContext, payload: dict[str, Any]) -> None:
    for model, column in ((ImportEntry, ImportEntry.import_id), (ImportRow, ImportRow.id)):
        await context.db.execute(delete(model).where(column == uuid.UUID(payload["import"])))


async def _next_block(work: WorkContext, found: ImportRow, take: Take) -> None:
    """One block, and the job for the next one; it commits when this job ends."""
    waiting = select(ImportEntry).where(ImportEntry.import_id == found.id, ImportEntry.content.is_not(None))
    block = (await work.db.scalars(waiting.order_by(ImportEntry.number).limit(TOGETHER))).all()
    if not block:
        _end(work, found, "done")
        return
    context = ContinuedContext(work, _principal(found.caller), found.language)
    try:
        room = await _room(context, found.space_id)
        taken = await take(room, [entry.content for entry in block if entry.content is not None])
    except (NotFound, Forbidden):
        await work.db.execute(
            delete(ImportEntry).where(ImportEntry.import_id == found.id, ImportEntry.content.is_not(None))
        )
        _end(work, found, "stopped")
        return
    await _note(context, found, block, taken)
    if len(block) < TOGETHER:
        _end(work, found, "done")
    else:
        await context.schedule(kind_of(found.tool), {"import": found.id}, key=str(found.id))
    work.take_along(context)


async def _room(context: ContinuedContext, space_id: uuid.UUID) -> InSpace:
    """The space as its access data are now."""

    async def read() -> Any:
        place = await standing(context.db, space_id, context.principal.account)
        return (place,) if place else None

    (place,) = await at_least(context, space_id, None, read)
    return InSpace(context, place)


async def _note(context: WorkContext, found: ImportRow, block: Sequence[ImportEntry], taken: Sequence[Taken]) -> None:
    counts = Counter(each.state for each in taken)
    found.summary = {state: found.summary[state] + counts[state] for state in STATES}
    done = [entry.number for entry, each in zip(block, taken, strict=True) if each.state != "faulty"]
    for entry, each in zip(block, taken, strict=True):
        if each.state == "faulty":
            entry.content, entry.errors = None, [dict(error) for error in each.errors]
    await context.db.execute(
        delete(ImportEntry)
        .where(ImportEntry.import_id == found.id, ImportEntry.number.in_(done))
        .execution_options(synchronize_session=False)
    )


def _end(work: WorkContext, found: ImportRow, state: ImportState) -> None:
    found.state, found.ended_at = state, work.now
