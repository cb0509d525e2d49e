"""Calendars as files: what goes out on which channel, what comes back the same, and what is refused."""

from datetime import datetime, timedelta
from typing import Any

import icalendar
import pytest

from netzraum_platform.limits import FRAME, LARGEST_IMPORT, MOST_IMPORTED
from tests.calendar.agenda import Agenda, at, monday_in, text
from tests.harness import access_token
from tests.taken_in import taken_in
from tests.world import Json, Person, personal


async def download(person: Person, path: str) -> icalendar.Calendar:
    reply = await person.send("GET", path)
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"] == "text/calendar; charset=utf-8"
    found = icalendar.Calendar.from_ical(reply.content)
    assert isinstance(found, icalendar.Calendar)
    return found


def titles(calendar: icalendar.Calendar) -> list[str]:
    return sorted(str(each["SUMMARY"]) for each in calendar.walk("VEVENT"))


def feed(person: Person) -> Person:
    return person.with_token(channel="feed", scopes=["feed"], second_factor=False)


async def upload(agenda: Agenda, content: str | bytes, person: Person | None = None, **query: Any) -> Any:
    who = person or agenda.coordinator
    return await agenda.world.service.public.post(
        f"/api/v1/{agenda.path}/import",
        files={"file": ("termine.ics", content)},
        params=query,
        headers=access_token(who.account, institution=who.institution, **who.token),
    )


async def imported(agenda: Agenda, content: str | bytes, person: Person | None = None, **query: Any) -> Json:
    """What became of a file; with ``dry_run``, what would come of it."""
    reply = await upload(agenda, content, person, **query)
    if "dry_run" not in query:
        return await taken_in(reply, person or agenda.coordinator)
    assert reply.status_code == 200, reply.text
    found: Json = reply.json()
    return found


def file_of(*events: str) -> str:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Prüfung//DE", *events, "END:VCALENDAR", ""])


def event_of(*lines: str, uid: str = "1@anderswo.example") -> str:
    return "\r\n".join(["BEGIN:VEVENT", f"UID:{uid}", "DTSTAMP:20260101T000000Z", *lines, "END:VEVENT"])


@pytest.mark.parametrize(
    ("end", "weeks"), [("", [0, 1, 2, 3]), (";COUNT=3", [0, 1]), (";UNTIL=20270126T080000Z", [0, 1, 2])]
)
async def test_a_start_that_its_rule_does_not_give_is_the_first_date(
    agenda: Agenda, end: str, weeks: list[int]
) -> None:
    """RFC 5545, 3.8.5.3: it counts, also among ``COUNT``. Other calendars write such series; Monday, then Tuesdays."""
    monday = ("DTSTART;TZID=Europe/Berlin:20270111T090000", "DTEND;TZID=Europe/Berlin:20270111T100000")
    found = await imported(agenda, file_of(event_of("SUMMARY:Runde", *monday, f"RRULE:FREQ=WEEKLY;BYDAY=TU{end}")))
    assert found["summary"] == {"new": 1, "unchanged": 0, "changed": 0, "faulty": 0}
    first = datetime.fromisoformat("2027-01-11T09:00+01:00")
    wanted = [first, *(first + timedelta(days=1, weeks=n) for n in weeks)]
    shown = await agenda.window(first, first + timedelta(days=25))
    assert [datetime.fromisoformat(each["start"]) for each in shown] == wanted
    (event,) = (await agenda.coordinator.get(agenda.path))["items"]
    assert (await agenda.change(event, end="2027-01-11T11:00+01:00"))["rrule"].startswith("FREQ=WEEKLY")
    content = (await agenda.coordinator.send("GET", f"{agenda.place.path}/calendar.ics")).content
    (again,) = (await imported(agenda, content, dry_run="true"))["rows"]
    assert again["state"] == "unchanged"


async def test_a_series_goes_out_with_all_that_makes_it_one(agenda: Agenda) -> None:
    start = monday_in(1)
    dates = [start + timedelta(weeks=n) for n in range(5)]
    event = await agenda.create(
        title="Fachausschuss",
        start=start,
        rrule=f"FREQ=WEEKLY;UNTIL={dates[4].strftime('%Y%m%d')}",
        exdates=[text(dates[3])],
        rdates=[text(dates[3] + timedelta(days=1))],
        categories=["Sitzung"],
        place="Hagen",
    )
    query = {"occurrence": text(dates[1]), "scope": "this"}
    await agenda.change(event, query=query, start=text(dates[1] + timedelta(hours=2)))
    path = f"{agenda.path}/{event['id']}"
    await agenda.coordinator.send("DELETE", path, occurrence=text(dates[2]), scope="this")
    calendar = await download(agenda["member"], f"{agenda.place.path}/calendar.ics")
    components: list[Any] = calendar.walk("VEVENT")  # each property has one of thirty types
    whole, moved, cancelled = components
    assert {str(each["UID"]) for each in (whole, moved, cancelled)} == {event["uid"]}
    assert whole["DTSTART"].dt == start
    assert whole["DTSTART"].params["TZID"] == "Europe/Berlin"
    assert whole["RRULE"]["UNTIL"][0].utcoffset() == timedelta()
    assert whole["EXDATE"].dts[0].dt == dates[3]
    assert whole["RDATE"].dts[0].dt == dates[3] + timedelta(days=1)
    assert (str(whole["CLASS"]), str(whole["STATUS"]), int(whole["SEQUENCE"])) == ("PRIVATE", "CONFIRMED", 2)
    assert (moved["RECURRENCE-ID"].dt, moved["DTSTART"].dt) == (dates[1], dates[1] + timedelta(hours=2))
    assert (cancelled["RECURRENCE-ID"].dt, str(cancelled["STATUS"])) == (dates[2], "CANCELLED")
    assert [str(each["TZID"]) for each in calendar.walk("VTIMEZONE")] == ["Europe/Berlin"]


