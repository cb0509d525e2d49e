"""Who comes in: by which token or cookie, from which address, in which language."""

from dataclasses import dataclass
from typing import Any

from starlette.requests import HTTPConnection
from starlette.types import Scope

from netzraum_gateway.backend import Caller
from netzraum_gateway.limits import Rate
from netzraum_gateway.sessions import Sessions, csrf_of, same
from netzraum_gateway.settings import GatewaySettings
from netzraum_platform.calls import Calls, internal
from netzraum_platform.errors import DomainError, Unauthenticated, Unavailable, language_of
from netzraum_platform.tokens import AccessTokens, ServiceTokens

CSRF_HEADER = "x-csrf-token"


class CsrfMissing(DomainError):
    status, code = 403, "csrf_missing"
    de = "Mit einem Cookie nimmt die API nur Anfragen an, die X-CSRF-Token tragen."
    en = "With a cookie the API takes only requests that carry X-CSRF-Token."


@dataclass(frozen=True)
class Visitor:
    """Somebody at the door. ``session`` is the id of the session or API token, None for who is not logged in."""

    caller: Caller
    session: str | None = None
    account: str | None = None


class Doors:
    """Turns credentials into access tokens, and counts how often somebody comes."""

    def __init__(
        self, settings: GatewaySettings, calls: Calls, service_tokens: ServiceTokens, sessions: Sessions
    ) -> None:
        self.cookie = "__Host-netzraum" if settings.secure else "netzraum"
        self._calls = calls
        self._service_tokens = service_tokens
        self._sessions = sessions
        self._tokens = AccessTokens(self._fetch_keys)
        limits = settings.limits
        self._known = Rate(limits.rate, limits.burst)
        self._anonymous = Rate(limits.anonymous_rate, limits.anonymous_burst)

    async def api(self, scope: Scope, *, by_cookie: bool = False) -> Visitor:
        """A client of the API, counted. A cookie alone opens only with ``by_cookie``, for what changes nothing.

        Raises:
            Unauthenticated: forged, expired or ended.
            CsrfMissing: a cookie without the token that belongs to it.
            TooMany
        """
        address = scope["client"][0] if scope.get("client") else ""
        try:
            visitor = await self.enter(scope, by_cookie=by_cookie)
        except (Unauthenticated, CsrfMissing):
            self.count(None, address)
            raise
        self.count(visitor.session, address)
        return visitor

    async def enter(self, scope: Scope, *, by_cookie: bool = False) -> Visitor:
        """The same without counting."""
        request = HTTPConnection(scope)
        authorization = request.headers.get("authorization")
        if authorization is not None:
            token, session, account = await self._by_authorization(authorization)
        elif (secret := self._cookie_that_opens(request, by_cookie)) is not None:
            known = await self._sessions.exchange(secret, "web")
            token, session, account = known.token, known.id, known.account
        else:
            return Visitor(self._caller(request, None))
        return Visitor(self._caller(request, token), session, account)

    def count(self, session: str | None, address: str) -> None:
        """
        Raises:
            TooMany
        """
        if session is None:
            self._anonymous.take(address)
        else:
            self._known.take(session)

    def end(self, session: str) -> None:
        self._tokens.end_session(session)
        self._sessions.forget(session)

    async def _by_authorization(self, authorization: str) -> tuple[str, str, str]:
        """Token, session and account: of an access token once it proved genuine, of an API token by exchange."""
        scheme, _, secret = authorization.partition(" ")
        if scheme.lower() != "bearer":
            raise Unauthenticated
        secret = secret.strip()
        if secret.count(".") == 2:
            principal = await self._tokens.principal(secret)
            return secret, principal.session, str(principal.account)
        known = await self._sessions.exchange(secret, "api")
        return known.token, known.id, known.account

    def _cookie_that_opens(self, request: HTTPConnection, by_cookie: bool) -> str | None:
        secret = request.cookies.get(self.cookie)
        given = request.headers.get(CSRF_HEADER)
        if not secret or by_cookie:
            return secret or None
        if given is None and not _changes(request):
            return None
        if not same(given or "", csrf_of(secret)):
            raise CsrfMissing
        return secret

    def _caller(self, request: HTTPConnection, token: str | None) -> Caller:
        address = request.client.host if request.client else ""
        return Caller(token, language_of(request), address, request.headers.get("user-agent", ""))

    async def _fetch_keys(self) -> dict[str, Any]:
        headers = {"authorization": f"Bearer {self._service_tokens.for_peer('identity')}"}
        reply = await self._calls.request(internal("identity"), "GET", "/internal/keys", headers=headers)
        if reply.status != 200:
            raise Unavailable("identity")
        keys: dict[str, Any] = reply.json()
        return keys


def _changes(request: HTTPConnection) -> bool:
    return request.scope["method"] not in ("GET", "HEAD", "OPTIONS")
