"""Who is asking: access tokens of identity, and the tokens by which our services know each other (both Ed25519)."""

import asyncio
import time
import uuid
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet, OKPKey

from netzraum_platform.errors import Unauthenticated, Unavailable

ALGORITHM = "Ed25519"
ISSUER = "netzraum"
AUDIENCE = "netzraum"
ACCESS_TOKEN_S = 300
SERVICE_TOKEN_S = 60
LEEWAY_S = 10
SECOND_FACTOR = "mfa"
KEYS_KEPT_S = 300.0


@dataclass(frozen=True)
class Principal:
    """An account that logged in, as its access token says. ``channel`` is web, api, feed or dav."""

    account: uuid.UUID
    institution: uuid.UUID | None
    operator: bool
    second_factor: bool
    session: str
    scopes: frozenset[str]
    channel: str
    token: str = field(default="", repr=False, compare=False)


def sign(claims: dict[str, Any], key: OKPKey, lifetime_s: int) -> str:
    """A signed token that starts now and ends after ``lifetime_s`` seconds."""
    now = int(time.time())
    header = {"alg": ALGORITHM, "kid": key.kid, "typ": "JWT"}
    payload = {"iss": ISSUER, "iat": now, "exp": now + lifetime_s, **claims}
    return jwt.encode(header, payload, key, algorithms=[ALGORITHM])


def read(token: str, keys: KeySet, **expected: str) -> dict[str, Any]:
    """The claims of a genuine token that is not expired and carries the expected claims.

    Raises:
        Unauthenticated: forged, expired, or meant for something else.
    """
    try:
        claims = jwt.decode(token, keys, algorithms=[ALGORITHM]).claims
        required = {name: {"essential": True, "value": value} for name, value in expected.items()}
        jwt.JWTClaimsRegistry(leeway=LEEWAY_S, exp={"essential": True}, **required).validate(claims)  # type: ignore[arg-type]  # claim options are dicts
    except (JoseError, ValueError, TypeError, KeyError) as error:  # joserfc lets some of a forged header through
        raise Unauthenticated from error
    return claims


class AccessTokens:
    """Verifies access tokens with identity's public keys; asks for the keys again when an unknown one signs."""

    def __init__(
        self,
        fetch_keys: Callable[[], Awaitable[dict[str, Any]]],
        refetch_s: float = 5.0,
    ) -> None:
        self._fetch_keys = fetch_keys
        self._refetch_s = refetch_s
        self._keys: KeySet | None = None
        self._fetched_at = float("-inf")
        self._fetching = asyncio.Lock()
        self._verified: dict[str, tuple[float, Principal]] = {}
        self._ended: dict[str, float] = {}

    async def principal(self, token: str) -> Principal:
        """
        Raises:
            Unauthenticated: forged, expired, or its session has ended.
        """
        known = self._verified.get(token)
        if known is None or known[0] < time.time():
            known = await self._verify(token)
        if known[1].session in self._ended:
            raise Unauthenticated
        return known[1]

    def end_session(self, session: str) -> None:
        """Refuse what is left of the life of this session's tokens."""
        now = time.time()
        self._ended = {sid: until for sid, until in self._ended.items() if until > now}
        self._ended[session] = now + ACCESS_TOKEN_S + LEEWAY_S

    async def _verify(self, token: str) -> tuple[float, Principal]:
        expected = {"iss": ISSUER, "aud": AUDIENCE, "typ": "access"}
        try:
            claims = read(token, await self._keys_of_identity(KEYS_KEPT_S), **expected)
        except Unauthenticated:
            if time.monotonic() - self._fetched_at < self._refetch_s:
                raise
            claims = read(token, await self._keys_of_identity(self._refetch_s), **expected)
        verified = (float(claims["exp"]), _principal(claims, token))
        if len(self._verified) > 10_000:
            self._verified.clear()
        self._verified[token] = verified
        return verified

    async def _keys_of_identity(self, oldest_s: float) -> KeySet:
        """Identity's keys, fetched again where they are older; where identity does not answer, those that are known.

        Raises:
            Unavailable: none are known.
        """
        async with self._fetching:
            if self._keys is None or time.monotonic() - self._fetched_at > oldest_s:
                try:
                    self._keys = KeySet.import_key_set(await self._fetch_keys())  # type: ignore[arg-type]  # a JWK set
                except Unavailable:
                    if self._keys is None:
                        raise
                self._fetched_at = time.monotonic()
            return self._keys


def _principal(claims: dict[str, Any], token: str) -> Principal:
    institution = claims.get("inst")
    return Principal(
        account=uuid.UUID(claims["sub"]),
        institution=uuid.UUID(institution) if institution else None,
        operator=bool(claims.get("operator")),
        second_factor=SECOND_FACTOR in claims.get("amr", []),
        session=claims["sid"],
        scopes=frozenset(str(claims.get("scope", "")).split()),
        channel=claims["channel"],
        token=token,
    )


class ServiceTokens:
    """Proves this service to others, and others to this one, on the internal port."""

    def __init__(self, service: str, key: OKPKey, peer_keys: KeySet) -> None:
        self._service = service
        self._key = key
        self._peer_keys = peer_keys

    def for_peer(self, peer: str) -> str:
        return sign(
            {"sub": self._service, "aud": peer, "typ": "service"},
            self._key,
            SERVICE_TOKEN_S,
        )

    def caller(self, authorization: str) -> str:
        """The service that calls; its key's id is its name, so nobody signs for another.

        Raises:
            Unauthenticated: no service of ours, or the token is meant for another one.
        """
        token = authorization.removeprefix("Bearer ")
        claims = read(token, self._peer_keys, aud=self._service, typ="service")
        header_kid = jwt.decode(token, self._peer_keys, algorithms=[ALGORITHM]).header.get("kid")
        if claims["sub"] != header_kid:
            raise Unauthenticated
        return str(claims["sub"])


def new_service_key(service: str) -> OKPKey:
    return OKPKey.generate_key("Ed25519", {"kid": service})
