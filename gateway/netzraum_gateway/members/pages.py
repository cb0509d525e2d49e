"""Members of a space: list, take in, change, end."""

import asyncio
from typing import Any

from starlette.responses import Response

from netzraum_gateway.api import ApiProblem
from netzraum_gateway.days import end, last_day
from netzraum_gateway.navigation import with_query
from netzraum_gateway.page import Page
from netzraum_gateway.site import get, post
from netzraum_platform.errors import DomainError

TOOL = "members"
FILTERS = ("q", "role", "institution", "state")


def list_of(page: Page) -> str:
    return f"/raum/{page.part('space')}/mitglieder"


def api_of(page: Page) -> str:
    return f"spaces/{page.part('space')}/members"


def member_of(page: Page) -> str:
    return f"{api_of(page)}/{page.part('member')}"


async def show_members(page: Page) -> Response:
    filters = {name: page.query(name) for name in FILTERS}
    asked = page.api.get(api_of(page), **filters, cursor=page.query("cursor"))
    found, roles, space = await asyncio.gather(asked, roles_of(page), page.space())
    more = with_query(list_of(page), **filters, cursor=found["next"]) if found["next"] else None
    return await page.render(
        "members/list",
        space=space,
        tool=TOOL,
        members=found["items"],
        next=more,
        filter=filters,
        roles=roles,
        can_invite="create" in found["actions"],
    )


async def roles_of(page: Page) -> Any:
    """The roles of the space; none where I may not read them."""
    try:
        return (await page.api.get(f"spaces/{page.part('space')}/roles"))["items"]
    except ApiProblem as problem:
        if problem.status not in (403, 404, 503):
            raise
        return []


async def show_invite(page: Page) -> Response:
    return await _invite(page)


async def invite(page: Page) -> Response:
    frame = await page.frame()
    typed = {name: page.text(name) for name in ("email", "name", "institution", "role", "function", "welcome")}
    body = {name: value for name, value in typed.items() if value}
    try:
        await page.api.post(api_of(page), {**body, "until": end(page.text("until"), frame.timezone)}, key=page.once)
    except ApiProblem as problem:
        return await _invite(page, problem.in_form())
    return page.redirect(list_of(page), "member_invited")


class MayNotTakeIn(DomainError):
    """The form would offer nothing that could be sent."""

    status, code = 403, "may_not_write"
    de = "Mit Ihrer Rolle können Sie in diesem Raum zurzeit niemanden aufnehmen."
    en = "With your role you cannot take anybody in here at present."


async def _invite(page: Page, problem: ApiProblem | None = None) -> Response:
    asked = roles_of(page), _institutions(page), page.space(), _may_take_in(page)
    roles, institutions, space, may_take_in = await asyncio.gather(*asked)
    if not may_take_in and problem is None:
        raise ApiProblem.of(MayNotTakeIn(), page.language)
    return await page.render(
        "members/invite",
        problem.status if problem else 200,
        space=space,
        tool=TOOL,
        form=page.form({"role": page.query("role")}, problem),
        roles=roles,
        institutions=institutions,
    )


async def _may_take_in(page: Page) -> bool:
    try:
        return "create" in (await page.api.get(api_of(page), limit=1))["actions"]
    except ApiProblem as problem:
        if problem.status != 403:
            raise
        return False


async def _institutions(page: Page) -> Any:
    """Names to choose from; none where I take nobody in, or identity does not answer."""
    try:
        return (await page.api.get("institutions/names", space=page.part("space")))["items"]
    except ApiProblem as problem:
        if problem.status not in (403, 404, 503):
            raise
        return []


async def show_member(page: Page) -> Response:
    return await _member(page)


async def change_member(page: Page) -> Response:
    frame = await page.frame()
    change = {
        "role": page.text("role"),
        "function": page.text("function") or None,
        "until": end(page.text("until"), frame.timezone),
    }
    try:
        await page.api.patch(member_of(page), change, version=page.text("version"))
    except ApiProblem as problem:
        return await _member(page, problem.in_form())
    return page.redirect(list_of(page), "member_updated")


async def _member(page: Page, problem: ApiProblem | None = None) -> Response:
    member, roles, space = await asyncio.gather(page.api.get(member_of(page)), roles_of(page), page.space())
    values = {**member, "until": last_day(member["until"])}
    return await page.render(
        "members/member",
        problem.status if problem else 200,
        space=space,
        tool=TOOL,
        member=member,
        roles=roles,
        form=page.form(values, problem),
    )


async def show_end(page: Page) -> Response:
    return await _end(page)


async def end_membership(page: Page) -> Response:
    """Who leaves a space by themselves has nothing more to see there."""
    frame = await page.frame()
    member = await page.api.get(member_of(page))
    try:
        await page.api.delete(member_of(page), version=page.text("version"))
    except ApiProblem as problem:
        return await _end(page, problem.in_form())
    left = frame.me is not None and member["account"]["id"] == frame.me["id"]
    done = "invitation_taken_back" if member["state"] == "invited" else "space_left" if left else "member_ended"
    return page.redirect("/" if left else list_of(page), done)


async def _end(page: Page, problem: ApiProblem | None = None) -> Response:
    member, space = await asyncio.gather(page.api.get(member_of(page)), page.space())
    status = problem.status if problem else 200
    form = page.form({}, problem)
    return await page.render("members/end", status, space=space, tool=TOOL, member=member, form=form)


async def resend(page: Page) -> Response:
    await page.api.post(f"{member_of(page)}/resend")
    return page.redirect(list_of(page), "invitation_resent")


_MEMBERS = "/raum/{space:uuid}/mitglieder"
_MEMBER = _MEMBERS + "/{member:uuid}"
ROUTES = [
    get(_MEMBERS, show_members),
    get(_MEMBERS + "/neu", show_invite),
    post(_MEMBERS + "/neu", invite),
    get(_MEMBER, show_member),
    post(_MEMBER, change_member),
    get(_MEMBER + "/beenden", show_end),
    post(_MEMBER + "/beenden", end_membership),
    post(_MEMBER + "/erinnern", resend),
]
