"""Who gains and who loses what, when one policy follows another."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

from netzraum_standalone.policy.bundle import Engine
from netzraum_standalone.policy.holders import Holders
from netzraum_standalone.policy.samples import Samples, with_subject

Case = tuple[str, str, str, str, str]  # who, kind of space, tool, type, classification
Seen = dict[Case, set[str]]


@dataclass(frozen=True)
class Difference:
    """What one role gains and loses: verbs, those for own things with `(own)`, for unusual states with the state."""

    who: str
    space_kind: str
    tool: str
    type: str
    classification: str
    gains: tuple[str, ...]
    loses: tuple[str, ...]


@dataclass(frozen=True)
class SpaceDifference:
    """What the members of one space gain and lose who hold one of its roles."""

    holders: Holders
    tool: str
    type: str
    classification: str
    gains: tuple[str, ...]
    loses: tuple[str, ...]


def compare(before: Engine, after: Engine) -> list[Difference]:
    """The differences for the built-in roles, for the most that a space can make of each, and for strangers."""
    was, will_be = _seen(before), _seen(after)
    found = []
    for case in sorted(was.keys() | will_be.keys()):
        old, new = was.get(case, set()), will_be.get(case, set())
        if old != new:
            found.append(Difference(*case, gains=tuple(sorted(new - old)), loses=tuple(sorted(old - new))))
    return found


def compare_in_spaces(before: Engine, after: Engine, holders: Iterable[Holders]) -> list[SpaceDifference]:
    """The differences for the members that there are, by their spaces' own roles; in the order of ``holders``.

    Each distinct set of rights is asked about once, however many spaces share it.
    """
    known: dict[str, list[SpaceDifference]] = {}
    found = []
    for each in holders:
        key = repr((each.membership, each.tools))
        if key not in known:
            known[key] = list(_in_space(before, after, each))
        found += [replace(difference, holders=each) for difference in known[key]]
    return found


def _in_space(before: Engine, after: Engine, holders: Holders) -> Iterator[SpaceDifference]:
    was, will_be = (_seen_by(engine, holders) for engine in (before, after))
    for case in sorted(was.keys() | will_be.keys()):
        old, new = was.get(case, set()), will_be.get(case, set())
        _who, _kind, tool, type_name, classification = case
        if old != new and tool in holders.tools:
            gains, loses = tuple(sorted(new - old)), tuple(sorted(old - new))
            yield SpaceDifference(holders, tool, type_name, classification, gains, loses)


def _seen_by(engine: Engine, holders: Holders) -> Seen:
    seen: Seen = defaultdict(set)
    for case, verb in _by_visibility(engine, Samples(engine.data), holders.role, holders.membership):
        seen[case].add(verb)
    return seen


def _seen(engine: Engine) -> Seen:
    seen: Seen = defaultdict(set)
    samples = Samples(engine.data)
    for who, membership in _holders(engine.data, samples):
        for space_kind in samples.space_kinds:
            for case, verb in _by_visibility(engine, samples, who, {**membership, "space_kind": space_kind}):
                seen[case].add(verb)
    for case, verb in _by_strangers(engine, samples):
        seen[case].add(verb)
    return seen


def _holders(data: dict[str, Any], samples: Samples) -> Iterator[tuple[str, dict[str, Any]]]:
    bases = {base for roles in data["netzraum"]["ceilings"].values() for base in roles}
    for base in sorted(bases):
        yield base, samples.membership(base)
        yield f"{base} at the ceiling", samples.highest(base)


def _by_visibility(
    engine: Engine, samples: Samples, who: str, membership: dict[str, Any]
) -> Iterator[tuple[Case, str]]:
    asked = samples.question("content.notice.read", None)
    subject = {name: value for name, value in asked["subject"].items() if name != "membership"}
    question = {
        "subject": subject,
        "memberships": [membership],
        "tools": samples.tools,
        "context": asked["context"],
    }
    answer = engine.ask("visibility", question)
    for tool, name in answer["memberships"][0].items():
        for type_name, cells in answer["profiles"][name].items():
            for cell in cells:
                for classification, state, verb in product(cell["classifications"], cell["states"], cell["actions"]):
                    case = (who, membership["space_kind"], tool, type_name, classification)
                    yield case, _in_words(verb, cell["own"], state, cell["named"])


def _by_strangers(engine: Engine, samples: Samples) -> Iterator[tuple[Case, str]]:
    for question in samples.about_items(None):
        for anonymous in (False, True):
            asked = with_subject(question, account=None) if anonymous else question
            resource = {**asked["resource"], "public_page": anonymous}
            answer = engine.ask("decision", {**asked, "resource": resource})
            who = "anonymous reader of a public page" if anonymous else "stranger"
            tool = samples.types[resource["type"]]["tool"]
            case = (who, resource["space_kind"], tool, resource["type"], resource["classification"])
            for verb in answer.get("actions", []):
                yield case, _in_words(verb, False, resource["state"], ["none"])


def _in_words(verb: str, own: bool, state: str, named: list[str]) -> str:
    marks = [
        *(["own"] if own else []),
        *([state] if state not in ("published", "new") else []),
        *(["also where others are named"] if "others" in named and not own else []),
    ]
    return f"{verb} ({', '.join(marks)})" if marks else verb
