"""API tokens: made, listed, revoked, and exchanged by the gateway."""

import uuid
from datetime import datetime, timedelta

from sqlalchemy import func, select, update

from netzraum_identity.accounts.models import Account
from netzraum_identity.institutions.models import Institution
from netzraum_identity.secrets import API_TOKEN, digest, new_secret
from netzraum_identity.sessions import access_tokens
from netzraum_identity.sessions import service as sessions
from netzraum_identity.sessions.schemas import Exchanged
from netzraum_identity.tokens.models import ApiToken
from netzraum_identity.tokens.schemas import TokenToMake
from netzraum_platform.context import RequestContext
from netzraum_platform.database import new_id
from netzraum_platform.errors import Conflict, NotFound, Unauthenticated

CHANNEL_SCOPES = {"api": {"read", "write"}, "feed": {"feed"}, "dav": {"dav"}}
"""What a token may be used for at which door; it needs one of these."""
USED_EVERY = timedelta(minutes=1)
MOST = 50
LONGEST = timedelta(days=3653)


class TooManyTokens(Conflict):
    code = "too_many_tokens"
    de, en = "Mehr als 50 API-Token kann ein Konto nicht haben.", "An account cannot have more than 50 API tokens."


async def make(context: RequestContext, wanted: TokenToMake) -> tuple[ApiToken, str]:
    """Make a token; return it with its secret, which is not kept.

    Raises:
        Unprocessable: it would have expired already, or in more than ten years.
        TooManyTokens
    """
    account, _session = await sessions.own(context)
    _require_sensible_end(context, wanted.expires_at)
    if (await context.db.scalar(select(func.count()).where(ApiToken.account_id == account.id)) or 0) >= MOST:
        raise TooManyTokens
    await context.begin_write()
    secret = new_secret(API_TOKEN)
    token = ApiToken(
        id=new_id(),
        account_id=account.id,
        name=wanted.name,
        scopes=sorted(set(wanted.scopes)),
        secret=digest(secret),
        created_at=context.now,
        expires_at=wanted.expires_at,
    )
    context.db.add(token)
    context.audit("api_token:create", item=token.id, scopes=token.scopes)
    return token, secret


def _require_sensible_end(context: RequestContext, end: datetime | None) -> None:
    if end is None or context.now < end <= context.now + LONGEST:
        return
    code = "in_the_past" if end <= context.now else "too_far"
    raise context.invalid("expires_at", code)


async def all_of(context: RequestContext) -> list[ApiToken]:
    account, _session = await sessions.own(context)
    rows = select(ApiToken).where(ApiToken.account_id == account.id).order_by(ApiToken.id)
    return list(await context.db.scalars(rows))


async def revoke(context: RequestContext, token_id: uuid.UUID) -> None:
    """
    Raises:
        NotFound: no token of the caller.
    """
    account, _session = await sessions.own(context)
    await context.begin_write()
    token = await context.db.get(ApiToken, token_id)
    if token is None or token.account_id != account.id:
        raise NotFound
    await context.db.delete(token)
    context.audit("api_token:revoke", item=token.id)
    sessions.tell_ended(context, token.id, account.id)


async def exchange(context: RequestContext, secret: str, channel: str) -> Exchanged:
    """An access token for this door, with those of the token's scopes that count there.

    Raises:
        Unauthenticated: unknown, revoked, expired, not good for this door, or its account may not log in.
    """
    row = (
        await context.db.execute(
            select(ApiToken, Account, Institution.state)
            .join(Account, Account.id == ApiToken.account_id)
            .join(Institution, Institution.id == Account.institution_id)
            .where(ApiToken.secret == digest(secret))
        )
    ).one_or_none()
    if row is None or not sessions.may_log_in(row[1], row[2]):
        raise Unauthenticated
    token, account = row[0], row[1]
    scopes = CHANNEL_SCOPES.get(channel, set()).intersection(token.scopes)
    if not scopes or (token.expires_at is not None and token.expires_at <= context.now):
        raise Unauthenticated
    await _note_use(context, token)
    return Exchanged(
        access_token=access_tokens.for_api_token(context.app, account, token.id, channel, scopes),
        session=token.id,
        account=account.id,
        channel=channel,
        scopes=sorted(scopes),
        language=account.language,
    )


async def _note_use(context: RequestContext, token: ApiToken) -> None:
    if token.last_used_at is not None and token.last_used_at > context.now - USED_EVERY:
        return
    await context.begin_write()
    await context.db.execute(update(ApiToken).where(ApiToken.id == token.id).values(last_used_at=context.now))
