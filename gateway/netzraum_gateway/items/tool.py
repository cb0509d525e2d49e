"""A tool as its pages know it: where it is, and what of an item's form is its own."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from netzraum_gateway.api import ApiProblem
from netzraum_gateway.labels import TOOLS
from netzraum_gateway.page import Page
from netzraum_platform.errors import DomainError

GONE = (403, 404)
"""What is no longer there, or closed to the reader."""
Values = Mapping[str, Any]


async def _nothing(_page: Page) -> Values:
    return {}


async def _nothing_with(_page: Page, _item: Values) -> Values:
    return {}


def _never(_page: Page) -> None:
    return None


def _as_it_is(_page: Page, problem: ApiProblem) -> ApiProblem:
    return problem


def _internal() -> Values:
    return {"classification": "internal"}


@dataclass(frozen=True)
class ItemTool:
    """What one tool brings to the pages that all tools have.

    Its templates are ``list``, ``form`` and one named like ``type``, in the folder ``templates``; an item is called by
    its type there, several are called like the tool. Its messages are those that begin with its type.
    """

    name: str
    """As in the API."""
    type: str
    templates: str
    written: Callable[[Page, str | None], Values]
    """What was typed into the fields of its own, as the API takes it; by the account's time zone."""
    may_not_write: Callable[[], DomainError]
    """What who may create nothing here is told instead of getting an empty form."""
    values: Callable[[Values], Values] = dict
    """An item as its form holds it."""
    started: Callable[[], Values] = _internal
    """What the form of a new item begins with."""
    filters: Sequence[str] = ("q", "classification", "sort")
    several: Sequence[str] = ("roles",)
    """The fields of its form that may come several times."""
    order: str = ""
    """How its list is sorted where nobody chose; "" is the order of the API."""
    text: str = "text"
    """The field with Markdown, which can be looked at before it is saved."""
    resource: str = ""
    """Its path in the API within a space, where it is not called like the tool: ``events``, ``wiki/pages``."""
    part: str = "item:uuid"
    """An item's part of the address, as a route: ``item`` where it is called by a word."""
    beside: Callable[[Page], Awaitable[Values]] = _nothing
    """What its list and its items are shown with, beside what those of every tool are."""
    offered: Callable[[Page], Awaitable[Values]] = _nothing
    """What its form offers to choose from, beside what that of every tool does."""
    listed_at: str = ""
    """Where its list is, beneath its other pages, for a tool that begins with another one: ``/alle``."""
    reshaped: Callable[[Page], Values | None] = _never
    """What the form holds after a button that only changes its shape; None where no such button was pressed."""
    beside_its_fields: Callable[[Page, ApiProblem], ApiProblem] = _as_it_is
    """What the API says of fields that the form has in another shape, said of those that it has."""
    with_item: Callable[[Page, Values], Awaitable[Values]] = _nothing_with
    """What one item is shown with, where that depends on the item."""

    @property
    def path(self) -> str:
        """Of its pages, as a route."""
        return f"/raum/{{space:uuid}}/{TOOLS[self.name].path}"

    @property
    def item_path(self) -> str:
        return f"{self.path}/{{{self.part}}}"

    def home(self, page: Page) -> str:
        return f"/raum/{page.part('space')}/{TOOLS[self.name].path}"

    def api(self, page: Page) -> str:
        return f"spaces/{page.part('space')}/{self.resource or self.name}"

    def item_home(self, page: Page) -> str:
        return f"{self.home(page)}/{quote(page.part('item'), safe='')}"

    def item_api(self, page: Page) -> str:
        return f"{self.api(page)}/{quote(page.part('item'), safe='')}"
