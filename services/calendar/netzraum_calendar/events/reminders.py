"""Reminders: one job per event, at the time of its next one. Who was reminded of what is noted, and never twice."""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import func, select

from netzraum_calendar.events.attendance import to_be_reminded
from netzraum_calendar.events.models import Event
from netzraum_calendar.events.tables import OccurrenceRow, Reminded
from netzraum_contracts.calendar import EventReminderDue
from netzraum_platform.context import WorkContext

REMIND: Final = "calendar.remind"


async def schedule(context: WorkContext, event: Event) -> None:
    """Let the next reminder of an event come at its time, if there is one."""
    if not event.reminders or not event.attendee_rows:
        return
    at = OccurrenceRow
    coming = (at.event_id == event.id, at.cancelled.is_(False))
    dues = []
    for minutes in event.reminders:
        early = timedelta(minutes=minutes)
        start = await context.db.scalar(
            select(func.min(at.starts_at)).where(*coming, at.starts_at > context.now + early)
        )
        if start is not None:
            dues.append(start - early)
    if dues:
        await context.schedule(REMIND, {"event": event.id}, min(dues), key=str(event.id))


async def remind(context: WorkContext, payload: dict[str, Any]) -> None:
    """Remind of what is due, and schedule what comes next. An event that is not to be seen reminds of nothing."""
    event = await context.db.get(Event, uuid.UUID(payload["event"]))
    if event is None or event.state_at(context.now) != "published":
        return
    for original, starts_at in await _coming(context, event):
        due = [each for each in event.reminders if starts_at - timedelta(minutes=each) <= context.now]
        if due:
            await _remind(context, event, original, starts_at, min(due))
    await schedule(context, event)


async def _coming(context: WorkContext, event: Event) -> Iterable[tuple[datetime, datetime]]:
    """Original start and start of what begins within the longest time of a reminder."""
    at, longest = OccurrenceRow, timedelta(minutes=max(event.reminders, default=0))
    rows = await context.db.execute(
        select(at.original, at.starts_at)
        .where(at.event_id == event.id, at.cancelled.is_(False))
        .where(at.starts_at > context.now, at.starts_at <= context.now + longest)
        .order_by(at.starts_at)
    )
    return [(original, starts_at) for original, starts_at in rows]


async def _remind(context: WorkContext, event: Event, original: datetime, starts_at: datetime, minutes: int) -> None:
    for what, accounts in (await to_be_reminded(context, event, original, minutes)).items():
        note = {"event_id": event.id, "original": original, "minutes": minutes}
        context.db.add_all(Reminded(account_id=account, **note) for account in accounts)
        context.publish(
            EventReminderDue(
                item=event.id,
                type=event.TYPE,
                tool=event.TOOL,
                what=what,
                accounts=accounts,
                due=starts_at,
            ),
            subject=event.id,
            space=event.space_id,
            classification=event.classification,
        )
