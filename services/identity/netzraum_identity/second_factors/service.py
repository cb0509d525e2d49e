"""The second factor: time-based one-time codes (RFC 6238), and recovery codes for when the phone is lost."""

import base64
import hmac
import io
import secrets
import uuid

import pyotp
import segno
from sqlalchemy import delete, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from netzraum_identity.accounts.models import Account
from netzraum_identity.second_factors.models import RecoveryCode, SecondFactor
from netzraum_identity.second_factors.sealing import seal, unseal
from netzraum_identity.secrets import digest
from netzraum_platform.context import WorkContext
from netzraum_platform.errors import Conflict, NotFound

ISSUER = "Netzraum"
RECOVERY_CODES = 10
RECOVERY_CODE_BYTES = 10
STEP_S = 30
WINDOW = (0, -1, 1)
"""One step early or late, for clocks that differ."""


class AlreadyConfirmed(Conflict):
    code = "already_confirmed"
    de, en = "Dieser zweite Faktor ist schon bestätigt.", "This second factor is confirmed already."


async def has_one(db: AsyncSession, account: uuid.UUID) -> bool:
    confirmed = select(SecondFactor.id).where(
        SecondFactor.account_id == account, SecondFactor.confirmed_at.is_not(None)
    )
    return await db.scalar(confirmed.limit(1)) is not None


async def all_of(db: AsyncSession, account: uuid.UUID) -> list[SecondFactor]:
    rows = select(SecondFactor).where(SecondFactor.account_id == account).order_by(SecondFactor.id)
    return list(await db.scalars(rows))


async def codes_left(db: AsyncSession, account: uuid.UUID) -> int:
    return await db.scalar(select(func.count()).where(RecoveryCode.account_id == account)) or 0


async def begin(context: WorkContext, account: Account) -> tuple[SecondFactor, str]:
    """Make a factor that waits to be confirmed, with its secret; it replaces another one that waits."""
    await context.db.execute(
        delete(SecondFactor).where(SecondFactor.account_id == account.id, SecondFactor.confirmed_at.is_(None))
    )
    secret = pyotp.random_base32()
    sealed = seal(context.app, account.id, secret)
    factor = SecondFactor(account_id=account.id, kind="totp", secret=sealed, created_at=context.now, last_step=0)
    context.db.add(factor)
    await context.db.flush()
    return factor, secret


def address_of(secret: str, account: Account) -> str:
    """The otpauth address that an authenticator app takes."""
    return pyotp.TOTP(secret).provisioning_uri(name=account.email, issuer_name=ISSUER)


def picture_of(address: str) -> str:
    """The address as a QR code, an SVG image that stands for itself, as in the src of an img."""
    picture = io.BytesIO()
    segno.make(address, micro=False).save(picture, kind="svg", scale=5, border=4, xmldecl=False, nl=False)
    return picture.getvalue().decode()


async def own_factor(db: AsyncSession, account: uuid.UUID, factor_id: uuid.UUID) -> SecondFactor:
    factor = await db.get(SecondFactor, factor_id, with_for_update=True)
    if factor is None or factor.account_id != account:
        raise NotFound
    return factor


async def confirm(context: WorkContext, factor: SecondFactor, code: str) -> list[str] | None:
    """Let a factor count from now on; return new recovery codes, or None where the code is wrong.

    Raises:
        AlreadyConfirmed
    """
    if factor.confirmed_at is not None:
        raise AlreadyConfirmed
    if not _use_step(factor, code, context):
        return None
    factor.confirmed_at = context.now
    context.audit("second_factor:add", item=factor.account_id)
    return await _new_recovery_codes(context, factor.account_id)


async def remove(context: WorkContext, factor: SecondFactor) -> None:
    await context.db.delete(factor)
    await context.db.flush()
    if not await has_one(context.db, factor.account_id):
        await context.db.execute(delete(RecoveryCode).where(RecoveryCode.account_id == factor.account_id))
    context.audit("second_factor:remove", item=factor.account_id)


async def remove_all(context: WorkContext, account: uuid.UUID) -> None:
    await context.db.execute(delete(SecondFactor).where(SecondFactor.account_id == account))
    await context.db.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account))


async def use_code(context: WorkContext, account: uuid.UUID, code: str) -> bool:
    """Use up a one-time or a recovery code; False where it is none. Within a writing transaction of its own."""
    await context.begin_write()
    confirmed = (
        select(SecondFactor)
        .where(SecondFactor.account_id == account, SecondFactor.confirmed_at.is_not(None))
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    for factor in await context.db.scalars(confirmed):
        if _use_step(factor, code, context):
            return True
    known = await context.db.get(RecoveryCode, _recovery_digest(account, code), with_for_update=True)
    if known is None:
        return False
    await context.db.delete(known)
    context.audit("second_factor:recovery_code", item=account)
    return True


async def key_is_lost(context: WorkContext, account: uuid.UUID) -> bool:
    """Whether no code of a factor of this account can be checked any more."""
    return any(unseal(context.app, factor) is None for factor in await all_of(context.db, account))


def _use_step(factor: SecondFactor, code: str, context: WorkContext) -> bool:
    """Whether the code is of a step that was not used; then it is used."""
    secret = unseal(context.app, factor)
    if secret is None:
        return False
    now, typed = int(context.now.timestamp()), code.replace(" ", "").encode()
    generator = pyotp.TOTP(secret, interval=STEP_S)
    for offset in WINDOW:
        step = now // STEP_S + offset
        if step > factor.last_step and hmac.compare_digest(generator.generate_otp(step).encode(), typed):
            factor.last_step = step
            return True
    return False


async def _new_recovery_codes(context: WorkContext, account: uuid.UUID) -> list[str]:
    """Ten new codes of 80 bits each; former ones are worth nothing."""
    await context.db.execute(delete(RecoveryCode).where(RecoveryCode.account_id == account))
    codes = [_recovery_code() for _ in range(RECOVERY_CODES)]
    context.db.add_all(RecoveryCode(digest=_recovery_digest(account, code), account_id=account) for code in codes)
    return codes


def _recovery_code() -> str:
    letters = base64.b32encode(secrets.token_bytes(RECOVERY_CODE_BYTES)).decode().lower()
    return "-".join(letters[start : start + 4] for start in range(0, len(letters), 4))


def _recovery_digest(account: uuid.UUID, code: str) -> str:
    letters = "".join(char for char in code.lower() if char.isalnum())
    return digest(f"{account}:{letters}")
