"""What identity does later."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from netzraum_identity.accounts.service import send_password_reset
from netzraum_identity.institutions.registration import send_confirmation
from netzraum_identity.keys import service as keys
from netzraum_identity.links.service import forget_expired
from netzraum_identity.mails import rhythm
from netzraum_identity.mails.delivery import patient, send_mail
from netzraum_identity.mails.memberships import send_membership_mail
from netzraum_identity.mails.news import schedule_members, send_news
from netzraum_identity.mails.reminders import send_reminder
from netzraum_identity.mails.told import forget_told
from netzraum_identity.second_factors import sealing
from netzraum_identity.sessions.service import forget_ended
from netzraum_identity.sessions.throttle import forget_old
from netzraum_platform.context import App, WorkContext
from netzraum_platform.jobs import JobHandler


async def tidy(context: WorkContext, _payload: dict[str, Any]) -> None:
    """Once a day: drop what has run out."""
    for forget in (forget_expired, forget_ended, forget_old, forget_told):
        await forget(context)
    await context.schedule("tidy", {}, context.now + timedelta(days=1), key="tidy")


async def prepare(app: App) -> None:
    """Before the first request."""
    await keys.prepare(app)
    await sealing.prepare(app)
    await rhythm.prepare(app)
    async with app.database.session(write=True) as db:
        context = WorkContext(app, db)
        await context.schedule("tidy", {}, key="tidy")
        await context.commit()


MAILS: Mapping[str, JobHandler] = {
    "mail": send_mail,
    "membership_mail": send_membership_mail,
    "password_reset": send_password_reset,
    "registration": send_confirmation,
    "reminder_mail": send_reminder,
    "news_mail": send_news,
}
JOBS: Mapping[str, JobHandler] = {
    "tidy": tidy,
    "news_in_space": schedule_members,
    **{kind: patient(kind, send) for kind, send in MAILS.items()},
}
