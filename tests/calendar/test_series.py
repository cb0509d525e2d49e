"""Series: one date, this and the following, or all; moved and cancelled dates; the turn to summer time; old series."""

import uuid
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy import func, select

from netzraum_calendar.events.models import Event
from netzraum_calendar.events.occurrences import EXTEND, extend
from netzraum_calendar.events.tables import OccurrenceRow
from netzraum_platform.database import utc_now
from netzraum_platform.tables import JobRow
from tests.calendar.agenda import BERLIN, Agenda, at, monday_in, text
from tests.world import Json

WEEKLY = "FREQ=WEEKLY;COUNT=4"


async def weekly(agenda: Agenda, rrule: str = WEEKLY, **more: Any) -> tuple[Json, list[datetime]]:
    start = monday_in(1)
    return await agenda.create(start=start, rrule=rrule, **more), [start + timedelta(weeks=n) for n in range(4)]


def this(start: datetime) -> Json:
    return {"occurrence": text(start), "scope": "this"}


def following(start: datetime) -> Json:
    return {"occurrence": text(start), "scope": "following"}


async def starts(agenda: Agenda, **query: Any) -> list[str]:
    return [each["start"] for each in await agenda.window(at(0), at(100), **query)]


async def cancel(agenda: Agenda, event: Json, **query: Any) -> None:
    reply = await agenda.coordinator.send("DELETE", f"{agenda.path}/{event['id']}", **query)
    assert reply.status_code == 204, reply.text


async def test_one_occurrence_is_cancelled_without_the_series(agenda: Agenda) -> None:
    event, dates = await weekly(agenda)
    await cancel(agenda, event, **this(dates[1]))
    found = await agenda.window(at(0), at(100), agenda["member"])
    assert [each["cancelled"] for each in found] == [False, True, False, False]
    assert (await agenda.read(event))["changed"][0]["cancelled"]
    back = await agenda.coordinator.send("POST", f"{agenda.path}/{event['id']}/restore", occurrence=text(dates[1]))
    assert back.status_code == 200, back.text
    assert not any(each["cancelled"] for each in await agenda.window(at(0), at(100)))
    assert back.json()["changed"] == []


async def test_an_attendee_added_to_a_series_leaves_its_moved_date_moved(agenda: Agenda) -> None:
    event, dates = await weekly(agenda)
    moved = await agenda.change(event, query=this(dates[2]), start=text(dates[2] + timedelta(hours=3)), place="Turm")
    invited = await agenda.change(moved, attendees=[{"account": str(agenda["member"].account)}])
    assert [each["account"] for each in invited["attendees"]] == [str(agenda["member"].account)]
    found = await agenda.window(at(0), at(100))
    assert [each["start"] for each in found] == [
        text(each) for each in (dates[0], dates[1], dates[2] + timedelta(hours=3), dates[3])
    ]
    assert [each["moved"] for each in found] == [False, False, True, False]
    assert (found[2]["place"], found[2]["occurrence"]) == ("Turm", text(dates[2]))


async def test_a_moved_date_and_a_cancelled_one_go_along_when_the_series_moves(agenda: Agenda) -> None:
    event, dates = await weekly(agenda)
    event = await agenda.change(event, query=this(dates[1]), start=text(dates[1] + timedelta(days=1)))
    await cancel(agenda, event, **this(dates[2]))
    event = await agenda.read(event)
    hour = timedelta(hours=1)
    event = await agenda.change(event, start=text(dates[0] + hour))
    assert await starts(agenda) == [
        text(each) for each in (dates[0] + hour, dates[1] + timedelta(days=1), dates[2] + hour, dates[3] + hour)
    ]
    assert [each["cancelled"] for each in event["changed"]] == [False, True]


async def test_this_and_the_following_become_a_series_of_their_own(agenda: Agenda) -> None:
    event, dates = await weekly(
        agenda, attendees=[{"role": "member"}], exdates=[text(monday_in(1) + timedelta(weeks=3))]
    )
    event = await agenda.change(event, query=this(dates[1]), title="Sondersitzung")
    later = [each + timedelta(hours=2) for each in dates]
    second = await agenda.change(event, query=following(dates[2]), start=text(later[2]), place="Neues Rathaus")
    first = await agenda.read(event)
    assert second["id"] != first["id"]
    assert second["uid"] != first["uid"]
    assert await starts(agenda) == [text(dates[0]), text(dates[1]), text(later[2])]
    assert first["rrule"] == "FREQ=WEEKLY;COUNT=2"
    assert (second["rrule"], second["exdates"]) == ("FREQ=WEEKLY;COUNT=2", [text(later[3])])
    assert second["attendees"] == first["attendees"]
    assert [each["title"] for each in first["changed"]] == ["Sondersitzung"]
    assert second["changed"] == []
    assert second["author"] == first["author"]


