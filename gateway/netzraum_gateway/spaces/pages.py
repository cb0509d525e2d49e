"""A space: overview, founding bodies and groups, settings, what happened, the audit."""

import asyncio
from collections.abc import Mapping
from functools import partial
from typing import Any

from starlette.responses import Response

from netzraum_gateway.api import ApiProblem
from netzraum_gateway.calendar.dates import next_dates
from netzraum_gateway.calendar.entries import Occurrence
from netzraum_gateway.navigation import tools_of, with_query
from netzraum_gateway.page import Page
from netzraum_gateway.site import get, post
from netzraum_platform.errors import DomainError

BOARD, CALENDAR = "notices", "calendar"
SEVERAL = ("tools",)


def root_of(page: Page) -> str:
    return f"/raum/{page.part('space')}"


def api_of(page: Page) -> str:
    return f"spaces/{page.part('space')}"


async def show_overview(page: Page) -> Response:
    space = await page.space()
    asked = page.api.get(f"{api_of(page)}/activity", limit=10)
    board, activity, dates = await asyncio.gather(_board(page, space), asked, _dates(page, space))
    return await page.render(
        "spaces/overview",
        space=space,
        tool="overview",
        pinned=[notice for notice in board["items"] if notice["pinned"]],
        dates=dates,
        activity=activity["items"],
        can_write=bool(board["creatable"]),
    )


async def _board(page: Page, space: Mapping[str, Any]) -> Any:
    """The first of the notice board (pinned ones come first); empty where it is not open to me or does not answer."""
    if BOARD in tools_of(space):
        try:
            return await page.api.get(f"{api_of(page)}/{BOARD}", limit=10)
        except ApiProblem as problem:
            if problem.status not in (403, 404, 503):
                raise
    return {"items": [], "creatable": []}


async def _dates(page: Page, space: Mapping[str, Any]) -> list[Occurrence]:
    return await next_dates(page, space["id"]) if CALENDAR in tools_of(space) else []


async def show_activity(page: Page) -> Response:
    tool = page.query("tool")
    found, space = await asyncio.gather(
        page.api.get(f"{api_of(page)}/activity", tool=tool, cursor=page.query("cursor")), page.space()
    )
    more = with_query(f"{root_of(page)}/aktivitaet", tool=tool, cursor=found["next"]) if found["next"] else None
    return await page.render(
        "spaces/activity", space=space, tool="activity", activity=found["items"], next=more, filter={"tool": tool}
    )


async def show_audit(page: Page) -> Response:
    found, space = await asyncio.gather(
        page.api.get(f"{api_of(page)}/audit", cursor=page.query("cursor")), page.space()
    )
    more = with_query(f"{root_of(page)}/protokoll", cursor=found["next"]) if found["next"] else None
    return await page.render("spaces/audit", space=space, tool="audit", entries=found["items"], next=more)


async def show_settings(page: Page) -> Response:
    return await _settings(page)


async def change_settings(page: Page) -> Response:
    change = {
        **{name: page.text(name) for name in ("name", "description", "contact")},
        "tools": page.texts("tools"),
        "newcomers_see_history": page.checked("newcomers_see_history"),
    }
    try:
        await page.api.patch(api_of(page), change, version=page.text("version"))
    except ApiProblem as problem:
        return await _settings(page, problem.in_form())
    return page.redirect(f"{root_of(page)}/einstellungen", "saved")


class MayNotSet(DomainError):
    """The form would offer nothing that could be sent."""

    status, code = 403, "may_not_write"
    de = "Mit Ihrer Rolle ändern Sie in diesem Raum keine Einstellungen."
    en = "With your role you change no settings here."


async def _settings(page: Page, problem: ApiProblem | None = None) -> Response:
    space = await page.space()
    if "update" not in space["actions"] and problem is None:
        raise MayNotSet
    form = page.form(space, problem, SEVERAL)
    status = problem.status if problem else 200
    return await page.render("spaces/settings", status, space=space, tool="settings", form=form)


async def show_new(page: Page, kind: str) -> Response:
    return await _new(page, kind, {"newcomers_see_history": "1"})


async def found_space(page: Page, kind: str) -> Response:
    body: dict[str, Any] = {
        "kind": kind,
        "parent": page.part("space"),
        "newcomers_see_history": page.checked("newcomers_see_history"),
        **{name: page.text(name) for name in ("name", "description", "contact")},
    }
    if page.text("template"):
        body["template"] = page.text("template")
    try:
        made = await page.api.post("spaces", body, key=page.once)
    except ApiProblem as problem:
        return await _new(page, kind, {}, problem.in_form())
    return page.redirect(f"/raum/{made['id']}", "space_created")


async def _new(page: Page, kind: str, values: Mapping[str, Any], problem: ApiProblem | None = None) -> Response:
    status = problem.status if problem else 200
    return await page.render(
        "spaces/new",
        status,
        space=await page.space(),
        tool="overview",
        kind=kind,
        form=page.form(values, problem),
    )


async def show_all_activity(page: Page) -> Response:
    found = await page.api.get("activity", cursor=page.query("cursor"))
    more = with_query("/aktivitaet", cursor=found["next"]) if found["next"] else None
    return await page.render("activity", activity=found["items"], next=more)


_SPACE = "/raum/{space:uuid}"
ROUTES = [
    get("/aktivitaet", show_all_activity),
    get(_SPACE, show_overview),
    get(_SPACE + "/aktivitaet", show_activity),
    get(_SPACE + "/protokoll", show_audit),
    get(_SPACE + "/einstellungen", show_settings),
    post(_SPACE + "/einstellungen", change_settings),
    get(_SPACE + "/gremien/neu", partial(show_new, kind="body")),
    post(_SPACE + "/gremien/neu", partial(found_space, kind="body")),
    get(_SPACE + "/gruppen/neu", partial(show_new, kind="community")),
    post(_SPACE + "/gruppen/neu", partial(found_space, kind="community")),
]
