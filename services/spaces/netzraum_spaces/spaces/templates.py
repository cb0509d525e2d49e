"""What a new space starts with, read from templates.yaml."""

from importlib.resources import files
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from netzraum_contracts.spaces import SpaceKind
from netzraum_contracts.tools import TOOLS, ToolName

TemplateName = Literal["equal", "graded", "community"]
ALWAYS_ON: ToolName = "members"
"""A space is its members; this tool cannot be switched off."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Override(_Part):
    levels: dict[str, str] = {}
    clearance: str | None = None


class Template(_Part):
    tools: list[ToolName]
    overrides: dict[str, Override]


class Templates(_Part):
    """``roles``: title by language of each built-in role."""

    roles: dict[str, dict[str, str]]
    founder: str
    defaults: dict[SpaceKind, TemplateName]
    templates: dict[TemplateName, Template]


TEMPLATES = Templates.model_validate(
    yaml.safe_load(files("netzraum_spaces.spaces").joinpath("templates.yaml").read_text(encoding="utf-8"))
)


def in_order(tools: list[ToolName]) -> list[str]:
    """The tools once each, in the order in which they are shown, with the one that is always on."""
    return [tool for tool in TOOLS if tool in tools or tool == ALWAYS_ON]


def title_of(name: str, title: str | None, language: str) -> str:
    """What the space calls a role; else what the built-in one is called in the caller's language."""
    return title or TEMPLATES.roles.get(name, {}).get(language, name)
