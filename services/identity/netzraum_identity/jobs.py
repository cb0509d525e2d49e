"""What identity does later."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from netzraum_identity.accounts.service import send_password_reset
from netzraum_identity.institutions.registration import send_confirmation
from netzraum_identity.keys import service as keys
from netzraum_identity.links.service import forget_expired
from netzraum_identity.mails.delivery import send_mail
from netzraum_identity.mails.memberships import send_membership_mail
from netzraum_identity.sessions.service import forget_ended
from netzraum_identity.sessions.throttle import forget_old
from netzraum_platform.context import App, WorkContext
from netzraum_platform.idempotency import forget_keys
from netzraum_platform.jobs import JobHandler


async def tidy(context: WorkContext, _payload: dict[str, Any]) -> None:
    """Once a day: drop what has run out, and plan the next day's."""
    for forget in (forget_expired, forget_ended, forget_old, forget_keys):
        await forget(context)
    await _plan_tidying(context, timedelta(days=1))


async def _plan_tidying(context: WorkContext, later: timedelta) -> None:
    """One job a day, whichever replica plans it."""
    at = context.now + later
    await context.schedule("tidy", {}, at, key=f"tidy {at.date()}")


async def prepare(app: App) -> None:
    """Before the first request."""
    await keys.prepare(app)
    async with app.database.session(write=True) as db:
        context = WorkContext(app, db)
        await _plan_tidying(context, timedelta(0))
        await context.commit()


JOBS: Mapping[str, JobHandler] = {
    "mail": send_mail,
    "membership_mail": send_membership_mail,
    "password_reset": send_password_reset,
    "registration": send_confirmation,
    "tidy": tidy,
}
