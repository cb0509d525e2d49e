"""Ways in which a hidden event could show all the same, and who is told who sees one."""

import base64
import json
import uuid
from datetime import timedelta
from typing import Any

import pytest

from tests.calendar.agenda import Agenda, at, monday_in, text
from tests.calendar.test_cost import Cost
from tests.calendar.test_files import download, event_of, feed, file_of, imported, titles
from tests.world import Json, personal

START = monday_in(1)
DATE = {"occurrence": text(START), "scope": "this"}
NO_DATE = {"occurrence": text(START + timedelta(days=1))}
ANSWER = {"answer": "accepted"}
ASKED: dict[str, tuple[str, str, Json | None, Json]] = {
    "read": ("GET", "", None, {}),
    "read as a page": ("GET", "", None, {"render": "html", "access": "true"}),
    "change": ("PATCH", "", {"title": "x"}, {}),
    "move": ("PATCH", "", {"start": text(START)}, {}),
    "move out of its rule": (
        "PATCH",
        "",
        {"start": text(START), "end": text(START), "rrule": "FREQ=WEEKLY;BYDAY=SU"},
        {},
    ),
    "invite nobody known": ("PATCH", "", {"attendees": [{"account": str(uuid.UUID(int=7))}]}, {}),
    "change a date": ("PATCH", "", {"title": "x"}, DATE),
    "change no date": ("PATCH", "", {"title": "x"}, NO_DATE),
    "change all from a date": ("PATCH", "", {"title": "x"}, {**DATE, "scope": "following"}),
    "change all from no date": ("PATCH", "", {"title": "x"}, {**NO_DATE, "scope": "following"}),
    "delete": ("DELETE", "", None, {}),
    "cancel a date": ("DELETE", "", None, DATE),
    "cancel no date": ("DELETE", "", None, NO_DATE),
    "restore": ("POST", "/restore", None, {}),
    "restore a date": ("POST", "/restore", None, {"occurrence": text(START)}),
    "restore no date": ("POST", "/restore", None, NO_DATE),
    "reply": ("PUT", "/reply", ANSWER, {}),
    "reply to a date": ("PUT", "/reply", {**ANSWER, "occurrence": text(START)}, {}),
    "reply to no date": ("PUT", "/reply", {**ANSWER, **NO_DATE}, {}),
    "replies": ("GET", "/replies", None, {}),
    "replies to no date": ("GET", "/replies", None, NO_DATE),
    "access": ("GET", "/access", None, {}),
}


class WholeCost(Cost):
    """Of every statement about items, and what hangs on them; the heart beats meanwhile."""

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        about_items = "items" in statement or "event" in statement
        self.statements += about_items and not any(table in statement for table in ("jobs", "outbox", "inbox"))


@pytest.fixture
async def hidden(agenda: Agenda) -> Json:
    """A series to which the member is invited, and which they may not see."""
    named: Any = {"attendees": [{"account": str(agenda["member"].account)}, {"role": "member"}], "categories": ["X"]}
    return await agenda.create(start=START, rrule="FREQ=WEEKLY;COUNT=4", classification="confidential", **named)


async def test_hidden_and_missing_answer_alike_and_cost_the_same(agenda: Agenda, hidden: Json) -> None:
    for name, (verb, tail, body, query) in ASKED.items():
        headers = {"If-Match": '"1"'} if verb == "PATCH" else {}
        answers = []
        for item in (hidden["id"], str(uuid.uuid4())):
            with WholeCost(agenda) as cost:
                path = f"{agenda.path}/{item}{tail}"
                reply = await agenda["member"].send(verb, path, body, headers, **query)
            answers.append((reply.status_code, reply.content, "etag" in reply.headers, cost.statements, cost.questions))
        assert answers[0] == answers[1], name
        assert answers[0][0] == 404, name


async def test_what_is_seen_is_still_complained_about(agenda: Agenda, hidden: Json) -> None:
    """So that the ones above would be told apart."""
    for name in (
        "move out of its rule",
        "invite nobody known",
        "change no date",
        "restore no date",
        "reply to no date",
    ):
        verb, tail, body, query = ASKED[name]
        path = f"{agenda.path}/{hidden['id']}{tail}"
        reply = await agenda.coordinator.send(verb, path, body, {"If-Match": '"1"'}, **query)
        assert reply.status_code == 422, (name, reply.text)


async def test_a_key_that_somebody_else_used_tells_nothing(agenda: Agenda) -> None:
    key = {"Idempotency-Key": "gleich"}
    mine = (await agenda.try_to_create(headers=key, classification="confidential", title="geheim")).json()
    theirs = await agenda.try_to_create(agenda["member"], headers=key, title="meiner")
    assert (theirs.status_code, theirs.json()["title"]) == (201, "meiner")
    assert theirs.json()["id"] != mine["id"]


async def test_a_repeated_creation_shows_nothing_to_who_has_left(agenda: Agenda) -> None:
    key, moderator = {"Idempotency-Key": "einmal"}, agenda["moderator"]
    first = await agenda.try_to_create(moderator, headers=key)
    again = await agenda.try_to_create(moderator, headers=key)
    assert (first.status_code, again.json()["id"]) == (201, first.json()["id"])
    await agenda.place.dismiss(moderator, "moderator")
    reply = await agenda.try_to_create(moderator, headers=key)
    assert reply.status_code == 404
    assert "Steuerkreis" not in reply.text


