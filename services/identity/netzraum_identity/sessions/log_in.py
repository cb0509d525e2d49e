"""Logging in: password, then the second factor where the account has one."""

from dataclasses import dataclass

from sqlalchemy import select

from netzraum_identity.accounts.models import Account
from netzraum_identity.accounts.passwords import hash_password, outdated, verify_password
from netzraum_identity.fields import address_key
from netzraum_identity.institutions.models import Institution
from netzraum_identity.second_factors import service as second_factors
from netzraum_identity.sessions import throttle
from netzraum_identity.sessions.errors import (
    AccountSuspended,
    FactorUnreadable,
    InvalidCode,
    InvalidCredentials,
    NoSecondFactor,
    NotActive,
    RegistrationRejected,
    SecondFactorRequired,
)
from netzraum_platform.context import RequestContext


@dataclass(frozen=True)
class Credentials:
    """What somebody offers to log in with, and the network it comes from."""

    email: str
    password: str
    code: str | None
    network: str


async def prove(context: RequestContext, offered: Credentials) -> tuple[Account, bool]:
    """Who it is, and whether with a second factor; leaves a writing transaction open.

    Raises:
        InvalidCredentials: alike for a wrong password and for an address that is not known.
        SecondFactorRequired: the password is right, a code is needed.
        TooManyTries, NotActive, RegistrationRejected, AccountSuspended
    """
    key = await throttle.count(context, "log-in", address_key(offered.email), offered.network)
    account = await context.db.scalar(select(Account).where(Account.address_key == address_key(offered.email)))
    await context.release()
    if not await verify_password(account.password_hash if account else None, offered.password) or account is None:
        raise InvalidCredentials
    await _may_come_in(context, account)
    second_factor = await _second_factor(context, account, key, offered.code)
    fresh_hash = await hash_password(offered.password) if outdated(account.password_hash or "") else None
    await context.begin_write()
    await throttle.succeeded(context, key)
    if fresh_hash is not None:
        account.password_hash = fresh_hash
    return account, second_factor


async def _may_come_in(context: RequestContext, account: Account) -> None:
    institution = await context.db.get_one(Institution, account.institution_id)
    if account.state == "suspended" or institution.state == "suspended":
        raise AccountSuspended
    if account.state != "active":
        raise RegistrationRejected if institution.state == "rejected" else NotActive


async def _second_factor(context: RequestContext, account: Account, key: str, code: str | None) -> bool:
    if not await second_factors.has_one(context.db, account.id):
        return False
    if not code:
        await throttle.succeeded(context, key)
        await context.release()
        raise SecondFactorRequired
    await prove_code(context, account, code)
    return True


async def prove_code(context: RequestContext, account: Account, code: str) -> None:
    """Check a one-time or recovery code; it is used up at once.

    Raises:
        InvalidCode, TooManyTries
        FactorUnreadable: only recovery codes can be checked any more.
        NoSecondFactor: the account has none.
    """
    key = await throttle.count(context, "code", str(account.id))
    if not await second_factors.has_one(context.db, account.id):
        raise NoSecondFactor
    if not await second_factors.use_code(context, account.id, code):
        raise FactorUnreadable if await second_factors.key_is_lost(context, account.id) else InvalidCode
    await throttle.succeeded(context, key)
    await context.release()


async def require_code(context: RequestContext, account: Account, code: str) -> None:
    """``prove_code`` for somebody who is logged in already: an error of the field, not of the log-in.

    Raises:
        Unprocessable, NoSecondFactor, TooManyTries
    """
    try:
        await prove_code(context, account, code)
    except FactorUnreadable:
        raise context.invalid("code", "factor_unreadable") from None
    except InvalidCode:
        raise context.invalid("code", "wrong_code") from None


async def require_password(context: RequestContext, account: Account, password: str, field: str) -> None:
    """Check the password of somebody who is logged in already.

    Raises:
        Unprocessable: it is not the password; names ``field``.
        TooManyTries
    """
    key = await throttle.count(context, "password", str(account.id))
    if not await verify_password(account.password_hash, password):
        raise context.invalid(field, "wrong_password")
    await context.begin_write()
    await throttle.succeeded(context, key)
    await context.release()
