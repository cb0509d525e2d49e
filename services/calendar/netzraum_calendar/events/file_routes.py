"""Calendars as files: out as iCalendar, in out of one."""

from datetime import date
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query, Response, UploadFile
from pydantic import AwareDatetime, BaseModel

from netzraum_calendar.events import ical, importing, taking_over
from netzraum_calendar.events.importing import NoCalendar, Row, State
from netzraum_calendar.events.models import Event
from netzraum_calendar.events.routes import look_into
from netzraum_items import import_routes, imports
from netzraum_items.authorize import Room
from netzraum_items.everywhere import Everywhere
from netzraum_items.import_routes import ImportProgress
from netzraum_items.items import DEFAULT_CLASSIFICATION
from netzraum_items.schemas import Classification
from netzraum_platform.context import digest
from netzraum_platform.limits import FRAME, LARGEST_IMPORT, takes_bodies_of

router = APIRouter(tags=["calendar"])
ICALENDAR: dict[int | str, dict[str, Any]] = {
    200: {"content": {"text/calendar": {"schema": {"type": "string"}}}, "description": "iCalendar"}
}


class RowView(BaseModel):
    line: int
    uid: str
    title: str | None
    start: AwareDatetime | date | None
    state: State
    errors: list[dict[str, str]]


class ImportView(BaseModel):
    """What an import would do, row by row."""

    rows: list[RowView]
    summary: dict[Literal["new", "unchanged", "changed", "faulty"], int]


@router.get("/calendar.ics", responses=ICALENDAR, response_class=Response)
async def export_own_calendars(everywhere: Everywhere) -> Response:
    """All own spaces' events that may go out on the caller's channel."""
    return _file(await ical.calendar(everywhere.context, await everywhere.look()))


@router.get("/spaces/{space_id}/calendar.ics", responses=ICALENDAR, response_class=Response)
async def export_calendar(room: Room, everywhere: Everywhere) -> Response:
    visibility = await look_into(room, everywhere)
    return _file(await ical.calendar(room.context, visibility, room.space_id))


def _file(content: bytes) -> Response:
    return Response(content, media_type=ical.MEDIA_TYPE, headers={"Cache-Control": "private, no-store"})


@router.post("/spaces/{space_id}/events/import", responses={202: {"model": ImportProgress}})
@takes_bodies_of(LARGEST_IMPORT + FRAME)
async def import_events(
    room: Room,
    file: UploadFile,
    response: Response,
    dry_run: Annotated[bool, Query()] = False,
    classification: Annotated[Classification, Query()] = DEFAULT_CLASSIFICATION,
) -> ImportView | ImportProgress:
    """Take events over out of an iCalendar file, in a while (202); with ``dry_run`` only say what would come of it.

    UIDs are kept; faulty rows are left out.
    """
    context = room.context
    await taking_over.decide(room, classification)
    content = await file.read()
    try:
        rows = await importing.read(content, classification, context.now, context.language)
    except NoCalendar as error:
        raise context.invalid("file", error.code, **error.parameters) from error
    if dry_run:
        await taking_over.compare(room, rows)
        return _answer(rows)
    begun = await imports.begin(room, Event, digest(classification.encode() + content), taking_over.entries(rows))
    return await import_routes.begun(room, begun, response)


import_routes.add_import_routes(router, Event, "/spaces/{space_id}/events")


def _answer(rows: list[Row]) -> ImportView:
    states: tuple[State, ...] = ("new", "unchanged", "changed", "faulty")
    return ImportView(
        rows=[RowView(**{name: getattr(row, name) for name in RowView.model_fields}) for row in rows],
        summary={state: sum(1 for row in rows if row.state == state) for state in states},
    )
