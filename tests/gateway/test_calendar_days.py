"""Which days a view shows, and on which of them an event stands."""

from datetime import date, timedelta
from typing import Any

import pytest

from netzraum_gateway.calendar.colours import HUES, by_category, by_space
from netzraum_gateway.calendar.entries import Entry, by_day, by_part, days_of
from netzraum_gateway.calendar.formats import first_of_day
from netzraum_gateway.calendar.spans import span_of

TODAY = date(2026, 11, 24)
BERLIN, LISBON = "Europe/Berlin", "Europe/Lisbon"


def occurrence(start: str, end: str, title: str = "Termin") -> dict[str, Any]:
    return {"start": start, "end": end, "title": title}


@pytest.mark.parametrize("day", ["2026-02-01", "2024-02-29", "2026-08-31", "2027-01-01", "2026-11-24"])
def test_a_month_is_whole_weeks_from_monday_and_turns_to_its_neighbours(day: str) -> None:
    span = span_of("monat", day, TODAY)
    assert (span.first.weekday(), span.last.weekday()) == (0, 6)
    own = [each for week in span.weeks for each in week if span.holds(each)]
    assert own[0].day == 1
    assert (own[-1] + timedelta(1)).day == 1
    assert span_of("monat", span.after.isoformat(), TODAY).before == own[0]
    assert all(len(week) == 7 for week in span.weeks)


@pytest.mark.parametrize("typed", ["", "gestern", "2026-13-01", "0001-01-01", "9999-12-31"])
@pytest.mark.parametrize("view", ["monat", "woche", "liste", "", "jahr"])
def test_what_is_no_day_or_too_far_away_is_today(view: str, typed: str) -> None:
    span = span_of(view, typed, TODAY)
    assert span.day == TODAY
    assert span.first <= TODAY <= span.last


def test_an_event_until_midnight_does_not_stand_on_the_next_day() -> None:
    late = occurrence("2026-11-24T20:00:00+01:00", "2026-11-25T00:00:00+01:00")
    assert days_of(late, BERLIN) == (TODAY, TODAY)
    assert days_of(occurrence(late["end"], late["end"]), BERLIN) == (TODAY + timedelta(1), TODAY + timedelta(1))


def test_days_are_those_of_the_reader() -> None:
    early = occurrence("2026-11-25T00:30:00+01:00", "2026-11-25T02:00:00+01:00")
    assert days_of(early, BERLIN)[0] == TODAY + timedelta(1)
    assert days_of(early, LISBON) == (TODAY, TODAY + timedelta(1))
    whole = occurrence("2026-11-24", "2026-11-26")
    assert days_of(whole, LISBON) == (TODAY, TODAY + timedelta(2))


def test_what_lasts_several_days_stands_on_each_within_the_span() -> None:
    long = occurrence("2026-11-20T18:00:00+01:00", "2026-11-30T12:00:00+01:00", "Lang")
    short = occurrence("2026-11-24T08:00:00+01:00", "2026-11-24T09:00:00+01:00", "Kurz")
    days = by_day([short, long], date(2026, 11, 23), date(2026, 11, 25), BERLIN)
    assert list(days) == [date(2026, 11, 23), TODAY, date(2026, 11, 25)]
    assert [(each.occurrence["title"], each.continued) for each in days[TODAY]] == [("Lang", True), ("Kurz", False)]


@pytest.mark.parametrize(("number", "shown", "left_out"), [(0, 0, 0), (5, 5, 0), (6, 4, 2), (100, 4, 96)])
def test_of_a_busy_day_a_month_shows_the_first(number: int, shown: int, left_out: int) -> None:
    entries = [Entry(occurrence("2026-11-24", "2026-11-24", str(at)), continued=False) for at in range(number)]
    assert first_of_day(entries) == (entries[:shown], left_out)


def test_no_two_categories_of_a_space_look_alike() -> None:
    names = [f"Kategorie {number}" for number in range(2 * len(HUES))]
    colours = by_category(names)
    looks = [colours.classes(name) for name in names]
    assert len(set(looks)) == len(names)
    assert colours.classes("") not in looks
    with_two = {**occurrence("2026-11-24", "2026-11-24"), "categories": ["Kategorie 3", "Kategorie 1"]}
    assert colours.key(with_two) == "Kategorie 3"


def test_no_two_spaces_look_alike_and_a_new_one_changes_none() -> None:
    ids = [f"0190-{number:02}" for number in range(2 * len(HUES))]
    spaces = [{"id": each, "name": f"Netzwerk {each}"} for each in ids]
    colours, before = by_space(reversed(spaces)), by_space(spaces[:-1])
    assert len({colours.classes(each) for each in ids}) == len(ids)
    assert [before.classes(each) for each in ids[:-1]] == [colours.classes(each) for each in ids[:-1]]
    assert colours.key({**occurrence("2026-11-24", "2026-11-24"), "space": ids[3]}) == ids[3]


def test_letters_say_what_colours_say() -> None:
    assert by_space([{"id": "1", "name": "Steuerkreis Hagen"}]).letters("1") == "SH"
    assert by_category(["Sitzung"]).letters("Sitzung") == "SI"


def test_a_category_keeps_its_colour_when_another_one_comes() -> None:
    before, after = by_category(["Sitzung", "Frist"]), by_category(["Sitzung", "Frist", "Messe"])
    assert [before.classes(name) for name in before.names] == [after.classes(name) for name in before.names]


def test_a_day_has_its_parts() -> None:
    at = {"morning": "11:59", "afternoon": "12:00", "evening": "18:00"}
    timed = [
        occurrence(f"2026-11-24T{time}:00+01:00", f"2026-11-24T{time}:30+01:00", part) for part, time in at.items()
    ]
    whole = occurrence("2026-11-24", "2026-11-24", "all_day")
    entries = by_day([*timed, whole], TODAY, TODAY, BERLIN)[TODAY]
    parts = by_part(entries, BERLIN)
    assert {part: [each.occurrence["title"] for each in found] for part, found in parts.items()} == {
        part: [part] for part in ("all_day", *at)
    }