async def test_a_feed_holds_what_its_classification_lets_out(agenda: Agenda) -> None:
    for name in ("internal", "confidential"):
        await agenda.create(title=name, classification=name)
    await agenda.create(title="personal", **personal())
    path = f"{agenda.place.path}/calendar.ics"
    assert titles(await download(agenda.coordinator, path)) == ["confidential", "internal"]
    assert titles(await download(feed(agenda.coordinator), path)) == ["internal"]
    assert titles(await download(feed(agenda.coordinator), "calendar.ics")) == ["internal"]
    assert titles(await download(agenda["member"], path)) == ["internal"]


async def test_a_former_members_feed_ends_at_once(agenda: Agenda) -> None:
    member = agenda["member"]
    await agenda.create(member, title="eigener")
    assert titles(await download(feed(member), "calendar.ics")) == ["eigener"]
    await agenda.place.dismiss(member, "member")
    assert titles(await download(feed(member), "calendar.ics")) == []
    assert await feed(member).status("GET", f"{agenda.place.path}/calendar.ics") == 404


async def test_what_went_out_comes_back_unchanged(agenda: Agenda) -> None:
    """The own file is imported again: UIDs are kept, nothing is doubled, nothing changes."""
    start = monday_in(1)
    series = await agenda.create(
        title="Serie", text="Zeile 1\nZeile 2", start=start, rrule="FREQ=WEEKLY;COUNT=5", place="Hagen"
    )
    query = {"occurrence": text(start + timedelta(weeks=1)), "scope": "this"}
    await agenda.change(series, query=query, start=text(start + timedelta(weeks=1, hours=2)), title="Anders")
    body = {"title": "Messe", "start": str(at(9).date()), "end": str(at(10).date()), "all_day": True}
    assert await agenda.coordinator.status("POST", agenda.path, body) == 201
    content = (await agenda.coordinator.send("GET", f"{agenda.place.path}/calendar.ics")).content
    assert (await imported(agenda, content))["summary"] == {"new": 0, "unchanged": 2, "changed": 0, "faulty": 0}
    changed = content.replace(b"SUMMARY:Messe", b"SUMMARY:Bildungsmesse")
    assert (await imported(agenda, changed))["summary"]["changed"] == 1
    found = await agenda.coordinator.get(agenda.path)
    assert {each["title"] for each in found["items"]} == {"Serie", "Bildungsmesse"}
    other = await agenda.world.place("body").found(tools=["calendar"])
    await other.take_in(agenda.coordinator, "coordinator")
    there = Agenda(agenda.world, other, agenda.people)
    assert (await imported(there, content))["summary"]["new"] == 2
    window = (at(0), at(90))
    assert [each["start"] for each in await there.window(*window)] == [
        each["start"] for each in await agenda.window(*window)
    ]


async def test_a_dry_run_writes_nothing(agenda: Agenda) -> None:
    content = file_of(event_of("SUMMARY:Neu", "DTSTART;TZID=Europe/Berlin:20270105T090000", "DURATION:PT90M"))
    preview = await imported(agenda, content, dry_run="true")
    assert preview["rows"] == [
        {
            "line": 4,
            "uid": "1@anderswo.example",
            "title": "Neu",
            "start": "2027-01-05T09:00:00+01:00",
            "state": "new",
            "errors": [],
        }
    ]
    assert (await agenda.coordinator.get(agenda.path))["items"] == []
    assert (await imported(agenda, content))["summary"]["new"] == 1
    (event,) = (await agenda.coordinator.get(agenda.path))["items"]
    assert (event["uid"], event["end"]) == ("1@anderswo.example", "2027-01-05T10:30:00+01:00")


ROWS: dict[str, tuple[list[str], str]] = {
    "every second": (["DTSTART:20270105T090000Z", "RRULE:FREQ=SECONDLY"], "rrule_too_frequent"),
    "a thousand years": (["DTSTART;VALUE=DATE:19000101", "RRULE:FREQ=DAILY;UNTIL=29000101"], "too_many_occurrences"),
    "never": (["DTSTART;VALUE=DATE:20270105", "RRULE:FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"], "start_not_in_series"),
    "no start": (["SUMMARY:wann?"], "missing"),
    "out of range": (["DTSTART:99990105T090000Z"], "too_far"),
    "no such zone": (["DTSTART;TZID=Mittelerde:20270105T090000"], "time_zone"),
    "ends before it begins": (["DTSTART:20270105T090000Z", "DTEND:20270104T090000Z"], "ends_before_it_begins"),
    "no date": (["DTSTART:gestern"], "unreadable"),
    "a date without its series": (["DTSTART:20270105T090000Z", "RECURRENCE-ID:20270105T090000Z"], "no_series"),
}


