"""What a list costs does not grow with what is listed: questions to the policy and statements are counted."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import event

from netzraum_platform.policy import CompiledPolicy
from tests.spaces.conftest import Network

ROLE = {"title": "Neu", "base": "member", "levels": {}, "clearance": "internal"}


counting: ContextVar[bool] = ContextVar("counting", default=False)
"""Set in the test's task and what it calls; jobs and the relay run in tasks of their own."""


@dataclass
class Costs:
    questions: int = 0
    statements: int = 0


@contextmanager
def counted(network: Network, monkeypatch: pytest.MonkeyPatch) -> Iterator[Costs]:
    costs, engine = Costs(), network.region.service.app.database.engine.sync_engine
    evaluate = CompiledPolicy.evaluate

    async def count_question(policy: CompiledPolicy, entrypoint: str, question: dict[str, Any]) -> dict[str, Any]:
        costs.questions += counting.get()
        return await evaluate(policy, entrypoint, question)

    def count_statement(*_about: object) -> None:
        costs.statements += counting.get()

    event.listen(engine, "before_cursor_execute", count_statement)
    with monkeypatch.context() as patch:
        patch.setattr(CompiledPolicy, "evaluate", count_question)
        ours = counting.set(True)
        yield costs
        counting.reset(ours)
    event.remove(engine, "before_cursor_execute", count_statement)


@pytest.mark.parametrize(
    ("path", "questions"),
    [("spaces", 1), ("spaces?open_invitations=true", 1), ("{network}/members", 2), ("{network}/roles", 1)],
)
async def test_a_list_costs_the_same_however_long_it_is(
    network: Network, monkeypatch: pytest.MonkeyPatch, path: str, questions: int
) -> None:
    path = path.format(network=network.path)
    await network.coordinator.get(path)  # what roles may is asked once as long as the policy stays the same
    with counted(network, monkeypatch) as before:
        short = await network.coordinator.get(path)
    for number in range(4):
        await network.body(f"Gremium {number}")
        await network.coordinator.send("PUT", f"{network.path}/roles/neu-{number}", ROLE)
        await network.region.take_in(network.coordinator, network.id, f"neu-{number}")
    with counted(network, monkeypatch) as after:
        long = await network.coordinator.get(path)
    assert len(long["items"]) == len(short["items"]) + 4
    assert (after.questions, after.statements) == (before.questions, before.statements)
    assert after.questions == questions
