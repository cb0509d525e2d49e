"""The caller's own account, and a forgotten password."""

from typing import Annotated

from fastapi import APIRouter, Header, Response

from netzraum_identity.accounts import service
from netzraum_identity.accounts.models import Account
from netzraum_identity.accounts.schemas import (
    AccountChange,
    EmailChange,
    Me,
    PasswordChange,
    PasswordReset,
    PasswordResetRequest,
)
from netzraum_identity.institutions.models import Institution
from netzraum_identity.second_factors.service import has_one
from netzraum_identity.sessions import service as sessions
from netzraum_platform.context import AnyRequest, LoggedIn, RequestContext, etag, require_version
from netzraum_platform.errors import Forbidden

router = APIRouter(tags=["me"])


@router.get("/me")
async def read_me(context: LoggedIn, response: Response) -> Me:
    if "read" not in context.principal.scopes:
        raise Forbidden(["scope_too_narrow"])
    return await _me(context, await context.db.get_one(Account, context.principal.account), response)


@router.patch("/me")
async def change_me(
    body: AccountChange, context: LoggedIn, response: Response, if_match: Annotated[str | None, Header()] = None
) -> Me:
    """One's own preferences: without If-Match the last change counts."""
    account, _session = await sessions.own(context)
    if if_match is not None:
        require_version(if_match, account.version)
    await service.change(context, account, body)
    return await _me(context, account, response)


@router.put("/me/password", status_code=204)
async def change_password(body: PasswordChange, context: LoggedIn) -> None:
    await service.change_password(context, body)


@router.put("/me/email", status_code=202)
async def change_email(body: EmailChange, context: LoggedIn) -> None:
    await service.ask_email_change(context, body)


@router.post("/me/email/{token}", status_code=204)
async def confirm_email(token: str, context: AnyRequest) -> None:
    await service.confirm_email(context, token)


@router.post("/password-reset", status_code=202)
async def ask_password_reset(body: PasswordResetRequest, context: AnyRequest) -> None:
    await service.ask_password_reset(context, body.email)


@router.post("/password-reset/{token}", status_code=204)
async def reset_password(token: str, body: PasswordReset, context: AnyRequest) -> None:
    await service.reset_password(context, token, body.password)


async def _me(context: RequestContext, account: Account, response: Response) -> Me:
    institution = await context.db.get_one(Institution, account.institution_id)
    response.headers["ETag"] = etag(account.version)
    return Me.of(account, institution, await has_one(context.db, account.id))
