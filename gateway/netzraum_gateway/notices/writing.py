"""Writing, changing and reclassifying a notice."""

import asyncio
from collections.abc import Mapping
from typing import Any

from starlette.responses import Response

from netzraum_gateway.api import ApiProblem
from netzraum_gateway.days import beginning, end, last_day
from netzraum_gateway.notices.pages import TOOL, api_of, board_of, notice_of
from netzraum_gateway.page import Page
from netzraum_gateway.site import get, post
from netzraum_platform.errors import DomainError
from netzraum_platform.text import to_html

SEVERAL = ("roles",)
CHANGED_MEANWHILE = 412


class MayNotWrite(DomainError):
    """The form would offer nothing that could be published."""

    status, code = 403, "may_not_write"
    de = "Mit Ihrer Rolle können Sie in diesem Raum zurzeit keine Aushänge schreiben."
    en = "With your role you cannot write notices in this space at present."


async def show_new(page: Page) -> Response:
    return await _form(page, {"classification": "internal"})


async def create(page: Page) -> Response:
    if page.checked("preview"):
        return await _form(page, page.typed(SEVERAL), preview=True)
    frame = await page.frame()
    body = {**_written(page, frame.timezone), "classification": page.text("classification")}
    try:
        made = await page.api.post(api_of(page), body, key=page.once)
    except ApiProblem as problem:
        return await _form(page, {}, problem=problem.in_form())
    code = "notice_draft_saved" if made["state"] == "draft" else "notice_published"
    return page.redirect(f"{board_of(page)}/{made['id']}", code)


async def show_edit(page: Page) -> Response:
    notice = await page.api.get(notice_of(page))
    return await _form(page, _values(notice), notice)


async def edit(page: Page) -> Response:
    notice = await page.api.get(notice_of(page))
    if page.checked("preview"):
        return await _form(page, page.typed(SEVERAL), notice, preview=True)
    frame = await page.frame()
    try:
        await page.api.patch(notice_of(page), _written(page, frame.timezone), version=page.text("version"))
    except ApiProblem as problem:
        return await _form(page, {}, notice, problem=problem.in_form())
    return page.redirect(f"{board_of(page)}/{notice['id']}", "notice_updated")


async def show_reclassify(page: Page) -> Response:
    return await _reclassify_form(page, await page.api.get(notice_of(page)))


async def reclassify(page: Page) -> Response:
    notice = await page.api.get(notice_of(page))
    given = {name: page.text(name) for name in ("classification", "reason", "purpose", "delete_on") if page.text(name)}
    try:
        await page.api.patch(notice_of(page), given, version=page.text("version"))
    except ApiProblem as problem:
        return await _reclassify_form(page, notice, problem.in_form())
    return page.redirect(f"{board_of(page)}/{notice['id']}", "notice_reclassified")


async def _form(
    page: Page,
    values: Mapping[str, Any],
    notice: Mapping[str, Any] | None = None,
    *,
    problem: ApiProblem | None = None,
    preview: bool = False,
) -> Response:
    """The form with what there is, or what was typed; where somebody was faster, with their text beside it."""
    space, roles, board = await asyncio.gather(page.space(), _roles(page), page.api.get(api_of(page), limit=1))
    if not (board["creatable"] or notice or problem or preview):
        raise ApiProblem.of(MayNotWrite(), page.language)
    lost_race = problem is not None and problem.status == CHANGED_MEANWHILE
    return await page.render(
        "board/form",
        problem.status if problem else 200,
        space=space,
        tool=TOOL,
        notice=notice,
        form=page.form(values, problem, SEVERAL),
        creatable=board["creatable"],
        roles=roles,
        preview=to_html(page.text("text")) if preview else None,
        conflict=notice if lost_race else None,
    )


async def _reclassify_form(page: Page, notice: Mapping[str, Any], problem: ApiProblem | None = None) -> Response:
    space, board = await asyncio.gather(page.space(), page.api.get(api_of(page), limit=1))
    creatable = [each["classification"] for each in board["creatable"]]
    return await page.render(
        "board/reclassify",
        problem.status if problem else 200,
        space=space,
        tool=TOOL,
        notice=notice,
        form=page.form(_values(notice), problem),
        classifications=[name for name in creatable if name != notice["classification"]],
    )


async def _roles(page: Page) -> list[dict[str, Any]]:
    """The roles that a notice can be narrowed to; none where I may not read them."""
    try:
        items: list[dict[str, Any]] = (await page.api.get(f"spaces/{page.part('space')}/roles"))["items"]
    except ApiProblem as problem:
        if problem.status not in (403, 404, 503):
            raise
        return []
    return items


def _written(page: Page, timezone: str | None) -> dict[str, Any]:
    """What was typed, as the API takes it; days are those of the account's zone."""
    return {
        "title": page.text("title"),
        "text": page.text("text"),
        "state": page.text("state") or "published",
        "purpose": page.text("purpose") or None,
        "delete_on": page.text("delete_on") or None,
        "roles": page.texts("roles"),
        "valid_from": beginning(page.text("valid_from"), timezone),
        "valid_until": end(page.text("valid_until"), timezone),
        "pinned": page.checked("pinned"),
    }


def _values(notice: Mapping[str, Any]) -> dict[str, Any]:
    """A notice as its form holds it: the last day that it is visible, not the first that it is not."""
    return {**notice, "valid_until": last_day(notice["valid_until"]), "pinned": "1" if notice["pinned"] else ""}


_BOARD = "/raum/{space:uuid}/brett"
_NOTICE = "/raum/{space:uuid}/brett/{notice:uuid}"
ROUTES = [
    get(_BOARD + "/neu", show_new),
    post(_BOARD + "/neu", create),
    get(_NOTICE + "/bearbeiten", show_edit),
    post(_NOTICE + "/bearbeiten", edit),
    get(_NOTICE + "/stufe", show_reclassify),
    post(_NOTICE + "/stufe", reclassify),
]
