"""All services call the tools the same."""

from pathlib import Path
from typing import get_args

import yaml

from netzraum_contracts.tools import TOOLS, ToolName
from netzraum_gateway import labels

ACTIONS = Path(__file__).parents[2] / "policies/bundle/netzraum/actions/data.yaml"


def test_the_name_of_a_tool_is_one_of_the_list() -> None:
    assert get_args(ToolName) == tuple(TOOLS)


def test_the_page_has_words_for_each_tool_in_the_same_order() -> None:
    assert list(labels.TOOLS) == list(TOOLS)


def test_the_policy_knows_each_tool_by_the_type_that_is_asked_for() -> None:
    types = yaml.safe_load(ACTIONS.read_text(encoding="utf-8"))["types"]
    asked = {name: (tool.service, tool.type) for name, tool in TOOLS.items()}
    assert {name: (types[kind]["service"], kind) for name, (_, kind) in asked.items()} == asked
    assert {name: types[kind]["tool"] for name, (_, kind) in asked.items()} == {name: name for name in TOOLS}


def test_a_path_of_the_api_and_of_the_page_belongs_to_one_tool() -> None:
    resources = [resource for tool in TOOLS.values() for resource in tool.resources]
    paths = [tool.path for tool in TOOLS.values()]
    assert len(resources) == len(set(resources))
    assert len(paths) == len(set(paths))
