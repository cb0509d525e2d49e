"""Each promise of secret polls (docs/secret-polls.md), and somebody who tries to break it."""

import asyncio
import json
import logging
import secrets
import uuid
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest
import structlog
from nacl.public import PrivateKey
from opentelemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sqlalchemy import func, select, text

from netzraum_platform import telemetry
from netzraum_platform.bus import Subscription
from netzraum_platform.database import utc_now
from netzraum_platform.events import Envelope as Event
from netzraum_platform.telemetry import configure_logs
from netzraum_polls.polls import closing, opening, reminders, voting
from netzraum_polls.polls.answers import Answers
from netzraum_polls.polls.envelopes import open_all, seal, size_of
from netzraum_polls.polls.models import Envelope, SecretBallot
from netzraum_polls.polls.questions import NewQuestion, Question
from netzraum_polls.polls.secret_keys import keys_of
from tests.harness import eventually
from tests.polls.rooms import PollRoom, later, options, question
from tests.polls.secret_rooms import WRITTEN, all_is_told, dump, says, secret_poll, vote_all, voters
from tests.world import Person


async def test_before_the_close_no_table_says_what_anybody_voted(room: PollRoom) -> None:
    poll = await secret_poll(room)
    people = await voters(room, poll)
    tables = await dump(room)
    assert tables["ballots"] == tables["secret_ballots"] == tables["seals"] == []
    assert len(tables["envelopes"]) == len(people)
    elsewhere = {name: rows for name, rows in tables.items() if name != "envelopes"}
    assert says(tables, WRITTEN) == []
    choices = {name: rows for name, rows in elsewhere.items() if name not in ("polls", "search_entries")}
    assert says(choices, *options(poll).values()) == []
    for row in tables["envelopes"]:
        assert not any(day.encode() in row["envelope"] for day in options(poll).values())


async def test_after_the_close_no_row_joins_a_voter_with_a_ballot(room: PollRoom) -> None:
    people = await room.members(6)
    poll = await secret_poll(room)
    before = await dump(room)
    await vote_all(room, poll, people)
    await room.close(poll)
    tables = await dump(room)
    assert tables["envelopes"] == tables["ballots"] == []
    assert len(tables["secret_ballots"]) == len(people)
    for name in PEOPLE:
        assert tables[name] == before[name], name
    assert says(_beside_people(tables), *_names(people)) == []
    assert set(tables["secret_ballots"][0]) == {
        "poll_id",
        "id",
        "answers",
        *({"xmin", "ctid"} & set(tables["secret_ballots"][0])),
    }


async def test_after_the_close_nothing_says_who_was_reminded_and_so_had_not_voted(room: PollRoom) -> None:
    poll = await secret_poll(room, closes_at=later(hours=20))
    early, late = await voters(room, poll, 5), await room.members(2)
    assert (await room.send("POST", poll, "remind")).status_code == 200
    assert says((await dump(room))["outbox"], *_names(late)), "the reminder waits to be told, or was"
    await room.close(poll)
    assert says(_beside_people(await dump(room)), *_names([*early, *late])) == []


