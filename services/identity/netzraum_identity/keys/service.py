"""Signing keys with rotation: a new key is published before it signs, an old one stays as long as its tokens live."""

import asyncio
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from joserfc.jwk import OKPKey
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from netzraum_identity.keys.models import SigningKey
from netzraum_platform.context import App
from netzraum_platform.database import Database, new_id, utc_now
from netzraum_platform.tokens import AccessTokens

ROTATE_AFTER = timedelta(days=30)
HEAD_START = timedelta(minutes=10)
"""How long a key is published before it signs, so that everybody knows it by then."""
KEEP_AFTER = timedelta(hours=1)
"""How long a superseded key stays published: longer than a token lives."""
RELOAD_S = 60


class KeyRing:
    """The signing keys in memory, so that a log-in reads none from the database."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._keys: list[SigningKey] = []

    async def reload(self) -> None:
        """Rotate where it is time, then take the keys in force."""
        async with self._database.session() as db:
            keys = await _all(db)
        if _due(keys, utc_now()):
            async with self._database.transaction() as db:
                await rotate(db, utc_now())
            async with self._database.session() as db:
                keys = await _all(db)
        self._keys = keys

    def signer(self) -> OKPKey:
        """The newest key that was published long enough."""
        return OKPKey.import_key(_signing(self._keys, utc_now()).jwk)


def ring_of(app: App) -> KeyRing:
    ring: KeyRing = app.state["keys"]
    return ring


async def prepare(app: App) -> None:
    """Have a key before the first request, and check own tokens with own keys instead of a call to oneself."""
    ring = KeyRing(app.database)
    await ring.reload()
    app.state["keys"] = ring

    async def own_keys() -> dict[str, Any]:
        async with app.database.session() as db:
            return await public_keys(db)

    app.tokens = AccessTokens(own_keys)


async def keep_fresh(app: App) -> None:
    """Follow the rotation, also that of other replicas, as long as the service runs."""
    while True:
        await asyncio.sleep(RELOAD_S)
        await ring_of(app).reload()


async def rotate(db: AsyncSession, now: datetime) -> None:
    """Add the next key where it is time; drop those that no living token was signed with."""
    keys = await _all(db)
    if not keys or keys[-1].created_at + ROTATE_AFTER <= now:
        key_id = str(new_id())
        pair = OKPKey.generate_key("Ed25519", {"kid": key_id})
        db.add(SigningKey(id=key_id, jwk=pair.as_dict(private=True), created_at=now))
    for key in _superseded(keys, now):
        await db.delete(key)


async def public_keys(db: AsyncSession) -> dict[str, Any]:
    """The JWK set (RFC 7517) by which everybody verifies access tokens."""
    return {"keys": [OKPKey.import_key(key.jwk).as_dict(private=False) for key in await _all(db)]}


async def _all(db: AsyncSession) -> list[SigningKey]:
    return list(await db.scalars(select(SigningKey).order_by(SigningKey.created_at, SigningKey.id)))


def _due(keys: list[SigningKey], now: datetime) -> bool:
    return not keys or keys[-1].created_at + ROTATE_AFTER <= now or bool(_superseded(keys, now))


def _signing(keys: list[SigningKey], now: datetime) -> SigningKey:
    """The newest that had its head start; at the very beginning, the first there is."""
    known_to_all = [key for key in keys if key.created_at + HEAD_START <= now]
    return known_to_all[-1] if known_to_all else keys[0]


def _superseded(keys: list[SigningKey], now: datetime) -> list[SigningKey]:
    return [key for key, successor in pairwise(keys) if successor.created_at + HEAD_START + KEEP_AFTER <= now]
