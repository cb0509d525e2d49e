"""Where things are: the tools of a space, the address of an item, the number of unread items."""

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import urlencode

from netzraum_contracts import tools
from netzraum_gateway.labels import TOOLS


def tools_of(space: Mapping[str, Any]) -> list[str]:
    """The tools to offer in a space: switched on, open to my role, and with a page behind them."""
    levels: Mapping[str, str] = space["my"]["levels"]
    return [
        name
        for name, tool in TOOLS.items()
        if tool.built and name in space["tools"] and levels.get(name, "none") != "none"
    ]


def item_path(space: str, tool: str, item: str) -> str:
    return tools.TOOLS[tool].page_of(space, item)


def unread_in(unread: Mapping[str, Mapping[str, int]], space: str, tool: str | None = None) -> int:
    """How many items are unread in a space, or in one of its tools. `unread` is the answer of `GET unread`."""
    tools = unread.get(space, {})
    return sum(tools.values()) if tool is None else tools.get(tool, 0)


def with_query(path: str, **parameters: object) -> str:
    """The address with those parameters that say something."""
    query = urlencode({name: value for name, value in parameters.items() if value})
    return f"{path}?{query}" if query else path


def keyed(things: Iterable[Mapping[str, Any]]) -> dict[str, Mapping[str, Any]]:
    """The same things by their ids."""
    return {thing["id"]: thing for thing in things}
