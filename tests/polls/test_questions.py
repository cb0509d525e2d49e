"""What a poll may ask: bad input of its own fields."""

from typing import Any

import pytest

from tests.polls.rooms import PollRoom, later, question, single


@pytest.mark.parametrize(
    ("fault", "field", "code"),
    [
        ({"questions": []}, "questions", "too_short"),
        ({"questions": [single()] * 31}, "questions", "too_long"),
        ({"questions": [single(options=("allein",))]}, "questions.0.options", "too_few_options"),
        ({"questions": [single(options=("Ja", "ja"))]}, "questions.0.options", "same_options"),
        ({"questions": [question("motion", options=("A", "B"))]}, "questions.0.options", "not_for_this_kind"),
        ({"questions": [single(quorum=50)]}, "questions.0.quorum", "not_for_this_kind"),
        ({"questions": [single(max=1)]}, "questions.0.max", "not_for_this_kind"),
        ({"questions": [single(points=5)]}, "questions.0.points", "not_for_this_kind"),
        ({"questions": [question("multiple", options=("A", "B"), max=3)]}, "questions.0.max", "wrong_bounds"),
        ({"questions": [question("multiple", options=("A", "B"), min=2, max=1)]}, "questions.0.max", "wrong_bounds"),
        ({"questions": [question("rating", options=("A",), points=11)]}, "questions.0.points", "wrong_points"),
        ({"questions": [question("motion", quorum=101)]}, "questions.0.quorum", "less_than_equal"),
        ({"questions": [question("umfrage")]}, "questions.0.kind", "literal_error"),
        ({"questions": [{**single(), "farbe": "rot"}]}, "questions.0.farbe", "extra_forbidden"),
        ({"questions": [single(options=("a\u0000", "b"))]}, "questions.0.options.0.title", "control_characters"),
        ({"electorate": "alle"}, "electorate", "string_pattern_mismatch"),
        ({"secrecy": "geheim"}, "secrecy", "literal_error"),
        ({"closes_at": "2020-01-01T00:00:00Z"}, "closes_at", "in_the_past"),
        ({"closes_at": "2020-01-01T00:00:00"}, "closes_at", "timezone_aware"),
        ({"opens_at": later(days=2), "closes_at": later(days=1)}, "closes_at", "ends_before_it_begins"),
    ],
)
async def test_a_faulty_poll_is_refused_by_field(room: PollRoom, fault: Any, field: str, code: str) -> None:
    reply = await room.coordinator.send("POST", room.path, {"title": "Umfrage", "questions": [single()], **fault})
    assert reply.status_code == 422, reply.text
    assert (field, code) in [(error["field"], error["code"]) for error in reply.json()["errors"]], reply.text
    assert all(error["message"] != "Diese Angabe ist ungültig." for error in reply.json()["errors"])


async def test_all_that_is_wrong_with_a_question_is_named_at_once(room: PollRoom) -> None:
    faulty = {"kind": "rating", "title": "", "options": [], "min": 1, "points": 11, "quorum": 50}
    reply = await room.coordinator.send("POST", room.path, {"title": "Umfrage", "questions": [faulty]})
    named = [error["field"].removeprefix("questions.0.") for error in reply.json()["errors"]]
    assert named == ["title", "options", "min", "points", "quorum"], reply.text


async def test_two_questions_never_have_the_same_id(room: PollRoom) -> None:
    twice = {**single(), "id": str(room.place.id)}
    reply = await room.coordinator.send("POST", room.path, {"title": "Umfrage", "questions": [twice, twice]})
    assert [(error["field"], error["code"]) for error in reply.json()["errors"]] == [("questions", "same_ids")]


async def test_defaults_of_each_kind(room: PollRoom) -> None:
    three = ("A", "B", "C")
    kinds = ("multiple", "rating", "weighting", "ranking")
    poll = await room.ask(questions=[*(question(kind, options=three) for kind in kinds), question("motion")])
    multiple, rating, weighting, ranking, motion = poll["questions"]
    assert (multiple["min"], multiple["max"]) == (1, 3)
    assert (ranking["min"], ranking["max"]) == (1, 3)
    assert (rating["points"], weighting["points"]) == (5, 100)
    assert (motion["quorum"], motion["majority"]) == (0, "simple")
    assert [option["id"] for option in motion["options"]] == ["yes", "no", "abstain"]


async def test_search_finds_a_poll_by_its_questions_and_options(room: PollRoom) -> None:
    await room.ask(title="Themen", questions=[single("Welches Thema?", ("Praktikumswochen", "Berufsmesse"))])
    for word in ("Praktikumswoche", "Thema"):
        hits = (await room["member"].get("search", q=word))["items"]
        assert [hit["title"] for hit in hits] == ["Themen"]
