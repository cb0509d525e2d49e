"""Browser sessions and API tokens, exchanged at identity for short-lived access tokens, which stay in memory."""

import asyncio
import hashlib
import hmac
import time
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

from netzraum_platform.calls import Calls, internal
from netzraum_platform.errors import Unauthenticated, Unavailable
from netzraum_platform.tokens import ServiceTokens

IDENTITY = "identity"
EARLY_S = 30.0
"""An access token is exchanged anew this long before it ends, so that none ends on its way."""
MOST_KEPT = 50_000


@dataclass(frozen=True)
class Session:
    """An access token with what the gateway needs of whom it belongs to. ``id`` is the session's (or API token's)."""

    id: str
    account: str
    language: str
    token: str
    expires_at: float
    csrf: str = ""


def csrf_of(secret: str) -> str:
    """The CSRF token of a browser: nobody who does not hold the cookie can know it."""
    return hmac.new(secret.encode(), b"csrf", hashlib.sha256).hexdigest()


def same(one: str, other: str) -> bool:
    return hmac.compare_digest(one.encode(), other.encode())


class Refused(Exception):
    """Identity refused a log-in: its problem document."""

    def __init__(self, status: int, problem: dict[str, Any], headers: dict[str, str]) -> None:
        super().__init__(problem.get("code"))
        self.status = status
        self.problem = problem
        self.headers = headers


class Sessions:
    """Exchanges secrets at identity; each at most once at a time, and again when its token is about to end."""

    def __init__(self, calls: Calls, service_tokens: ServiceTokens) -> None:
        self._calls = calls
        self._service_tokens = service_tokens
        self._known: OrderedDict[str, Session] = OrderedDict()
        self._under_way: dict[str, asyncio.Task[Session]] = {}
        self._ended: OrderedDict[str, None] = OrderedDict()

    async def log_in(self, **credentials: str | None) -> tuple[str, Session]:
        """Begin a browser session; its secret is for the cookie.

        Raises:
            Refused: wrong credentials, a code is needed, too many tries.
        """
        language = credentials.pop("language") or "de"
        answer = await self._ask("/internal/sessions", credentials, language)
        secret = str(answer["secret"])
        return secret, self._keep(secret, answer)

    async def exchange(self, secret: str, channel: str) -> Session:
        """
        Raises:
            Unauthenticated: unknown or ended.
            Unavailable: identity does not answer.
        """
        key = hashlib.sha256(f"{channel}:{secret}".encode()).hexdigest()
        known = self._known.get(key)
        if known is not None and known.expires_at - EARLY_S > time.time():
            return known
        task = self._under_way.get(key)
        if task is None:
            task = asyncio.create_task(self._exchange(key, secret, channel))
            self._under_way[key] = task
            task.add_done_callback(lambda _done: self._under_way.pop(key, None))
        return await asyncio.shield(task)

    def forget(self, session: str) -> None:
        """The session has ended: what was exchanged for it is worth nothing."""
        self._ended[session] = None
        if len(self._ended) > MOST_KEPT:
            self._ended.popitem(last=False)
        self.renew(session)

    def renew(self, session: str) -> None:
        """Exchange anew at the next use, because the account or its session changed."""
        for key in [key for key, known in self._known.items() if known.id == session]:
            del self._known[key]

    def renew_account(self, account: str) -> None:
        """The same for all sessions and API tokens of an account."""
        for key in [key for key, known in self._known.items() if known.account == account]:
            del self._known[key]

    def has_ended(self, session: str) -> bool:
        return session in self._ended

    async def _exchange(self, key: str, secret: str, channel: str) -> Session:
        try:
            answer = await self._ask("/internal/exchange", {"secret": secret, "channel": channel}, "de")
        except Refused as error:
            raise Unauthenticated from error
        if self.has_ended(str(answer["session"])):
            raise Unauthenticated
        return self._keep(secret, answer, key)

    def _keep(self, secret: str, answer: dict[str, Any], key: str = "") -> Session:
        session = Session(
            id=str(answer["session"]),
            account=str(answer["account"]),
            language=answer["language"],
            token=answer["access_token"],
            expires_at=time.time() + answer["expires_in"],
            csrf=csrf_of(secret),
        )
        self._known[key or hashlib.sha256(f"web:{secret}".encode()).hexdigest()] = session
        if len(self._known) > MOST_KEPT:
            self._known.popitem(last=False)
        return session

    async def _ask(self, path: str, body: dict[str, Any], language: str) -> dict[str, Any]:
        headers = {
            "authorization": f"Bearer {self._service_tokens.for_peer(IDENTITY)}",
            "accept-language": language,
        }
        reply = await self._calls.request(internal(IDENTITY), "POST", path, json=body, headers=headers)
        if reply.status >= 500:
            raise Unavailable(IDENTITY)
        answer: dict[str, Any] = reply.json()
        if reply.status >= 400:
            raise Refused(reply.status, answer, {k: v for k, v in reply.headers.items() if k == "retry-after"})
        return answer