async def test_replies_go_with_the_part_of_the_series_that_they_were_given_to(agenda: Agenda) -> None:
    event, dates = await weekly(agenda, attendees=[{"role": "member"}])
    member = agenda["member"]
    for answer, occurrence in (("accepted", None), ("declined", dates[3])):
        body = {"answer": answer, **({"occurrence": text(occurrence)} if occurrence else {})}
        assert await member.status("PUT", f"{agenda.path}/{event['id']}/reply", body) == 200
    second = await agenda.change(event, query=following(dates[2]), start=text(dates[2] + timedelta(hours=1)))
    found = await agenda.window(at(0), at(100), member)
    assert [each["my_reply"] for each in found] == ["accepted", "accepted", "accepted", "declined"]
    assert second["replies"]["accepted"] == 1


async def test_a_series_ends_before_a_date_and_goes_whole_with_its_first(agenda: Agenda) -> None:
    event, dates = await weekly(agenda, rrule="FREQ=WEEKLY")
    await cancel(agenda, event, **following(dates[2]))
    assert await starts(agenda) == [text(dates[0]), text(dates[1])]
    await cancel(agenda, event, **following(dates[0]))
    assert await starts(agenda) == []
    assert await agenda.coordinator.status("POST", f"{agenda.path}/{event['id']}/restore") == 200
    assert await starts(agenda) == [text(dates[0]), text(dates[1])]


async def test_a_deleted_series_has_no_dates_until_it_is_restored(agenda: Agenda) -> None:
    event, dates = await weekly(agenda)
    await cancel(agenda, event)
    assert await starts(agenda) == []
    assert await agenda.coordinator.status("POST", f"{agenda.path}/{event['id']}/restore") == 200
    assert await starts(agenda) == [text(each) for each in dates]


async def test_summer_time_keeps_the_hour(agenda: Agenda) -> None:
    """Nine o'clock in Hagen, before and after both turns of the clock, in windows and as instants."""
    start = datetime(2027, 3, 1, 9, tzinfo=BERLIN)
    await agenda.create(start=start, rrule="FREQ=MONTHLY;COUNT=12")
    found = await agenda.window(datetime(2027, 2, 1, tzinfo=BERLIN), datetime(2028, 3, 1, tzinfo=BERLIN))
    moments = [datetime.fromisoformat(each["start"]) for each in found]
    assert {each.hour for each in moments} == {9}
    assert [each.utcoffset() for each in moments] == [
        timedelta(hours=2 if 4 <= each.month <= 10 else 1) for each in moments
    ]
    assert len(moments) == 12


async def test_whole_days_recur_as_days(agenda: Agenda) -> None:
    first = date(2027, 3, 27)  # the night in which summer time begins
    body = {"title": "Frist", "start": str(first), "end": str(first), "all_day": True, "rrule": "FREQ=DAILY;COUNT=3"}
    assert await agenda.coordinator.status("POST", agenda.path, body) == 201
    found = await agenda.window(datetime(2027, 3, 1, tzinfo=BERLIN), datetime(2027, 4, 1, tzinfo=BERLIN))
    assert [each["start"] for each in found] == ["2027-03-27", "2027-03-28", "2027-03-29"]
    assert [each["end"] for each in found] == ["2027-03-27", "2027-03-28", "2027-03-29"]


async def test_further_and_left_out_dates(agenda: Agenda) -> None:
    start = monday_in(1)
    days = [start + timedelta(days=n) for n in range(5)]
    await agenda.create(
        start=start, rrule="FREQ=DAILY;COUNT=4", exdates=[text(days[1])], rdates=[text(days[4] + timedelta(hours=2))]
    )
    assert await starts(agenda) == [text(each) for each in (days[0], days[2], days[3], days[4] + timedelta(hours=2))]


