"""What a list shows is what single decisions allow, cell by cell, on both engines."""

from collections.abc import Iterator
from itertools import product
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netzraum_standalone.policy.samples import STATES, Samples
from tests.policy.engines import Answer, Module, Question, Sidecar
from tests.policy.questions import listings

NAMED = ("none", "mine", "others")
Cell = tuple[str, bool, str, str]
# One draw asks about hundreds of cells; the engines are the same for all draws.
ALL_DRAWS = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


def cells_of(samples: Samples, type_name: str) -> Iterator[Cell]:
    classified = samples.types[type_name].get("classified", True)
    classifications = samples.classifications if classified else ["unclassified"]
    yield from product(classifications, (True, False), STATES, NAMED if classified else ("none",))


def decision_for(
    samples: Samples, listing: Question, membership: dict[str, Any], type_name: str, cell: Cell
) -> Question:
    classification, own, state, named = cell
    verb = "create" if state == "new" and "create" in samples.types[type_name]["verbs"] else "read"
    held = {name: value for name, value in membership.items() if name != "space_kind"}
    return {
        "subject": {**listing["subject"], "membership": held},
        "action": samples.action(type_name, verb),
        "resource": {
            "type": type_name,
            "space": "s",
            "space_kind": membership["space_kind"],
            "classification": None if classification == "unclassified" else classification,
            "own": own,
            "state": state,
            "named": named,
        },
        "context": listing["context"],
    }


def cell_in(answer: Answer, at: int, tool: str, type_name: str, cell: Cell) -> dict[str, Any]:
    """The cell of an answer that holds this combination; cells do not overlap."""
    classification, own, state, named = cell
    profile = answer["profiles"].get(answer["memberships"][at].get(tool), {})
    found = [
        one
        for one in profile.get(type_name, [])
        if classification in one["classifications"]
        and one["own"] == own
        and state in one["states"]
        and named in one["named"]
    ]
    assert len(found) <= 1, found
    return found[0] if found else {"actions": [], "obligations": []}


def assert_same(samples: Samples, listing: Question, answer: Answer, decide: Any) -> None:
    wanted = [
        (at, tool, type_name, cell)
        for at, _ in enumerate(listing["memberships"])
        for tool in listing["tools"]
        for type_name, listed in samples.types.items()
        if listed.get("tool") == tool
        for cell in cells_of(samples, type_name)
    ]
    questions = [
        decision_for(samples, listing, listing["memberships"][at], type_name, cell) for at, _, type_name, cell in wanted
    ]
    for (at, tool, type_name, cell), decision in zip(wanted, decide(questions), strict=True):
        shown = cell_in(answer, at, tool, type_name, cell)
        assert in_lists(decision["actions"], listing, at, cell) == shown["actions"], (type_name, cell, decision)
        if decision["allow"]:
            owed = [duty for duty in decision["obligations"] if duty != "audit"]
            assert owed == sorted(shown["obligations"]), (type_name, cell)


def in_lists(actions: list[str], listing: Question, at: int, cell: Cell) -> list[str]:
    """A list covers own spaces: what a stranger may do by a direct link, and what the operator does, is none of it."""
    membership, now = listing["memberships"][at], listing["context"]["now"]
    begun = membership["from"] is None or membership["from"] <= now
    ended = membership["until"] is not None and membership["until"] <= now
    return actions if begun and not ended and not listing["subject"]["operator"] else []


@settings(max_examples=30, deadline=None, suppress_health_check=ALL_DRAWS)
@given(listing=listings())
def test_a_list_shows_what_decisions_allow_by_the_module(listing: Question, module: Module) -> None:
    answer = module.ask("visibility", [listing])[0]
    assert_same(Samples(module.engine.data), listing, answer, lambda questions: module.ask("decision", questions))


@settings(max_examples=6, deadline=None, suppress_health_check=ALL_DRAWS)
@given(listing=listings())
def test_a_list_shows_what_decisions_allow_by_the_sidecar(listing: Question, module: Module, sidecar: Sidecar) -> None:
    answer = sidecar.ask("visibility", [listing])[0]
    assert_same(Samples(module.engine.data), listing, answer, lambda questions: sidecar.ask("decision", questions))


@settings(max_examples=20, deadline=None, suppress_health_check=ALL_DRAWS)
@given(drawn=st.lists(listings(), min_size=5, max_size=5))
def test_both_engines_answer_a_list_alike(drawn: list[Question], module: Module, sidecar: Sidecar) -> None:
    assert module.ask("visibility", drawn) == sidecar.ask("visibility", drawn)


@settings(max_examples=40, deadline=None, suppress_health_check=ALL_DRAWS)
@given(listing=listings(), verb=st.sampled_from(["read", "create", "update"]))
def test_fewer_verbs_show_the_same_of_them(listing: Question, verb: str, module: Module) -> None:
    samples = Samples(module.engine.data)
    every, fewer = module.ask("visibility", [listing, {**listing, "verbs": [verb]}])
    for at, _ in enumerate(listing["memberships"]):
        for type_name, listed in samples.types.items():
            tool = str(listed.get("tool"))
            if tool not in listing["tools"]:
                continue
            for cell in cells_of(samples, type_name):
                some = [one for one in cell_in(every, at, tool, type_name, cell)["actions"] if one == verb]
                assert cell_in(fewer, at, tool, type_name, cell)["actions"] == some


def test_profiles_do_not_grow_with_memberships(module: Module) -> None:
    samples = Samples(module.engine.data)
    one = {**samples.membership("member"), "space_kind": "network"}
    question = samples.question("content.notice.read", None)
    subject = {name: value for name, value in question["subject"].items() if name != "membership"}
    asked = {"subject": subject, "memberships": [one] * 500, "tools": ["notices"], "context": question["context"]}
    answer = module.ask("visibility", [asked])[0]
    assert len(answer["memberships"]) == 500
    assert len(answer["profiles"]) == 1
