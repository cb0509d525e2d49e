"""The notice board: list, one notice, the trash, who can see it."""

import asyncio
from collections.abc import Mapping
from typing import Any

from starlette.responses import HTMLResponse, Response

from netzraum_gateway.navigation import with_query
from netzraum_gateway.page import Page
from netzraum_gateway.sentences import VIEWS
from netzraum_gateway.site import get, post

TOOL = "notices"


def board_of(page: Page) -> str:
    return f"/raum/{page.part('space')}/brett"


def api_of(page: Page) -> str:
    return f"spaces/{page.part('space')}/notices"


def notice_of(page: Page) -> str:
    return f"{api_of(page)}/{page.part('notice')}"


async def show_board(page: Page) -> Response:
    view = page.query("view") if page.query("view") in VIEWS else "current"
    narrowed = {name: page.query(name) for name in ("q", "classification", "sort")}
    asked = page.api.get(api_of(page), **_state_of(view), **narrowed, cursor=page.query("cursor"), counts="true")
    found, space = await asyncio.gather(asked, page.space())
    more = with_query(board_of(page), view=view, **narrowed, cursor=found["next"]) if found["next"] else None
    return await page.render(
        "board/list",
        space=space,
        tool=TOOL,
        notices=found,
        next=more,
        filter={"view": view, **narrowed},
    )


def _state_of(view: str) -> dict[str, str]:
    """A view of the board as the filter of the API."""
    return {"unread": {"unread": "true"}, "mine": {"author": "me"}}.get(view, {"state": view})


async def show_news(page: Page) -> Response:
    """How many notices came since the list was made: what its slot shows after a live message."""
    entries = await page.api.get(
        f"spaces/{page.part('space')}/activity", since=page.query("since"), tool=TOOL, limit=200
    )
    news = {entry["item"] for entry in entries["items"] if not entry["seen"]}
    return HTMLResponse(page.markup("_fragments/news", number=len(news), href=board_of(page), kind=TOOL))


async def show_notice(page: Page) -> Response:
    notice, space = await asyncio.gather(page.api.get(notice_of(page), render="html"), page.space())
    access, _ = await asyncio.gather(_access(page, notice), _mark_seen(page, notice))
    return await page.render("board/notice", space=space, tool=TOOL, notice=notice, access=access)


async def show_access(page: Page) -> Response:
    notice, space = await asyncio.gather(page.api.get(notice_of(page)), page.space())
    access = await page.api.get(f"{notice_of(page)}/access")
    return await page.render("board/access", space=space, tool=TOOL, notice=notice, access=access)


async def _access(page: Page, notice: Mapping[str, Any]) -> Any:
    """How many see it, by which roles, and why I do; None where I may not ask."""
    frame = await page.frame()
    if frame.me is None or "read_access" not in notice["actions"]:
        return None
    return await page.api.get(f"{notice_of(page)}/access", account=frame.me["id"])


async def _mark_seen(page: Page, notice: Mapping[str, Any]) -> None:
    """Opening a notice is seeing it."""
    if notice["unread"]:
        await page.api.post(f"spaces/{page.part('space')}/seen", {"tool": TOOL, "item": notice["id"]})


async def delete(page: Page) -> Response:
    await page.api.delete(notice_of(page))
    undo = f"{board_of(page)}/{page.part('notice')}/wiederherstellen"
    return page.redirect(board_of(page), "notice_deleted", undo=undo)


async def restore(page: Page) -> Response:
    await page.api.post(f"{notice_of(page)}/restore")
    return page.redirect(_back(page), "notice_restored")


async def pin(page: Page) -> Response:
    pinned = page.checked("pinned")
    await page.api.patch(notice_of(page), {"pinned": pinned}, version=page.text("version"))
    return page.redirect(_back(page), "notice_pinned" if pinned else "notice_unpinned")


async def publish(page: Page) -> Response:
    await page.api.patch(notice_of(page), {"state": "published"}, version=page.text("version"))
    return page.redirect(_back(page), "notice_published")


def _back(page: Page) -> str:
    return f"{board_of(page)}/{page.part('notice')}"


async def mark_all_seen(page: Page) -> Response:
    until = {"until": page.text("until")} if page.text("until") else {}
    await page.api.post(f"spaces/{page.part('space')}/seen", {"tool": TOOL, **until})
    return page.redirect(board_of(page), "all_seen")


_BOARD = "/raum/{space:uuid}/brett"
_NOTICE = "/raum/{space:uuid}/brett/{notice:uuid}"
ROUTES = [
    get(_BOARD, show_board),
    get(_BOARD + "/neues", show_news),
    post(_BOARD + "/gelesen", mark_all_seen),
    get(_NOTICE, show_notice),
    get(_NOTICE + "/sichtbar", show_access),
    post(_NOTICE + "/loeschen", delete),
    post(_NOTICE + "/wiederherstellen", restore),
    post(_NOTICE + "/anheften", pin),
    post(_NOTICE + "/veroeffentlichen", publish),
]
