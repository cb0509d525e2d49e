"""What must not be known of a poll: that a hidden one is there, and what a list costs."""

import asyncio
import uuid
from typing import Any

import pytest
from sqlalchemy import event

from tests.polls.rooms import PollRoom, options, single


async def test_of_a_hidden_poll_every_path_says_that_there_is_none(room: PollRoom) -> None:
    poll = await room.ask(title="Vertraulich", classification="confidential", results="always")
    await room.vote(room["moderator"], poll, options(poll)["Montag"])
    gone = {"id": str(room.place.id)}
    for method, what, body in (
        ("GET", "", None),
        ("GET", "results", None),
        ("GET", "export", None),
        ("GET", "ballot", None),
        ("GET", "access", None),
        ("PUT", "ballot", {"answers": []}),
        ("POST", "open", None),
        ("POST", "close", None),
        ("POST", "remind", None),
        ("POST", "outcome", {"text": "x"}),
        ("PATCH", "", {"questions": [single("Wo?")]}),
        ("PATCH", "", {"closes_at": "2020-01-01T00:00:00Z"}),
    ):
        headers = {"If-Match": "*"}
        hidden = await room.send(method, poll, what, body, person=room["member"], headers=headers)
        missing = await room.send(method, gone, what, body, person=room["member"], headers=headers)
        assert hidden.status_code == missing.status_code == 404, (method, what)
        assert hidden.json() == missing.json()
    assert (await room["member"].get(room.path, counts=True))["counts"]["current"] == 0
    assert (await room["member"].get("todo"))["items"] == []
    assert (await room["member"].get("search", q="Vertraulich"))["items"] == []


async def test_a_faulty_new_poll_does_not_tell_a_stranger_that_the_space_is_there(room: PollRoom) -> None:
    stranger = await room.world.person("fremd")
    body = {"title": "x", "questions": [single()], "closes_at": "2020-01-01T00:00:00Z"}
    assert await stranger.status("POST", room.path, body) == 404
    assert await stranger.status("POST", f"spaces/{uuid.uuid4()}/polls", body) == 404


async def test_who_sees_it_may_vote_in_it_and_counts_as_entitled(room: PollRoom) -> None:
    poll = await room.ask(classification="confidential")
    assert (await room.read(poll))["turnout"]["entitled"] == 2
    narrowed = await room.ask(roles=["member"])
    assert (await room.read(narrowed, room["member"]))["turnout"]["entitled"] == 2  # the role's holder and the author


async def test_a_list_costs_the_same_however_many_polls_and_ballots(
    room: PollRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    costs = []
    for polls in (2, 12):
        for _ in range(polls):
            poll = await room.ask()
            await room.vote(room["moderator"], poll, options(poll)["Montag"])
        costs.append(await _cost(room, monkeypatch))
    assert costs[0] == costs[1] == (1, 3)


async def _cost(room: PollRoom, monkeypatch: pytest.MonkeyPatch) -> tuple[int, int]:
    """Questions to the policy and statements to the database that one list takes."""
    app, request = room.service.app, asyncio.current_task()
    questions: list[str] = []
    statements: list[str] = []
    evaluate = app.policy.evaluate

    async def counting(entrypoint: str, question: dict[str, Any]) -> dict[str, Any]:
        questions.append(entrypoint)
        return await evaluate(entrypoint, question)

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if asyncio.current_task() is request and not statement.startswith(("BEGIN", "COMMIT")):
            statements.append(statement)

    event.listen(app.database.engine.sync_engine, "before_cursor_execute", note)
    with monkeypatch.context() as patched:
        patched.setattr(app.policy, "evaluate", counting)
        await room["member"].get(room.path, limit=50)
    event.remove(app.database.engine.sync_engine, "before_cursor_execute", note)
    return len(questions), len(statements)
