"""Sessions: begun by a log-in, kept alive by use, ended for good."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import delete, select, update

from netzraum_contracts.identity import SessionChanged, SessionEnded
from netzraum_identity.accounts.models import Account
from netzraum_identity.institutions.models import Institution
from netzraum_identity.secrets import BROWSER_SESSION, REFRESH_TOKEN, digest, new_secret
from netzraum_identity.sessions.errors import LogInNeeded
from netzraum_identity.sessions.models import RefreshToken, Session
from netzraum_identity.tokens.models import ApiToken
from netzraum_platform.context import RequestContext, WorkContext
from netzraum_platform.database import new_id
from netzraum_platform.errors import NotFound, Unauthenticated

IDLE = {"browser": timedelta(hours=12), "api": timedelta(days=30)}
"""A session that nobody uses for so long has ended."""
LONGEST = timedelta(days=90)
GRACE = timedelta(seconds=10)
"""For so long a refresh token may be used again, by requests that ran at the same time."""
VISIT_GAP = timedelta(minutes=30)
"""Who comes back after so long begins a new visit."""
SEEN_EVERY = timedelta(minutes=1)
KEEP_ENDED = timedelta(days=30)


async def begin(context: WorkContext, account: Account, kind: str, *, second_factor: bool, client: str) -> Session:
    """Begin a session within the writing transaction."""
    context.actor = account.id
    session = Session(
        id=new_id(),
        account_id=account.id,
        kind=kind,
        second_factor=second_factor,
        client=_printable(client)[:200],
        created_at=context.now,
        seen_at=context.now,
        expires_at=context.now + IDLE[kind],
    )
    context.db.add(session)
    await context.db.flush()
    context.audit("session:begin", item=session.id, kind=kind, second_factor=second_factor)
    return session


def _printable(text: str) -> str:
    return "".join(char for char in text if char.isprintable())


def give_cookie_secret(session: Session) -> str:
    """What the browser's cookie will hold."""
    secret = new_secret(BROWSER_SESSION)
    session.secret = digest(secret)
    return secret


def give_refresh_token(context: WorkContext, session: Session) -> str:
    token = new_secret(REFRESH_TOKEN)
    context.db.add(RefreshToken(digest=digest(token), session_id=session.id))
    return token


async def by_cookie_secret(context: WorkContext, secret: str) -> tuple[Session, Account]:
    """
    Raises:
        Unauthenticated: no such session, or it has ended.
    """
    row = (
        await context.db.execute(
            select(Session, Account, Institution.state)
            .join(Account, Account.id == Session.account_id)
            .join(Institution, Institution.id == Account.institution_id)
            .where(Session.secret == digest(secret))
        )
    ).one_or_none()
    if row is None or not alive(context, row[0]) or not may_log_in(row[1], row[2]):
        raise Unauthenticated
    return row[0], row[1]


def alive(context: WorkContext, session: Session) -> bool:
    return session.ended_at is None and session.expires_at > context.now


def may_log_in(account: Account, institution_state: str) -> bool:
    return account.state == "active" and institution_state != "suspended"


async def use_refresh_token(context: WorkContext, token: str) -> tuple[Session, Account]:
    """Use a refresh token up. A used one ends its session, but for requests that ran at the same time.

    Raises:
        Unauthenticated: unknown, expired, or used before.
    """
    await context.begin_write()
    known = await context.db.get(RefreshToken, digest(token), with_for_update=True)
    session = await context.db.get(Session, known.session_id) if known else None
    if known is None or session is None or not alive(context, session):
        raise Unauthenticated
    account = await context.db.get_one(Account, session.account_id)
    institution = await context.db.get_one(Institution, account.institution_id)
    if not may_log_in(account, institution.state):
        raise Unauthenticated
    context.actor = account.id
    if known.used_at is not None and known.used_at < context.now - GRACE:
        context.audit("session:replayed", item=session.id)
        await end(context, [session])
        await context.release()
        raise Unauthenticated
    known.used_at = known.used_at or context.now
    return session, account


