"""What goes in and out of roles."""

import unicodedata
from typing import Annotated, Literal

from fastapi import Path
from pydantic import AfterValidator, BaseModel
from pydantic_core import PydanticCustomError

from netzraum_contracts.tools import ToolName
from netzraum_platform.fields import Line, RequestBody

Level = Literal["none", "read", "contribute", "manage"]
Clearance = Literal["none", "public", "internal", "confidential", "personal"]
TRANSCRIBED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


def slug(text: str) -> str:
    """The name of a role out of its title: small letters, digits and hyphens."""
    plain = unicodedata.normalize("NFKD", text.lower().translate(TRANSCRIBED))
    letters = (char if char.isascii() and char.isalnum() else " " for char in plain if not unicodedata.combining(char))
    return "-".join("".join(letters).split())


def _slug(text: str) -> str:
    name = slug(text)
    if not name:
        raise PydanticCustomError("role_name", "a role's name needs a letter or a digit")
    return name


RoleSlug = Annotated[str, Path(max_length=100), AfterValidator(_slug)]
"""A role in a path; "Berufsberatung" and "berufsberatung" are the same one."""


class RoleDefinition(RequestBody):
    """A role as it is to be. A level that is as the base has it is no override: it goes on following the policy."""

    title: Line
    base: Line
    levels: dict[ToolName, Level]
    clearance: Clearance


class RightsView(BaseModel):
    levels: dict[str, str]
    clearance: str | None


class RoleView(BaseModel):
    """A role. ``levels`` and ``clearance``: what it effectively gives; ``overrides``: what the space changed of its
    base; ``ceiling``: the most that a role of this base may get here; ``members``: how many hold it."""

    name: str
    title: str
    base: str
    builtin: bool
    levels: dict[str, str]
    clearance: str
    overrides: RightsView
    ceiling: RightsView
    members: int
    version: int
    actions: list[str]
