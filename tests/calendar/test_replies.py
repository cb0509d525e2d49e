"""Invitations: by account, role or whole body, as memberships stand now; replies, to-do, conflicts."""

import uuid
from datetime import timedelta
from typing import Any

import pytest

from tests.calendar.agenda import Agenda, at, monday_in, text
from tests.world import Json, Person, Place


@pytest.fixture
async def body(agenda: Agenda) -> Place:
    """A body of the network with the coordinator and the guest in it."""
    place = await agenda.world.place("body").found(tools=["calendar"], parent=agenda.place.id)
    await place.take_in(agenda.coordinator, "coordinator")
    await place.take_in(agenda["guest"], "guest")
    return place


async def reply(agenda: Agenda, event: Json, person: Person, answer: str, **more: Any) -> Json:
    sent = await person.send("PUT", f"{agenda.path}/{event['id']}/reply", {"answer": answer, **more})
    assert sent.status_code == 200, sent.text
    answered: Json = sent.json()
    return answered


async def todo(person: Person) -> list[tuple[str, str]]:
    return [(each["what"], each["title"]) for each in (await person.get("todo"))["items"]]


async def test_a_whole_body_is_invited_as_it_stands(agenda: Agenda, body: Place) -> None:
    event = await agenda.create(title="Klausur", attendees=[{"space": str(body.id)}])
    guest, member = agenda["guest"], agenda["member"]
    assert await todo(guest) == [("reply", "Klausur")]
    assert await todo(member) == []
    assert (await agenda.read(event))["replies"] == {"accepted": 0, "declined": 0, "tentative": 0, "open": 2}
    await body.take_in(member, "member")
    assert await todo(member) == [("reply", "Klausur")]
    assert (await agenda.read(event, member))["attending"]
    await reply(agenda, event, member, "accepted")
    await body.dismiss(member, "member")
    assert await member.status("PUT", f"{agenda.path}/{event['id']}/reply", {"answer": "declined"}) == 403
    assert (await agenda.read(event))["replies"] == {"accepted": 0, "declined": 0, "tentative": 0, "open": 2}
    assert not (await agenda.read(event, member))["attending"]


async def test_who_is_in_the_body_alone_is_not_invited_into_the_network(agenda: Agenda, body: Place) -> None:
    outsider = await agenda.world.person("nur im Gremium")
    await body.take_in(outsider, "member")
    event = await agenda.create(attendees=[{"space": str(body.id)}])
    assert (await agenda.read(event))["replies"]["open"] == 2
    assert await todo(outsider) == []
    assert await outsider.status("GET", f"{agenda.path}/{event['id']}") == 404


async def test_an_answer_with_comment_and_deputy_is_shown_to_all_who_see_the_event(agenda: Agenda) -> None:
    member, guest = agenda["member"], agenda["guest"]
    event = await agenda.create(title="Beirat", attendees=[{"role": "member"}, {"account": str(guest.account)}])
    answered = await reply(
        agenda, event, member, "declined", comment="Bin im Urlaub.", deputy=str(agenda["moderator"].account)
    )
    assert answered["my_reply"] == {
        "answer": "declined",
        "comment": "Bin im Urlaub.",
        "deputy": str(agenda["moderator"].account),
        "occurrence": None,
    }
    assert answered["version"] == event["version"]
    found = (await guest.get(f"{agenda.path}/{event['id']}/replies"))["items"]
    assert [(each["name"], each["answer"]) for each in found] == [("guest", None), ("member", "declined")]
    assert (found[1]["comment"], found[1]["deputy"]["name"]) == ("Bin im Urlaub.", "moderator")
    assert found[1]["institution"] == "Institution von member"
    assert await todo(member) == []
    assert await todo(guest) == [("reply", "Beirat")]


async def test_a_later_answer_takes_the_place_of_the_first(agenda: Agenda) -> None:
    event = await agenda.create(attendees=[{"role": "member"}])
    await reply(agenda, event, agenda["member"], "tentative")
    answered = await reply(agenda, event, agenda["member"], "accepted")
    assert answered["replies"] == {"accepted": 1, "declined": 0, "tentative": 0, "open": 0}


