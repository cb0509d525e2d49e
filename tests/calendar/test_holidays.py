"""Holidays of the federal states: public ones by the library, school ones too, and out of the operator's files."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest

from netzraum_calendar.holidays.routes import State
from netzraum_calendar.holidays.service import between
from netzraum_calendar.holidays.settings import FOLDER
from tests.calendar.agenda import Agenda

AUTUMN = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Kultusministerium//DE
BEGIN:VEVENT
UID:herbst@schule.example
DTSTART;VALUE=DATE:20261017
DTEND;VALUE=DATE:20261101
SUMMARY:Herbst der Datei
END:VEVENT
END:VCALENDAR
"""


async def of(agenda: Agenda, state: str, since: str, until: str) -> list[dict[str, Any]]:
    query: Any = {"state": state, "from": since, "until": until}
    found: list[dict[str, Any]] = (await agenda["guest"].get("holidays", **query))["items"]
    return found


async def test_public_holidays_differ_by_state(agenda: Agenda) -> None:
    names = {}
    for state in ("NW", "SN"):
        found = await of(agenda, state, "2026-10-30", "2026-11-02")
        names[state] = [each["name"] for each in found if each["kind"] == "public"]
    assert names == {"NW": ["Allerheiligen"], "SN": ["Reformationstag"]}
    assert await of(agenda, "NW", "2026-10-03", "2026-10-03") == [
        {"date": "2026-10-03", "until": "2026-10-03", "name": "Tag der Deutschen Einheit", "kind": "public"}
    ]


async def school(agenda: Agenda, state: str, since: str, until: str) -> list[tuple[str, str, str]]:
    found = await of(agenda, state, since, until)
    return [(each["date"], each["until"], each["name"]) for each in found if each["kind"] == "school"]


@pytest.fixture
def folder(agenda: Agenda, tmp_path: Path) -> Path:
    """The operator's."""
    folder = tmp_path / "ferien"
    folder.mkdir()
    agenda.world.service.app.state[FOLDER] = folder
    return folder


def test_every_state_has_school_holidays_for_years_to_come() -> None:
    for state in get_args(State):
        found = between(state, date(2027, 1, 1), date(2028, 12, 31), "de", None)
        of_summer = [each for each in found.holidays if each.name == "Sommerferien"]
        assert [each.date.year for each in of_summer] == [2027, 2028], state
        assert all(timedelta(days=38) <= each.until - each.date <= timedelta(days=46) for each in of_summer), state
        assert found.school_until > date(2029, 7, 1), state


async def test_school_holidays_over_new_year_are_one_period(agenda: Agenda) -> None:
    christmas = [("2026-12-23", "2027-01-02", "Weihnachtsferien")]
    assert await school(agenda, "BB", "2026-12-24", "2026-12-24") == christmas
    assert await school(agenda, "BB", "2027-01-01", "2027-01-31") == christmas


async def test_what_a_file_of_a_year_has_is_all_of_that_year(agenda: Agenda, folder: Path) -> None:
    (folder / "NW-2026.ics").write_text(AUTUMN)
    assert await of(agenda, "NW", "2026-10-20", "2026-10-21") == [
        {"date": "2026-10-17", "until": "2026-10-31", "name": "Herbst der Datei", "kind": "school"}
    ]
    assert await school(agenda, "NW", "2026-01-02", "2026-12-31") == [
        ("2025-12-22", "2026-01-06", "Weihnachtsferien"),
        ("2026-10-17", "2026-10-31", "Herbst der Datei"),
    ]
    assert [name for *_, name in await school(agenda, "BY", "2026-11-03", "2026-11-03")] == ["Herbstferien"]
    (folder / "NW-2026.ics").write_text(AUTUMN.replace("der Datei", "anders"))
    assert [name for *_, name in await school(agenda, "NW", "2026-10-20", "2026-10-21")] == ["Herbst anders"]


async def test_another_file_adds_and_corrects(agenda: Agenda, folder: Path) -> None:
    bridge = AUTUMN.replace("20261017", "20260515").replace("20261101", "20260516").replace("Herbst der Datei", "Frei")
    (folder / "NW-frei.ics").write_text(bridge)
    (folder / "NW-herbst.ics").write_text(AUTUMN.replace("20261101", "20261030"))
    assert await school(agenda, "NW", "2026-05-01", "2026-12-01") == [
        ("2026-05-15", "2026-05-15", "Frei"),
        ("2026-05-26", "2026-05-26", "Himmelfahrts-/Pfingstferien"),
        ("2026-07-20", "2026-09-01", "Sommerferien"),
        ("2026-10-17", "2026-10-29", "Herbst der Datei"),
    ]


async def test_a_file_that_cannot_be_read_leaves_the_others(agenda: Agenda, folder: Path) -> None:
    (folder / "NW-2026.ics").write_text(AUTUMN)
    (folder / "NW-kaputt.ics").write_text("BEGIN:VCALENDAR\nunlesbar")
    assert [name for *_, name in await school(agenda, "NW", "2026-10-20", "2026-10-21")] == ["Herbst der Datei"]


async def test_it_says_up_to_when_school_holidays_are_on_file(agenda: Agenda, folder: Path) -> None:
    query: Any = {"state": "NW", "from": "2026-01-01", "until": "2026-01-02"}
    by_library = (await agenda["guest"].get("holidays", **query))["school_until"]
    assert by_library > "2029-07-01"
    (folder / "NW-2041.ics").write_text(AUTUMN.replace("2026", "2041"))
    assert (await agenda["guest"].get("holidays", **query))["school_until"] == "2041-10-31"


@pytest.mark.parametrize(
    "query",
    [
        {"state": "XX", "from": "2026-01-01", "until": "2026-02-01"},
        {"state": "NW", "from": "2026-02-01", "until": "2026-01-01"},
        {"state": "NW", "from": "2026-01-01", "until": "2027-12-31"},
        {"state": "NW", "from": "gestern", "until": "2026-02-01"},
        {"state": "../NW", "from": "2026-01-01", "until": "2026-02-01"},
    ],
    ids=["no such state", "backwards", "too long", "no day", "a path"],
)
async def test_a_question_that_makes_no_sense_is_refused(agenda: Agenda, query: Any) -> None:
    assert (await agenda["guest"].send("GET", "holidays", **query)).status_code == 422
