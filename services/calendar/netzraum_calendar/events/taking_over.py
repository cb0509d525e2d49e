"""Taking over what was read out of a file: compared by UID with what the caller sees, then written block by block."""

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter
from sqlalchemy import select

from netzraum_calendar.events import occurrences
from netzraum_calendar.events.importing import Row
from netzraum_calendar.events.models import Event
from netzraum_calendar.events.schemas import NewEvent
from netzraum_calendar.events.series import Series
from netzraum_calendar.events.service import follow, new_uid, times_of
from netzraum_items import life
from netzraum_items.areas import my_role_is_named
from netzraum_items.authorize import InSpace, Resource
from netzraum_items.imports import Entry, Taken
from netzraum_items.listing import look_in
from netzraum_items.traces import leave_traces

_TEXTS = ("title", "text", "place", "link")
_MANY = 500
_ROW: TypeAdapter[Row] = TypeAdapter(Row)


async def compare(room: InSpace, rows: Sequence[Row]) -> dict[str, Event]:
    """Say of each row whether it is new, unchanged or changed; returns the events that are there, by UID.

    An event that the caller does not see is none here: what is new to them tells nothing of it.
    """
    visibility = await look_in(room, Event)
    known: dict[str, tuple[Event, bool]] = {}
    uids = [row.uid for row in rows if row.uid]
    for start in range(0, len(uids), _MANY):
        found = visibility.visible(select(Event, my_role_is_named)).where(
            Event.space_id == room.space_id, Event.deleted_at.is_(None), Event.uid.in_(uids[start : start + _MANY])
        )
        for event, mine in await room.context.db.execute(found):
            cell = visibility.cell_of(event, mine=bool(mine))
            known[event.uid] = (event, cell is not None and "update" in cell.actions)
    for row in rows:
        if row.state != "faulty" and row.uid in known:
            _compare(row, *known[row.uid], room.context.language)
    return {uid: event for uid, (event, _) in known.items()}


def _compare(row: Row, event: Event, may_change: bool, language: str) -> None:  # of a pair
    if _same(row, event):
        row.state = "unchanged"
    elif may_change:
        row.state = "changed"
    else:
        row.fault("uid", "may_not_change", language)


def _same(row: Row, event: Event) -> bool:
    if row.event is None or row.series is None:
        return False
    texts = all(getattr(row.event, name) == getattr(event, name) for name in _TEXTS)
    return texts and row.event.categories == list(event.categories) and row.series == Series.of(event)


async def decide(room: InSpace, classification: str) -> None:
    """
    Raises:
        NotFound, Forbidden: the caller may not import events of this classification here.
        Unprocessable: it needs what a file does not say.
    """
    new = Resource(Event.TYPE, state="new", own=True, classification=classification)
    await room.decide(Event.action("import"), new, fields={})


def entries(rows: Sequence[Row]) -> list[Entry]:
    """The rows as they wait to be taken over (netzraum_items.imports)."""
    return [
        Entry(row.title or str(row.line), None if row.state == "faulty" else _ROW.dump_json(row), row.errors)
        for row in rows
    ]


async def take_over(room: InSpace, contents: Sequence[bytes]) -> list[Taken]:
    """Write what is new or changed of a block.

    Raises:
        NotFound, Forbidden: the caller may not import (any more).
    """
    rows = [_ROW.validate_json(content) for content in contents]
    for classification in sorted({row.event.classification for row in rows if row.event}):
        await decide(room, classification)
    known = await compare(room, rows)
    await room.context.end_read()
    await _write(room, [row for row in rows if row.state in ("new", "changed")], known)
    return [Taken(row.state, row.errors) for row in rows]


async def _write(room: InSpace, rows: Sequence[Row], known: dict[str, Event]) -> None:
    expansions = [await occurrences.expand(row.series, room.context.now) for row in rows if row.series]
    await room.context.begin_write()
    made = []
    for row, expansion in zip(rows, expansions, strict=True):
        if row.event is None or row.series is None:
            continue
        columns = {
            **row.event.model_dump(include={"text", "place", "link", "categories"}),
            **times_of(row.series, expansion),
            "sequence": row.sequence,
        }
        event = known.get(row.uid)
        if event is None:
            made.append((_new(room, row, row.event, columns), expansion))
        else:
            _change(event, {**columns, "title": row.event.title, "changed": row.series.changed}, room)
            await leave_traces(room.context, event, "updated")
            await follow(room.context, event, expansion)
    await life.add(room.context, *(event for event, _ in made))
    await occurrences.store_first(room.context, made)


def _new(room: InSpace, row: Row, new: NewEvent, columns: dict[str, Any]) -> Event:
    empty: dict[str, Any] = {"category_rows": [], "changed_rows": [], "attendee_rows": [], "reminders": []}
    event = life.new_item(room, Event, new, {**empty, **columns, "uid": row.uid or new_uid()})
    event.changed = row.series.changed if row.series else {}
    return event


def _change(event: Event, columns: dict[str, Any], room: InSpace) -> None:
    for name, value in columns.items():
        setattr(event, name, value)
    event.sequence = max(event.sequence, columns["sequence"])
    event.updated_at = room.context.now