async def test_one_date_of_a_series_is_answered_by_itself(agenda: Agenda) -> None:
    start = monday_in(1)
    event = await agenda.create(start=start, rrule="FREQ=WEEKLY;COUNT=3", attendees=[{"role": "member"}])
    member = agenda["member"]
    answered = await reply(agenda, event, member, "declined", occurrence=text(start))
    assert answered["replies"]["declined"] == 1  # the next date
    await reply(agenda, event, member, "accepted")
    found = await agenda.window(at(0), at(60), member)
    assert [each["my_reply"] for each in found] == ["declined", "accepted", "accepted"]
    wrong = {"answer": "accepted", "occurrence": text(start + timedelta(days=1))}
    assert await member.status("PUT", f"{agenda.path}/{event['id']}/reply", wrong) == 422


async def test_who_is_not_invited_does_not_answer(agenda: Agenda) -> None:
    event = await agenda.create(attendees=[{"role": "member"}])
    refused = await agenda["guest"].send("PUT", f"{agenda.path}/{event['id']}/reply", {"answer": "accepted"})
    assert (refused.status_code, refused.json()["code"]) == (403, "not_invited")
    for_all = await agenda.create(title="für alle")
    assert await agenda["guest"].status("PUT", f"{agenda.path}/{for_all['id']}/reply", {"answer": "accepted"}) == 403
    stranger = await agenda.world.person("fremd")
    assert await stranger.status("PUT", f"{agenda.path}/{event['id']}/reply", {"answer": "accepted"}) == 404
    assert await stranger.status("GET", f"{agenda.path}/{event['id']}/replies") == 404


async def test_a_deputy_is_a_member_of_the_space(agenda: Agenda) -> None:
    event = await agenda.create(attendees=[{"role": "member"}])
    body = {"answer": "declined", "deputy": str(uuid.uuid4())}
    refused = await agenda["member"].send("PUT", f"{agenda.path}/{event['id']}/reply", body)
    assert [error["field"] for error in refused.json()["errors"]] == ["deputy"]


async def test_nobody_is_asked_for_what_is_over_cancelled_or_deleted(agenda: Agenda) -> None:
    await agenda.create(title="vorbei", start=at(-2), attendees=[{"role": "member"}])
    gone = await agenda.create(title="gelöscht", attendees=[{"role": "member"}])
    off = await agenda.create(title="abgesagt", start=at(5), attendees=[{"role": "member"}])
    await agenda.create(title="Entwurf", state="draft", attendees=[{"role": "member"}])
    assert await todo(agenda["member"]) == [("reply", "abgesagt"), ("reply", "gelöscht")]
    await agenda.coordinator.send("DELETE", f"{agenda.path}/{gone['id']}")
    path = f"{agenda.path}/{off['id']}"
    await agenda.coordinator.send("DELETE", path, occurrence=text(at(5)), scope="this")
    assert await todo(agenda["member"]) == []


async def test_own_dates_at_the_same_time_are_said_and_those_of_others_are_not(agenda: Agenda) -> None:
    member = agenda["member"]
    mine: Any = {"attendees": [{"account": str(member.account)}]}
    first = await agenda.create(title="Fachausschuss", start=at(5, 10), **mine)
    other = await agenda.world.place("community").found(tools=["calendar"])
    await other.take_in(member, "member")
    organiser = await agenda.world.person("Organisation")
    await other.take_in(organiser, "coordinator")
    body = {"title": "Landestreffen", "start": text(at(5, 10, 30)), "end": text(at(5, 12)), **mine}
    second = (await organiser.send("POST", f"{other.path}/events", body)).json()
    await agenda.create(title="ohne mich", start=at(5, 10))
    conflicts = (await agenda.read(first, member))["conflicts"]
    assert [(each["event"], each["title"]) for each in conflicts] == [(second["id"], "Landestreffen")]
    assert (await agenda.read(first, agenda["moderator"]))["conflicts"] == []
    found = {each["title"]: each["conflict"] for each in await agenda.window(at(0), at(9), member)}
    assert found == {"Fachausschuss": True, "ohne mich": False}
    answer = await member.send("PUT", f"{other.path}/events/{second['id']}/reply", {"answer": "declined"})
    assert answer.status_code == 200
    assert (await agenda.read(first, member))["conflicts"] == []
    assert not any(each["conflict"] for each in await agenda.window(at(0), at(9), member))


async def test_dates_that_follow_each_other_are_no_conflict(agenda: Agenda) -> None:
    mine: Any = {"attendees": [{"role": "member"}]}
    await agenda.create(title="bis elf", start=at(5, 10), **mine)
    await agenda.create(title="ab elf", start=at(5, 11), **mine)
    assert not any(each["conflict"] for each in await agenda.window(at(0), at(9), agenda["member"]))
