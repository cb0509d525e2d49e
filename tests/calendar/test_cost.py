"""Lists and windows cost one question to the policy and the same statements, however much there is."""

from typing import Any

import pytest
from sqlalchemy import event as sqlalchemy_event

from netzraum_calendar.events import windows
from tests.calendar.agenda import Agenda, at
from tests.steps import Steps

CALLS_OF_A_DATE = 80
OWN = ("FROM event_", "JOIN event_", "FROM items", "FROM directory_people")


class Cost:
    """The statements and the questions to the policy within a block."""

    def __init__(self, agenda: Agenda) -> None:
        app = agenda.world.service.app
        self._engine, self._policy = app.database.engine.sync_engine, app.policy
        self.statements = 0
        self.questions = 0

    def __enter__(self) -> "Cost":
        sqlalchemy_event.listen(self._engine, "before_cursor_execute", self._note)
        self._evaluate = self._policy.evaluate
        self._policy.evaluate = self._ask  # type: ignore[method-assign,assignment]  # counted, and asked all the same
        return self

    def __exit__(self, *_: object) -> None:
        self._policy.evaluate = self._evaluate  # type: ignore[method-assign]
        sqlalchemy_event.remove(self._engine, "before_cursor_execute", self._note)

    async def _ask(self, *question: Any) -> Any:
        self.questions += 1
        return await self._evaluate(*question)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        self.statements += any(table in statement for table in OWN)  # not those of relay and jobs


async def costs(agenda: Agenda) -> list[tuple[int, int]]:
    member, found = agenda["member"], []
    for path, query in ((agenda.path, {}), (f"{agenda.place.path}/occurrences", {"from": at(0), "until": at(60)})):
        with Cost(agenda) as cost:
            await member.get(path, **{name: when.isoformat() for name, when in query.items()})
        found.append((cost.statements, cost.questions))
    return found


async def test_the_cost_does_not_grow(agenda: Agenda) -> None:
    invited: Any = {"attendees": [{"role": "member"}, {"account": str(agenda["guest"].account)}], "categories": ["A"]}
    for day in range(3):
        await agenda.create(start=at(day + 1), rrule="FREQ=WEEKLY;COUNT=3", **invited)
    few = await costs(agenda)
    for number in range(12):
        await agenda.place.take_in(await agenda.world.person(f"Person {number}"), "member")
        await agenda.create(start=at(number + 4), rrule="FREQ=DAILY;COUNT=20", **invited)
    assert await costs(agenda) == few
    assert [questions for _, questions in few] == [1, 1]


async def calls(agenda: Agenda, days: int) -> int:
    """How many functions are called for a window of so many days."""
    with Steps() as counted:
        found = await agenda.window(at(0), at(days), agenda["member"], everywhere=True)
    assert len(found) == days * 8
    return counted.number


async def test_what_all_dates_of_an_event_share_is_found_once(agenda: Agenda) -> None:
    for hour in range(8, 16):
        await agenda.create(start=at(0, hour), rrule="FREQ=DAILY", categories=["A", "B"])
    await calls(agenda, 10)
    few, many = [await calls(agenda, days) for days in (10, 60)]
    assert (many - few) / (50 * 8) < CALLS_OF_A_DATE


async def test_an_event_may_be_deleted_while_a_window_is_read(agenda: Agenda, monkeypatch: pytest.MonkeyPatch) -> None:
    stays, goes = [await agenda.create(start=at(day)) for day in (1, 2)]
    listed = windows._listed  # the moment in between

    async def later(*asked: Any) -> Any:
        monkeypatch.setattr(windows, "_listed", listed)
        reply = await agenda.coordinator.send("DELETE", f"{agenda.path}/{goes['id']}")
        assert reply.status_code == 204
        return await listed(*asked)

    monkeypatch.setattr(windows, "_listed", later)
    found = await agenda.window(at(0), at(10), agenda["member"])
    as_it_began = [stays["id"], goes["id"]]  # SQLite reads as of then
    assert [each["event"] for each in found] in ([stays["id"]], as_it_began)
