"""Questions to the policy, by which the fixed rules and the differences are found."""

from collections.abc import Iterator
from itertools import cycle, product
from typing import Any

NOW = 1_795_506_000
STATES = ("new", "draft", "coming", "published", "deleted")
Question = dict[str, Any]


class Samples:
    """Makes questions out of the words of the data files."""

    def __init__(self, data: dict[str, Any]) -> None:
        self.types: dict[str, dict[str, Any]] = data["netzraum"]["actions"]["types"]
        self.items = [name for name, listed in self.types.items() if listed.get("classified", True)]
        self.tools = sorted({listed["tool"] for listed in self.types.values() if "tool" in listed})
        self.space_kinds = list(data["netzraum"]["roles"])
        ranks = data["netzraum"]["classifications"]
        self.classifications = sorted(
            (name for name in ranks if name != "unclassified"), key=lambda n: ranks[n]["rank"]
        )

    def membership(self, base: str, **overrides: Any) -> dict[str, Any]:
        return {"role": base, "base": base, "overrides": overrides, "from": None, "until": None}

    def highest(self, base: str) -> dict[str, Any]:
        """A membership in which the space gave everything that it can."""
        return self.membership(base, levels=dict.fromkeys(self.tools, "manage"), clearance=self.classifications[-1])

    def question(self, action: str, membership: dict[str, Any] | None, **resource: Any) -> Question:
        return {
            "subject": {
                "account": "a",
                "institution": "i",
                "operator": False,
                "second_factor": True,
                "scopes": ["read", "write"],
                "membership": membership,
            },
            "action": action,
            "resource": {
                "type": action.split(".")[1],
                "space": "s",
                "space_kind": self.space_kinds[0],
                "classification": None,
                "own": False,
                "state": "published",
                "named": "none",
                **resource,
            },
            "context": {"channel": "web", "now": NOW, "access_age_s": 0},
        }

    def action(self, type_name: str, verb: str = "read") -> str:
        return f"{self.types[type_name]['service']}.{type_name}.{verb}"

    def about_items(
        self,
        membership: dict[str, Any] | None,
        classifications: tuple[str, ...] | None = None,
        own: tuple[bool, ...] = (True, False),
        states: tuple[str, ...] = STATES,
    ) -> Iterator[Question]:
        """A question about each type of item in each classification and state, going through the kinds of space."""
        space_kinds = cycle(self.space_kinds)
        for name, classification, mine, state in product(
            self.items, classifications or self.classifications, own, states
        ):
            place = {"space_kind": next(space_kinds), "own": mine, "state": state}
            yield self.question(self.action(name), membership, classification=classification, **place)


def with_subject(question: Question, **changes: Any) -> Question:
    return {**question, "subject": {**question["subject"], **changes}}


def with_context(question: Question, **changes: Any) -> Question:
    return {**question, "context": {**question["context"], **changes}}
