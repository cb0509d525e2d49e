"""What must not be known of a poll: that a hidden one is there, and what a list costs."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import pytest
from sqlalchemy import event

from tests.polls.rooms import PollRoom, options, single


async def test_of_a_hidden_poll_every_path_says_that_there_is_none_at_the_same_cost(
    room: PollRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll = await room.ask(title="Vertraulich", classification="confidential", results="always")
    await room.vote(room["moderator"], poll, options(poll)["Montag"])
    missing = {"id": str(room.place.id)}
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
        ("DELETE", "", None),
        ("POST", "restore", None),
    ):
        found = []
        for one in (poll, missing):
            sending = partial(room.send, method, one, what, body, person=room["member"], headers={"If-Match": "*"})
            reply, cost = await _cost(room, monkeypatch, sending)
            found.append((reply.status_code, reply.content, cost))
        assert found[0] == found[1], (method, what)
        assert found[0][0] == 404, (method, what)
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
        costs.append((await _cost(room, monkeypatch, lambda: room["member"].get(room.path, limit=50)))[1])
    assert costs[0] == costs[1] == (1, 3)


async def _cost(
    room: PollRoom, monkeypatch: pytest.MonkeyPatch, ask: Callable[[], Awaitable[Any]]
) -> tuple[Any, tuple[int, int]]:
    """The answer, and how many questions to the policy and statements to the database it takes."""
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
        answer = await ask()
    event.remove(app.database.engine.sync_engine, "before_cursor_execute", note)
    return answer, (len(questions), len(statements))


async def test_who_sees_a_poll_is_told_by_role_with_why_others_do_not(room: PollRoom) -> None:
    poll = await room.ask(classification="confidential")
    told = await room.coordinator.get(f"{room.path}/{poll['id']}/access")
    seen = {role["role"]: (role["visible"], role["reasons"]) for role in told["roles"]}
    assert (seen["moderator"], seen["member"]) == ((True, []), (False, ["clearance_too_low"]))
    assert (told["people"], told["rule"]["classification"]) == (2, "confidential")
    assert (await room.send("GET", poll, "access", person=room["moderator"])).status_code == 200


async def test_a_key_that_somebody_else_used_or_that_one_used_before_leaving_tells_nothing(room: PollRoom) -> None:
    key, body = {"Idempotency-Key": "gleich"}, {"title": "geheim", "questions": [single()]}
    mine = await room.coordinator.send("POST", room.path, {**body, "classification": "confidential"}, key)
    theirs = await room["moderator"].send("POST", room.path, {**body, "title": "meine"}, key)
    assert (mine.status_code, theirs.status_code, theirs.json()["title"]) == (201, 201, "meine")
    assert theirs.json()["id"] != mine.json()["id"]
    await room.place.dismiss(room["moderator"], "moderator")
    again = await room["moderator"].send("POST", room.path, {**body, "title": "meine"}, key)
    assert (again.status_code, "meine" in again.text) == (404, False)
