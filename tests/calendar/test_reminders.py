"""Reminders reach each attendee once: also where a job comes again, a series is cut or moved; of another time anew."""

import asyncio
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, inspect, select, update

from netzraum_calendar.app import MIGRATIONS
from netzraum_calendar.events.reminders import REMIND, remind
from netzraum_calendar.events.tables import Reminded
from netzraum_contracts.calendar import EventReminderDue
from netzraum_items.tables import MIGRATIONS as ITEMS_MIGRATIONS
from netzraum_platform import dialect
from netzraum_platform.database import utc_now
from netzraum_platform.jobs import JobRunner
from netzraum_platform.migrate import configuration
from netzraum_platform.tables import JobRow, OutboxRow
from tests.calendar.agenda import BERLIN, Agenda, at, monday_in, text
from tests.calendar.test_replies import reply
from tests.calendar.test_series import following, this
from tests.harness import eventually
from tests.world import Json

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(weeks=1)


class Reminders:
    """Runs the reminder jobs as time goes by, and collects what was told."""

    def __init__(self, agenda: Agenda) -> None:
        self.app = agenda.world.service.app
        self.work = agenda.world.service.work

    async def due(self, event: Json) -> datetime | None:
        async with self.app.database.session() as session:
            jobs = (await session.scalars(select(JobRow).where(JobRow.kind == REMIND))).all()
        return next((each.run_at for each in jobs if each.payload["event"] == event["id"]), None)

    async def told(self) -> list[EventReminderDue]:
        kind = EventReminderDue.TYPE
        async with self.app.database.session() as session:
            rows = (await session.scalars(select(OutboxRow).order_by(OutboxRow.sequence))).all()
        found = [row.envelope["data"] for row in rows if row.envelope["type"] == kind]
        return [EventReminderDue.model_validate(each) for each in found]

    async def run(self, event: Json, when: datetime) -> list[tuple[str, list[uuid.UUID]]]:
        """Let it be ``when``, and remind; returns whom."""
        before = len(await self.told())
        self.app.clock = lambda: when
        async with self.work() as context:
            await remind(context, {"event": event["id"]})
        self.app.clock = utc_now
        return [(each.what, each.accounts) for each in (await self.told())[before:]]


async def test_reminders_reach_each_attendee_once(agenda: Agenda) -> None:
    member, guest, moderator = agenda["member"], agenda["guest"], agenda["moderator"]
    start = at(20, 10)
    named = [{"account": str(each.account)} for each in (member, guest, moderator)]
    event = await agenda.create(start=start, attendees=[*named, {"role": "member"}], reminders=[1440, 60])
    await reply(agenda, event, member, "accepted")
    await reply(agenda, event, moderator, "declined")
    reminders = Reminders(agenda)
    assert await reminders.due(event) == start - timedelta(days=1)
    told = await reminders.run(event, start - timedelta(days=1))
    assert sorted(told) == [("attend", [member.account]), ("reply", [guest.account])]
    assert await reminders.run(event, start - timedelta(hours=23)) == []
    assert await reminders.due(event) == start - timedelta(hours=1)
    assert len(await reminders.run(event, start - timedelta(hours=1))) == 2
    assert await reminders.run(event, start - timedelta(minutes=30)) == []
    assert await reminders.run(event, start + timedelta(minutes=1)) == []


async def test_each_date_of_a_series_reminds_but_the_cancelled_one(agenda: Agenda) -> None:
    start = monday_in(2)
    dates = [start + timedelta(weeks=n) for n in range(3)]
    event = await agenda.create(start=start, rrule="FREQ=WEEKLY;COUNT=3", attendees=[{"role": "member"}])
    path = f"{agenda.path}/{event['id']}"
    await agenda.coordinator.send("DELETE", path, occurrence=text(dates[1]), scope="this")
    reminders, day = Reminders(agenda), timedelta(days=1)
    assert len(await reminders.run(event, dates[0] - day)) == 1
    assert await reminders.run(event, dates[1] - day) == []
    assert await reminders.due(event) == dates[2] - day
    assert len(await reminders.run(event, dates[2] - day)) == 1


async def test_a_deleted_event_reminds_nobody(agenda: Agenda) -> None:
    start = at(20, 10)
    event = await agenda.create(start=start, attendees=[{"role": "member"}])
    await agenda.coordinator.send("DELETE", f"{agenda.path}/{event['id']}")
    assert await Reminders(agenda).run(event, start - timedelta(days=1)) == []


async def test_a_job_that_ends_before_its_commit_reminds_once(agenda: Agenda, monkeypatch: pytest.MonkeyPatch) -> None:
    start = at(20, 10)
    event = await agenda.create(start=start, attendees=[{"role": "member"}])
    reminders, ended, crashes = Reminders(agenda), JobRunner._end, [RuntimeError("as it was to be")]

    async def crash_once(*arguments: Any) -> None:
        if crashes:
            raise crashes.pop()
        await ended(*arguments)

    monkeypatch.setattr(JobRunner, "_end", crash_once)
    reminders.app.clock = lambda: start - DAY
    async with reminders.app.database.transaction() as session:
        await session.execute(update(JobRow).where(JobRow.kind == REMIND).values(run_at=utc_now()))
    reminders.app.wake()

    async def is_done() -> bool:
        return await reminders.due(event) is None

    await eventually(is_done)
    assert crashes == []
    assert [each.accounts for each in await reminders.told()] == [[agenda["member"].account]]