async def test_a_page_of_dates_is_full_of_what_is_seen_and_its_cursor_names_nothing_else(agenda: Agenda) -> None:
    events = [
        await agenda.create(start=at(number + 1), classification="confidential" if number % 2 else "internal")
        for number in range(6)
    ]
    path, member = f"{agenda.place.path}/occurrences", agenda["member"]
    window: Any = {"from": text(at(0)), "until": text(at(30)), "limit": "2"}
    first = await member.get(path, **window)
    assert [each["event"] for each in first["items"]] == [events[0]["id"], events[2]["id"]]
    named = json.loads(base64.urlsafe_b64decode(first["next"] + "=" * (-len(first["next"]) % 4)))
    assert str(named[1]) == events[2]["id"]
    second = await member.get(path, **window, cursor=first["next"])
    assert ([each["event"] for each in second["items"]], second["next"]) == ([events[4]["id"]], None)
    of_all = await agenda.coordinator.get(path, **window)
    follows = await member.get(path, **window, cursor=of_all["next"])
    assert [each["event"] for each in follows["items"]] == [events[2]["id"], events[4]["id"]]


async def test_who_sees_an_event_and_why(agenda: Agenda) -> None:
    """Being invited shows nobody what their role does not; the roles that an event names do."""
    event = await agenda.create(
        classification="confidential",
        roles=["coordinator"],
        attendees=[{"role": "member"}, {"account": str(agenda["moderator"].account)}],
    )
    path = f"{agenda.path}/{event['id']}/access"
    access = await agenda.coordinator.get(path)
    visible = {entry["account"]["name"]: entry["visible"] for entry in access["items"]}
    assert visible == {"coordinator": True, "moderator": False, "member": False, "guest": False, "auditor": False}
    assert (access["people"], access["institutions"]) == (1, 1)
    assert access["rule"] == {
        "classification": "confidential",
        "roles": ["coordinator"],
        "second_factor_needed": False,
    }
    for role in ("moderator", "member"):
        assert await agenda[role].status("GET", path) == 404
    open_to_all = await agenda.create(attendees=[{"account": str(agenda["member"].account)}])
    found = await agenda["member"].get(f"{agenda.path}/{open_to_all['id']}/access")
    assert {entry["account"]["name"] for entry in found["items"] if entry["visible"]} >= {
        "coordinator",
        "member",
        "guest",
    }


async def test_a_file_with_the_uid_of_a_hidden_event_makes_one_of_its_own(agenda: Agenda) -> None:
    """Nothing is told of the hidden one, and nothing of it changes."""

    def content(title: str) -> str:
        return file_of(event_of(f"SUMMARY:{title}", "DTSTART:20270105T090000Z"))

    await imported(agenda, content("geheim"), classification="confidential")
    (hidden,) = (await agenda.coordinator.get(agenda.path))["items"]
    member = agenda["member"]
    for title, state in (("meins", "new"), ("meins", "unchanged"), ("meins, neu", "changed")):
        found = await imported(agenda, content(title), member)
        assert (found["summary"][state], found["refused"]) == (1, []), title
    (own,) = (await member.get(agenda.path))["items"]
    assert (own["title"], own["uid"], own["classification"]) == ("meins, neu", hidden["uid"], "internal")
    assert own["id"] != hidden["id"]
    assert await agenda.read(hidden) == hidden | {"conflicts": []}
    assert titles(await download(member, f"{agenda.place.path}/calendar.ics")) == ["meins, neu"]


async def test_an_event_that_becomes_confidential_leaves_feeds_at_once(agenda: Agenda) -> None:
    """Also where the calendar app asks whether what it has still holds."""
    event = await agenda.create(title="Personalfrage")
    path, member = f"{agenda.place.path}/calendar.ics", agenda["member"]
    known = await feed(member).send("GET", path)
    assert "Personalfrage" in known.text
    assert "no-store" in known.headers["cache-control"]
    await agenda.change(event, classification="confidential", reason="Es geht um eine Person.")
    tags = {known.headers.get("etag", '"1"'), '"1"', f'"{event["version"]}"', "*"}
    for person in (member, agenda.coordinator):
        for tag in tags:
            headers = {"If-None-Match": tag, "If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}
            for address in (path, "calendar.ics"):
                reply = await feed(person).send("GET", address, None, headers)
                assert (reply.status_code, "Personalfrage" in reply.text) == (200, False)
                assert "VEVENT" not in reply.text
    one = f"{agenda.path}/{event['id']}"
    reply = await member.send("GET", one, None, {"If-None-Match": f'"{event["version"]}"'})
    assert (reply.status_code, "etag" in reply.headers) == (404, False)


async def test_a_personal_event_is_in_no_feed_after_it_was_raised(agenda: Agenda) -> None:
    event = await agenda.create(title="Fall")
    more = {name: value for name, value in personal().items() if name != "classification"}
    await agenda.change(event, classification="personal", reason="Es geht um eine Person.", **more)
    assert titles(await download(feed(agenda.coordinator), "calendar.ics")) == []
