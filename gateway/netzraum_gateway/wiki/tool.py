"""The wiki as the pages of all tools know it, and what its own pages share."""

import asyncio
from typing import Any

from netzraum_gateway.api import ApiProblem
from netzraum_gateway.items.tool import ItemTool, Values
from netzraum_gateway.page import Page
from netzraum_platform.errors import DomainError

START = "start"
"""The address of the page with which the wiki begins."""
Place = tuple[str, str]
"""A page as one can hang another under it: slug and title."""


async def tree(page: Page) -> Any:
    """The top of the wiki, and what hangs along the way to the page of this address."""
    return await page.api.get(f"{of_wiki(page)}/tree", open=page.request.path_params.get("item"))


async def _beside(page: Page) -> Values:
    return {"tree": await tree(page), "start": START}


def _written(page: Page, _timezone: str | None = None) -> dict[str, Any]:
    return {name: page.text(name) for name in ("title", "text", "comment")}


class MayNotWrite(DomainError):
    """The form would offer nothing that could be published."""

    status, code = 403, "may_not_write"
    de = "Mit Ihrer Rolle können Sie in diesem Raum zurzeit keine Wiki-Seiten schreiben."
    en = "With your role you cannot write wiki pages in this space at present."


WIKI = ItemTool(
    "wiki",
    "wiki_page",
    templates="wiki",
    written=_written,
    may_not_write=MayNotWrite,
    resource="wiki/pages",
    part="item",
    order="changed",
    beside=_beside,
)


def of_wiki(page: Page) -> str:
    """The wiki of this space, in the API."""
    return f"spaces/{page.part('space')}/wiki"


async def page_in_space(page: Page, **query: object) -> tuple[Any, Any]:
    """The wiki page of this address, and its space."""
    return await asyncio.gather(page.api.get(WIKI.item_api(page), **query), page.space())


async def places(page: Page, *, near: str = "", words: str = "") -> list[Place]:
    """Where a page can hang: what the tree shows around ``near``, or what the words find."""
    if words:
        found = await page.api.get(WIKI.api(page), q=words, limit=50)
    else:
        found = await page.api.get(f"{of_wiki(page)}/tree", open=near)
    return [(row["slug"], "– " * row.get("depth", 0) + row["title"]) for row in found["items"]]


async def page_now(page: Page) -> Any:
    """The wiki page of this address as it is now; None where it is no longer to be seen."""
    try:
        return await page.api.get(WIKI.item_api(page))
    except ApiProblem as problem:
        if problem.status in (403, 404):
            return None
        raise
