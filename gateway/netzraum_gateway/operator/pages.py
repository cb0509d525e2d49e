"""Running the platform: institutions, accounts, spaces without coordinator, state of the parts. No content."""

import asyncio
from typing import Any

from starlette.responses import Response

from netzraum_gateway.api import ApiProblem
from netzraum_gateway.navigation import with_query
from netzraum_gateway.operator.labels import INSTITUTION_STATES
from netzraum_gateway.page import Page
from netzraum_gateway.site import get, post
from netzraum_platform.errors import NotFound, Unavailable
from netzraum_platform.settings import SERVICES

INSTITUTIONS = "/betrieb"
ACCOUNTS = "/betrieb/konten"
ORPHANS = "/betrieb/raeume"


async def show_institutions(page: Page) -> Response:
    state = page.query("state") if page.query("state") in INSTITUTION_STATES else "pending"
    found = await page.api.get("institutions", state=state, cursor=page.query("cursor"))
    more = with_query(INSTITUTIONS, state=state, cursor=found["next"]) if found["next"] else None
    context = {"institutions": found["items"], "next": more, "filter": {"state": state}}
    return await page.render("operator/institutions", **context)


async def approve(page: Page) -> Response:
    await page.api.post(f"institutions/{page.part('institution')}/approve")
    return page.redirect(INSTITUTIONS, "institution_approved")


async def show_reject(page: Page) -> Response:
    return await _refuse_institution(page, "reject_institution", "ablehnen")


async def reject(page: Page) -> Response:
    try:
        await page.api.post(f"institutions/{page.part('institution')}/reject", {"reason": page.text("reason")})
    except ApiProblem as problem:
        return await _refuse_institution(page, "reject_institution", "ablehnen", problem.in_form())
    return page.redirect(INSTITUTIONS, "institution_rejected")


async def show_suspend_institution(page: Page) -> Response:
    return await _refuse_institution(page, "suspend_institution", "sperren")


async def suspend_institution(page: Page) -> Response:
    try:
        await page.api.post(f"institutions/{page.part('institution')}/suspend", {"reason": page.text("reason")})
    except ApiProblem as problem:
        return await _refuse_institution(page, "suspend_institution", "sperren", problem.in_form())
    return page.redirect(f"{INSTITUTIONS}?state=suspended", "institution_suspended")


async def _refuse_institution(page: Page, action: str, verb: str, problem: ApiProblem | None = None) -> Response:
    institution = page.part("institution")
    found = await _one_of(page, "institutions", institution)
    target = f"{INSTITUTIONS}/institutionen/{institution}/{verb}"
    return await _refuse(page, action, found["name"], target, INSTITUTIONS, problem)


async def _refuse(page: Page, action: str, name: str, target: str, back: str, problem: ApiProblem | None) -> Response:
    """Ask for the reason that whom it concerns is told."""
    status = problem.status if problem else 200
    form = page.form({}, problem)
    context = {"action": action, "name": name, "target": target, "back": back, "form": form}
    return await page.render("operator/refuse", status, **context)


async def _one_of(page: Page, things: str, wanted: str) -> Any:
    """One of a list of the operator's.

    Raises:
        NotFound: there is none with this id.
    """
    cursor: str | None = ""
    while cursor is not None:
        found = await page.api.get(things, limit=200, cursor=cursor)
        for each in found["items"]:
            if each["id"] == wanted:
                return each
        cursor = found["next"]
    raise NotFound


async def show_accounts(page: Page) -> Response:
    q = page.query("q")
    found = await page.api.get("accounts", q=q, cursor=page.query("cursor"))
    more = with_query(ACCOUNTS, q=q, cursor=found["next"]) if found["next"] else None
    return await page.render("operator/accounts", accounts=found["items"], next=more, filter={"q": q})


async def show_suspend_account(page: Page) -> Response:
    return await _refuse_account(page)


async def suspend_account(page: Page) -> Response:
    reason = {"reason": page.text("reason")} if page.text("reason") else {}
    try:
        await page.api.post(f"accounts/{page.part('account')}/suspend", reason)
    except ApiProblem as problem:
        return await _refuse_account(page, problem.in_form())
    return page.redirect(ACCOUNTS, "account_suspended")


async def _refuse_account(page: Page, problem: ApiProblem | None = None) -> Response:
    account = page.part("account")
    found = await _one_of(page, "accounts", account)
    return await _refuse(page, "suspend_account", found["name"], f"{ACCOUNTS}/{account}/sperren", ACCOUNTS, problem)


async def unsuspend_account(page: Page) -> Response:
    await page.api.post(f"accounts/{page.part('account')}/unsuspend")
    return page.redirect(ACCOUNTS, "account_unsuspended")


async def reset_second_factor(page: Page) -> Response:
    await page.api.post(f"accounts/{page.part('account')}/reset-second-factor")
    return page.redirect(ACCOUNTS, "second_factor_reset")


async def show_orphans(page: Page) -> Response:
    return await _orphans(page)


async def appoint(page: Page) -> Response:
    space = page.part("space")
    try:
        await page.api.post(f"operator/spaces/{space}/coordinator", {"account": page.text("account")})
    except ApiProblem as problem:
        return await _orphans(page, problem.in_form())
    return page.redirect(ORPHANS, "saved")


async def _orphans(page: Page, problem: ApiProblem | None = None) -> Response:
    spaces, accounts = await asyncio.gather(page.api.get("operator/spaces"), page.api.get("accounts", limit=200))
    choices = [{**account, "institution": account["institution"]["name"]} for account in accounts["items"]]
    status = problem.status if problem else 200
    form = page.form({}, problem)
    return await page.render("operator/orphans", status, orphans=spaces["items"], accounts=choices, form=form)


async def show_health(page: Page) -> Response:
    """Only for the operator: so the policy is asked first, and refuses everyone else."""
    policy = await _policy(page)
    parts = await asyncio.gather(*(_part(page, service) for service in SERVICES))
    return await page.render("operator/health", policy=policy, parts=parts)


async def _policy(page: Page) -> Any:
    try:
        return await page.api.get("operator/policy")
    except ApiProblem as problem:
        if problem.status != 503:
            raise
        return None


async def _part(page: Page, service: str) -> dict[str, Any]:
    try:
        reply = await page.api.calls.request(service, "GET", "/health/ready")
    except Unavailable:
        return {"name": service, "ready": False, "missing": []}
    missing = [name for name, ready in reply.json()["checks"].items() if not ready]
    return {"name": service, "ready": reply.status == 200, "missing": missing}


_INSTITUTION = "/betrieb/institutionen/{institution:uuid}"
_ACCOUNT = ACCOUNTS + "/{account:uuid}"
ROUTES = [
    get(INSTITUTIONS, show_institutions),
    post(_INSTITUTION + "/zulassen", approve),
    get(_INSTITUTION + "/ablehnen", show_reject),
    post(_INSTITUTION + "/ablehnen", reject),
    get(_INSTITUTION + "/sperren", show_suspend_institution),
    post(_INSTITUTION + "/sperren", suspend_institution),
    get(ACCOUNTS, show_accounts),
    get(_ACCOUNT + "/sperren", show_suspend_account),
    post(_ACCOUNT + "/sperren", suspend_account),
    post(_ACCOUNT + "/entsperren", unsuspend_account),
    post(_ACCOUNT + "/zweiter-faktor", reset_second_factor),
    get(ORPHANS, show_orphans),
    post(ORPHANS + "/{space:uuid}/koordination", appoint),
    get("/betrieb/zustand", show_health),
]
