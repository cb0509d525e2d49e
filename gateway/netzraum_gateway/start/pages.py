"""The start page: what waits for me, and what is new in my spaces."""

import asyncio
from typing import Any

from starlette.responses import Response

from netzraum_gateway.api import ApiProblem
from netzraum_gateway.calendar.dates import next_dates
from netzraum_gateway.page import Page
from netzraum_gateway.site import get, post


async def show_start(page: Page) -> Response:
    frame = await page.frame(since_last_visit=True)
    dates, invitations = await asyncio.gather(next_dates(page), _open_invitations(page))
    return await page.render(
        "start",
        dates=dates,
        todo=[entry for entry in frame.overview.todo if entry["space"] in frame.space_ids],
        activity=[entry for entry in frame.overview.activity if not entry["seen"]],
        invitations=invitations,
        more="/aktivitaet",
    )


async def _open_invitations(page: Page) -> list[dict[str, Any]]:
    """How many have not accepted yet, in the networks where I take members in."""
    try:
        networks = (await page.api.get("spaces", kind="network", open_invitations="true"))["items"]
    except ApiProblem as problem:
        if problem.status == 401:
            raise
        return []
    return [{"space": each["id"], "open": each["open_invitations"]} for each in networks if each["open_invitations"]]


async def mark_all_seen(page: Page) -> Response:
    """All that was there when the page was made; what came since stays unread."""
    frame = await page.frame()
    until = {"until": page.text("until")} if page.text("until") else {}
    await asyncio.gather(*(_mark(page, space["id"], until) for space in frame.spaces))
    return page.redirect("/", "all_seen")


async def _mark(page: Page, space: str, until: dict[str, str]) -> None:
    try:
        await page.api.post(f"spaces/{space}/seen", until)
    except ApiProblem as problem:
        if problem.status != 404:
            raise


ROUTES = [get("/", show_start), post("/gelesen", mark_all_seen)]
