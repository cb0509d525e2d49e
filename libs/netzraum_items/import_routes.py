"""How far an import is, and what became of it: for who began it, and in numbers for who manages the tool."""

import uuid
from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from netzraum_items.authorize import InSpace, Room
from netzraum_items.imports import EntryState, ImportEntry, ImportRow, was_given_up
from netzraum_items.items import Item
from netzraum_items.listing import look_in
from netzraum_items.visibility import READ_HISTORY
from netzraum_platform.errors import NotFound

LATEST = 10


class RefusedEntry(BaseModel):
    name: str
    errors: list[dict[str, str]]


class ImportProgress(BaseModel):
    """``state``: ``stopped`` where the right to go on was lost, ``failed`` where it was given up after several tries;
    what is in by then stays, and the same file again brings the rest. ``refused`` is for who began it only."""

    id: uuid.UUID
    state: Literal["running", "done", "stopped", "failed"]
    account: uuid.UUID
    started_at: datetime
    ended_at: datetime | None
    done: int
    total: int
    summary: dict[EntryState, int]
    refused: list[RefusedEntry]


class ImportList(BaseModel):
    items: list[ImportProgress]


def add_import_routes(router: APIRouter, model: type[Item], path: str) -> None:
    """``path`` of the tool, from the router's on: the latest imports there, and one of them."""

    @router.get(f"{path}/imports", name=f"list_{model.TOOL}_imports")
    async def list_imports(room: Room) -> ImportList:
        """What the caller had taken in within a week, newest first, and what others had where the caller manages."""
        found = select(ImportRow).where(ImportRow.space_id == room.space_id, ImportRow.tool == model.TOOL)
        if not await _manages(room, model):
            found = found.where(ImportRow.account_id == room.context.principal.account)
        rows = await room.context.db.scalars(found.order_by(ImportRow.started_at.desc()).limit(LATEST))
        return ImportList(items=[await progress(room, row, with_refused=False) for row in rows.all()])

    @router.get(f"{path}/imports/{{import_id}}", name=f"read_{model.TOOL}_import")
    async def read_import(room: Room, import_id: uuid.UUID) -> ImportProgress:
        manages = await _manages(room, model)
        row = await room.context.db.get(ImportRow, import_id)
        if row is None or (row.space_id, row.tool) != (room.space_id, model.TOOL):
            raise NotFound
        if not manages and row.account_id != room.context.principal.account:
            raise NotFound
        return await progress(room, row)


async def _manages(room: InSpace, model: type[Item]) -> bool:
    """
    Raises:
        NotFound, Forbidden: the caller does not even read the tool here.
    """
    visibility = await look_in(room, model)
    cells = visibility.cells.get((model.TYPE, room.space_id), ())
    return any(READ_HISTORY in cell.actions for cell in cells)


async def begun(room: InSpace, row: ImportRow, response: Response) -> ImportProgress:
    """The answer to who sent a file: accepted, and where to ask how far it is."""
    response.status_code = 202
    response.headers["Location"] = f"{room.context.request.url.path}s/{row.id}"
    return await progress(room, row)


async def progress(room: InSpace, row: ImportRow, *, with_refused: bool = True) -> ImportProgress:
    db, mine = room.context.db, row.account_id == room.context.principal.account
    return ImportProgress(
        id=row.id,
        state="failed" if row.state == "running" and await was_given_up(db, row) else row.state,
        account=row.account_id,
        started_at=row.started_at,
        ended_at=row.ended_at,
        done=sum(row.summary.values()),
        total=row.total,
        summary=row.summary,
        refused=await _refused(db, row) if mine and with_refused else [],
    )


async def _refused(db: AsyncSession, row: ImportRow) -> list[RefusedEntry]:
    columns: Any = (ImportEntry.name, ImportEntry.errors)
    found = select(*columns).where(ImportEntry.import_id == row.id, ImportEntry.content.is_(None))
    return [
        RefusedEntry(name=name, errors=errors) for name, errors in await db.execute(found.order_by(ImportEntry.number))
    ]