async def test_two_workers_at_once_remind_once(agenda: Agenda) -> None:
    start = at(20, 10)
    event = await agenda.create(start=start, attendees=[{"role": "member"}], reminders=[1440])
    reminders = Reminders(agenda)
    await asyncio.gather(*(reminders.run(event, start - DAY) for _ in range(4)))
    assert [each.accounts for each in await reminders.told()] == [[agenda["member"].account]]


async def reminded(agenda: Agenda, **more: Any) -> tuple[Json, datetime, Reminders]:
    """An event, when it begins, and that it was reminded of: it is less than a day ahead."""
    start = (utc_now().astimezone(BERLIN) + 23 * HOUR).replace(second=0, microsecond=0)
    event = await agenda.create(start=start, attendees=[{"role": "member"}], reminders=[1440], **more)
    reminders = Reminders(agenda)
    assert len(await reminders.run(event, utc_now())) == 1
    return event, start, reminders


async def test_a_date_that_is_moved_after_its_reminder_is_reminded_of_at_its_new_time(agenda: Agenda) -> None:
    event, start, reminders = await reminded(agenda, rrule="FREQ=WEEKLY;COUNT=2")
    later = start + 2 * DAY
    event = await agenda.change(event, query=this(start), start=text(later))
    assert await reminders.due(event) == later - DAY
    assert await reminders.run(event, later - DAY) == [("reply", [agenda["member"].account])]
    assert (await reminders.told())[-1].due == later
    assert await reminders.run(event, later - HOUR) == []
    assert await reminders.due(event) == start + WEEK - DAY


async def test_one_that_is_moved_to_a_near_time_is_reminded_of_at_once_and_once(agenda: Agenda) -> None:
    event, start, reminders = await reminded(agenda)
    event = await agenda.change(event, start=text(start - 2 * HOUR))

    async def told() -> bool:
        return len(await reminders.told()) == 2

    await eventually(told)
    assert (await reminders.told())[-1].due == start - 2 * HOUR
    await agenda.change(event, title="Steuerkreis, neu")
    assert await reminders.run(event, utc_now()) == []


async def test_one_that_is_moved_back_is_reminded_of_again(agenda: Agenda) -> None:
    event, start, reminders = await reminded(agenda)
    for when in (start + 2 * DAY, start + DAY):
        event = await agenda.change(event, start=text(when))
        assert len(await reminders.run(event, when - DAY)) == 1
        assert await reminders.run(event, when - HOUR) == []


async def test_what_changes_no_time_reminds_nobody_again(agenda: Agenda) -> None:
    """A title, a longer series, one of its dates that is cancelled, and a cut."""
    event, start, reminders = await reminded(agenda, rrule="FREQ=WEEKLY;COUNT=3")
    event = await agenda.change(event, title="Steuerkreis, neu")
    event = await agenda.change(event, rrule="FREQ=WEEKLY;COUNT=4")
    second = await agenda.change(event, query=following(start + WEEK), place="Turm")
    for each in (event, second):
        assert await reminders.run(each, utc_now()) == []


async def test_a_cut_takes_along_who_was_reminded_of_what_lies_behind_it(agenda: Agenda) -> None:
    """Two weeks ahead, so that two dates were reminded of; the second of them goes into a series of its own."""
    start = (utc_now().astimezone(BERLIN) + 23 * HOUR).replace(second=0, microsecond=0)
    fortnight: Any = {"reminders": [14 * 1440], "attendees": [{"role": "member"}]}
    event = await agenda.create(start=start, rrule="FREQ=WEEKLY;COUNT=3", **fortnight)
    reminders = Reminders(agenda)
    assert len(await reminders.run(event, utc_now())) == 2
    second = await agenda.change(event, query=following(start + WEEK), place="Turm")
    for each in (event, second):
        assert await reminders.run(each, utc_now()) == []
    assert await reminders.due(second) == start
    third = await agenda.change(second, start=text(start + WEEK + HOUR))

    async def told() -> bool:
        return len(await reminders.told()) == 3

    await eventually(told)
    assert (await reminders.told())[-1].due == start + WEEK + HOUR
    assert await reminders.run(third, utc_now()) == []


async def test_a_series_that_moves_reminds_anew_but_not_of_a_date_with_its_own_time(agenda: Agenda) -> None:
    start = (utc_now().astimezone(BERLIN) + 20 * HOUR).replace(second=0, microsecond=0)
    event = await agenda.create(
        start=start, rrule="FREQ=WEEKLY;COUNT=2", attendees=[{"role": "member"}], reminders=[14 * 1440]
    )
    event = await agenda.change(event, query=this(start + WEEK), start=text(start + WEEK + DAY))
    reminders = Reminders(agenda)
    assert len(await reminders.run(event, utc_now())) == 2
    event = await agenda.change(event, start=text(start + HOUR))

    async def told() -> bool:
        return len(await reminders.told()) == 3

    await eventually(told)
    assert (await reminders.told())[-1].due == start + HOUR
    assert await reminders.run(event, utc_now()) == []


async def test_who_was_reminded_before_the_upgrade_is_not_reminded_again(agenda: Agenda) -> None:
    """Before calendar_0002 it was not noted of which time."""
    event, _start, reminders = await reminded(agenda)
    database = reminders.app.database

    def run(connection: Connection) -> None:
        known = configuration([ITEMS_MIGRATIONS, MIGRATIONS], (), connection)
        command.downgrade(known, "calendar_0001")
        assert "starts_at" not in {column["name"] for column in inspect(connection).get_columns("event_reminded")}
        command.upgrade(known, "calendar_0002")

    async with dialect.migrating(database.engine) as connection:
        await connection.run_sync(run)
    assert await reminders.run(event, utc_now()) == []
    async with database.session() as session:
        assert len((await session.scalars(select(Reminded))).all()) == 1
