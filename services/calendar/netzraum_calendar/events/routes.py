"""Events and their occurrences over HTTP."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Depends, Query, Response
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from netzraum_calendar.events import attendance, facts, scopes, service, windows
from netzraum_calendar.events.listing import CategoryNames, EventQuery, Time, categories_in
from netzraum_calendar.events.models import Event
from netzraum_calendar.events.schemas import (
    AttendeeReply,
    EventChange,
    EventView,
    Moment,
    NewEvent,
    NewReply,
    OccurrenceView,
)
from netzraum_calendar.events.series import FARTHEST
from netzraum_calendar.events.tables import WHOLE_SERIES
from netzraum_calendar.events.windows import PlaceInOrder, Window
from netzraum_items import life
from netzraum_items.authorize import InSpace, Room
from netzraum_items.everywhere import Everywhere, InAllSpaces
from netzraum_items.item_routes import add_access_route, created_once
from netzraum_items.listing import listed, look_in
from netzraum_items.lists import Creatable, ItemList, answer, creatable_of
from netzraum_items.on_item import OnItem, Shown, on_item
from netzraum_items.schemas import Render, WithAccess
from netzraum_items.visibility import Visibility
from netzraum_platform.context import IfMatch, etag
from netzraum_platform.errors import NotFound
from netzraum_platform.idempotency import CreateOnce
from netzraum_platform.paging import BadCursor, Page, cursor_of, texts_of

LONGEST_WINDOW: Final = timedelta(days=400)
_TIME: TypeAdapter[datetime] = TypeAdapter(Time)

router = APIRouter(prefix="/spaces/{space_id}/events", tags=["calendar"])
windows_router = APIRouter(tags=["calendar"])
add_access_route(router, Event)

OnEvent = Annotated[OnItem[Event], Depends(on_item(Event), scope="function")]
Occurrence = Annotated[Moment | None, Query()]


@dataclass(frozen=True)
class Part:
    """Of which part of a series is spoken. ``occurrence``: its original start, without which it is all."""

    occurrence: Occurrence = None
    scope: Annotated[Literal["this", "following", "all"], Query()] = "this"


PartOfSeries = Annotated[Part, Depends()]


async def event_view(room: InSpace, shown: Shown[Event], response: Response, render: Render = None) -> EventView:
    """The answer about one event."""
    response.headers["ETag"] = etag(shown.item.version)
    return (await facts.views(room.context, [shown], render))[0]


@router.get("")
async def list_events(room: Room, query: Annotated[EventQuery, Query()]) -> ItemList[EventView]:
    found = await listed(room, Event, query.starting(room.context.principal.account, room.context.now))
    views = await facts.views(room.context, found.items, query.render)
    by_id = {view.id: view for view in views}
    return answer(found, lambda shown: by_id[shown.item.id])


@router.post("", status_code=201)
async def create_event(
    room: Room, new: NewEvent, once: CreateOnce, response: Response, render: Render = None
) -> EventView:
    made = await created_once(once, room, Event, response, lambda: service.create(room, new))
    return await event_view(room, made, response, render)


@router.get("/{item_id}")
async def read_event(on: OnEvent, response: Response, render: Render = None, access: WithAccess = False) -> EventView:
    """With ``conflicts``; not where reading is audited, as then there is already something to commit."""
    on.with_access = access
    view = await event_view(on, await life.read(on), response, render)
    if not on.context.db.info.get("write"):
        view.conflicts = await facts.conflicts_of(on.context, on.item)
    return view


@router.patch("/{item_id}")
async def update_event(
    on: OnEvent,
    change: EventChange,
    if_match: IfMatch,
    response: Response,
    part: PartOfSeries,
    render: Render = None,
) -> EventView:
    """All of an event, or with ``occurrence`` and ``scope`` a part of a series. ``following`` splits it in two, and
    answers the second one."""
    if part.occurrence is None or part.scope == "all":
        changed = await service.update(on, change, if_match)
    else:
        scoped = scopes.change_one if part.scope == "this" else scopes.change_following
        changed = await scoped(on, change, await service.original_of(on, part.occurrence), if_match)
    return await event_view(on, changed, response, render)


@router.delete("/{item_id}", status_code=204)
async def delete_event(on: OnEvent, part: PartOfSeries) -> None:
    """Into the trash; or with ``occurrence`` and ``scope``: one occurrence is cancelled, or a series ends before it."""
    if part.occurrence is None or part.scope == "all":
        await life.remove(on)
    elif part.scope == "this":
        await scopes.cancel_one(on, await service.original_of(on, part.occurrence))
    else:
        await scopes.cancel_following(on, await service.original_of(on, part.occurrence))


@router.post("/{item_id}/restore")
async def restore_event(
    on: OnEvent, response: Response, occurrence: Occurrence = None, render: Render = None
) -> EventView:
    """Back out of the trash; with ``occurrence``: one that was cancelled takes place again."""
    if occurrence is None:
        restored = await service.restore(on)
    else:
        restored = await scopes.bring_back(on, await service.original_of(on, occurrence))
    return await event_view(on, restored, response, render)


@router.put("/{item_id}/reply")
async def reply_to_event(on: OnEvent, new: NewReply, response: Response, render: Render = None) -> EventView:
    original = WHOLE_SERIES
    if new.occurrence is not None:
        named = await service.original_of(on, new.occurrence)
        original = named if on.item.recurs else WHOLE_SERIES
    return await event_view(on, await attendance.reply(on, new, original), response, render)


class Replies(BaseModel):
    items: list[AttendeeReply]


@router.get("/{item_id}/replies")
async def list_replies(on: OnEvent, occurrence: Occurrence = None) -> Replies:
    """Who of the invited answered what, and of whom the answer is open; to one occurrence, or to the whole series."""
    original = WHOLE_SERIES if occurrence is None else await service.original_of(on, occurrence)
    await on.may("read")
    return Replies(items=await attendance.replies(on, original))


class WindowQuery(BaseModel):
    """``from`` inclusive, ``until`` exclusive; at most 400 days."""

    model_config = ConfigDict(extra="forbid")

    from_: Time = Field(alias="from")
    until: Time
    category: CategoryNames = []
    limit: int = Field(default=2000, ge=1, le=5000)
    cursor: str | None = Field(default=None, max_length=1000)

    def of(self, everywhere: InAllSpaces, space: uuid.UUID | None) -> Window:
        """
        Raises:
            Unprocessable: it ends before it begins, is too long, or lies too far ahead.
        """
        context = everywhere.context
        if self.until <= self.from_:
            raise context.invalid("until", "ends_before_it_begins")
        if self.until - self.from_ > LONGEST_WINDOW:
            raise context.invalid("until", "window_too_long")
        if self.until > context.now + FARTHEST + LONGEST_WINDOW:
            raise context.invalid("until", "too_far")
        return Window(self.from_, self.until, space, self.category, self.limit, _position(self.cursor))


def _position(cursor: str | None) -> PlaceInOrder | None:
    """
    Raises:
        BadCursor: it is none of such a list.
    """
    if not cursor:
        return None
    start, event, original = texts_of(cursor, 3)
    try:
        position = _TIME.validate_python(start), uuid.UUID(event), datetime.fromisoformat(original)
    except ValueError:
        raise BadCursor from None
    if position[2].tzinfo is not None:
        raise BadCursor
    return position


@windows_router.get("/occurrences")
async def list_own_occurrences(everywhere: Everywhere, query: Annotated[WindowQuery, Query()]) -> Page[OccurrenceView]:
    return await _page(everywhere, await everywhere.look(), query.of(everywhere, None))


class OccurrencesOfSpace(Page[OccurrenceView]):
    """``creatable``: what the caller may enter in this calendar. ``categories``: those of all published events that the
    caller sees, in the order of the first event of each."""

    creatable: list[Creatable]
    categories: list[str]


@windows_router.get("/spaces/{space_id}/occurrences")
async def list_occurrences(
    room: Room, everywhere: Everywhere, query: Annotated[WindowQuery, Query()]
) -> OccurrencesOfSpace:
    visibility = await look_into(room, everywhere, "create")
    page = await _page(everywhere, visibility, query.of(everywhere, room.space_id))
    creatable = creatable_of(visibility.creatable(Event.TYPE, room.space_id))
    categories = await categories_in(room, visibility)
    return OccurrencesOfSpace(items=page.items, next=page.next, creatable=creatable, categories=categories)


async def look_into(room: InSpace, everywhere: InAllSpaces, *verbs: str) -> Visibility:
    """What the caller sees everywhere, and may do of these verbs, where a calendar of this space is part of it.

    Raises:
        NotFound, Forbidden: it is not.
    """
    visibility = await everywhere.look(*verbs)
    if not any("read" in cell.actions for cell in visibility.cells.get((Event.TYPE, room.space_id), ())):
        await look_in(room, Event)
        raise NotFound
    return visibility


async def _page(everywhere: InAllSpaces, visibility: Visibility, window: Window) -> Page[OccurrenceView]:
    found = await windows.occurrences(everywhere, visibility, window)
    page = found[: window.limit]
    last = page[-1] if len(found) > window.limit else None
    return Page(items=[each.view for each in page], next=cursor_of(*last.place_in_order) if last else None)