REFUSED: dict[str, tuple[dict[str, Any], str, str]] = {
    "every second": ({"rrule": "FREQ=SECONDLY"}, "rrule", "rrule_too_frequent"),
    "every hour": ({"rrule": "FREQ=HOURLY;COUNT=2"}, "rrule", "rrule_too_frequent"),
    "count and until": ({"rrule": "FREQ=DAILY;COUNT=2;UNTIL=20300101T000000Z"}, "rrule", "rrule_count_and_until"),
    "unknown part": ({"rrule": "FREQ=DAILY;BYMOON=FULL"}, "rrule", "rrule"),
    "no frequency": ({"rrule": "COUNT=3"}, "rrule", "rrule"),
    "the same part twice": ({"rrule": "FREQ=DAILY;COUNT=2;COUNT=3"}, "rrule", "rrule"),
    "a thirteenth month": ({"rrule": "FREQ=YEARLY;BYMONTH=13"}, "rrule", "rrule"),
    "a day that never comes": ({"rrule": "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30"}, "rrule", "start_not_in_series"),
    "an unreadable end": ({"rrule": "FREQ=DAILY;UNTIL=20301399"}, "rrule", "rrule"),
    "start on another day": ({"rrule": "FREQ=WEEKLY;BYDAY=TU"}, "start", "start_not_in_series"),
    "too many times": (
        {"rrule": "FREQ=DAILY;BYHOUR=8,9,10,11,12,13,14,15;BYMINUTE=0"},
        "rrule",
        "too_many_occurrences",
    ),
    "more than possible": ({"rrule": "FREQ=DAILY;COUNT=20001"}, "rrule", "rrule"),
    "left out what is not there": (
        {"rrule": WEEKLY, "exdates": [text(monday_in(1) + timedelta(days=1))]},
        "exdates",
        "not_in_series",
    ),
    "all left out": ({"rrule": "FREQ=DAILY;COUNT=1", "exdates": [text(monday_in(1, 8))]}, "exdates", "nothing_left"),
}


@pytest.mark.parametrize("name", REFUSED)
async def test_a_recurrence_that_makes_no_sense_is_refused(agenda: Agenda, name: str) -> None:
    event, field, code = REFUSED[name]
    reply = await agenda.try_to_create(
        start=monday_in(1, 8 if "BYHOUR" in str(event) or "all" in name else 10), **event
    )
    assert reply.status_code == 422, reply.text
    (error,) = reply.json()["errors"]
    assert (error["field"], error["code"]) == (field, code)


async def test_a_thousand_years_of_recurrence_are_refused(agenda: Agenda) -> None:
    start = datetime(1900, 1, 1, 9, tzinfo=BERLIN)
    reply = await agenda.try_to_create(start=start, rrule="FREQ=DAILY;UNTIL=29000101T000000Z")
    assert reply.json()["errors"][0]["code"] == "too_many_occurrences"


async def test_one_date_takes_only_what_one_date_can_have(agenda: Agenda) -> None:
    event, dates = await weekly(agenda)
    for changes in ({"rrule": None}, {"classification": "public"}, {"categories": ["Frist"]}):
        reply = await agenda.try_to_change(event, query=this(dates[1]), **changes)
        assert reply.json()["errors"][0]["code"] == "whole_series_only"
    reply = await agenda.try_to_change(event, query=this(dates[1] + timedelta(days=1)), title="?")
    assert reply.json()["errors"][0]["code"] == "not_in_series"


async def test_of_two_who_move_a_date_one_is_told(agenda: Agenda) -> None:
    event, dates = await weekly(agenda)
    await agenda.change(event, query=this(dates[1]), title="zuerst")
    for part in (this(dates[1]), following(dates[1])):
        assert (await agenda.try_to_change(event, query=part, title="danach")).status_code == 412


async def test_a_member_changes_no_date_of_others(agenda: Agenda) -> None:
    event, dates = await weekly(agenda)
    member = agenda["member"]
    for part in (this(dates[1]), following(dates[1]), {}):
        assert (await agenda.try_to_change(event, member, query=part, title="meins")).status_code == 403
        assert (await member.send("DELETE", f"{agenda.path}/{event['id']}", **part)).status_code == 403
    assert len(await starts(agenda)) == 4


