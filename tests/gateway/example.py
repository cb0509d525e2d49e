"""What an example of a page is, and the frames that examples stand in."""

from dataclasses import dataclass, field
from typing import Any

from tests.gateway.answers import FRAME, ME, NETWORK, SPACE


@dataclass(frozen=True)
class Example:
    """One page: `name` tells it from other examples of the same template."""

    template: str
    name: str = ""
    context: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return "-".join(part for part in (self.template.replace("/", "-"), self.name) if part)


def outside(template: str, name: str = "", /, **context: object) -> Example:
    """A page before logging in."""
    return Example(template, name, context)


def home(template: str, name: str = "", /, **context: object) -> Example:
    return Example(template, name, {**FRAME, **context})


def of_account(template: str, name: str = "", /, path: str = "/konto", **context: object) -> Example:
    return home(f"account/{template}", name, path=path, **context)


def of_operator(template: str, name: str = "", /, path: str = "/betrieb", **context: object) -> Example:
    return home(f"operator/{template}", name, path=path, me={**ME, "operator": True}, **context)


def in_space(template: str, tool: str, name: str = "", /, **context: object) -> Example:
    return Example(template, name, {**FRAME, "path": f"/raum/{NETWORK}", "space": SPACE, "tool": tool, **context})
