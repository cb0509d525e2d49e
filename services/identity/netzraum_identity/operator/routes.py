"""The operator's accounts and policy page."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Query

from netzraum_identity.fields import OptionalLine
from netzraum_identity.operator import policy, service
from netzraum_identity.operator.schemas import AccountView, PolicyView, Suspension
from netzraum_platform.context import LoggedIn
from netzraum_platform.paging import DEFAULT_LIMIT, Limit, Page

router = APIRouter(tags=["operator"])


@router.get("/operator/policy")
async def read_policy(context: LoggedIn) -> PolicyView:
    return await policy.read(context)


@router.get("/accounts")
async def list_accounts(
    context: LoggedIn,
    q: Annotated[OptionalLine, Query()] = "",
    limit: Limit = DEFAULT_LIMIT,
    cursor: str | None = None,
) -> Page[AccountView]:
    return await service.accounts(context, q, limit, cursor)


@router.post("/accounts/{account_id}/suspend")
async def suspend_account(account_id: uuid.UUID, context: LoggedIn, body: Suspension | None = None) -> AccountView:
    return await service.suspend(context, account_id, body.reason if body else None)


@router.post("/accounts/{account_id}/unsuspend")
async def unsuspend_account(account_id: uuid.UUID, context: LoggedIn) -> AccountView:
    return await service.unsuspend(context, account_id)


@router.post("/accounts/{account_id}/reset-second-factor")
async def reset_second_factor(account_id: uuid.UUID, context: LoggedIn) -> AccountView:
    return await service.reset_second_factor(context, account_id)
