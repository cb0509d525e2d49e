"""Events: what is written is read, listed in their order and found in windows of time; bad input is said by field."""

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from netzraum_platform.paging import cursor_of
from tests.calendar.agenda import Agenda, at, text
from tests.world import personal


async def test_an_event_is_read_as_it_was_written(agenda: Agenda) -> None:
    start = at(3, 9)
    event = await agenda.create(
        title="Fachausschuss Übergang",
        text="**Tagesordnung** folgt.",
        place="Rathaus Hagen, Raum 12",
        link="https://konferenz.example/raum",
        start=start,
        categories=["Sitzung", "Ausschuss", "Sitzung"],
    )
    found = await agenda["member"].get(f"{agenda.path}/{event['id']}", render="html")
    assert found["place"] == "Rathaus Hagen, Raum 12"
    assert found["link"] == "https://konferenz.example/raum"
    assert (found["start"], found["end"]) == (text(start), text(start + timedelta(hours=1)))
    assert found["categories"] == ["Ausschuss", "Sitzung"]
    assert found["timezone"] == "Europe/Berlin"
    assert found["reminders"] == [1440]
    assert found["next"] == text(start)
    assert "<strong>Tagesordnung</strong>" in found["html"]
    assert found["uid"].endswith("@netzraum")
    assert found["sequence"] == 0
    assert found["unread"]
    assert not event["unread"]


async def test_whole_days_are_written_and_read_as_days(agenda: Agenda) -> None:
    first, last = at(4).date(), at(6).date()
    body = {"title": "Messe", "start": first.isoformat(), "end": last.isoformat(), "all_day": True}
    event = (await agenda.coordinator.send("POST", agenda.path, body)).json()
    assert (event["start"], event["end"]) == (first.isoformat(), last.isoformat())
    (found,) = await agenda.window(at(6, 20), at(7, 20))
    assert (found["start"], found["end"], found["all_day"]) == (first.isoformat(), last.isoformat(), True)
    assert await agenda.window(at(7, 1), at(9)) == []


async def test_a_moved_event_stays_as_long_as_it_was(agenda: Agenda) -> None:
    event = await agenda.create(start=at(3, 9))
    moved = await agenda.change(event, start=text(at(4, 14)))
    assert (moved["start"], moved["end"]) == (text(at(4, 14)), text(at(4, 15)))
    assert moved["sequence"] == 1
    assert [each["start"] for each in await agenda.window(at(0), at(10))] == [text(at(4, 14))]


async def test_events_are_listed_in_the_order_in_which_they_take_place(agenda: Agenda) -> None:
    for days in (9, 2, 5, -3):
        await agenda.create(title=f"in {days}", start=at(days))
    reader = agenda["member"]
    page = await reader.get(agenda.path, limit=2)
    rest = await reader.get(agenda.path, limit=2, cursor=page["next"])
    assert [each["title"] for each in page["items"] + rest["items"]] == ["in 2", "in 5", "in 9"]
    past = await reader.get(agenda.path, state="past")
    assert [each["title"] for each in past["items"]] == ["in -3"]
    between = await reader.get(agenda.path, **{"from": text(at(-5)), "to": text(at(3))})
    assert [each["title"] for each in between["items"]] == ["in -3", "in 2"]


async def test_lists_and_windows_are_narrowed_to_categories(agenda: Agenda) -> None:
    await agenda.create(title="mit", categories=["Sitzung"])
    await agenda.create(title="ohne", categories=["Frist"])
    found = await agenda["member"].get(agenda.path, category="Sitzung,Feier")
    assert [each["title"] for each in found["items"]] == ["mit"]
    assert [each["title"] for each in await agenda.window(at(0), at(30), category="Sitzung")] == ["mit"]


async def test_the_categories_of_a_space_stand_in_the_order_of_their_first_events(agenda: Agenda) -> None:
    first = await agenda.create(categories=["Sitzung"], start=at(9))
    await agenda.create(categories=["Frist", "Sitzung"], start=at(3))
    await agenda.create(categories=["Messe"], start=at(-40))
    await agenda.create(categories=["Entwurf"], state="draft")
    assert await agenda.categories(agenda["member"]) == ["Sitzung", "Frist", "Messe"]
    await agenda.coordinator.send("DELETE", f"{agenda.path}/{first['id']}")
    assert await agenda.categories(agenda["member"]) == ["Frist", "Sitzung", "Messe"]


async def test_categories_tell_nothing_of_events_that_one_does_not_see(agenda: Agenda) -> None:
    await agenda.create(categories=["Sitzung"])
    await agenda.create(categories=["Abmahnung"], classification="confidential")
    await agenda.create(categories=["Fallkonferenz"], **personal())
    assert await agenda.categories(agenda["member"]) == ["Sitzung"]
    assert await agenda.categories(agenda.coordinator) == ["Sitzung", "Abmahnung"]


async def test_a_window_over_all_spaces_holds_those_of_each(agenda: Agenda) -> None:
    await agenda.create(title="hier")
    other = await agenda.world.place("body").found(tools=["calendar"])
    await other.take_in(agenda["member"], "coordinator")
    body = {"title": "dort", "start": text(at(8)), "end": text(at(8, 11))}
    assert await agenda["member"].status("POST", f"{other.path}/events", body) == 201
    everywhere = await agenda.window(at(0), at(30), agenda["member"], everywhere=True)
    assert [each["title"] for each in everywhere] == ["hier", "dort"]
    assert [each["title"] for each in await agenda.window(at(0), at(30), agenda["member"])] == ["hier"]