class Statements:
    """What an agenda's database is asked."""

    def __init__(self, agenda: Agenda) -> None:
        self._engine = agenda.world.service.app.database.engine.sync_engine
        self.texts: list[str] = []

    def __enter__(self) -> "Statements":
        sqlalchemy_event.listen(self._engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_: object) -> None:
        sqlalchemy_event.remove(self._engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        if "event_occurrences" in statement or "event_categories" in statement:  # not those of relay and jobs
            self.texts.append(statement)


async def test_windows_cost_the_same_for_old_and_young_series(agenda: Agenda) -> None:
    """As many statements, none of which makes dates anew, and as many rows as there are dates in the window."""
    window = (monday_in(3, 0), monday_in(3, 0) + timedelta(days=7))
    costs = []
    found: list[Json] = []
    for years in (0, 15, 15):
        await agenda.create(start=monday_in(1) - timedelta(weeks=52 * years), rrule="FREQ=WEEKLY")
        with Statements(agenda) as statements:
            found = await agenda.window(*window)
        costs.append(len(statements.texts))
    assert len(found) == 3
    assert len(set(costs)) == 1, costs


async def test_beyond_the_horizon_dates_are_made_where_they_are_asked_for(agenda: Agenda) -> None:
    """And they are the same as the stored ones, in phase with the rule."""
    start = monday_in(1)
    event = await agenda.create(start=start, rrule="FREQ=WEEKLY;INTERVAL=3", rdates=[text(start + timedelta(days=2))])
    number = 52 * 3 * 7 // 7
    far = start + timedelta(weeks=number - number % 3)
    wanted = [(far + timedelta(weeks=3 * n)).date() for n in range(17)]
    found = await agenda.window(far - timedelta(days=1), far + timedelta(weeks=3 * 16, days=1))
    assert [datetime.fromisoformat(each["start"]).date() for each in found] == wanted
    later = start + timedelta(weeks=3 * 165)
    (one,) = await agenda.window(later - timedelta(days=1), later + timedelta(days=1))
    assert datetime.fromisoformat(one["start"]).date() == later.date()
    assert one["event"] == event["id"]


async def test_the_horizon_moves_on(agenda: Agenda) -> None:
    """The job that is scheduled for it stores what has come nearer, once."""
    event = await agenda.create(start=monday_in(1), rrule="FREQ=WEEKLY")
    database = agenda.world.service.app.database
    stored = select(func.count()).where(OccurrenceRow.event_id == uuid.UUID(event["id"]))
    async with database.session() as session:
        before = await session.scalar(stored)
        job = (await session.scalars(select(JobRow).where(JobRow.kind == EXTEND))).one()
    assert before is not None
    assert before > 52 * 3
    agenda.world.service.app.clock = lambda: utc_now() + timedelta(days=200)
    async with agenda.world.service.work() as context:
        await extend(context, job.payload)
    async with database.session() as session:
        after = await session.scalar(stored)
        originals = (await session.scalars(select(OccurrenceRow.original))).all()
    assert after == len(originals)
    assert sorted(originals)[-1] - sorted(originals)[-2] == timedelta(weeks=1)
    assert len(originals) in (before + 28, before + 29)


async def stored(agenda: Agenda, event: Json) -> Event:
    """The event as it stands in the database."""
    async with agenda.world.service.app.database.session() as session:
        return await session.get_one(Event, uuid.UUID(event["id"]))


async def move_the_horizon(agenda: Agenda, event: Json, days: int) -> None:
    """What the job does with the event when so many days have passed."""
    agenda.world.service.app.clock = lambda: utc_now() + timedelta(days=days)
    async with agenda.world.service.work() as context:
        await extend(context, {"event": event["id"]})


async def test_a_horizon_that_moves_on_takes_no_change_from_anybody(agenda: Agenda) -> None:
    """What the service does by itself is no new version: who read the event before may still change it."""
    read = await agenda.create(start=monday_in(1), rrule="FREQ=WEEKLY")
    before = await stored(agenda, read)
    await move_the_horizon(agenda, read, days=40)
    after = await stored(agenda, read)
    assert before.expanded_until is not None
    assert after.expanded_until is not None
    assert after.expanded_until - before.expanded_until > timedelta(days=39)
    assert (after.version, after.updated_at) == (before.version, before.updated_at)
    assert (await agenda.change(read, title="Steuerkreis, neu"))["version"] == read["version"] + 1


async def test_a_series_whose_end_comes_within_the_horizon_ends_there(agenda: Agenda) -> None:
    """Also without a new version."""
    start = monday_in(1)
    last = start + timedelta(days=1200)
    read = await agenda.create(start=start, rrule=f"FREQ=DAILY;UNTIL={last:%Y%m%d}")
    before = await stored(agenda, read)
    assert (before.expanded_until is None, before.visible_until) == (False, None)
    await move_the_horizon(agenda, read, days=200)
    after = await stored(agenda, read)
    assert after.expanded_until is None
    assert after.visible_until is not None
    assert after.visible_until.astimezone(BERLIN) == last + timedelta(hours=1)
    assert after.version == before.version
