"""Where a series is cut in two: what lies behind the cut goes along, and what stands before it stays."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.calendar.agenda import Agenda, at, monday_in, text
from tests.calendar.test_series import cancel, following, starts, this, weekly
from tests.world import Json

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


async def with_all_kinds(agenda: Agenda) -> tuple[Json, list[datetime]]:
    """Six Mondays, of which the second and the fifth are moved and the fourth is cancelled; a further date in the
    third and in the last week."""
    start = monday_in(1)
    dates = [start + timedelta(weeks=n) for n in range(6)]
    further = [text(dates[2] + 2 * DAY), text(dates[5] + 2 * DAY)]
    event = await agenda.create(start=start, rrule="FREQ=WEEKLY;COUNT=6", rdates=further)
    for moved in (dates[1], dates[4]):
        event = await agenda.change(event, query=this(moved), start=text(moved + DAY))
    await cancel(agenda, event, **this(dates[3]))
    return await agenda.read(event), dates


async def test_what_lies_behind_the_cut_goes_along_with_a_new_start(agenda: Agenda) -> None:
    event, dates = await with_all_kinds(agenda)
    second = await agenda.change(event, query=following(dates[2]), start=text(dates[2] + HOUR))
    first = await agenda.read(event)
    assert await starts(agenda) == [
        text(each)
        for each in (
            *(dates[0], dates[1] + DAY),
            *(dates[2] + HOUR, dates[2] + 2 * DAY + HOUR, dates[3] + HOUR),
            *(dates[4] + DAY, dates[5] + HOUR, dates[5] + 2 * DAY + HOUR),
        )
    ]
    found = await agenda.window(at(0), at(100))
    assert [each["start"] for each in found if each["cancelled"]] == [text(dates[3] + HOUR)]
    assert [each["start"] for each in found if each["moved"]] == [text(dates[1] + DAY), text(dates[4] + DAY)]
    assert [each["occurrence"] for each in first["changed"]] == [text(dates[1])]
    assert [each["occurrence"] for each in second["changed"]] == [text(dates[3] + HOUR), text(dates[4] + HOUR)]
    assert (first["rdates"], first["rrule"]) == ([], "FREQ=WEEKLY;COUNT=2")
    assert (second["rdates"], second["rrule"]) == (
        [text(dates[2] + 2 * DAY + HOUR), text(dates[5] + 2 * DAY + HOUR)],
        "FREQ=WEEKLY;COUNT=4",
    )


async def test_an_attendee_is_added_to_this_and_the_following_and_moved_dates_stay_moved(agenda: Agenda) -> None:
    event, dates = await with_all_kinds(agenda)
    before, member = await agenda.window(at(0), at(100)), agenda["member"]
    named = [{"account": str(member.account)}]
    second = await agenda.change(event, query=following(dates[2]), attendees=named)
    assert [each["account"] for each in second["attendees"]] == [str(member.account)]
    assert (await agenda.read(event))["attendees"] == []
    after = await agenda.window(at(0), at(100), member)
    for name in ("occurrence", "start", "end", "moved", "cancelled"):
        assert [each[name] for each in after] == [each[name] for each in before]
    assert [each["attending"] for each in after] == [False, False, *[True] * 6]


async def test_a_cut_at_a_moved_date_without_a_new_start_leaves_it_moved(agenda: Agenda) -> None:
    event, dates = await weekly(agenda)
    event = await agenda.change(event, query=this(dates[1]), start=text(dates[1] + DAY), place="Turm")
    await agenda.change(event, query=following(dates[1]), title="Neu")
    found = await agenda.window(at(0), at(100))
    assert [each["start"] for each in found] == [text(dates[0]), text(dates[1] + DAY), text(dates[2]), text(dates[3])]
    assert [(each["title"], each["place"]) for each in found[:2]] == [("Steuerkreis", None), ("Neu", "Turm")]


@pytest.mark.parametrize("number", [0, 1], ids=["the first", "a later one"])
async def test_what_is_given_for_this_and_the_following_is_given_for_this_as_well(agenda: Agenda, number: int) -> None:
    """Also where that one had a time, a title and a place of its own, and where it is the first of all."""
    event, dates = await weekly(agenda)
    own: Any = {"start": text(dates[number] + DAY), "title": "Anders", "place": "Turm"}
    event = await agenda.change(event, query=this(dates[number]), **own)
    later = dates[number] + 2 * HOUR
    second = await agenda.change(
        event, query=following(dates[number]), start=text(later), title="Neu", place="Neues Rathaus"
    )
    found = [each for each in await agenda.window(at(0), at(100)) if each["event"] == second["id"]]
    assert [each["start"] for each in found] == [text(later + timedelta(weeks=n)) for n in range(4 - number)]
    assert {(each["title"], each["place"], each["moved"]) for each in found} == {("Neu", "Neues Rathaus", False)}
    assert second["changed"] == []


async def test_a_cancelled_date_at_the_cut_stays_cancelled(agenda: Agenda) -> None:
    event, dates = await weekly(agenda)
    await cancel(agenda, event, **this(dates[1]))
    event = await agenda.read(event)
    await agenda.change(event, query=following(dates[1]), start=text(dates[1] + HOUR))
    assert [each["cancelled"] for each in await agenda.window(at(0), at(100))] == [False, True, False, False]


async def test_a_series_is_not_cut_at_a_further_date_of_its_rule(agenda: Agenda) -> None:
    start = monday_in(1)
    event = await agenda.create(start=start, rrule="FREQ=WEEKLY;COUNT=4", rdates=[text(start + 2 * DAY)])
    before = await starts(agenda)
    part = following(start + 2 * DAY)
    refused = await agenda.try_to_change(event, query=part, title="Neu")
    assert refused.status_code == 422
    assert [(each["field"], each["code"]) for each in refused.json()["errors"]] == [("occurrence", "whole_series_only")]
    assert await agenda.coordinator.status("DELETE", f"{agenda.path}/{event['id']}") == 204
    assert await agenda.coordinator.status("POST", f"{agenda.path}/{event['id']}/restore") == 200
    reply = await agenda.coordinator.send("DELETE", f"{agenda.path}/{event['id']}", **part)
    assert reply.json()["errors"][0]["code"] == "whole_series_only"
    assert await starts(agenda) == before


async def test_dates_without_a_rule_are_cut_by_their_order(agenda: Agenda) -> None:
    """One of them may lie before the start."""
    start = monday_in(2)
    dates = [start + n * DAY for n in (-3, 0, 2, 4)]
    event = await agenda.create(start=start, rdates=[text(dates[n]) for n in (0, 2, 3)])
    second = await agenda.change(event, query=following(dates[2]), start=text(dates[2] + HOUR))
    assert await starts(agenda) == [text(each) for each in (*dates[:2], dates[2] + HOUR, dates[3] + HOUR)]
    assert (second["start"], second["rdates"]) == (text(dates[2] + HOUR), [text(dates[3] + HOUR)])
    await agenda.change(await agenda.read(event), query=following(dates[0]), start=text(dates[0] + HOUR))
    assert await starts(agenda) == [text(each + HOUR) for each in dates]


async def test_what_stands_before_the_start_of_a_rule_stays(agenda: Agenda) -> None:
    event, dates = await weekly(agenda, rdates=[text(monday_in(1) - 2 * DAY)])
    await cancel(agenda, event, **following(dates[0]))
    assert await starts(agenda) == [text(dates[0] - 2 * DAY)]
    assert (await agenda.read(event))["rrule"] is None


async def test_of_a_series_whose_start_is_left_out_nothing_stays_before_its_first_date(agenda: Agenda) -> None:
    event, dates = await weekly(agenda, exdates=[text(monday_in(1))], attendees=[{"role": "member"}])
    body = {"answer": "declined", "occurrence": text(dates[1])}
    assert await agenda["member"].status("PUT", f"{agenda.path}/{event['id']}/reply", body) == 200
    changed = await agenda.change(event, query=following(dates[1]), start=text(dates[1] + HOUR))
    assert changed["id"] == event["id"]
    found = await agenda.window(at(0), at(100), agenda["member"])
    assert [each["start"] for each in found] == [text(each + HOUR) for each in dates[1:]]
    assert [each["my_reply"] for each in found] == ["declined", None, None]
    await cancel(agenda, changed, **following(dates[1] + HOUR))
    assert (await agenda.coordinator.get(agenda.path, state="deleted"))["items"][0]["id"] == event["id"]
