"""TOTP secrets at rest: sealed with a key that lies outside the database and its backups."""

import os
import uuid
from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path

import structlog
from nacl.exceptions import CryptoError
from nacl.secret import Aead
from nacl.utils import random
from sqlalchemy import select

from netzraum_identity.second_factors.models import SecondFactor
from netzraum_platform.context import App

FILE = Path("identity") / "second_factors.key"
"""Within the keys folder."""
SEALED = "1:"
"""What a sealed secret begins with; base32 has no colon."""

log = structlog.get_logger(__name__)


def seal(app: App, account: uuid.UUID, secret: str) -> str:
    """As it is stored. Sealed for this account: in the row of another one it cannot be read."""
    return SEALED + urlsafe_b64encode(_box(app).encrypt(secret.encode(), account.bytes)).decode()


def unseal(app: App, factor: SecondFactor) -> str | None:
    """The secret; None where the key that it was sealed with is lost."""
    try:
        sealed = urlsafe_b64decode(factor.secret.removeprefix(SEALED))
        return _box(app).decrypt(sealed, factor.account_id.bytes).decode()
    except (CryptoError, ValueError):
        return None


async def prepare(app: App) -> None:
    """Make the key where there is none, and seal what was stored before secrets were sealed."""
    _box(app)
    async with app.database.session(write=True) as db:
        factors = list(await db.scalars(select(SecondFactor).with_for_update()))
        for factor in factors:
            if not factor.secret.startswith(SEALED):
                factor.secret = seal(app, factor.account_id, factor.secret)
        if lost := sum(unseal(app, factor) is None for factor in factors):
            log.error("second_factor_key_lost", factors=lost)
        await db.commit()


def _box(app: App) -> Aead:
    if app.keys_folder is None:
        raise RuntimeError("NETZRAUM_KEYS_FOLDER is not set")
    return Aead(_kept_key(app.keys_folder / FILE))


def _kept_key(file: Path) -> bytes:
    """The key; made, and on disk when this returns, where there is none. Replicas that make one at once agree on it."""
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        partial = file.with_suffix(f".{uuid.uuid4()}.part")
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "wb") as stream:
            stream.write(random(Aead.KEY_SIZE))
            stream.flush()
            os.fsync(stream.fileno())
        try:
            os.link(partial, file)
        except FileExistsError:
            pass
        finally:
            partial.unlink()
    return file.read_bytes()
