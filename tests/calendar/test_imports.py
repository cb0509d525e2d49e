"""Large files come in by a job, block by block: what happens when it is interrupted, and who sees how far it is."""

import asyncio
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import func, select, update

from netzraum_calendar.app import SERVICE
from netzraum_calendar.events import occurrences
from netzraum_calendar.events.models import Event
from netzraum_calendar.events.occurrences import Expansion
from netzraum_calendar.events.series import Series
from netzraum_items.imports import FORGET, TOGETHER, ImportEntry, ImportRow
from netzraum_platform import jobs
from netzraum_platform.database import utc_now
from netzraum_platform.limits import MOST_IMPORTED
from netzraum_platform.tables import JobRow
from tests.calendar.agenda import Agenda, agenda_of
from tests.calendar.test_files import event_of, file_of, upload
from tests.harness import ServiceUnderTest, Surroundings, eventually, running
from tests.taken_in import taken_in
from tests.world import Json, Person, World

COUNT = 2 * TOGETHER + 1


def file_with(count: int) -> str:
    return file_of(*(event_of(f"SUMMARY:{n}", "DTSTART:20270105T090000Z", uid=f"{n}@da") for n in range(count)))


class Barrier:
    """Lets the first block of events through, and holds what comes after it until it is opened, or breaks it."""

    def __init__(self) -> None:
        self.reached, self.opened, self.breaks = asyncio.Event(), asyncio.Event(), False
        self._passed = 0
        self._really = occurrences.expand

    async def expand(self, series: Series, now: datetime) -> Expansion:
        self._passed += 1
        if self._passed > TOGETHER:
            self.reached.set()
            await self.opened.wait()
            if self.breaks:
                raise RuntimeError("as it was to be")
        return await self._really(series, now)


@pytest.fixture
async def barrier(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Barrier]:
    barrier = Barrier()
    monkeypatch.setattr(occurrences, "expand", barrier.expand)
    yield barrier
    barrier.opened.set()


async def begun(agenda: Agenda, barrier: Barrier, person: Person | None = None, count: int = COUNT) -> str:
    """The address of an import of which the first block is in."""
    reply = await upload(agenda, file_with(count), person)
    assert reply.status_code == 202, reply.text
    await asyncio.wait_for(barrier.reached.wait(), 30)
    return f"{agenda.path}/imports/{reply.json()['id']}"


async def ended(person: Person, path: str) -> Json:
    async def state() -> Any:
        found = await person.get(path)
        return found if found["state"] != "running" else None

    found: Json = await eventually(state)
    return found


async def uids(agenda: Agenda) -> list[str]:
    async with agenda.world.service.app.database.session() as session:
        return sorted(await session.scalars(select(Event.uid)))


async def kept(service: ServiceUnderTest, what: Any) -> int:
    async with service.app.database.session() as session:
        return await session.scalar(select(func.count()).select_from(what)) or 0


async def test_an_import_says_how_far_it_is(agenda: Agenda, barrier: Barrier) -> None:
    path = await begun(agenda, barrier)
    found = await agenda.coordinator.get(path)
    assert (found["state"], found["done"], found["total"], found["ended_at"]) == ("running", TOGETHER, COUNT, None)
    barrier.opened.set()
    found = await ended(agenda.coordinator, path)
    assert (found["state"], found["done"]) == ("done", COUNT)
    assert found["summary"] == {"new": COUNT, "unchanged": 0, "changed": 0, "faulty": 0}
    (listed,) = (await agenda.coordinator.get(f"{agenda.path}/imports"))["items"]
    assert listed == found


async def test_an_import_goes_on_where_it_was_when_its_process_died(
    barrier: Barrier, database_url: str, around: Surroundings
) -> None:
    async with running(SERVICE, database_url, around) as service:
        agenda = await agenda_of(World(service))
        path = await begun(agenda, barrier)
        assert len(await uids(agenda)) == TOGETHER
    barrier.opened.set()
    async with running(SERVICE, database_url, around) as again:
        async with again.app.database.transaction() as session:
            lease_over = update(JobRow).where(JobRow.claimed_until.is_not(None))
            await session.execute(lease_over.values(claimed_until=utc_now() - timedelta(seconds=1)))
        agenda.coordinator.service = agenda.world.service = again
        found = await ended(agenda.coordinator, path)
        assert found["summary"] == {"new": COUNT, "unchanged": 0, "changed": 0, "faulty": 0}
        assert await uids(agenda) == sorted(f"{n}@da" for n in range(COUNT))
        assert await kept(again, ImportEntry) == 0