async def test_who_is_reminded_amid_the_close_is_not_told_any_more(
    room: PollRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The close comes between the look at who has voted and the writing of the reminder."""
    poll = await secret_poll(room, closes_at=later(hours=20))
    people = await voters(room, poll, 5)
    who_voted = reminders._voters

    async def and_then_it_closes(context: Any, table: Any, asked: Any) -> Any:
        found = await who_voted(context, table, asked)
        if table is Envelope:
            await room.close(poll)
        return found

    monkeypatch.setattr(reminders, "_voters", and_then_it_closes)
    refused = await room.send("POST", poll, "remind")
    assert (refused.status_code, refused.json()["code"]) == (409, "closed")
    assert says(_beside_people(await dump(room)), *_names([*people, room["member"]])) == []


PEOPLE = ("access_memberships", "directory_people", "inbox")
"""Who is a member, with what was heard of it."""


def _beside_people(tables: dict[str, list[dict[str, Any]]]) -> dict[str, list[dict[str, Any]]]:
    return {name: rows for name, rows in tables.items() if name not in PEOPLE}


def _names(people: Iterable[Person]) -> list[str]:
    return [name for person in people for name in (str(person.account), person.account.hex)]


def test_a_ballot_would_be_found_however_it_was_kept() -> None:
    for kept in (WRITTEN, json.dumps({"text": WRITTEN}), WRITTEN.encode(), [{"row": {"text": f"{WRITTEN}!"}}]):
        assert says(kept, WRITTEN) == [WRITTEN]


async def test_ballots_have_random_ids_and_an_order_that_says_nothing(
    room: PollRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll = await secret_poll(room)
    people = await room.members(8)
    for number, person in enumerate(people):
        assert (await room.vote(person, poll, options(poll)["Montag"], f"Text {number}")).status_code == 201
    order = [3, 7, 0, 5, 1, 6, 2, 4]
    given: list[Answers] = []

    def dealing(_chance: Any, answers: list[Answers]) -> None:
        given.extend(answers)
        answers[:] = [answers[place] for place in order]

    monkeypatch.setattr(secrets.SystemRandom, "shuffle", dealing)
    await room.close(poll)
    place = "ctid" if room.service.app.database.engine.dialect.name == "postgresql" else "rowid"
    async with room.service.app.database.session() as session:
        kept = (await session.scalars(select(SecretBallot).order_by(text(place)))).all()
    assert all(ballot.id.version == 4 for ballot in kept)
    assert [ballot.answers for ballot in kept] == [given[place] for place in order], "as they were shuffled"
    results = await room.results(poll, people[0])
    assert results["questions"][1]["texts"] == sorted(f"Text {number}" for number in range(8))
    assert results["ballots"] is None
    assert results["questions"][0]["options"][0]["voters"] is None


async def test_transaction_ids_tell_no_ballot_from_another(room: PollRoom) -> None:
    """On PostgreSQL ``xmin`` says which transaction wrote a row: one for all, and none in which somebody voted."""
    poll = await secret_poll(room)
    await voters(room, poll)
    before = await dump(room)
    await room.close(poll)
    after = await dump(room)
    assert len(after["secret_ballots"]) == 6
    if "xmin" not in after["secret_ballots"][0]:
        return  # SQLite keeps no transaction ids; the order of its rows is the shuffled one
    (written_in,) = {row["xmin"] for row in after["secret_ballots"]}
    assert written_in not in {row["xmin"] for row in before["envelopes"]}
    assert written_in == next(row["xmin"] for row in after["seals"])


async def test_envelopes_have_one_size_whatever_is_voted(room: PollRoom) -> None:
    poll = await secret_poll(room)
    people = await voters(room, poll)
    await room.vote(people[1], poll, options(poll)["Dienstag"], "ü" * 2000)
    await room.vote(people[2], poll, options(poll)["Montag"], "😀" * 2000)
    async with room.service.app.database.session() as session:
        sizes = set(await session.scalars(select(func.length(Envelope.envelope))))
        columns = set(Envelope.__table__.columns.keys())
    (size,) = sizes
    assert (size - 48) % 1024 == 0
    assert columns == {"poll_id", "voter_id", "envelope"}


@pytest.mark.parametrize("kind", ["single", "multiple", "rating", "weighting", "ranking", "motion", "text"])
def test_the_largest_ballot_of_every_kind_fits_its_envelope(kind: str) -> None:
    titles = tuple(f"Möglichkeit {number}" for number in range(40)) if kind not in ("motion", "text") else ()
    asked = Question.of(NewQuestion.model_validate(question(kind, options=titles)))
    largest: dict[str, Any] = {
        "single": max(asked.option_ids, default=""),
        "motion": "abstain",
        "text": '\\"\n😀' * 500,
        "rating": dict.fromkeys(asked.option_ids, 10),
        "weighting": dict.fromkeys(asked.option_ids, 1000),
    }
    key, size = PrivateKey.generate(), size_of([asked])
    for answers in ({}, {asked.id: largest.get(kind, asked.option_ids)}):
        envelope = seal(answers, bytes(key.public_key).hex(), size)
        assert len(envelope) == size + 48
        assert open_all([envelope], key) == [answers]


async def test_a_changed_vote_overwrites_the_one_before(room: PollRoom) -> None:
    poll = await secret_poll(room)
    people = await voters(room, poll, 5)
    before = (await dump(room))["envelopes"]
    changed = await room.vote(people[0], poll, options(poll)["Montag"])
    assert (changed.status_code, changed.json()) == (200, {"changed": True})
    after = (await dump(room))["envelopes"]
    assert len(after) == len(before) == 5
    assert len({row["envelope"] for row in before} & {row["envelope"] for row in after}) == 4
    await room.close(poll)
    assert [option["count"] for option in (await room.results(poll))["questions"][0]["options"]] == [5, 0]


async def test_nobody_reads_a_ballot_back_not_even_the_own_one(room: PollRoom) -> None:
    poll = await secret_poll(room)
    people = await voters(room, poll, 5)
    for person in (people[0], room.coordinator):
        refused = await room.send("GET", poll, "ballot", person=person)
        assert (refused.status_code, refused.json()["code"]) == (409, "secret")
    await room.close(poll)
    assert (await room.send("GET", poll, "ballot", person=people[0])).json()["code"] == "secret"
    assert (await room.read(poll, people[0]))["mine"] is None


async def test_results_come_after_the_close_and_before_it_turnout_alone(room: PollRoom) -> None:
    poll = await secret_poll(room)
    people = await voters(room, poll)
    for person in (room.coordinator, people[0]):
        view = await room.read(poll, person)
        assert (view["turnout"]["voted"], view["results_hidden"]) == (6, ["until_closed"])
        for what in ("results", "export"):
            assert (await room.send("GET", poll, what, person=person)).status_code == 403
    await room.close(poll)
    results = await room.results(poll, people[0])
    assert [option["count"] for option in results["questions"][0]["options"]] == [5, 1]
    assert results["questions"][1]["texts"] == [WRITTEN]


async def test_of_fewer_than_five_ballots_nothing_is_shown_or_kept_but_the_turnout(room: PollRoom) -> None:
    poll = await secret_poll(room)
    await voters(room, poll, 4)
    closed = await room.close(poll)
    assert (closed["state"], closed["turnout"]["voted"]) == ("closed", 4)
    results = await room.results(poll)
    assert (results["too_few_ballots"], results["questions"]) == (True, [])
    tables = await dump(room)
    assert tables["secret_ballots"] == tables["envelopes"] == []
    assert says(tables, WRITTEN) == []
    for format_ in ("csv", "json"):
        exported = (await room.send("GET", poll, "export", format=format_)).text
        assert says(exported, WRITTEN) == []


async def test_logs_traces_and_errors_hold_nothing_of_a_ballot(
    room: PollRoom,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """Also where sealing, the database or the body of a ballot fails."""
    spans, provider = InMemorySpanExporter(), TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    monkeypatch.setattr(telemetry, "tracer", provider.get_tracer("netzraum"))
    monkeypatch.setattr(trace, "get_tracer_provider", lambda: provider)
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    poll = await secret_poll(room)
    (voter,) = await room.members(1)
    day = options(poll)["Dienstag"]
    try:
        configure_logs(logging.DEBUG)
        replies = [await room.vote(voter, poll, day, WRITTEN), await room.vote(voter, poll, day, WRITTEN * 100)]
        replies.append(await room.vote(voter, poll, WRITTEN, day))
        for name in ("seal", "_put"):
            with monkeypatch.context() as broken:
                broken.setattr(voting, name, _failing)
                replies.append(await room.vote(voter, poll, day, WRITTEN))
        replies.append(await _malformed(room, voter, poll))
    finally:
        structlog.reset_defaults()
        logging.getLogger().handlers[:] = handlers
        logging.getLogger().setLevel(level)
    assert [reply.status_code for reply in replies] == [201, 422, 422, 500, 500, 422]
    out = capsys.readouterr()
    assert "ballot_not_taken" in out.out
    told = [reply.text for reply in replies] + [out.out, out.err, caplog.text]
    told += [span.to_json() for span in spans.get_finished_spans()]
    assert len(spans.get_finished_spans()) >= len(replies)
    assert says(told, WRITTEN, day) == []


def _failing(*values: Any, **named: Any) -> Any:
    raise ValueError(repr((values, named)))


async def _malformed(room: PollRoom, voter: Person, poll: Any) -> Any:
    """A body that breaks off in the middle of a ballot."""
    sent = await voter.send("GET", f"{room.path}/{poll['id']}")
    headers = {"authorization": sent.request.headers["authorization"], "content-type": "application/json"}
    body = '{"answers": [{"value": "' + WRITTEN
    return await room.service.public.put(f"/api/v1/{room.path}/{poll['id']}/ballot", content=body, headers=headers)


async def test_events_audit_activity_jobs_and_idempotency_hold_nothing_of_a_ballot(room: PollRoom) -> None:
    heard: list[Event] = []

    async def hear(event: Event) -> None:
        heard.append(event)

    types = ("polls.poll.changed.v1", "polls.poll.reminder_due.v1")
    await room.service.app.bus.subscribe(Subscription("tests.secret", types, transient=True), hear)
    poll = await secret_poll(room)
    await eventually(lambda: heard)
    told = len(heard)
    before = await dump(room)
    await voters(room, poll)
    after = await dump(room)
    for table in ("outbox", "audit", "activity", "jobs", "idempotency_keys", "seen_items", "seen_until", "polls"):
        assert after[table] == before[table], table
    same = [row for row in after["items"] if row["id"] in {each["id"] for each in before["items"]}]
    assert same == before["items"]
    await asyncio.sleep(0)
    assert len(heard) == told
    await room.close(poll)
    await eventually(lambda: len(heard) > told)
    assert says([event.model_dump_json() for event in heard], WRITTEN, *options(poll).values()) == []


async def test_a_repeated_request_keeps_nothing_of_a_ballot_taken_or_not(
    room: PollRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    poll = await secret_poll(room)
    (voter,) = await room.members(1)
    choice, written = (each["id"] for each in poll["questions"])
    await eventually(lambda: all_is_told(room))  # which leaves a mark, too
    day, before = options(poll)["Dienstag"], await dump(room)

    async def send(text_: str) -> int:
        body = {"answers": [{"question": choice, "value": day}, {"question": written, "value": text_}]}
        headers = {"Idempotency-Key": "the same"}
        return (await room.send("PUT", poll, "ballot", body, person=voter, headers=headers)).status_code

    with monkeypatch.context() as broken:
        broken.setattr(voting, "_put", _failing)
        assert await send(WRITTEN) == 500
    assert await send(WRITTEN * 100) == 422
    assert await dump(room) == before
    assert [await send(WRITTEN), await send(f"{WRITTEN}!")] == [201, 200]
    after = await dump(room)
    assert {name for name, rows in after.items() if rows != before[name]} == {"envelopes"}


async def test_a_vote_moves_no_etag_and_nothing_that_is_new_to_others(room: PollRoom) -> None:
    poll = await secret_poll(room)
    people = await room.members(5)
    one = f"{room.path}/{poll['id']}"
    await people[0].get(one)  # so that it is unread no more

    async def seen_by_others() -> Any:
        own = [f"{room.place.path}/{name}" for name in ("activity", f"visible?items={poll['id']}")]
        replies = [await people[0].send("GET", path) for path in (one, room.path, "unread", "activity", *own)]
        told = [reply.json() for reply in replies[2:]]
        return [(reply.status_code, reply.headers.get("etag")) for reply in replies], told

    before = await seen_by_others()
    assert (before[0][0], {status for status, _ in before[0]}) == ((200, '"1"'), {200})
    await vote_all(room, poll, people[1:])
    assert await seen_by_others() == before


async def test_the_key_is_there_before_the_poll_is_open_and_gone_after_the_close(room: PollRoom) -> None:
    keys, folder = keys_of(room.service.app), room.service.app.keys_folder
    assert folder is not None
    draft = await secret_poll(room, state="draft")
    assert not keys.holds(uuid.UUID(draft["id"]))
    opened = (await room.send("POST", draft, "open")).json()
    (file,) = folder.iterdir()
    assert (opened["state"], file.stat().st_mode & 0o777, folder.stat().st_mode & 0o777) == ("open", 0o600, 0o700)
    secret = file.read_bytes()
    await voters(room, opened)
    assert says(await dump(room), repr(secret)[2:-1], secret.hex()) == []
    await room.close(opened)
    assert list(folder.iterdir()) == []


async def test_a_poll_that_opens_by_the_clock_has_its_key(room: PollRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    poll = await secret_poll(room, opens_at=later(hours=1))
    keys = keys_of(room.service.app)
    assert not keys.holds(uuid.UUID(poll["id"]))
    await room.when(opening.appear, poll, monkeypatch, hours=1)
    assert keys.holds(uuid.UUID(poll["id"]))
    monkeypatch.setattr(room.service.app, "clock", lambda: utc_now() + timedelta(hours=1))
    await voters(room, poll, 5)
    await room.close(poll)
    assert [option["count"] for option in (await room.results(poll))["questions"][0]["options"]] == [4, 1]


async def test_a_key_that_a_crash_left_behind_is_destroyed_at_the_next_start(
    room: PollRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process ends after the close is committed, before the key is gone."""
    keys = keys_of(room.service.app)
    closed, still_open = await secret_poll(room), await secret_poll(room)
    with monkeypatch.context() as ending:
        ending.setattr(type(keys), "destroy", _failing)
        assert (await room.send("POST", closed, "close")).status_code == 500
    assert (await room.read(closed))["state"] == "closed"
    assert keys.holds(uuid.UUID(closed["id"]))
    await closing.destroy_leftovers(room.service.app)
    assert keys.all() == [uuid.UUID(still_open["id"])]


async def test_a_poll_that_is_erased_takes_its_key_along(room: PollRoom) -> None:
    poll = await secret_poll(room)
    await voters(room, poll, 5)
    assert (await room.send("DELETE", poll)).status_code == 204
    async with room.service.work() as context:
        await context.db.execute(text("UPDATE items SET deleted_at = '2020-01-01 00:00:00'"))
    async with room.service.work() as context:
        await closing.erase_due(context, {"item": poll["id"]})
    tables = await dump(room)
    assert tables["polls"] == tables["envelopes"] == []
    assert keys_of(room.service.app).all() == []
