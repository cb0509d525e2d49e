"""What became of a page: its revisions, what changed between them, and older ones brought back."""

import asyncio

from starlette.responses import Response

from netzraum_gateway.navigation import with_query
from netzraum_gateway.page import Page
from netzraum_gateway.site import get, post
from netzraum_gateway.wiki.comparison import counted, paired
from netzraum_gateway.wiki.tool import WIKI, fragment, newer_than, page_in_space, what_goes_on
from netzraum_platform.errors import NotFound

LAYOUTS = ("lines", "columns")


async def show_history(page: Page) -> Response:
    asked = page.api.get(f"{WIKI.item_api(page)}/revisions", cursor=page.query("cursor"))
    (wiki_page, space), found = await asyncio.gather(page_in_space(page), asked)
    own, numbers = WIKI.item_home(page), [revision["number"] for revision in found["items"]]
    return await page.render(
        "wiki/history",
        space=space,
        tool=WIKI.name,
        wiki_page=wiki_page,
        own=own,
        revisions=found["items"],
        next=with_query(f"{own}/verlauf", cursor=found["next"]) if found["next"] else None,
        chosen=(numbers[min(1, len(numbers) - 1)], numbers[0]),
    )


async def show_comparison(page: Page) -> Response:
    old, new = sorted((_number(page.query("von")), _number(page.query("bis"))))
    asked = page.api.get(f"{WIKI.item_api(page)}/diff", **{"from": old, "to": new})
    (wiki_page, space), diff = await asyncio.gather(page_in_space(page), asked)
    lines = diff["hunks"]
    return await page.render(
        "wiki/compare",
        space=space,
        tool=WIKI.name,
        wiki_page=wiki_page,
        own=WIKI.item_home(page),
        old=diff["from"],
        new=diff["to"],
        lines=lines,
        rows=paired(lines),
        counts=counted(lines),
        layout=page.query("ansicht") if page.query("ansicht") in LAYOUTS else LAYOUTS[0],
    )


async def show_revision(page: Page) -> Response:
    number = _number(page.part("number"))
    asked = page.api.get(f"{WIKI.item_api(page)}/revisions/{number}", render="html")
    (wiki_page, space), revision = await asyncio.gather(page_in_space(page), asked)
    shown = {"wiki_page": wiki_page, "own": WIKI.item_home(page), "revision": revision}
    return await page.render("wiki/revision", space=space, tool=WIKI.name, **shown)


async def restore_revision(page: Page) -> Response:
    await page.api.post(f"{WIKI.item_api(page)}/revisions/{_number(page.part('number'))}/restore")
    return page.redirect(WIKI.item_home(page), f"{WIKI.type}_revision_restored")


async def show_newer(page: Page) -> Response:
    """What the page's slot shows after a live message: who edits it, that it was saved meanwhile, that it is gone."""
    number, now = _number(page.query("fassung")), await what_goes_on(page)
    newer, people = (newer_than(now, number), now["editing"]) if now else (None, [])
    return await fragment(page, "newer", people=people, newer=newer, gone=now is None, href=WIKI.item_home(page))


async def show_print(page: Page) -> Response:
    wiki_page, space = await page_in_space(page, render="html")
    return await page.render("wiki/print", space=space, wiki_page=wiki_page, own=WIKI.item_home(page))


def _number(typed: str) -> int:
    """
    Raises:
        NotFound: no number of a revision.
    """
    if not typed.isdecimal() or len(typed) > 9:
        raise NotFound
    return int(typed)


HISTORY_ROUTES = [
    get(WIKI.item_path + "/verlauf", show_history),
    get(WIKI.item_path + "/vergleich", show_comparison),
    get(WIKI.item_path + "/fassung/{number}", show_revision),
    post(WIKI.item_path + "/fassung/{number}/wiederherstellen", restore_revision),
    get(WIKI.item_path + "/stand", show_newer),
    get(WIKI.item_path + "/drucken", show_print),
]