@pytest.mark.parametrize("name", ROWS)
async def test_a_faulty_row_is_said_and_the_others_come(agenda: Agenda, name: str) -> None:
    lines, code = ROWS[name]
    good = event_of("SUMMARY:gut", "DTSTART;TZID=W. Europe Standard Time:20270105T090000", uid="2@anderswo.example")
    found = await imported(agenda, file_of(event_of(*lines), good))
    assert [[error["code"] for error in row["errors"]] for row in found["refused"]] == [[code]]
    assert found["summary"] == {"new": 1, "unchanged": 0, "changed": 0, "faulty": 1}
    (event,) = (await agenda.coordinator.get(agenda.path))["items"]
    assert (event["title"], event["start"]) == ("gut", "2027-01-05T09:00:00+01:00")


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b"", 422),
        (b"\xff\xfe\x00", 422),
        (b"<html>BEGIN:VCALENDAR</html>", 422),
        (b"BEGIN:VCALENDAR\r\n" + b"BEGIN:VEVENT\r\nEND:VEVENT\r\n" * (MOST_IMPORTED + 1), 422),
        (b"BEGIN:VCALENDAR\r\n" + b" " * (LARGEST_IMPORT + FRAME), 413),
    ],
    ids=["empty", "binary", "html", "too many", "too large"],
)
async def test_a_file_that_is_none_is_refused(agenda: Agenda, content: bytes, status: int) -> None:
    assert (await upload(agenda, content)).status_code == status


async def test_who_may_not_write_may_not_import(agenda: Agenda) -> None:
    content = file_of(event_of("SUMMARY:x", "DTSTART:20270105T090000Z"))
    assert (await upload(agenda, content, agenda["guest"])).status_code == 403
    assert (await upload(agenda, content, agenda["member"], classification="confidential")).status_code in (403, 404)
    assert (await upload(agenda, content, await agenda.world.person("fremd"))).status_code == 404


async def test_a_duplicate_that_i_may_not_see_is_no_duplicate_to_me(agenda: Agenda) -> None:
    content = file_of(event_of("SUMMARY:geheim", "DTSTART:20270105T090000Z"))
    await imported(agenda, content, classification="confidential")
    assert (await imported(agenda, content, agenda["member"], dry_run="true"))["summary"]["new"] == 1
    assert (await imported(agenda, content, dry_run="true"))["summary"]["unchanged"] == 1


async def test_occurrences_of_hidden_events_never_show(agenda: Agenda) -> None:
    """Not in windows, lists, counts, categories, conflicts, feeds, unread marks, to-do or search."""
    member = agenda["member"]
    mine: Any = {"attendees": [{"account": str(member.account)}]}
    await agenda.create(title="offen", start=at(5), **mine)
    hidden = await agenda.create(
        title="Verborgenes",
        start=at(5),
        rrule="FREQ=DAILY;COUNT=3",
        classification="confidential",
        **mine,
        categories=["X"],
    )
    await agenda.create(title="Entwurf", start=at(5), state="draft", **mine)
    for everywhere in (True, False):
        found = await agenda.window(at(0), at(30), member, everywhere=everywhere)
        assert [(each["title"], each["conflict"]) for each in found] == [("offen", False)]
        assert await agenda.window(at(0), at(30), member, everywhere=everywhere, category="X") == []
    listed = await member.get(agenda.path, counts="true")
    assert [each["title"] for each in listed["items"]] == ["offen"]
    assert listed["counts"]["current"] == 1
    assert listed["items"][0]["conflicts"] is None
    assert (await agenda.read(listed["items"][0], member))["conflicts"] == []
    assert titles(await download(member, "calendar.ics")) == ["offen"]
    assert [each["title"] for each in (await member.get("todo"))["items"]] == ["offen"]
    assert (await member.get("search", q="Verborgenes"))["items"] == []
    assert await member.get("unread") == {str(agenda.place.id): {"calendar": 1}}
    for path in ("", "/replies", "/access"):
        assert await member.status("GET", f"{agenda.path}/{hidden['id']}{path}") == 404
    assert await member.status("PUT", f"{agenda.path}/{hidden['id']}/reply", {"answer": "accepted"}) == 404


async def test_a_personal_event_is_withheld_in_windows(agenda: Agenda) -> None:
    await agenda.create(title="Fallbesprechung", start=at(3), place="Zimmer 4", **personal())
    (found,) = await agenda.window(at(0), at(9))
    assert found["place"] is None
    assert found["categories"] == []
    assert await agenda.window(at(0), at(9), agenda.coordinator.with_token(second_factor=False)) == []
