"""Who may vote, when, and with what; a ballot leaves nothing but itself."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import func, select

from netzraum_contracts.identity import AccountChanged
from netzraum_contracts.spaces import Role
from netzraum_platform.database import utc_now
from netzraum_platform.tables import AuditRow, IdempotencyRow, JobRow, OutboxRow
from tests.polls.rooms import PollRoom, later, options, question, single


async def test_guests_and_strangers_do_not_vote(room: PollRoom) -> None:
    poll = await room.ask()
    assert (await room.vote(room["guest"], poll, options(poll)["Montag"])).status_code == 403
    assert (await room.vote(room["auditor"], poll, options(poll)["Montag"])).status_code in (403, 404)
    stranger = await room.world.person("fremd")
    assert (await room.vote(stranger, poll, options(poll)["Montag"])).status_code == 404
    read_only = room["member"].with_token(scopes=["read"])
    assert (await room.vote(read_only, poll, options(poll)["Montag"])).status_code == 403
    assert (await room.read(poll))["turnout"]["voted"] == 0


async def test_a_poll_for_one_role_is_for_its_holders(room: PollRoom) -> None:
    await room.place.define(Role(name="lenkung", base="member"))
    (steering,) = await room.members(1, "lenkung")
    poll = await room.ask(electorate="role:lenkung")
    assert poll["turnout"]["entitled"] == 1
    refused = await room.vote(room["member"], poll, options(poll)["Montag"])
    assert (refused.status_code, refused.json()["code"]) == (403, "not_entitled")
    assert (await room.read(poll, room["member"]))["may_vote"] is False
    assert (await room.read(poll, steering))["may_vote"] is True
    assert (await room.vote(steering, poll, options(poll)["Montag"])).status_code == 201


async def test_an_institution_has_one_voice_and_any_of_its_members_may_change_it(room: PollRoom) -> None:
    (colleague,) = await room.members(1)
    await _moved_to(room, colleague, room["member"].institution)
    poll = await room.ask(electorate="institutions")
    assert poll["turnout"]["entitled"] == 3
    days = options(poll)
    assert (await room.vote(room["member"], poll, days["Montag"])).status_code == 201
    assert (await room.read(poll, colleague))["mine"] is True
    changed = await room.vote(colleague, poll, days["Dienstag"])
    assert (changed.status_code, changed.json()) == (200, {"changed": True})
    assert (await room.send("GET", poll, "ballot", person=room["member"])).json()["cast_by"]["name"] == colleague.name
    assert (await room.close(poll))["turnout"] == {"voted": 1, "entitled": 3}
    (result,) = (await room.results(poll))["questions"]
    assert [option["count"] for option in result["options"]] == [0, 1]


async def _moved_to(room: PollRoom, person: Any, institution: Any) -> None:
    person.institution = institution
    await room.service.hear(
        AccountChanged(account=person.account, name=person.name, institution=institution, state="active", version=2)
    )


async def test_a_ballot_stays_where_changes_are_not_allowed(room: PollRoom) -> None:
    poll = await room.ask(change_allowed=False, results="always")
    days = options(poll)
    await room.vote(room["member"], poll, days["Montag"])
    refused = await room.vote(room["member"], poll, days["Dienstag"])
    assert (refused.status_code, refused.json()["code"]) == (409, "already_voted")
    assert (await room.read(poll, room["member"]))["may_vote"] is False
    (result,) = (await room.results(poll))["questions"]
    assert [option["count"] for option in result["options"]] == [1, 0]


async def test_who_has_left_does_not_vote_and_the_ballot_cast_before_counts(room: PollRoom) -> None:
    poll = await room.ask()
    await room.vote(room["member"], poll, options(poll)["Montag"])
    await room.place.dismiss(room["member"], "member")
    assert (await room.vote(room["member"], poll, options(poll)["Dienstag"])).status_code == 404
    assert (await room.close(poll))["turnout"] == {"voted": 1, "entitled": 2}


async def test_no_ballot_before_the_opening_and_none_after_the_close(room: PollRoom) -> None:
    coming = await room.ask(opens_at=later(hours=1), closes_at=later(hours=2))
    assert (await room.vote(room["moderator"], coming, options(coming)["Montag"])).status_code == 403
    poll = await room.ask()
    await room.close(poll)
    refused = await room.vote(room["member"], poll, options(poll)["Montag"])
    assert (refused.status_code, refused.json()["code"]) == (409, "closed")


async def test_the_clock_closes_a_poll_also_while_the_job_lags(room: PollRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    poll = await room.ask(closes_at=later(hours=1))
    monkeypatch.setattr(room.service.app, "clock", lambda: utc_now() + timedelta(hours=1))
    refused = await room.vote(room["member"], poll, options(poll)["Montag"])
    assert (refused.status_code, refused.json()["code"]) == (409, "closed")
    view = await room.read(poll, room["member"])
    assert (view["state"], view["closed_at"], view["results_hidden"]) == ("closed", None, ["being_counted"])


@pytest.mark.parametrize(
    ("asked", "value", "code"),
    [
        (single(), "Mittwoch", "unknown_option"),
        (single(), ["Montag", "Dienstag"], "choose_one"),
        (single(), None, "missing"),
        (question("multiple", options=("A", "B", "C"), min=2, max=2), ["A"], "choose_between"),
        (question("multiple", options=("A", "B", "C"), max=2), ["A", "A"], "unknown_option"),
        (question("multiple", options=("A", "B"), max=2), "A", "list_type"),
        (question("rating", options=("A", "B")), {"A": 6}, "points_each"),
        (question("rating", options=("A", "B")), {"A": 2.5}, "points_each"),
        (question("rating", options=("A", "B")), {"A": True}, "points_each"),
        (question("rating", options=("A", "B")), ["A"], "dict_type"),
        (question("weighting", options=("A", "B")), {"A": 60, "B": 30}, "points_in_all"),
        (question("weighting", options=("A", "B")), {"A": 200, "B": -100}, "points_each"),
        (question("ranking", options=("A", "B", "C"), max=2), ["A", "B", "C"], "choose_between"),
        (question("motion"), "vielleicht", "unknown_option"),
        (question("text"), "x" * 2001, "string_too_long"),
        (question("text"), "a\u0000b", "control_characters"),
        (question("text"), 7, "string_type"),
    ],
)
async def test_a_ballot_that_does_not_answer_is_refused_by_question_and_not_repeated(
    room: PollRoom, asked: Any, value: Any, code: str
) -> None:
    poll = await room.ask(questions=[asked])
    ids = options(poll)
    named = _with_ids(value, ids)
    reply = await room.send(
        "PUT",
        poll,
        "ballot",
        {"answers": [{"question": poll["questions"][0]["id"], "value": named}]},
        person=room["member"],
    )
    assert reply.status_code == 422, reply.text
    (error,) = reply.json()["errors"]
    assert (error["field"], error["code"]) == (f"answers.{poll['questions'][0]['id']}", code)
    assert "Mittwoch" not in reply.text
    assert "vielleicht" not in reply.text
    assert (await room.read(poll))["turnout"]["voted"] == 0


def _with_ids(value: Any, ids: dict[str, str]) -> Any:
    if isinstance(value, list):
        return [ids[each] for each in value]
    if isinstance(value, dict):
        return {ids[each]: number for each, number in value.items()}
    return ids.get(value, value) if isinstance(value, str) else value


async def test_strange_ballots_are_refused_whole(room: PollRoom) -> None:
    poll = await room.ask(questions=[single(), question("text", required=False)])
    (first, second), days = poll["questions"], options(poll)
    for answers, code in (
        ([{"question": str(room.place.id), "value": "x"}], "unknown_question"),
        ([{"question": first["id"], "value": days["Montag"]}] * 2, "answered_twice"),
        ([{"question": "keine", "value": "x"}], "uuid_parsing"),
        ([{"question": first["id"]}], "missing"),
        ([{"question": second["id"], "value": "nur dies"}], "missing"),
    ):
        reply = await room.send("PUT", poll, "ballot", {"answers": answers}, person=room["member"])
        assert reply.status_code == 422
        assert code in [error["code"] for error in reply.json()["errors"]]
    assert (await room.vote(room["member"], poll, days["Montag"])).status_code == 201


async def test_a_vote_moves_no_version_no_activity_no_news_and_tells_nobody(room: PollRoom) -> None:
    poll = await room.ask()
    before = await _traces(room, poll)
    for value in options(poll).values():
        assert (await room.vote(room["member"], poll, value)).status_code in (200, 201)
    assert await _traces(room, poll) == before


async def _traces(room: PollRoom, poll: Any) -> Any:
    view = await room.read(poll, room["guest"])
    activity = await room["guest"].get(f"{room.place.path}/activity")
    async with room.service.app.database.session() as session:
        counts = [
            await session.scalar(select(func.count()).select_from(table))
            for table in (OutboxRow, AuditRow, JobRow, IdempotencyRow)
        ]
    return (view["version"], view["updated_at"], view["unread"], activity, counts)


async def test_an_idempotency_key_on_a_ballot_is_not_kept(room: PollRoom) -> None:
    poll = await room.ask()
    for day in options(poll).values():
        body = {"answers": [{"question": poll["questions"][0]["id"], "value": day}]}
        reply = await room.send("PUT", poll, "ballot", body, person=room["member"], headers={"Idempotency-Key": "k"})
        assert reply.status_code in (200, 201)
    async with room.service.app.database.session() as session:
        assert (await session.scalars(select(IdempotencyRow))).all() == []


async def test_what_waits_for_a_vote_is_to_do_until_it_is_cast(room: PollRoom) -> None:
    closes = later(days=2)
    poll = await room.ask(title="Bitte abstimmen", closes_at=closes)
    await room.ask(title="für andere", electorate="role:moderator")
    await room.ask(title="kommt", opens_at=later(days=1))
    (todo,) = (await room["member"].get("todo"))["items"]
    assert (todo["what"], todo["title"], todo["due"][:19]) == ("vote", "Bitte abstimmen", closes[:19])
    assert (await room["guest"].get("todo"))["items"] == []
    await room.vote(room["member"], poll, options(poll)["Montag"])
    assert (await room["member"].get("todo"))["items"] == []
    assert len((await room["moderator"].get("todo"))["items"]) == 2
    await room.close(poll)
    assert [each["title"] for each in (await room["moderator"].get("todo"))["items"]] == ["für andere"]


async def test_the_institutions_vote_ends_the_to_do_of_its_members(room: PollRoom) -> None:
    (colleague,) = await room.members(1)
    await _moved_to(room, colleague, room["member"].institution)
    poll = await room.ask(electorate="institutions", secrecy="secret")
    assert len((await colleague.get("todo"))["items"]) == 1
    await room.vote(room["member"], poll, options(poll)["Montag"])
    assert (await colleague.get("todo"))["items"] == []
