"""What a list, the start page and 'who can see this' cost does not grow with items, members or spaces."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from netzraum_content.notices.models import Notice
from netzraum_items import search
from netzraum_items.tables import AccessMembership, AccessRole, AccessSpace, Activity
from netzraum_items.tables import Person as KnownPerson
from netzraum_platform.database import new_id, utc_now
from tests.harness import ServiceUnderTest
from tests.world import BUILT_IN, Person, World


@dataclass
class Cost:
    """The questions to the policy by name, and the statements to the database."""

    questions: Counter[str] = field(default_factory=Counter)
    statements: list[str] = field(default_factory=list)

    @property
    def of_database(self) -> int:
        aside = ("BEGIN", "COMMIT", "SET plan_cache_mode", "RESET plan_cache_mode")
        return len([statement for statement in self.statements if not statement.startswith(aside)])


@contextmanager
def counted(service: ServiceUnderTest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cost]:
    cost, evaluate, request = Cost(), service.app.policy.evaluate, asyncio.current_task()

    async def counting(entrypoint: str, question: dict[str, Any]) -> dict[str, Any]:
        cost.questions[entrypoint] += 1
        return await evaluate(entrypoint, question)

    def note(_connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if asyncio.current_task() is request:  # not what relay, jobs and housekeeping do meanwhile
            cost.statements.append(statement)

    engine = service.app.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    with monkeypatch.context() as patched:
        patched.setattr(service.app.policy, "evaluate", counting)
        yield cost
    event.remove(engine, "before_cursor_execute", note)


async def _filled(world: World, *, spaces: int, members: int, notices: int) -> tuple[Person, list[str]]:
    """Somebody in so many spaces of all kinds, the first with so many members; and the ids of the spaces."""
    reader = await world.person("Leserin", second_factor=True)
    now, kinds = utc_now(), ("network", "body", "community")
    ids = [new_id() for _ in range(spaces)]
    async with world.service.app.database.transaction() as session:
        for number, space in enumerate(ids):
            session.add(
                AccessSpace(
                    space_id=space,
                    version=1,
                    kind=kinds[number % 3],
                    tools=["notices"],
                    newcomers_see_history=True,
                    archived=False,
                )
            )
            session.add_all(AccessRole(space_id=space, name=name, base=name, levels={}) for name in BUILT_IN)
            people = [(reader.account, BUILT_IN[number % 4])]
            people += [(new_id(), BUILT_IN[each % 4]) for each in range(members if number == 0 else 1)]
            for account, role in people:
                session.add(
                    AccessMembership(
                        space_id=space,
                        account_id=account,
                        membership_id=new_id(),
                        role=role,
                        state="active",
                        starts_at=now - timedelta(days=99),
                    )
                )
                if account != reader.account:
                    session.add(
                        KnownPerson(account_id=account, name="N", institution_id=new_id(), state="active", version=1)
                    )
        await session.flush()
        for number in range(notices):
            notice = _notice(ids[number % spaces], number)
            session.add(notice)
            await session.flush()
            await search.index(session, notice, notice.text)
            session.add(
                Activity(id=new_id(), space_id=notice.space_id, item_id=notice.id, what="published", at=notice.news_at)
            )
    return reader, [str(space) for space in ids]


def _notice(space: Any, number: int) -> Notice:
    at = utc_now() - timedelta(hours=number + 1)
    return Notice(
        id=new_id(),
        space_id=space,
        tool=Notice.TOOL,
        classification=("internal", "public", "confidential")[number % 3],
        author_id=new_id(),
        title=f"Aushang {number}",
        text="Text",
        state="published",
        pinned=number % 10 == 0,
        created_at=at,
        updated_at=at,
        news_at=at,
        narrowed=False,
    )


SMALL = {"spaces": 3, "members": 4, "notices": 12}
LARGE = {"spaces": 30, "members": 200, "notices": 1000}


@pytest.mark.parametrize(
    ("path", "question", "statements"),
    [
        ("spaces/{space}/notices?limit=50", {"visibility": 1}, 2),
        ("overview", {"visibility": 1}, 4),
        ("unread", {"visibility": 1}, 2),
        ("activity?limit=50", {"visibility": 1}, 2),
        ("search?q=Aushang&limit=2", {"visibility": 1}, 2),
        ("spaces/{space}/notices/{notice}", {"decision": 1}, 1),
        ("spaces/{space}/notices/{notice}?render=html&access=true", {"decision": 1, "audience": 1}, 2),
        ("spaces/{space}/notices/{notice}/access", {"decision": 2, "audience": 1}, 2),
        ("spaces/{space}/notices/{notice}/access?account={reader}", {"decision": 1, "audience": 1}, 2),
    ],
)
async def test_one_decision_and_a_constant_number_of_statements(
    world: World, monkeypatch: pytest.MonkeyPatch, path: str, question: dict[str, int], statements: int
) -> None:
    costs = []
    for size in (SMALL, LARGE):
        reader, spaces = await _filled(world, **size)
        first = (await reader.get(f"spaces/{spaces[0]}/notices", limit=1))["items"][0]["id"]
        with counted(world.service, monkeypatch) as cost:
            await reader.get(path.format(space=spaces[0], notice=first, reader=reader.account))
        costs.append(cost)
    small, large = costs
    assert large.questions == question
    assert large.of_database == small.of_database, (small.statements, large.statements)
    assert large.of_database == statements, large.statements