async def test_windows_come_in_pages(agenda: Agenda) -> None:
    for day in range(5):
        await agenda.create(title=str(day), start=at(day + 1))
    path, titles, cursor = f"{agenda.place.path}/occurrences", [], ""
    while cursor is not None:
        query: Any = {"from": text(at(0)), "until": text(at(30)), "limit": "2", "cursor": cursor}
        page = await agenda["member"].get(path, **query)
        titles += [each["title"] for each in page["items"]]
        cursor = page["next"]
    assert titles == ["0", "1", "2", "3", "4"]


async def test_two_dates_of_a_series_at_the_same_time_come_on_two_pages(agenda: Agenda) -> None:
    start = at(3)
    event = await agenda.create(start=start, rrule="FREQ=DAILY;COUNT=3")
    second = {"occurrence": text(start + timedelta(days=1)), "scope": "this"}
    await agenda.change(event, query=second, start=text(start))
    window: Any = {"from": text(at(0)), "until": text(at(30)), "limit": "1"}
    found, cursor = [], ""
    while cursor is not None:
        page = await agenda["member"].get(f"{agenda.place.path}/occurrences", **window, cursor=cursor)
        found += [each["occurrence"] for each in page["items"]]
        cursor = page["next"]
    assert found == [text(start + timedelta(days=number)) for number in range(3)]


@pytest.mark.parametrize(
    "position",
    [
        ["2027-01-01T00:00:00", str(UUID(int=1)), "2027-01-01T00:00:00"],
        ["0001-01-01T00:00:00+14:00", str(UUID(int=1)), "2027-01-01T00:00:00"],
        ["2027-01-01T00:00:00Z", str(UUID(int=1)), "2027-01-01T00:00:00Z"],
        ["2027-01-01T00:00:00Z", "1", "2027-01-01T00:00:00"],
        ["2027-01-01T00:00:00Z", str(UUID(int=1))],
        [1, 2, 3],
    ],
    ids=["no zone", "before time", "a zone too many", "no event", "too short", "numbers"],
)
async def test_a_cursor_of_somebodys_own_making_is_refused(agenda: Agenda, position: list[Any]) -> None:
    window: Any = {"from": text(at(0)), "until": text(at(30)), "cursor": cursor_of(*position)}
    reply = await agenda["member"].send("GET", f"{agenda.place.path}/occurrences", **window)
    assert (reply.status_code, reply.json()["code"]) == (422, "cursor")


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "end before start": ({"end": "2000-01-01T00:00:00Z"}, "end"),
    "no offset": ({"end": "2030-01-01T00:00:00"}, "end"),
    "a day where a time is needed": ({"end": "2030-01-01"}, "end"),
    "a time where a day is needed": ({"all_day": True}, "start"),
    "no such time zone": ({"timezone": "Europe/Hagen"}, "timezone"),
    "a time zone out of the file system": ({"timezone": "../../etc/passwd"}, "timezone"),
    "longer than a year": ({"end": text(at(500))}, "end"),
    "script as link": ({"link": "javascript:alert(1)"}, "link"),
    "a link to nowhere": ({"link": "https://"}, "link"),
    "control characters": ({"place": "Rathaus\x07"}, "place"),
    "too many reminders": ({"reminders": [1, 2, 3, 4, 5, 6]}, "reminders"),
    "a reminder after the event": ({"reminders": [-5]}, "reminders.0"),
    "an attendee of two kinds": ({"attendees": [{"role": "member", "space": "0" * 32}]}, "attendees.0"),
    "a role that is none": ({"attendees": [{"role": "König"}]}, "attendees"),
    "an account that is no member": ({"attendees": [{"account": "0" * 32}]}, "attendees"),
    "a space that is not mine": ({"attendees": [{"space": "0" * 32}]}, "attendees"),
    "an unknown field": ({"colour": "red"}, "colour"),
}


@pytest.mark.parametrize("name", BAD)
async def test_bad_input_is_said_by_field(agenda: Agenda, name: str) -> None:
    event, field = BAD[name]
    reply = await agenda.try_to_create(**event)
    assert reply.status_code == 422, reply.text
    assert [error["field"] for error in reply.json()["errors"]] == [field]
    assert all(error["message"] != "Diese Angabe ist ungültig." for error in reply.json()["errors"])


@pytest.mark.parametrize("start", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "1899-12-31T00:00:00Z"])
async def test_a_date_out_of_range_is_refused(agenda: Agenda, start: str) -> None:
    body = {"title": "weit weg", "start": start, "end": start}
    assert await agenda.coordinator.status("POST", agenda.path, body) == 422


@pytest.mark.parametrize(
    "window",
    [(at(0), at(0)), (at(5), at(1)), (at(0), at(401)), (at(4400), at(4410))],
    ids=["empty", "backwards", "too long", "too far"],
)
async def test_a_window_that_makes_no_sense_is_refused(agenda: Agenda, window: tuple[Any, Any]) -> None:
    query: Any = dict(zip(("from", "until"), map(text, window), strict=True))
    reply = await agenda.coordinator.send("GET", f"{agenda.place.path}/occurrences", **query)
    assert reply.status_code == 422, reply.text


async def test_events_and_replies_stay_when_their_people_are_erased(agenda: Agenda) -> None:
    author = await agenda.place.take_in(await agenda.world.person("Vorgängerin"), "moderator")
    event = await agenda.create(author, attendees=[{"role": "member"}])
    await agenda.place.dismiss(author, "moderator")
    await agenda.world.erase(author)
    after = await agenda["member"].get(f"{agenda.path}/{event['id']}")
    assert (after["title"], after["author"]["account"]) == (event["title"], str(author.account))
    assert after["replies"] == event["replies"]
