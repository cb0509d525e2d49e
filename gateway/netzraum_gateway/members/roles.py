"""Roles and rights of a space: the matrix, and the form of one role."""

import asyncio
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from netzraum_gateway.api import ApiProblem
from netzraum_gateway.labels import CLEARANCES, LEVELS, TOOLS
from netzraum_gateway.page import Form, Page
from netzraum_gateway.site import get, post
from netzraum_platform.errors import DomainError

TOOL = "roles"
CEILING_EXCEEDED = "ceiling_exceeded"


class MayNotDefine(DomainError):
    """The form would offer nothing that could be sent."""

    status, code = 403, "may_not_write"
    de = "Mit Ihrer Rolle ändern Sie in diesem Raum keine Rollen und Rechte."
    en = "With your role you change no roles and rights here."


def matrix_of(page: Page) -> str:
    return f"/raum/{page.part('space')}/rollen"


def api_of(page: Page) -> str:
    return f"spaces/{page.part('space')}/roles"


async def show_roles(page: Page) -> Response:
    found, space = await asyncio.gather(page.api.get(api_of(page)), page.space())
    return await page.render("members/roles", space=space, tool=TOOL, roles=found["items"])


async def show_new(page: Page) -> Response:
    return await _role_form(page, None)


async def show_role(page: Page) -> Response:
    return await _role_form(page, await _role(page))


async def add_role(page: Page) -> Response:
    """The name in the address is made of the title by the service."""
    definition = _defined(page)
    name = quote(definition["title"], safe="") or "-"
    try:
        await page.api.put(f"{api_of(page)}/{name}", definition)
    except ApiProblem as problem:
        return await _role_form(page, None, problem.in_form())
    return page.redirect(matrix_of(page), "role_saved")


async def change_role(page: Page) -> Response:
    role = await _role(page)
    try:
        await page.api.put(f"{api_of(page)}/{role['name']}", _defined(page), version=page.text("version"))
    except ApiProblem as problem:
        return await _role_form(page, role, problem.in_form())
    return page.redirect(matrix_of(page), "role_saved")


async def delete_role(page: Page) -> Response:
    role = await _role(page)
    try:
        await page.api.delete(f"{api_of(page)}/{role['name']}")
    except ApiProblem as problem:
        return await _role_form(page, role, problem.in_form())
    return page.redirect(matrix_of(page), "role_deleted")


async def _role(page: Page) -> Any:
    return await page.api.get(f"{api_of(page)}/{quote(page.part('role'), safe='')}")


def _defined(page: Page) -> dict[str, Any]:
    levels = {tool: page.text(f"level.{tool}") for tool in TOOLS if page.text(f"level.{tool}")}
    return {**{name: page.text(name) for name in ("title", "base", "clearance")}, "levels": levels}


async def _role_form(page: Page, role: Mapping[str, Any] | None, problem: ApiProblem | None = None) -> Response:
    roles, space = await asyncio.gather(page.api.get(api_of(page)), page.space())
    if problem is None and not any("update" in each["actions"] for each in ([role] if role else roles["items"])):
        raise ApiProblem.of(MayNotDefine(), page.language)
    return await page.render(
        "members/role_form",
        problem.status if problem else 200,
        space=space,
        tool=TOOL,
        role=role,
        bases=[each for each in roles["items"] if each["builtin"]],
        form=_form(page, role, problem),
    )


def _form(page: Page, role: Mapping[str, Any] | None, problem: ApiProblem | None) -> Form:
    """What was refused as too much carries the ceiling, for the page to say it in its own words."""
    if problem is None:
        return page.form(role or {"levels": {}})
    form = page.form(problem=problem)
    ceiling = problem.document.get("ceiling") or {"levels": {}, "clearance": None}
    errors = [_worded(error, ceiling) for error in form["errors"]]
    return {**form, "values": {**form["values"], "levels": _defined(page)["levels"]}, "errors": errors}


def _worded(error: Mapping[str, Any], ceiling: Mapping[str, Any]) -> Mapping[str, Any]:
    """With the name of the field in the form, and ``most``: what the ceiling allows, "" where it was not passed."""
    tool = error["field"].removeprefix("levels.")
    if error["code"] != CEILING_EXCEEDED:
        most = ""
    elif tool in TOOLS:
        most = LEVELS[ceiling["levels"].get(tool, "none")].label
    else:
        most = CLEARANCES[ceiling["clearance"] or "none"]
    return {**error, "field": f"level.{tool}" if tool in TOOLS else error["field"], "most": most}


_ROLES = "/raum/{space:uuid}/rollen"
ROUTES = [
    get(_ROLES, show_roles),
    get(_ROLES + "/neu", show_new),
    post(_ROLES + "/neu", add_role),
    get(_ROLES + "/{role}", show_role),
    post(_ROLES + "/{role}", change_role),
    post(_ROLES + "/{role}/loeschen", delete_role),
]
