"""Opening, reminding and closing: by the clock and by hand."""

import asyncio
import csv
import hashlib
import io
import json
from datetime import timedelta
from typing import Any

import pytest
from odfdo import Document
from sqlalchemy import select

from netzraum_contracts.polls import PollReminderDue
from netzraum_platform.bus import Subscription
from netzraum_platform.events import Envelope
from netzraum_platform.tables import AuditRow, JobRow
from netzraum_polls.polls import closing, reminders
from tests.harness import eventually
from tests.polls.rooms import PollRoom, later, moment, options, question, single
from tests.world import personal

SOON_S = 3


async def test_a_poll_opens_and_closes_by_the_clock(room: PollRoom) -> None:
    poll = await room.ask(opens_at=later(seconds=SOON_S))

    async def stands(state: str) -> Any:
        view = await room.read(poll)
        return view if view["state"] == state and (state == "open" or view["closed_at"]) else None

    opened = await eventually(lambda: stands("open"))
    assert moment(opened["opened_at"]) >= moment(opened["opens_at"])
    assert (await room.vote(room["member"], poll, options(poll)["Montag"])).status_code == 201
    assert (await room.change(poll, closes_at=later(seconds=SOON_S))).status_code == 200
    closed = await eventually(lambda: stands("closed"))
    assert closed["closed_at"] == closed["closes_at"]
    assert closed["turnout"] == {"voted": 1, "entitled": 3}
    assert (await room.results(poll, room["guest"]))["sha256"] == closed["sha256"]


async def test_a_later_end_moves_the_close(room: PollRoom) -> None:
    poll = await room.ask(closes_at=later(hours=1))
    moved = later(hours=30)
    assert (await room.change(poll, closes_at=moved)).status_code == 200
    async with room.service.app.database.session() as session:
        jobs = {job.kind: job.run_at for job in await session.scalars(select(JobRow).where(JobRow.key == poll["id"]))}
    assert jobs == {"polls.close": moment(moved), "polls.remind": moment(moved) - timedelta(hours=24)}


async def test_closing_by_hand_seals_and_is_not_done_twice(room: PollRoom) -> None:
    poll = await room.ask(closes_at=later(days=5))
    await room.vote(room["member"], poll, options(poll)["Montag"])
    assert (await room.send("POST", poll, "close", person=room["member"])).status_code == 403
    closed = await room.close(poll)
    assert (closed["state"], len(closed["sha256"])) == ("closed", 64)
    assert closed["closes_at"] == closed["closed_at"]
    again = await room.send("POST", poll, "close")
    assert (again.status_code, again.json()["code"]) == (409, "closed")
    draft = await room.ask(state="draft")
    assert (await room.send("POST", draft, "close")).json()["code"] == "not_open"
    async with room.service.app.database.session() as session:
        whats = (await session.scalars(select(AuditRow.what).where(AuditRow.item == poll["id"]))).all()
    assert "poll:close" in whats


async def test_of_many_who_close_at_once_one_does(room: PollRoom) -> None:
    poll = await room.ask()
    await room.vote(room["member"], poll, options(poll)["Montag"])
    replies = await asyncio.gather(*(room.send("POST", poll, "close") for _ in range(6)))
    assert sorted(reply.status_code for reply in replies)[0] == 200
    assert {reply.status_code for reply in replies[1:]} <= {200, 409, 412}
    assert [reply.status_code for reply in replies].count(200) == 1
    assert (await room.results(poll))["turnout"]["voted"] == 1


async def test_an_author_closes_the_own_poll_and_says_what_follows(room: PollRoom) -> None:
    poll = await room.ask(room["member"])
    assert (await room.send("POST", poll, "outcome", {"text": "früh"})).json()["code"] == "not_closed"
    assert (await room.send("POST", poll, "close", person=room["member"])).status_code == 200
    said = await room.send("POST", poll, "outcome", {"text": "Wir treffen uns **montags**."}, person=room["member"])
    assert said.status_code == 200, said.text
    view = (await room.send("GET", poll, render="html", person=room["guest"])).json()
    assert view["outcome_html"] == "<p>Wir treffen uns <strong>montags</strong>.</p>\n"
    assert [hit["title"] for hit in (await room["guest"].get("search", q="montags"))["items"]] == ["Umfrage"]
    assert (await room.send("POST", poll, "outcome", {"text": " "}, person=room["member"])).json()["outcome"] is None


