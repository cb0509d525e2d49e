"""The caller's second factors."""

import uuid

from fastapi import APIRouter

from netzraum_identity.mails.delivery import schedule_mail
from netzraum_identity.second_factors import service
from netzraum_identity.second_factors.schemas import (
    Confirmation,
    FactorList,
    FactorToAdd,
    FactorView,
    NewFactor,
    RecoveryCodes,
)
from netzraum_identity.sessions import service as sessions
from netzraum_identity.sessions import throttle
from netzraum_identity.sessions.log_in import require_code, require_password
from netzraum_platform.context import LoggedIn
from netzraum_platform.errors import Forbidden

router = APIRouter(prefix="/me/second-factors", tags=["me"])


@router.get("")
async def list_factors(context: LoggedIn) -> FactorList:
    account, _session = await sessions.own(context)
    factors = [FactorView.of(factor) for factor in await service.all_of(context.db, account.id)]
    return FactorList(items=factors, recovery_codes_left=await service.codes_left(context.db, account.id))


@router.post("", status_code=201)
async def add_factor(body: FactorToAdd, context: LoggedIn) -> NewFactor:
    """Begin with a second factor: it counts once a code of it confirms it."""
    account, _session = await sessions.own(context)
    await require_password(context, account, body.password, "password")
    if await service.has_one(context.db, account.id):
        if body.code is None:
            raise context.invalid("code", "missing")
        await require_code(context, account, body.code)
    await context.begin_write()
    factor, secret = await service.begin(context, account)
    uri = service.address_of(secret, account)
    view = FactorView.of(factor).model_dump()
    return NewFactor(**view, secret=secret, uri=uri, picture=service.picture_of(uri))


@router.post("/{factor_id}/confirm")
async def confirm_factor(factor_id: uuid.UUID, body: Confirmation, context: LoggedIn) -> RecoveryCodes:
    """Let it count; the answer holds the recovery codes, once. Other sessions end, this one has the second factor."""
    account, session = await sessions.own(context)
    key = await throttle.count(context, "code", str(account.id))
    await context.begin_write()
    factor = await service.own_factor(context.db, account.id, factor_id)
    codes = await service.confirm(context, factor, body.code)
    if codes is None:
        raise context.invalid("code", "wrong_code")
    await throttle.succeeded(context, key)
    sessions.prove_second_factor(context, session)
    await sessions.end_others(context, account.id)
    await schedule_mail(context, "second_factor_added", account.id)
    return RecoveryCodes(recovery_codes=codes)


@router.delete("/{factor_id}", status_code=204)
async def remove_factor(factor_id: uuid.UUID, context: LoggedIn) -> None:
    """Takes a log-in with the second factor, where it is a confirmed one."""
    account, _session = await sessions.own(context)
    await context.begin_write()
    factor = await service.own_factor(context.db, account.id, factor_id)
    if factor.confirmed_at is None:
        await context.db.delete(factor)
        return
    if not context.principal.second_factor:
        raise Forbidden(["second_factor_needed"])
    await service.remove(context, factor)
    await sessions.end_others(context, account.id)
    await schedule_mail(context, "second_factor_removed", account.id)
