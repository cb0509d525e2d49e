"""The wiki as the pages of all tools know it, and what its own pages share."""

import asyncio
from typing import Any

from starlette.responses import HTMLResponse, Response

from netzraum_gateway.api import ApiProblem
from netzraum_gateway.items.tool import GONE, ItemTool, Values
from netzraum_gateway.page import Page
from netzraum_platform.errors import DomainError

START = "start"
"""The address of the page with which the wiki begins."""
STARTS = (START, "startseite", "start-page")
"""Where there is no such page, it begins with one that is called so: the title makes the address, in both languages."""
Place = tuple[str, str]
"""A page as one can hang another under it: slug and title."""


async def tree(page: Page) -> Any:
    """The top of the wiki, and what hangs along the way to the page of this address."""
    return await page.api.get(f"{of_wiki(page)}/tree", open=page.request.path_params.get("item"))


async def _beside(page: Page) -> Values:
    shown = page.request.path_params.get("item")
    return {"tree": await tree(page), "start": shown if shown in STARTS else START}


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


def editing_api(page: Page) -> str:
    """Who is at the page of this address, in the API."""
    return f"{WIKI.item_api(page)}/editing"


async def what_goes_on(page: Page) -> Any:
    """Who is at the page of this address, and its newest revision; None where it is no longer to be seen."""
    try:
        now = await page.api.get(editing_api(page))
    except ApiProblem as problem:
        if problem.status in GONE:
            return None
        raise
    return None if now["deleted"] else now


def newer_than(now: Any, number: int) -> Values | None:
    """The newest revision, where it is newer than the one of this number."""
    return {"number": now["revision"], "author": now["changed_by"]} if now["revision"] > number else None


async def fragment(page: Page, name: str, **context: Any) -> Response:
    """What htmx puts into a page, its times as those of the page."""
    timezone = (await page.frame()).timezone
    return HTMLResponse(page.markup(f"_fragments/{name}", timezone=timezone, **context))
