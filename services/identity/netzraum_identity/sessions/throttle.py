"""Slows down guessing, without a way to lock somebody else out.

Tries are counted per what is guessed *and* where the guess comes from: who guesses elsewhere slows down only
themselves. One-time codes are counted per account, for only who already knows its password may guess them.
"""

import ipaddress
from datetime import timedelta

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from netzraum_identity.accounts.models import Account
from netzraum_identity.secrets import digest
from netzraum_identity.sessions.errors import TooManyTries
from netzraum_identity.sessions.models import Tries
from netzraum_platform.context import RequestContext, WorkContext

FREE_TRIES = 5
LONGEST_WAIT_S = 300
FORGET_AFTER = timedelta(hours=1)
IPV4_NETWORK, IPV6_NETWORK = 32, 64
"""An IPv6 customer holds at least a /64; an IPv4 address is often shared already."""


def network_of(address: str | None) -> str:
    """The network that tries are counted for; what is no address counts as one network."""
    try:
        parsed = ipaddress.ip_address((address or "").strip())
    except ValueError:
        return "unknown"
    length = IPV4_NETWORK if parsed.version == 4 else IPV6_NETWORK
    return str(ipaddress.ip_network(f"{parsed}/{length}", strict=False))


def client_address(context: RequestContext) -> str | None:
    """The client's address as the gateway saw it: it writes the last part of X-Forwarded-For."""
    forwarded = context.request.headers.get("x-forwarded-for", "")
    if forwarded:
        return forwarded.rsplit(",", 1)[-1]
    return context.request.client.host if context.request.client else None


async def count(context: WorkContext, *guessed: str) -> str:
    """Count one try before it is made, so that tries at the same time count too; return its key.

    Raises:
        TooManyTries: it is too early for another one; says when.
    """
    await context.begin_write()
    key = _key(*guessed)
    tries = await context.db.get(Tries, key, with_for_update=True, populate_existing=True)
    if tries is None or tries.last_at < context.now - FORGET_AFTER:
        tries = await context.db.merge(Tries(key=key, count=0, wait_until=None, last_at=context.now))
    if tries.wait_until is not None and tries.wait_until > context.now:
        seconds = int((tries.wait_until - context.now).total_seconds()) + 1
        raise TooManyTries(seconds)
    tries.count += 1
    tries.last_at = context.now
    if tries.count >= FREE_TRIES:
        wait = min(2 ** (tries.count - FREE_TRIES), LONGEST_WAIT_S)
        tries.wait_until = context.now + timedelta(seconds=wait)
    try:
        await context.release()
    except IntegrityError:  # the first two tries came at the same moment
        raise TooManyTries(1) from None
    return key


async def succeeded(context: WorkContext, key: str) -> None:
    """Forget the tries; within a writing transaction."""
    await context.db.execute(delete(Tries).where(Tries.key == key))


async def forget_old(context: WorkContext) -> None:
    await context.db.execute(delete(Tries).where(Tries.last_at < context.now - FORGET_AFTER))


async def forgive(context: WorkContext, account: Account) -> None:
    """Forget what was counted for an account by itself: its owner has just proved to hold the address."""
    keys = [_key(guessed, str(account.id)) for guessed in ("code", "password")]
    await context.db.execute(delete(Tries).where(Tries.key.in_(keys)))


def _key(*guessed: str) -> str:
    return digest("\0".join(guessed))
