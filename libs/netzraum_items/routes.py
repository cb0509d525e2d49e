"""The routes that every service with tools has: what is unread, new, to do and found, over all its tools at once."""

import uuid
from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from sqlalchemy import select

from netzraum_items import activity, search, seen, todo
from netzraum_items.authorize import InSpace, Room
from netzraum_items.everywhere import READ, Everywhere, InAllSpaces
from netzraum_items.items import Item, tools_of
from netzraum_items.schemas import AuthorView, Classification
from netzraum_items.visibility import Visibility, look
from netzraum_platform.context import RequestContext
from netzraum_platform.errors import NotFound
from netzraum_platform.fields import RequestBody, printable_line
from netzraum_platform.paging import DEFAULT_LIMIT, BadCursor, Limit, Page, cursor_of, position_of

router = APIRouter(tags=["own spaces"])

Cursor = Annotated[str | None, Query(max_length=1000)]
Tool = Annotated[str | None, Query(max_length=20)]
Since = Annotated[AwareDatetime | None, Query()]
MOST_IDS = 100


def _apart(given: object) -> object:
    """Ids one by one, or several in one parameter with commas between them."""
    return [each for part in given for each in str(part).split(",")] if isinstance(given, list) else given


Ids = Annotated[list[uuid.UUID], BeforeValidator(_apart), Query(min_length=1, max_length=MOST_IDS)]
Words = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(printable_line)
]


class StepView(BaseModel):
    """A step in the life of an item; ``who`` is None where nobody did it."""

    model_config = ConfigDict(from_attributes=True)

    id: uuid.UUID
    space: uuid.UUID
    tool: str
    type: str
    item: uuid.UUID
    title: str
    classification: Classification
    what: Literal["created", "published", "updated", "reclassified", "deleted", "restored"]
    who: AuthorView | None
    at: AwareDatetime
    seen: bool


class TodoView(BaseModel):
    model_config = ConfigDict(from_attributes=True)

    what: str
    space: uuid.UUID
    tool: str
    type: str
    item: uuid.UUID
    title: str
    due: AwareDatetime | None


class HitView(BaseModel):
    """``snippet`` is None where the classification lets none out; ``marks``: start and end of each hit in it."""

    model_config = ConfigDict(from_attributes=True)

    space: uuid.UUID
    tool: str
    type: str
    item: uuid.UUID
    title: str
    classification: Classification
    author: AuthorView | None
    at: AwareDatetime
    snippet: str | None
    marks: list[tuple[int, int]]
    rank: Annotated[int, Field(ge=0, le=2)]


class Gone(BaseModel):
    """``number``: how many items were deleted that the caller saw until then."""

    number: int


class StillVisible(BaseModel):
    """Those of the items that were asked about that the caller sees, in no order."""

    items: list[uuid.UUID]


class Todos(BaseModel):
    items: list[TodoView]


class Overview(BaseModel):
    """All that a start page shows of a service; ``activity`` holds the newest few of each space."""

    unread: dict[str, dict[str, int]]
    activity: list[StepView]
    todo: list[TodoView]


class SeenMark(RequestBody):
    """What was seen: one item; or all that a tool (without it: every tool) had ``until`` then (by default: now)."""

    tool: Annotated[str, StringConstraints(max_length=20)] | None = None
    item: uuid.UUID | None = None
    until: AwareDatetime | None = None


class SearchQuery(BaseModel):
    model_config = ConfigDict(extra="forbid")

    q: Words
    tool: str | None = None
    author: uuid.UUID | None = None
    from_: AwareDatetime | None = Field(default=None, alias="from")
    until: AwareDatetime | None = None
    limit: int = Field(default=DEFAULT_LIMIT, ge=1, le=200)
    cursor: str | None = None


async def _look_into(room: InSpace) -> Visibility:
    """
    Raises:
        NotFound: the caller is no member.
    """
    room.context.principal  # noqa: B018  # raises where nobody is logged in
    if not room.place.is_member(room.context.now):
        raise NotFound
    return await look(room.context, [room.place], tools_of(room.context.app.name), READ)


@router.get("/overview")
async def get_overview(everywhere: Everywhere, since: Since = None) -> Overview:
    visibility, db = await everywhere.look(), everywhere.context.db
    return Overview(
        unread=await seen.unread_counts(db, visibility),
        activity=[_step(step) for step in await activity.latest_per_space(db, visibility, since)],
        todo=await _waiting(everywhere, visibility),
    )


@router.get("/unread")
async def get_unread(everywhere: Everywhere) -> dict[str, dict[str, int]]:
    return await seen.unread_counts(everywhere.context.db, await everywhere.look())


@router.get("/todo")
async def get_todo(everywhere: Everywhere) -> Todos:
    return Todos(items=await _waiting(everywhere, await everywhere.look()))


