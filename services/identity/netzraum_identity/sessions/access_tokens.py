"""Access tokens: what a session or an API token is exchanged for, good for five minutes."""

from collections.abc import Iterable

from netzraum_identity.accounts.models import Account
from netzraum_identity.keys.service import ring_of
from netzraum_identity.sessions.models import Session
from netzraum_platform.context import App
from netzraum_platform.tokens import ACCESS_TOKEN_S, AUDIENCE, SECOND_FACTOR, sign

LOG_IN_SCOPES = ("read", "write")
CHANNELS = {"browser": "web", "api": "api"}
"""The channel of a log-in, by the kind of its session."""


def for_session(app: App, account: Account, session: Session) -> str:
    """A log-in's access token: all scopes, and the second factor where one was given (RFC 8176)."""
    methods = ["pwd", "otp", SECOND_FACTOR] if session.second_factor else ["pwd"]
    return _token(app, account, str(session.id), CHANNELS[session.kind], LOG_IN_SCOPES, methods)


def for_api_token(app: App, account: Account, token_id: object, channel: str, scopes: Iterable[str]) -> str:
    return _token(app, account, str(token_id), channel, scopes, [])


def _token(app: App, account: Account, sid: str, channel: str, scopes: Iterable[str], methods: list[str]) -> str:
    claims = {
        "aud": AUDIENCE,
        "typ": "access",
        "sub": str(account.id),
        "inst": str(account.institution_id),
        "operator": account.operator,
        "amr": methods,
        "sid": sid,
        "scope": " ".join(sorted(scopes)),
        "channel": channel,
    }
    return sign(claims, ring_of(app).signer(), ACCESS_TOKEN_S)
