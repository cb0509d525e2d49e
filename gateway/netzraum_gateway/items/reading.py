"""The pages on which the items of a tool are read: list, one item, who can see it, the trash."""

import asyncio
from dataclasses import dataclass
from typing import Any

from starlette.responses import HTMLResponse, Response

from netzraum_gateway.items.tool import ItemTool, Values
from netzraum_gateway.navigation import with_query
from netzraum_gateway.page import Page
from netzraum_gateway.sentences import VIEWS
from netzraum_gateway.site import PageRoute, get, post


def reading_routes(tool: ItemTool) -> list[PageRoute]:
    pages = Reading(tool)
    return [
        get(tool.path + tool.listed_at, pages.show_list),
        get(tool.path + "/neues", pages.show_news),
        post(tool.path + "/gelesen", pages.mark_all_seen),
        get(tool.item_path, pages.show_item),
        get(tool.item_path + "/sichtbar", pages.show_access),
        post(tool.item_path + "/loeschen", pages.delete),
        post(tool.item_path + "/wiederherstellen", pages.restore),
        post(tool.item_path + "/veroeffentlichen", pages.publish),
    ]


@dataclass(frozen=True)
class Reading:
    tool: ItemTool

    async def show_list(self, page: Page) -> Response:
        tool = self.tool
        view = page.query("view") if page.query("view") in VIEWS else "current"
        narrowed = {name: page.query(name) or (tool.order if name == "sort" else "") for name in tool.filters}
        asked = page.api.get(tool.api(page), **_state_of(view), **narrowed, cursor=page.query("cursor"), counts="true")
        found, space, beside = await asyncio.gather(asked, page.space(), tool.beside(page))
        here = tool.home(page) + tool.listed_at
        more = with_query(here, view=view, **narrowed, cursor=found["next"]) if found["next"] else None
        listed = {**beside, tool.name: found, "next": more, "filter": {"view": view, **narrowed}}
        return await page.render(f"{tool.templates}/list", space=space, tool=tool.name, **listed)

    async def show_news(self, page: Page) -> Response:
        """How many items came, or went, since the list was made: what its slot shows after a live message."""
        space, of_list = f"spaces/{page.part('space')}", {"since": page.query("since"), "tool": self.tool.name}
        entries = await page.api.get(f"{space}/activity", **of_list, limit=200)
        number = len({entry["item"] for entry in entries["items"] if not entry["seen"]})
        gone = 0 if number else (await page.api.get(f"{space}/gone", **of_list))["number"]
        href = with_query(self.tool.home(page), view="current")
        return HTMLResponse(page.markup("_fragments/news", number=number, gone=gone, href=href, kind=self.tool.name))

    async def show_item(self, page: Page, status: int = 200, **more: Any) -> Response:
        """``more`` is what a form on the page of the item was refused with."""
        tool = self.tool
        asked = page.api.get(tool.item_api(page), render="html", access="true")
        item, space, beside, _ = await asyncio.gather(asked, page.space(), tool.beside(page), page.frame())
        _, around = await asyncio.gather(self._mark_seen(page, item), tool.with_item(page, item))
        shown = {**beside, **around, tool.type: item, "own": tool.item_home(page), "access": item["access"], **more}
        return await page.render(f"{tool.templates}/{tool.type}", status, space=space, tool=tool.name, **shown)

    async def show_access(self, page: Page) -> Response:
        item, space = await asyncio.gather(page.api.get(self.tool.item_api(page)), page.space())
        access = await page.api.get(f"{self.tool.item_api(page)}/access")
        shown = {"item": item, "own": self.tool.item_home(page), "access": access}
        return await page.render("items/access", space=space, tool=self.tool.name, **shown)

    async def _mark_seen(self, page: Page, item: Values) -> None:
        """Opening an item is seeing it."""
        if item["unread"]:
            await page.api.post(f"spaces/{page.part('space')}/seen", {"tool": self.tool.name, "item": item["id"]})
            page.one_read(self.tool.name)

    async def mark_all_seen(self, page: Page) -> Response:
        until = {"until": page.text("until")} if page.text("until") else {}
        await page.api.post(f"spaces/{page.part('space')}/seen", {"tool": self.tool.name, **until})
        return page.redirect(self.tool.home(page), "all_seen")

    async def delete(self, page: Page) -> Response:
        await page.api.delete(self.tool.item_api(page))
        undo = f"{self.tool.item_home(page)}/wiederherstellen"
        return page.redirect(self.tool.home(page), f"{self.tool.type}_deleted", undo=undo)

    async def restore(self, page: Page) -> Response:
        await page.api.post(f"{self.tool.item_api(page)}/restore")
        return page.redirect(self.tool.item_home(page), f"{self.tool.type}_restored")

    async def publish(self, page: Page) -> Response:
        await page.api.patch(self.tool.item_api(page), {"state": "published"}, version=page.text("version"))
        return page.redirect(self.tool.item_home(page), f"{self.tool.type}_published")


def _state_of(view: str) -> dict[str, str]:
    """A view of a list as the filter of the API."""
    return {"unread": {"unread": "true"}, "mine": {"author": "me"}}.get(view, {"state": view})