@router.get("/activity")
async def get_activity(
    everywhere: Everywhere,
    since: Since = None,
    tool: Tool = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[StepView]:
    visibility = await everywhere.look()
    return await _activity(everywhere.context, visibility, since, tool, limit, cursor)


@router.get("/spaces/{space_id}/activity")
async def get_activity_of_space(
    room: Room,
    since: Since = None,
    tool: Tool = None,
    limit: Limit = DEFAULT_LIMIT,
    cursor: Cursor = None,
) -> Page[StepView]:
    return await _activity(room.context, await _look_into(room), since, tool, limit, cursor)


@router.get("/spaces/{space_id}/gone")
async def count_what_is_gone(room: Room, since: Annotated[AwareDatetime, Query()], tool: Tool = None) -> Gone:
    """For an open list that still shows it."""
    visibility = await _look_into(room)
    return Gone(number=await activity.gone(room.context.db, visibility, since, tool))


@router.get("/spaces/{space_id}/visible")
async def which_are_visible(room: Room, items: Ids) -> StillVisible:
    """For an open page that still shows them. Shows no text, so no reading is audited."""
    visibility = await _look_into(room)
    wanted = visibility.visible(select(Item.id)).where(Item.space_id == room.space_id, Item.id.in_(items))
    return StillVisible(items=list(await room.context.db.scalars(wanted)))


@router.get("/visible")
async def which_are_visible_anywhere(everywhere: Everywhere, items: Ids) -> StillVisible:
    """As ``spaces/{space}/visible``, of items of all own spaces."""
    wanted = (await everywhere.look()).visible(select(Item.id)).where(Item.id.in_(items))
    return StillVisible(items=list(await everywhere.context.db.scalars(wanted)))


@router.get("/search")
async def get_search(everywhere: Everywhere, query: Annotated[SearchQuery, Query()]) -> Page[HitView]:
    return await _search(everywhere.context, await everywhere.look(), query)


@router.get("/spaces/{space_id}/search")
async def get_search_of_space(room: Room, query: Annotated[SearchQuery, Query()]) -> Page[HitView]:
    return await _search(room.context, await _look_into(room), query)


@router.post("/spaces/{space_id}/seen", status_code=204)
async def mark_seen(room: Room, mark: SeenMark) -> None:
    visibility = await _look_into(room)
    context, account = room.context, room.context.principal.account
    if mark.item is not None:
        await _check_seen(context, visibility, room.space_id, mark.item)
        await context.begin_write()
        await seen.mark_item(context.db, account, mark.item, context.now)
        return
    wanted = [tool for tool in tools_of(context.app.name) if mark.tool in (None, tool)]
    await context.begin_write()
    until = min(mark.until or context.now, context.now)
    await seen.mark_until(context.db, account, room.space_id, wanted, until)


async def _check_seen(context: RequestContext, visibility: Visibility, space: uuid.UUID, item: uuid.UUID) -> None:
    """
    Raises:
        NotFound: the caller does not see such an item in the space.
    """
    visible = visibility.visible(select(Item.id)).where(Item.id == item, Item.space_id == space)
    if await context.db.scalar(visible) is None:
        raise NotFound


async def _waiting(everywhere: InAllSpaces, visibility: Visibility) -> list[TodoView]:
    context = everywhere.context
    return [TodoView.model_validate(thing) for thing in await todo.waiting(context.db, visibility, context.app.name)]


def _step(step: activity.Step) -> StepView:
    who = AuthorView(account=step.who, name=step.name, institution=step.institution) if step.who else None
    return StepView.model_validate({**vars(step), "who": who})


async def _activity(
    context: RequestContext,
    visibility: Visibility,
    since: datetime | None,
    tool: str | None,
    limit: int,
    cursor: str | None,
) -> Page[StepView]:
    before = _place_of(cursor) if cursor else None
    steps = await activity.latest(context.db, visibility, since=since, tool=tool, before=before, limit=limit + 1)
    more = cursor_of(steps[limit - 1].at, steps[limit - 1].id) if len(steps) > limit else None
    return Page(items=[_step(step) for step in steps[:limit]], next=more)


def _place_of(cursor: str) -> tuple[datetime, uuid.UUID]:
    at, step = position_of(cursor, 2)
    try:
        return datetime.fromisoformat(at), uuid.UUID(step)
    except (ValueError, TypeError, AttributeError) as error:
        raise BadCursor from error


async def _search(context: RequestContext, visibility: Visibility, query: SearchQuery) -> Page[HitView]:
    wanted = search.Query(
        words=query.q,
        tool=query.tool,
        author=query.author,
        from_=query.from_,
        until=query.until,
        limit=query.limit + 1,
        after=_place_of_hit(query.cursor) if query.cursor else None,
    )
    hits = await search.search(context.db, visibility, wanted)
    more = cursor_of(*hits[query.limit - 1].place) if len(hits) > query.limit else None
    return Page(items=[_hit(hit) for hit in hits[: query.limit]], next=more)


def _hit(hit: search.Hit) -> HitView:
    return HitView.model_validate({**vars(hit), "author": AuthorView.of(hit.author)})


def _place_of_hit(cursor: str) -> search.Place:
    rank, at, item = position_of(cursor, 3)
    try:
        return int(rank), datetime.fromisoformat(at), uuid.UUID(item)
    except (ValueError, TypeError, AttributeError) as error:
        raise BadCursor from error