async def test_a_deleted_poll_closes_too_and_comes_back_closed(room: PollRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    poll = await room.ask(closes_at=later(hours=1))
    await room.vote(room["member"], poll, options(poll)["Montag"])
    assert (await room.send("DELETE", poll)).status_code == 204
    await room.when(closing.close_due, poll, monkeypatch, hours=1)
    assert (await room.row(poll)).closed_at == moment(poll["closes_at"])
    restored = await room.send("POST", poll, "restore")
    assert restored.status_code == 200, restored.text
    assert (restored.json()["state"], restored.json()["turnout"]) == ("closed", {"voted": 1, "entitled": 3})


async def test_a_personal_poll_opens_closes_and_is_deleted(room: PollRoom) -> None:
    draft = await room.ask(state="draft", **personal())
    for step in ("open", "close"):
        assert (await room.send("POST", draft, step)).status_code == 200
    assert (await room.results(draft))["state"] == "closed"
    assert (await room.send("DELETE", draft)).status_code == 204


async def told_to_remind(room: PollRoom) -> list[Envelope]:
    """What is told of reminders from now on."""
    heard: list[Envelope] = []

    async def hear(envelope: Envelope) -> None:
        heard.append(envelope)

    subscription = Subscription("tests.reminders", (PollReminderDue.TYPE,), transient=True)
    await room.service.app.bus.subscribe(subscription, hear)
    return heard


async def test_a_reminder_names_those_who_have_not_voted_once_a_day(room: PollRoom) -> None:
    heard = await told_to_remind(room)
    poll = await room.ask(closes_at=later(days=3))
    await room.vote(room["member"], poll, options(poll)["Montag"])
    assert (await room.send("POST", poll, "remind", person=room["member"])).status_code == 403
    assert (await room.send("POST", poll, "remind")).status_code == 200
    await eventually(lambda: heard)
    due = PollReminderDue.model_validate(heard[0].data)
    assert set(due.accounts) == {room["coordinator"].account, room["moderator"].account}
    assert (due.what, due.due) == ("vote", moment(poll["closes_at"]))
    again = await room.send("POST", poll, "remind")
    assert (again.status_code, again.json()["code"]) == (429, "reminded_already")
    assert 86_000 < int(again.headers["retry-after"]) <= 86_401


async def test_a_day_before_the_close_who_has_not_voted_is_reminded(
    room: PollRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard = await told_to_remind(room)
    poll = await room.ask(closes_at=later(hours=25), secrecy="secret")
    await room.vote(room["moderator"], poll, options(poll)["Montag"])
    await room.when(reminders.remind_due, poll, monkeypatch)  # too early: the close was moved
    await room.when(reminders.remind_due, poll, monkeypatch, hours=1)
    await room.when(reminders.remind_due, poll, monkeypatch, hours=2)
    await eventually(lambda: heard)
    assert room["moderator"].account not in PollReminderDue.model_validate(heard[0].data).accounts
    assert len(heard) == 1


async def test_a_reminder_takes_no_change_from_anybody(room: PollRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is no new version: who read the poll before may still change it."""
    poll = await room.ask(closes_at=later(hours=30))
    await room.when(reminders.remind_due, poll, monkeypatch, hours=12)
    assert (await room.row(poll)).reminded_at is not None
    changed = await room.send("PATCH", poll, "", {"title": "Neu"}, headers={"If-Match": f'"{poll["version"]}"'})
    assert (changed.status_code, changed.json()["version"]) == (200, poll["version"] + 1)


async def test_nobody_is_reminded_where_all_have_voted_or_nobody_can(room: PollRoom) -> None:
    poll = await room.ask()
    for role in ("coordinator", "moderator", "member"):
        await room.vote(room[role], poll, options(poll)["Montag"])
    assert (await room.send("POST", poll, "remind")).json()["code"] == "nobody_to_remind"
    await room.close(poll)
    assert (await room.send("POST", poll, "remind")).json()["code"] == "closed"


async def test_the_export_is_hidden_as_long_as_the_results_are(room: PollRoom) -> None:
    poll = await room.ask()
    for format_ in ("csv", "ods", "json"):
        refused = await room.send("GET", poll, "export", format=format_)
        assert (refused.status_code, refused.json()["code"]) == (403, "results_hidden")


async def test_exports_are_safe_from_formulas(room: PollRoom) -> None:
    formulas = ("=1+1", "+2", "-3", "@SUMME(A1)")
    poll = await room.ask(title="=cmd", questions=[single("=A1", formulas), question("text")])
    await room.vote(room["member"], poll, options(poll)["=1+1"], "=HYPERLINK(1)")
    closed = await room.close(poll)
    text = (await room.send("GET", poll, "export", person=room["guest"])).content.decode("utf-8-sig")
    rows = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert ["SHA-256", closed["sha256"]] in rows
    assert ["'=A1", "Einfachauswahl", "'=1+1", "1", "1.0", ""] in rows
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]
    ods = (await room.send("GET", poll, "export", format="ods", person=room["guest"])).content
    tables = Document(io.BytesIO(ods)).body.tables
    assert [table.name for table in tables] == ["Ergebnis", "Stimmzettel"]
    cells = [str(cell) for table in tables for row in table.get_values() for cell in row if cell is not None]
    assert "'=HYPERLINK(1)" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


async def test_the_seal_is_that_of_the_document_which_managers_get(room: PollRoom) -> None:
    poll = await room.ask(secrecy="confidential")
    await room.vote(room["member"], poll, options(poll)["Montag"])
    closed = await room.close(poll)
    sealed = (await room.send("GET", poll, "export", format="json")).content
    assert hashlib.sha256(sealed).hexdigest() == closed["sha256"]
    document = json.loads(sealed)
    assert document["results"][0]["options"][0]["count"] == 1
    assert str(room["member"].account) not in sealed.decode()
    assert (await room.send("GET", poll, "export", format="json", person=room["member"])).status_code == 403


async def test_names_reach_only_the_files_of_those_who_see_them(room: PollRoom) -> None:
    poll = await room.ask(secrecy="confidential")
    (voter,) = await room.members(1)
    await room.vote(voter, poll, options(poll)["Montag"])
    await room.close(poll)
    for role, named in (("moderator", True), ("member", False)):
        text = (await room.send("GET", poll, "export", person=room[role])).text
        assert (voter.name in text) == named


async def test_the_export_speaks_the_callers_language(room: PollRoom) -> None:
    poll = await room.ask()
    await room.close(poll)
    text = (await room.send("GET", poll, "export", headers={"Accept-Language": "en"})).content.decode("utf-8-sig")
    assert text.startswith("Poll;Umfrage")
