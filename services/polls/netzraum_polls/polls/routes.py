"""Polls over HTTP."""

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Depends, Query, Response

from netzraum_items.authorize import InSpace, Room
from netzraum_items.item_routes import add_item_routes, created_once, item_view
from netzraum_items.listing import listed
from netzraum_items.lists import ItemList, ItemQuery, answer
from netzraum_items.on_item import OnItem, Shown, on_item
from netzraum_items.schemas import Render
from netzraum_platform.context import IfMatch
from netzraum_platform.idempotency import CreateOnce
from netzraum_polls.polls import closing, export, participation, reminders, results, service, voting
from netzraum_polls.polls.models import Poll
from netzraum_polls.polls.schemas import (
    BallotCast,
    BallotView,
    NewBallot,
    NewPoll,
    Outcome,
    PollChange,
    PollView,
    ResultsView,
)

router = APIRouter(prefix="/spaces/{space_id}/polls", tags=["polls"])


async def poll_view(
    view: type[PollView], room: InSpace, shown: Shown[Poll], response: Response, render: Render = None
) -> PollView:
    """A poll with its turnout, and with whether the reader votes."""
    return item_view(view, room, await participation.completed(room, shown), response, render)


add_item_routes(router, Poll, PollView, answer=poll_view)

OnPoll = Annotated[OnItem[Poll], Depends(on_item(Poll), scope="function")]


@router.get("")
async def list_polls(room: Room, query: Annotated[ItemQuery, Query()]) -> ItemList[PollView]:
    found = await listed(room, Poll, query.of(room.context.principal.account))
    polls = await participation.all_completed(room, found.items)
    return answer(replace(found, items=polls), lambda shown: PollView.of(shown, room.context.now, query.render))


@router.post("", status_code=201)
async def create_poll(
    room: Room, new: NewPoll, once: CreateOnce, response: Response, render: Render = None
) -> PollView:
    made = await created_once(once, room, Poll, response, lambda: service.create(room, new))
    return await poll_view(PollView, room, made, response, render)


@router.patch("/{item_id}")
async def update_poll(
    on: OnPoll, change: PollChange, if_match: IfMatch, response: Response, render: Render = None
) -> PollView:
    changed = await service.update(on, change, if_match)
    return await poll_view(PollView, on, changed, response, render)


@router.post("/{item_id}/open")
async def open_poll(on: OnPoll, response: Response, render: Render = None) -> PollView:
    opened = await service.open_now(on)
    return await poll_view(PollView, on, opened, response, render)


@router.post("/{item_id}/close")
async def close_poll(on: OnPoll, response: Response, render: Render = None) -> PollView:
    closed = await closing.close_now(on)
    return await poll_view(PollView, on, closed, response, render)


@router.post("/{item_id}/remind")
async def remind(on: OnPoll, response: Response, render: Render = None) -> PollView:
    reminded = await reminders.remind_now(on)
    return await poll_view(PollView, on, reminded, response, render)


@router.get("/{item_id}/results")
async def read_results(on: OnPoll) -> ResultsView:
    return (await results.results(on)).view


@router.get("/{item_id}/export", response_class=Response, responses={200: {"content": export.DOCUMENTED}})
async def export_results(on: OnPoll, format: export.Format = "csv") -> Response:  # noqa: A002  # the API's word
    return await export.export(on, format)


@router.post("/{item_id}/outcome")
async def write_outcome(on: OnPoll, outcome: Outcome, response: Response, render: Render = None) -> PollView:
    written = await service.write_outcome(on, outcome.text)
    return await poll_view(PollView, on, written, response, render)


@router.put("/{item_id}/ballot", responses={201: {"model": BallotCast}})
async def cast_ballot(on: OnPoll, ballot: NewBallot, response: Response) -> BallotCast:
    changed = await voting.cast(on, ballot.answers)
    response.status_code = 200 if changed else 201
    return BallotCast(changed=changed)


@router.get("/{item_id}/ballot")
async def read_own_ballot(on: OnPoll) -> BallotView:
    return await voting.own(on)
