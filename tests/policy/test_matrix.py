"""The matrix, case by case, on both engines: what it allows is allowed, all else is refused, and they agree."""

import pytest

from tests.policy.engines import Module, Sidecar
from tests.policy.matrix import Case, Matrix

PARTS = [
    ("items", "network"),
    ("items", "body"),
    ("items", "community"),
    ("rooms", "network"),
    ("rooms", "body"),
    ("rooms", "community"),
    ("platform", "network"),
]


@pytest.mark.parametrize(("things", "space_kind"), PARTS)
def test_the_matrix_holds_on_both_engines(things: str, space_kind: str, module: Module, sidecar: Sidecar) -> None:
    matrix = Matrix(module.engine.data)
    cases = list(matrix.cases(things, space_kind))
    questions = [case.question for case in cases]
    by_module, by_sidecar = module.ask("decision", questions), sidecar.ask("decision", questions)
    assert len(by_module) == len(by_sidecar) == len(cases)
    for case, answer, other in zip(cases, by_module, by_sidecar, strict=True):
        assert answer == other, case
        assert set(answer["actions"]) == case.allowed, (case, answer)
        if matrix.decides_by_itself(case):
            assert answer["allow"] == (case.verb in case.allowed), (case, answer)
        assert answer["allow"] or answer["reasons"], case


def test_the_matrix_asks_about_every_combination(module: Module) -> None:
    matrix = Matrix(module.engine.data)
    cases = [case for things, space_kind in PARTS for case in matrix.cases(things, space_kind)]
    assert len(cases) == 14 * 8 * 4 * 2 * 5 * 3 + 7 * 8 * 2 * 3 * 3 + 2 * 8 * 2 * 5
    assert len({_key(case) for case in cases}) == len(cases)
    allowed = sum(len(case.allowed) for case in cases)
    assert 10_000 < allowed < 100_000


def _key(case: Case) -> str:
    subject, resource = case.question["subject"], case.question["resource"]
    return repr((subject["operator"], subject["membership"], sorted(resource.items(), key=str)))
