"""When somebody is told by mail what is new: soon, in the morning, on Monday morning."""

import uuid
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

from netzraum_identity.accounts.models import Account
from netzraum_platform.context import App
from netzraum_platform.settings import PREFIX, read_settings

GATHER = "mail_gather"
MORNING = time(5)
SPREAD = timedelta(hours=2)
"""Mails of the morning go out between five and seven, each account's at its own minute."""
DAYS = {"daily": 1, "weekly": 7}


class MailSettings(BaseSettings):
    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    mail_gather_s: float = Field(
        default=300, ge=0, description="how long what is new is gathered for who wants mails at once, in seconds"
    )


async def prepare(app: App) -> None:
    """Note the setting where the service is put together."""
    app.state[GATHER] = timedelta(seconds=read_settings(MailSettings).mail_gather_s)


def gather_time(app: App) -> timedelta:
    """Half of the time for which what is new is gathered: in one half it comes together, in one the mails go out."""
    half: timedelta = app.state[GATHER] / 2
    return half


def next_time(app: App, account: Account, now: datetime) -> datetime:
    """When the account is to be told what is new by now; ``never`` has no such time."""
    if account.mail in DAYS:
        return next_morning(account.id, ZoneInfo(account.timezone), DAYS[account.mail], now)
    return now + gather_time(app) * _share(account.id)


def next_morning(account: uuid.UUID, zone: ZoneInfo, days: int, now: datetime) -> datetime:
    """The account's minute of the next morning where it lives, of the next Monday where ``days`` is 7."""
    today = now.astimezone(zone).date()
    day = today if days == 1 else today + timedelta(days=-today.weekday() % 7)
    at = datetime.combine(day, MORNING, zone) + SPREAD * _share(account)
    return (at if at > now else at + timedelta(days=days)).astimezone(UTC)


def _share(account: uuid.UUID) -> float:
    """Where an account stands among all, from 0 to 1; the last digits of its id are random."""
    return account.int % 3600 / 3600
