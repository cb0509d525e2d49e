"""The table of bundle/netzraum/matrix/data.yaml, written out case by case."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from typing import Any

from netzraum_standalone.policy.samples import NOW, Question, Samples, with_subject

NEEDS_CHANGE = {"raise", "lower", "make_public", "move"}


@dataclass(frozen=True)
class Case:
    """A question, the verbs that the table allows, and the verb that is asked for."""

    question: Question
    allowed: frozenset[str]
    verb: str


class Matrix:
    def __init__(self, data: dict[str, Any]) -> None:
        self._matrix = data["netzraum"]["matrix"]
        self._ranks = {name: rule["rank"] for name, rule in data["netzraum"]["classifications"].items()}
        self._kinds = data["netzraum"]["actions"]["kinds"]
        self._samples = Samples(data)

    def cases(self, things: str, space_kind: str) -> Iterator[Case]:
        asked = self._matrix["things"][things]
        classifications = self._matrix["classifications"] if things == "items" else [None]
        combinations = product(asked["types"], self._matrix["who"], classifications, (True, False), asked["states"])
        for turn, (name, who, classification, own, state) in enumerate(combinations):
            verbs = list(self._samples.types[name]["verbs"])
            verb = verbs[turn % len(verbs)]
            place = {"space_kind": space_kind, "classification": classification, "own": own, "state": state}
            question = self._samples.question(self._samples.action(name, verb), self._membership(who), **place)
            question = with_subject(question, operator=who == "operator")
            yield Case(question, frozenset(self._allowed(who, question["resource"]) & set(verbs)), verb)

    def decides_by_itself(self, case: Case) -> bool:
        """Whether the verb is allowed without looking at a change."""
        kind = self._samples.types[case.question["resource"]["type"]]["verbs"][case.verb]
        return case.verb not in NEEDS_CHANGE and not self._kinds[kind].get("weighed", False)

    def _membership(self, who: str) -> dict[str, Any] | None:
        if who in ("stranger", "operator"):
            return None
        if who == "former":
            return {**self._samples.membership("coordinator"), "until": NOW}
        return self._samples.membership(who)

    def _allowed(self, who: str, resource: dict[str, Any]) -> set[str]:
        return {verb for row in self._matrix["rows"] if self._speaks_of(row, who, resource) for verb in row["verbs"]}

    def _speaks_of(self, row: dict[str, Any], who: str, resource: dict[str, Any]) -> bool:
        types = self._matrix["things"]["items"]["types"] if row["types"] == "items" else row["types"]
        return (
            resource["type"] in types
            and resource["state"] in row["states"]
            and row["whose"] in ("both", "own" if resource["own"] else "others")
            and resource["space_kind"] in row.get("spaces", [resource["space_kind"]])
            and self._begins(row, resource)
            and self._reaches(row["may"].get(who), who, resource)
        )

    def _begins(self, row: dict[str, Any], resource: dict[str, Any]) -> bool:
        if "from" not in row:
            return True
        return bool(self._ranks[resource["classification"]] >= self._ranks[row["from"]])

    def _reaches(self, limit: str | None, who: str, resource: dict[str, Any]) -> bool:
        if limit == "cleared":
            limit = self._matrix["cleared"][resource["space_kind"]][who]
        if limit is None or limit == "any":
            return limit == "any"
        return bool(self._ranks[resource["classification"]] <= self._ranks[limit])
