"""The pages on which the items of a tool are written, changed and reclassified."""

import asyncio
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from netzraum_gateway.api import ApiProblem
from netzraum_gateway.items.tool import GONE, ItemTool, Values
from netzraum_gateway.page import Page
from netzraum_gateway.site import PageRoute, get, post
from netzraum_platform.text import to_html

NOT_FOUND, GONE_MEANWHILE, CHANGED_MEANWHILE = 404, 409, 412


def writing_routes(tool: ItemTool) -> list[PageRoute]:
    pages = Writing(tool)
    return [
        get(tool.path + "/neu", pages.show_new),
        post(tool.path + "/neu", pages.create),
        get(tool.item_path + "/bearbeiten", pages.show_edit),
        post(tool.item_path + "/bearbeiten", pages.edit),
        *reclassifying_routes(tool),
    ]


def reclassifying_routes(tool: ItemTool) -> list[PageRoute]:
    """By themselves for a tool that is written in a way of its own."""
    pages = Writing(tool)
    return [
        get(tool.item_path + "/stufe", pages.show_reclassify),
        post(tool.item_path + "/stufe", pages.reclassify),
    ]


@dataclass(frozen=True)
class Writing:
    """The handlers; a tool that opens its form in a way of its own calls ``form`` itself."""

    tool: ItemTool

    async def show_new(self, page: Page) -> Response:
        return await self.form(page, self.tool.started())

    async def create(self, page: Page) -> Response:
        if (again := self._not_to_be_saved(page)) is not None:
            return await self.form(page, again, again=True)
        body = {**await self.written(page), "classification": page.text("classification")}
        try:
            made = await page.api.post(self.tool.api(page), body, key=page.once)
        except ApiProblem as problem:
            return await self.form(page, {}, problem=problem.in_form())
        done = "draft_saved" if made["state"] == "draft" else "published"
        return page.redirect(f"{self.tool.home(page)}/{made['id']}", f"{self.tool.type}_{done}")

    async def show_edit(self, page: Page) -> Response:
        item = await page.api.get(self.tool.item_api(page))
        return await self.form(page, self.tool.values(item), item)

    async def edit(self, page: Page) -> Response:
        item = await self.still_there(page)
        if item is None:
            return await self.gone(page)
        if (again := self._not_to_be_saved(page)) is not None:
            return await self.form(page, again, item, again=True)
        try:
            await page.api.patch(self.tool.item_api(page), await self.written(page), version=page.text("version"))
        except ApiProblem as problem:
            return await self.not_saved(page, item, problem)
        return page.redirect(self.tool.item_home(page), f"{self.tool.type}_updated")

    async def still_there(self, page: Page) -> Any:
        """The item whose form was sent; None where it was deleted or closed to the writer meanwhile."""
        try:
            return await page.api.get(self.tool.item_api(page))
        except ApiProblem as problem:
            if problem.status not in GONE:
                raise
            return None

    async def not_saved(self, page: Page, item: Values, problem: ApiProblem) -> Response:
        """The form with what was typed, and what is wrong."""
        if problem.status == NOT_FOUND:
            return await self.gone(page)
        return await self.form(page, {}, item, problem=problem.in_form())

    async def gone(self, page: Page) -> Response:
        """What was typed for an item that is no longer there, to be saved as a new one."""
        return await self.form(page, {**self.tool.started(), **page.typed(self.tool.several)}, gone=True)

    async def show_reclassify(self, page: Page) -> Response:
        return await self._reclassify_form(page, await page.api.get(self.tool.item_api(page)))

    async def reclassify(self, page: Page) -> Response:
        item = await page.api.get(self.tool.item_api(page))
        names = ("classification", "reason", "purpose", "delete_on")
        given = {name: page.text(name) for name in names if page.text(name)}
        try:
            await page.api.patch(self.tool.item_api(page), given, version=page.text("version"))
        except ApiProblem as problem:
            return await self._reclassify_form(page, item, problem.in_form())
        return page.redirect(self.tool.item_home(page), f"{self.tool.type}_reclassified")

    async def form(
        self,
        page: Page,
        values: Values,
        item: Values | None = None,
        *,
        problem: ApiProblem | None = None,
        again: bool = False,
        gone: bool = False,
    ) -> Response:
        """The form with what there is, or what was typed; where somebody was faster, with their text beside it."""
        tool = self.tool
        asked = page.space(), roles_of(page), page.api.get(tool.api(page), limit=1), tool.offered(page)
        space, roles, found, offered = await asyncio.gather(*asked)
        if not (found["creatable"] or item or problem or again or gone):
            raise ApiProblem.of(tool.may_not_write(), page.language)
        if problem is not None:
            problem = tool.beside_its_fields(page, problem)
        lost_race = problem is not None and problem.status == CHANGED_MEANWHILE
        own: dict[str, Any] = {**offered, tool.type: item, "conflict": item if lost_race else None}
        return await page.render(
            f"{tool.templates}/form",
            problem.status if problem else GONE_MEANWHILE if gone else 200,
            space=space,
            tool=tool.name,
            form=page.form(values, problem, tool.several),
            gone=gone,
            creatable=found["creatable"],
            roles=roles,
            preview=to_html(page.text(tool.text)) if page.checked("preview") else None,
            **own,
        )

    async def _reclassify_form(self, page: Page, item: Values, problem: ApiProblem | None = None) -> Response:
        space, found = await asyncio.gather(page.space(), page.api.get(self.tool.api(page), limit=1))
        creatable = [each["classification"] for each in found["creatable"]]
        return await page.render(
            "items/reclassify",
            problem.status if problem else 200,
            space=space,
            tool=self.tool.name,
            item=item,
            own=self.tool.item_home(page),
            form=page.form(self.tool.values(item), problem),
            classifications=[name for name in creatable if name != item["classification"]],
        )

    def _not_to_be_saved(self, page: Page) -> Values | None:
        """What was typed, where the button pressed only shows the form anew; None where it is to be saved."""
        return page.typed(self.tool.several) if page.checked("preview") else self.tool.reshaped(page)

    async def written(self, page: Page) -> dict[str, Any]:
        """What was typed, as the API takes it."""
        frame = await page.frame()
        return {
            "title": page.text("title"),
            "state": page.text("state") or "published",
            "purpose": page.text("purpose") or None,
            "delete_on": page.text("delete_on") or None,
            "roles": page.texts("roles"),
            **self.tool.written(page, frame.timezone),
        }


async def roles_of(page: Page) -> list[dict[str, Any]]:
    """The roles that an item can be narrowed to; none where I may not read them."""
    try:
        items: list[dict[str, Any]] = (await page.api.get(f"spaces/{page.part('space')}/roles"))["items"]
    except ApiProblem as problem:
        if problem.status not in (403, 404, 503):
            raise
        return []
    return items
