"""Links by mail: a token that proves control of an address. It is made where the mail is, so no table holds it."""

import uuid
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from netzraum_identity.links.models import MailLink
from netzraum_identity.secrets import digest, new_secret
from netzraum_platform.context import WorkContext
from netzraum_platform.errors import NotFound


class Purpose(StrEnum):
    REGISTRATION = "registration"
    INVITATION = "invitation"
    PASSWORD = "password"  # noqa: S105  # the name of a purpose
    EMAIL = "email"


PAGES = {
    Purpose.REGISTRATION: "/registrieren/bestaetigen/",
    Purpose.INVITATION: "/einladung/",
    Purpose.PASSWORD: "/passwort/",
    Purpose.EMAIL: "/konto/email/",
}
"""The gateway's pages that take a token."""

LIFETIMES = {
    Purpose.REGISTRATION: timedelta(days=7),
    Purpose.INVITATION: timedelta(days=30),
    Purpose.PASSWORD: timedelta(hours=1),
    Purpose.EMAIL: timedelta(days=1),
}


def issue(
    context: WorkContext, purpose: Purpose, account: uuid.UUID | None = None, data: dict[str, Any] | None = None
) -> str:
    """Make a link; return the path of the page that takes it."""
    token = new_secret()
    context.db.add(
        MailLink(
            digest=digest(token),
            purpose=purpose,
            account_id=account,
            data=data or {},
            created_at=context.now,
            expires_at=context.now + LIFETIMES[purpose],
        )
    )
    return PAGES[purpose] + token


async def find(db: AsyncSession, purpose: Purpose, token: str, now: datetime, *, lock: bool = False) -> MailLink:
    """
    Raises:
        NotFound: never given out, used, or expired.
    """
    rows = select(MailLink).where(MailLink.digest == digest(token), MailLink.purpose == purpose)
    link = await db.scalar(rows.with_for_update() if lock else rows)
    if link is None or link.expires_at <= now:
        raise NotFound
    return link


async def take(context: WorkContext, purpose: Purpose, token: str) -> MailLink:
    """Use a link up, within the writing transaction; of two at the same time one finds it.

    Raises:
        NotFound: never given out, used, or expired.
    """
    link = await find(context.db, purpose, token, context.now, lock=True)
    await context.db.delete(link)
    return link


async def withdraw(db: AsyncSession, account: uuid.UUID, *purposes: Purpose) -> None:
    """Make all links of an account worthless that serve these purposes."""
    await db.execute(delete(MailLink).where(MailLink.account_id == account, MailLink.purpose.in_(purposes)))


async def withdraw_invitations(db: AsyncSession, account: uuid.UUID, space: uuid.UUID) -> None:
    """Make the invitations of an account to this space worthless; those to other spaces hold."""
    rows = select(MailLink).where(MailLink.account_id == account, MailLink.purpose == Purpose.INVITATION)
    for link in await db.scalars(rows):
        if link.data.get("space") == str(space):
            await db.delete(link)


async def newest(db: AsyncSession, account: uuid.UUID, purpose: Purpose) -> datetime | None:
    """When the newest link of this purpose was made."""
    at: datetime | None = await db.scalar(
        select(MailLink.created_at)
        .where(MailLink.account_id == account, MailLink.purpose == purpose)
        .order_by(MailLink.created_at.desc())
        .limit(1)
    )
    return at


async def forget_expired(context: WorkContext) -> None:
    await context.db.execute(delete(MailLink).where(MailLink.expires_at <= context.now))
