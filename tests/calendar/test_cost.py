"""Lists and windows cost one question to the policy and the same statements, however much there is."""

from typing import Any

from sqlalchemy import event as sqlalchemy_event

from tests.calendar.agenda import Agenda, at

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