async def test_an_import_stops_when_the_membership_ends(agenda: Agenda, barrier: Barrier) -> None:
    member = agenda["member"]
    path = await begun(agenda, barrier, member, 3 * TOGETHER)
    await agenda.place.dismiss(member, "member")
    barrier.opened.set()
    found = await ended(agenda.coordinator, path)
    assert (found["state"], found["done"], found["total"]) == ("stopped", 2 * TOGETHER, 3 * TOGETHER)
    assert len(await uids(agenda)) == 2 * TOGETHER
    assert await member.status("GET", path) == 404
    assert await kept(agenda.world.service, ImportEntry) == 0


async def test_an_import_stops_when_the_right_is_lost_and_tells_who_began_it(agenda: Agenda, barrier: Barrier) -> None:
    member = agenda["member"]
    path = await begun(agenda, barrier, member, 3 * TOGETHER)
    await agenda.place.take_in(member, "guest")
    barrier.opened.set()
    found = await ended(member, path)
    assert (found["state"], found["done"], found["total"]) == ("stopped", 2 * TOGETHER, 3 * TOGETHER)


async def test_only_who_began_it_and_who_manages_see_an_import(agenda: Agenda) -> None:
    content = file_of(event_of("SUMMARY:Geheimes Treffen"), event_of("SUMMARY:y", "DTSTART:20270105T090000Z", uid="2"))
    member = agenda["member"]
    found = await taken_in(await upload(agenda, content, member), member)
    assert [each["name"] for each in found["refused"]] == ["Geheimes Treffen"]
    path = f"{agenda.path}/imports/{found['id']}"
    for other in (agenda["guest"], agenda["auditor"], await agenda.world.person("fremd")):
        assert await other.status("GET", path) in (403, 404)
    assert (await agenda["guest"].get(f"{agenda.path}/imports"))["items"] == []
    managed = await agenda.coordinator.get(path)
    assert managed == {**found, "refused": []}
    assert (await agenda.coordinator.get(f"{agenda.path}/imports"))["items"] == [managed]
    assert await member.status("GET", path.replace("events/", "wiki/")) == 404


async def test_the_same_file_meanwhile_is_the_same_import_and_another_one_waits(
    agenda: Agenda, barrier: Barrier
) -> None:
    path = await begun(agenda, barrier)
    again = await upload(agenda, file_with(COUNT))
    assert (again.status_code, path.endswith(again.json()["id"])) == (202, True)
    other = await upload(agenda, file_with(1))
    assert (other.status_code, other.json()["code"], path.endswith(other.json()["import"])) == (
        409,
        "import_running",
        True,
    )
    barrier.opened.set()
    assert (await ended(agenda.coordinator, path))["done"] == COUNT
    assert (await taken_in(await upload(agenda, file_with(1)), agenda.coordinator))["summary"]["unchanged"] == 1


async def test_an_import_that_is_given_up_says_so_and_the_same_file_brings_the_rest(
    agenda: Agenda, barrier: Barrier, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jobs, "MAX_ATTEMPTS", 1)
    barrier.breaks = True
    path = await begun(agenda, barrier)
    barrier.opened.set()
    assert (await ended(agenda.coordinator, path))["state"] == "failed"
    barrier.breaks = False
    found = await taken_in(await upload(agenda, file_with(COUNT)), agenda.coordinator)
    assert found["summary"] == {"new": COUNT - TOGETHER, "unchanged": TOGETHER, "changed": 0, "faulty": 0}


async def test_what_became_of_a_file_is_forgotten_after_a_week(agenda: Agenda) -> None:
    content = file_of(event_of("SUMMARY:ohne Beginn"))
    found = await taken_in(await upload(agenda, content), agenda.coordinator)
    service = agenda.world.service
    assert (await kept(service, ImportRow), await kept(service, ImportEntry)) == (1, 1)
    async with service.app.database.transaction() as session:
        job = (await session.scalars(select(JobRow).where(JobRow.kind == FORGET))).one()
        assert timedelta(days=6, hours=23) < job.run_at - utc_now() < timedelta(days=7, hours=1)
        job.run_at = utc_now()
    service.app.wake()

    async def forgotten() -> bool:
        return not await kept(service, ImportRow)

    await eventually(forgotten)
    assert await kept(service, ImportEntry) == 0
    assert await agenda.coordinator.status("GET", f"{agenda.path}/imports/{found['id']}") == 404


async def test_more_than_is_possible_at_once_is_refused_with_the_number(agenda: Agenda) -> None:
    reply = await upload(agenda, "BEGIN:VCALENDAR\r\n" + "BEGIN:VEVENT\r\nEND:VEVENT\r\n" * (MOST_IMPORTED + 1))
    (error,) = reply.json()["errors"]
    assert (reply.status_code, error["code"]) == (422, "too_many_events")
    assert "10.001 Termine" in error["message"]
    assert "10.000" in error["message"]
    assert await uids(agenda) == []
    assert await kept(agenda.world.service, ImportRow) == 0
