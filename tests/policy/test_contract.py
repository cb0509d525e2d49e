"""The examples of policies/README.md are what the engines take and answer."""

import json
import re
from typing import Any

import jsonschema_rs
import pytest

from netzraum_standalone.policy.samples import Samples
from tests.policy.conftest import POLICIES
from tests.policy.engines import Module, Sidecar

README = (POLICIES / "README.md").read_text(encoding="utf-8")
SCHEMA = json.loads((POLICIES / "schemas" / "input.json").read_text(encoding="utf-8"))


def examples(entry_point: str) -> list[dict[str, Any]]:
    """The JSON blocks of a chapter: the question and its answer."""
    chapter = README[README.index(f"\n### {entry_point}\n") :]
    return [json.loads(block) for block in re.findall(r"```json\n(.*?)```", chapter, re.DOTALL)[:2]]


@pytest.mark.parametrize("entry_point", ["decision", "visibility", "audience"])
def test_the_examples_are_answered_as_they_say(entry_point: str, module: Module, sidecar: Sidecar) -> None:
    question, answer = examples(entry_point)
    jsonschema_rs.validate(SCHEMA, question)
    assert module.ask(entry_point, [question])[0] == answer
    assert sidecar.ask_one(entry_point, question) == answer


def test_every_action_is_listed(module: Module) -> None:
    table = README[README.index("\n### Actions\n") :]
    verbs = set(re.findall(r"[a-z_]+", " ".join(re.findall(r"`([^`]+)`", table))))
    for name, listed in Samples(module.engine.data).types.items():
        assert name in table
        assert listed["verbs"].keys() <= verbs, name


def test_the_schema_knows_no_other_words() -> None:
    question, _ = examples("decision")
    with pytest.raises(jsonschema_rs.ValidationError):
        jsonschema_rs.validate(SCHEMA, {**question, "title": "Sitzung"})
