"""Logging in and out, and the caller's sessions."""

import uuid
from typing import Annotated

from fastapi import APIRouter, Header

from netzraum_identity.accounts.models import Account
from netzraum_identity.secrets import BROWSER_SESSION
from netzraum_identity.sessions import access_tokens, service, throttle
from netzraum_identity.sessions.log_in import Credentials, prove, require_code
from netzraum_identity.sessions.models import Session
from netzraum_identity.sessions.schemas import (
    AccessToken,
    BrowserLogIn,
    BrowserSession,
    Exchange,
    Exchanged,
    LogIn,
    Refresh,
    SessionList,
    SessionView,
    StepUp,
    Tokens,
)
from netzraum_identity.tokens import service as tokens
from netzraum_platform.context import AnyRequest, LoggedIn, RequestContext
from netzraum_platform.internal import InternalRequest

router = APIRouter(tags=["session"])
internal = APIRouter(tags=["session"])


@router.post("/session", status_code=201)
async def log_in(body: LogIn, context: AnyRequest, user_agent: Annotated[str, Header()] = "") -> Tokens:
    network = throttle.network_of(throttle.client_address(context))
    account, second_factor = await prove(context, Credentials(body.email, body.password, body.code, network))
    session = await service.begin(context, account, "api", second_factor=second_factor, client=user_agent)
    await service.note_use(context, session, account)
    return _tokens(context, session, account)


@router.post("/session/refresh")
async def refresh(body: Refresh, context: AnyRequest) -> Tokens:
    session, account = await service.use_refresh_token(context, body.refresh_token)
    await service.note_use(context, session, account)
    return _tokens(context, session, account)


@router.delete("/session", status_code=204)
async def log_out(context: LoggedIn) -> None:
    _account, session = await service.own(context)
    await context.begin_write()
    await service.end(context, [session])


@router.post("/session/step-up")
async def step_up(body: StepUp, context: LoggedIn) -> AccessToken:
    """Prove the second factor now; the session has it from then on."""
    account, session = await service.own(context)
    await require_code(context, account, body.code)
    await context.begin_write()
    service.prove_second_factor(context, session)
    context.audit("session:step_up", item=session.id)
    return AccessToken(access_token=access_tokens.for_session(context.app, account, session))


@router.get("/me/sessions")
async def list_sessions(context: LoggedIn) -> SessionList:
    account, current = await service.own(context)
    return SessionList(
        items=[SessionView.of(session, current.id) for session in await service.running(context, account.id)]
    )


@router.delete("/me/sessions/{session_id}", status_code=204)
async def end_session(session_id: uuid.UUID, context: LoggedIn) -> None:
    await service.end_own(context, session_id)


@internal.post("/sessions", status_code=201)
async def log_in_browser(body: BrowserLogIn, context: InternalRequest) -> BrowserSession:
    network = throttle.network_of(body.address)
    account, second_factor = await prove(context, Credentials(body.email, body.password, body.code, network))
    session = await service.begin(context, account, "browser", second_factor=second_factor, client=body.client)
    secret = service.give_cookie_secret(session)
    await service.note_use(context, session, account)
    return BrowserSession(
        access_token=access_tokens.for_session(context.app, account, session),
        secret=secret,
        session=session.id,
        account=account.id,
        language=account.language,
        expires_at=session.expires_at,
    )


@internal.post("/exchange")
async def exchange(body: Exchange, context: InternalRequest) -> Exchanged:
    """A cookie's secret or an API token for an access token of five minutes."""
    if not body.secret.startswith(BROWSER_SESSION):
        return await tokens.exchange(context, body.secret, body.channel or "api")
    session, account = await service.by_cookie_secret(context, body.secret)
    await service.note_use(context, session, account)
    return Exchanged(
        access_token=access_tokens.for_session(context.app, account, session),
        session=session.id,
        account=account.id,
        channel=access_tokens.CHANNELS[session.kind],
        scopes=list(access_tokens.LOG_IN_SCOPES),
        language=account.language,
    )


def _tokens(context: RequestContext, session: Session, account: Account) -> Tokens:
    return Tokens(
        access_token=access_tokens.for_session(context.app, account, session),
        refresh_token=service.give_refresh_token(context, session),
    )
