"""Calendar files that were made to cost much: each is refused, or said row by row, after a bounded number of steps."""

from datetime import datetime, timedelta
from functools import partial

import pytest

from netzraum_calendar.events import importing
from netzraum_calendar.events.importing import MOST_DATES, Row
from netzraum_calendar.events.planning import plan
from netzraum_platform.database import utc_now
from netzraum_platform.limits import LARGEST_IMPORT
from tests.calendar.agenda import BERLIN, Agenda
from tests.calendar.test_files import event_of, file_of, imported, upload
from tests.steps import steps

START = "DTSTART;TZID=Europe/Berlin:20270105T090000"
GOOD = event_of("SUMMARY:gut", START, uid="gut@anderswo.example")
MANY = 5_000
DAYS = [datetime(2027, 1, 5, 9, tzinfo=BERLIN) + timedelta(days=number) for number in range(MANY)]
WRITTEN = [f"{day:%Y%m%dT%H%M%S}" for day in DAYS]
ZONE = "\r\n".join(
    [
        "BEGIN:VTIMEZONE",
        "TZID:Mittelerde",
        *(
            f"BEGIN:STANDARD\r\nDTSTART:1601010{1 + number % 9}T000000\r\nRRULE:FREQ=DAILY\r\n"
            "TZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\nEND:STANDARD"
            for number in range(MANY)
        ),
        "END:VTIMEZONE",
    ]
)


def rows(content: str) -> list[Row]:
    return importing._read(content.encode(), "internal", utc_now(), "de")


def codes(found: list[Row]) -> list[list[str]]:
    return [[error["code"] for error in row.errors] for row in found]


FAULTY: dict[str, tuple[str, str]] = {
    "many further dates": (
        event_of(START, "RRULE:FREQ=DAILY;COUNT=9", *(f"RDATE;TZID=Europe/Berlin:{at}" for at in WRITTEN)),
        "too_long",
    ),
    "many left out on one line": (
        event_of(START, "RRULE:FREQ=DAILY", "EXDATE;TZID=Europe/Berlin:" + ",".join(WRITTEN)),
        "too_long",
    ),
    "a zone that nobody knows": (f"{ZONE}\r\n{event_of('DTSTART;TZID=Mittelerde:20270105T090000')}", "time_zone"),
    "a long folded line": (event_of(START, "DESCRIPTION:" + "\r\n ".join(["x" * 70] * 40_000)), "string_too_long"),
    "a line that is not folded": (event_of(START, "DESCRIPTION:" + "x" * 3_000_000), "string_too_long"),
    "an event that does not end": (event_of(START).replace("\r\nEND:VEVENT", ""), "unreadable"),
    "an event within an event": (event_of(START).replace("END:VEVENT", "BEGIN:VEVENT"), "unreadable"),
}


@pytest.mark.parametrize("name", FAULTY)
async def test_what_is_too_much_is_said_and_the_others_come(agenda: Agenda, name: str) -> None:
    event, code = FAULTY[name]
    found = await imported(agenda, file_of(event, GOOD))
    assert {error["code"] for row in found["refused"] for error in row["errors"]} == {code}
    assert found["summary"]["new"] == 1
    assert [each["title"] for each in (await agenda.coordinator.get(agenda.path))["items"]] == ["gut"]


async def test_events_without_an_end_are_refused_as_too_many(agenda: Agenda) -> None:
    """Each was once looked for in all the rest of the file."""
    line = "BEGIN:VEVENT\r\n"
    reply = await upload(agenda, "BEGIN:VCALENDAR\r\n" + line * (LARGEST_IMPORT // len(line) - 10))
    assert (reply.status_code, [each["code"] for each in reply.json()["errors"]]) == (422, ["too_many_events"])


@pytest.mark.parametrize("inside", [False, True])
def test_the_rules_of_a_zone_are_never_read(inside: bool) -> None:
    """They would be kept for the files of others, too."""
    plain = file_of(GOOD)
    hostile = plain.replace("SUMMARY:gut", f"SUMMARY:gut\r\n{ZONE}") if inside else file_of(ZONE, GOOD)
    assert codes(rows(hostile)) == [[]]
    assert steps(lambda: rows(hostile)) <= steps(lambda: rows(plain)) + 10


def test_many_endless_series_are_taken_up_to_a_number_of_dates() -> None:
    """500 weekly ones are; of daily ones, the last are refused without being looked at."""
    weekly = [event_of(START, "RRULE:FREQ=WEEKLY", uid=str(number)) for number in range(500)]
    assert codes(rows(file_of(*weekly))) == [[]] * 500
    daily = [event_of(START, "RRULE:FREQ=DAILY", uid=str(number)) for number in range(300)]
    found = codes(rows(file_of(*daily, GOOD)))
    taken = found.index(["too_many_dates_of_a_file"])
    assert MOST_DATES // 3660 - 10 < taken < MOST_DATES // 3000
    assert found[taken:] == [["too_many_dates_of_a_file"]] * (300 - taken) + [[]]


def test_many_rules_that_are_refused_are_looked_at_a_few_times() -> None:
    """As many as have as many dates as is possible at all."""
    lines = ("DTSTART;VALUE=DATE:19700101", "RRULE:FREQ=DAILY")
    found = codes(rows(file_of(*(event_of(*lines, uid=str(number)) for number in range(100)))))
    looked_at = MOST_DATES // 20_000 + 1
    assert found == [["too_many_occurrences"]] * looked_at + [["too_many_dates_of_a_file"]] * (100 - looked_at)


def test_dates_left_out_cost_as_much_as_one_of_them() -> None:
    """The series is gone through once for all."""

    def planned(number: int) -> None:
        out = [datetime(2026, 1, 1, 9, tzinfo=BERLIN) - timedelta(days=each) for each in range(number)]
        start = datetime(2000, 1, 1, 9, tzinfo=BERLIN)
        plan(
            {
                "start": start,
                "end": start + timedelta(hours=1),
                "timezone": "Europe/Berlin",
                "rrule": "FREQ=DAILY",
                "exdates": out,
                "rdates": [],
            },
            utc_now(),
        )

    assert steps(lambda: planned(400)) < 1.1 * steps(lambda: planned(1))


def test_changed_dates_cost_as_much_as_one_of_them() -> None:
    def with_changes(number: int) -> str:
        changes = [
            event_of(f"RECURRENCE-ID;TZID=Europe/Berlin:{at}", f"DTSTART;TZID=Europe/Berlin:{at}", "SUMMARY:neu")
            for at in WRITTEN[:number]
        ]
        return file_of(event_of(START, "RRULE:FREQ=DAILY;COUNT=3000"), *changes)

    (row,) = rows(with_changes(300))
    assert row.series is not None
    assert len(row.series.changed) == 300
    one, ten, twenty = (steps(partial(rows, with_changes(number))) for number in (1, 10, 20))
    assert twenty - ten < 1.2 * (ten - one) * 10 / 9