async def note_use(context: WorkContext, session: Session, account: Account) -> None:
    """Keep session and visit up to date, at most once a minute; begins a writing transaction only then."""
    minute_ago = context.now - SEEN_EVERY
    if session.seen_at <= minute_ago:
        await context.begin_write()
        expires_at = min(context.now + IDLE[session.kind], session.created_at + LONGEST)
        await context.db.execute(
            update(Session).where(Session.id == session.id).values(seen_at=context.now, expires_at=expires_at)
        )
    if account.seen_at is None or account.seen_at <= minute_ago:
        await context.begin_write()
        visit = {"last_visit": account.seen_at} if _new_visit(context, account) else {}
        await context.db.execute(update(Account).where(Account.id == account.id).values(seen_at=context.now, **visit))


def _new_visit(context: WorkContext, account: Account) -> bool:
    return account.seen_at is not None and account.seen_at < context.now - VISIT_GAP


async def end(context: WorkContext, sessions: Sequence[Session]) -> None:
    """End sessions for good, within the writing transaction: their tokens are worth nothing from now on."""
    for session in sessions:
        session.ended_at = context.now
        session.secret = None
        tell_ended(context, session.id, session.account_id)
        context.audit("session:end", item=session.id)
    await context.db.execute(
        delete(RefreshToken).where(RefreshToken.session_id.in_([session.id for session in sessions]))
    )


def prove_second_factor(context: WorkContext, session: Session) -> None:
    """From now on the session has the second factor, within the writing transaction: so say its next tokens."""
    session.second_factor = True
    context.tell(SessionChanged(session=str(session.id), account=session.account_id), subject=session.id)


def tell_ended(context: WorkContext, session: uuid.UUID, account: uuid.UUID) -> None:
    """Let everybody refuse what is left of the life of a session's (or an API token's) access tokens."""
    context.app.tokens.end_session(str(session))
    context.publish(SessionEnded(session=str(session), account=account), subject=session)


async def running(context: WorkContext, account: uuid.UUID) -> list[Session]:
    """An account's sessions, the one used last first."""
    rows = select(Session).where(
        Session.account_id == account, Session.ended_at.is_(None), Session.expires_at > context.now
    )
    return list(await context.db.scalars(rows.order_by(Session.seen_at.desc(), Session.id)))


async def end_others(context: RequestContext, account: uuid.UUID) -> None:
    """End all sessions of an account but the one that asks."""
    mine = context.known_principal.session if context.known_principal else None
    await end(context, [session for session in await running(context, account) if str(session.id) != mine])


async def end_all(context: WorkContext, account: uuid.UUID) -> None:
    """End all sessions of an account, and what is left of the life of its API tokens' access tokens."""
    await end(context, await running(context, account))
    for token in await context.db.scalars(select(ApiToken.id).where(ApiToken.account_id == account)):
        tell_ended(context, token, account)


async def own(context: RequestContext) -> tuple[Account, Session]:
    """The account that asks, and the session that it logged in with.

    Raises:
        LogInNeeded: an API token asks.
        Unauthenticated: the session has ended.
    """
    principal = context.principal
    session = await context.db.get(Session, uuid.UUID(principal.session))
    if session is None:
        raise LogInNeeded
    if not alive(context, session):
        raise Unauthenticated
    return await context.db.get_one(Account, principal.account), session


async def end_own(context: RequestContext, session_id: uuid.UUID) -> None:
    """
    Raises:
        NotFound: no running session of the caller.
    """
    account, _session = await own(context)
    await context.begin_write()
    ended = [session for session in await running(context, account.id) if session.id == session_id]
    if not ended:
        raise NotFound
    await end(context, ended)


async def forget_ended(context: WorkContext) -> None:
    """Drop sessions that ended long ago; their refresh tokens go with them."""
    longest = context.now - KEEP_ENDED
    await context.db.execute(delete(Session).where((Session.ended_at < longest) | (Session.expires_at < longest)))
