"""Holidays of the federal states: public ones by the library, school ones out of the operator's files."""

from pathlib import Path
from typing import Any

import pytest

from netzraum_calendar.holidays.settings import FOLDER
from tests.calendar.agenda import Agenda

AUTUMN = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Kultusministerium//DE
BEGIN:VEVENT
UID:herbst@schule.example
DTSTART;VALUE=DATE:20261017
DTEND;VALUE=DATE:20261101
SUMMARY:Herbstferien
END:VEVENT
END:VCALENDAR
"""


async def of(agenda: Agenda, state: str, since: str, until: str) -> list[dict[str, Any]]:
    query: Any = {"state": state, "from": since, "until": until}
    found: list[dict[str, Any]] = (await agenda["guest"].get("holidays", **query))["items"]
    return found


async def test_public_holidays_differ_by_state(agenda: Agenda) -> None:
    names = {
        state: [each["name"] for each in await of(agenda, state, "2026-10-30", "2026-11-02")] for state in ("NW", "SN")
    }
    assert names == {"NW": ["Allerheiligen"], "SN": ["Reformationstag"]}
    assert await of(agenda, "NW", "2026-12-25", "2026-12-25") == [
        {"date": "2026-12-25", "until": "2026-12-25", "name": "Erster Weihnachtstag", "kind": "public"}
    ]


async def test_school_holidays_come_from_the_operators_folder(agenda: Agenda, tmp_path: Path) -> None:
    folder = tmp_path / "ferien"
    folder.mkdir()
    (folder / "NW-2026.ics").write_text(AUTUMN)
    (folder / "NW-kaputt.ics").write_text("BEGIN:VCALENDAR\nunlesbar")
    agenda.world.service.app.state[FOLDER] = folder
    found = await of(agenda, "NW", "2026-10-20", "2026-10-21")
    assert found == [{"date": "2026-10-17", "until": "2026-10-31", "name": "Herbstferien", "kind": "school"}]
    assert await of(agenda, "BY", "2026-10-20", "2026-10-21") == []
    (folder / "NW-2026.ics").write_text(AUTUMN.replace("Herbstferien", "Herbst"))
    assert [each["name"] for each in await of(agenda, "NW", "2026-10-20", "2026-10-21")] == ["Herbst"]


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
