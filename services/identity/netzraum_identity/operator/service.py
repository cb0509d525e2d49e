"""The operator's work on accounts: found, suspended, helped."""

import uuid

from sqlalchemy import exists, or_, select

from netzraum_identity.accounts.models import Account
from netzraum_identity.fields import address_key
from netzraum_identity.institutions.models import Institution
from netzraum_identity.institutions.registration import LOG_IN_PAGE
from netzraum_identity.mails.delivery import schedule_mail
from netzraum_identity.operator.schemas import AccountView
from netzraum_identity.second_factors import service as second_factors
from netzraum_identity.second_factors.models import SecondFactor
from netzraum_identity.sessions import service as sessions
from netzraum_items.authorize import Decision, Resource, ask, decide
from netzraum_platform.context import RequestContext
from netzraum_platform.errors import NotFound
from netzraum_platform.paging import Page, cursor_of, id_of


async def accounts(context: RequestContext, part: str, limit: int, cursor: str | None) -> Page[AccountView]:
    """Accounts whose name or address holds ``part``."""
    await decide(context, "identity.account.read", Resource("account", state="active"))
    confirmed = exists().where(SecondFactor.account_id == Account.id, SecondFactor.confirmed_at.is_not(None))
    rows = select(Account, Institution, confirmed).join(Institution, Institution.id == Account.institution_id)
    if part:
        name_like = Account.name.icontains(part, autoescape=True)
        rows = rows.where(or_(name_like, Account.address_key.contains(address_key(part), autoescape=True)))
    if cursor is not None:
        rows = rows.where(Account.id > id_of(cursor))
    found = (await context.db.execute(rows.order_by(Account.id).limit(limit + 1))).all()
    actions = {
        state: (await ask(context, "identity.account.read", Resource("account", state=state))).actions
        for state in sorted({account.state for account, _, _ in found[:limit]})
    }
    items = [AccountView.seen(row[0], row[1], row[2], actions[row[0].state]) for row in found[:limit]]
    return Page(items=items, next=cursor_of(items[-1].id) if len(found) > limit else None)


async def suspend(context: RequestContext, account_id: uuid.UUID, reason: str | None) -> AccountView:
    """Shut an account out: every session and token of it ends."""
    account, decision = await _decided(context, "suspend", account_id, reason=reason or "")
    await context.begin_write()
    account.state = "suspended"
    account.changed(context)
    await sessions.end_all(context, account.id)
    context.audit("account:suspend", item=account.id, reason=reason)
    await schedule_mail(context, "account_suspended", account.id, reason=reason)
    return await _view(context, account, decision)


async def unsuspend(context: RequestContext, account_id: uuid.UUID) -> AccountView:
    account, decision = await _decided(context, "unsuspend", account_id)
    await context.begin_write()
    account.state = "active" if account.password_hash is not None else "invited"
    account.changed(context)
    context.audit("account:unsuspend", item=account.id)
    await schedule_mail(context, "account_unsuspended", account.id, LOG_IN_PAGE)
    return await _view(context, account, decision)


async def reset_second_factor(context: RequestContext, account_id: uuid.UUID) -> AccountView:
    """For who lost phone and recovery codes: the account has no second factor any more, and every session ends."""
    account, decision = await _decided(context, "reset_second_factor", account_id)
    await context.begin_write()
    await second_factors.remove_all(context, account.id)
    await sessions.end_all(context, account.id)
    context.audit("account:reset_second_factor", item=account.id)
    await schedule_mail(context, "second_factor_reset", account.id, LOG_IN_PAGE)
    return await _view(context, account, decision)


async def _decided(
    context: RequestContext, verb: str, account_id: uuid.UUID, **fields: str
) -> tuple[Account, Decision]:
    account = await context.db.get(Account, account_id)
    if account is None:
        raise NotFound
    own = context.principal.account == account.id
    resource = Resource("account", state=account.state, own=own, id=account.id)
    return account, await decide(context, f"identity.account.{verb}", resource, fields=fields)


async def _view(context: RequestContext, account: Account, decision: Decision) -> AccountView:
    institution = await context.db.get_one(Institution, account.institution_id)
    has_factor = await second_factors.has_one(context.db, account.id)
    return AccountView.seen(account, institution, has_factor, decision.actions)
