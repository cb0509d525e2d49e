"""Reminders: one job per event, at the time of its next one. Who was reminded of what is noted, and never twice.

A date that is moved after it was reminded of is reminded of anew, as the attendees know a time that no longer holds:
when its new time comes near, or at once where that already is.
"""

import uuid
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, delete, func, select

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
    dues = [context.now] if await _is_moved(context, event) else []
    for minutes in event.reminders:
        early = timedelta(minutes=minutes)
        start = await context.db.scalar(
            select(func.min(at.starts_at)).where(*coming, at.starts_at > context.now + early)
        )
        if start is not None:
            dues.append(start - early)
    if dues:
        await context.schedule(REMIND, {"event": event.id}, min(dues), key=str(event.id))


async def _is_moved(context: WorkContext, event: Event) -> bool:
    """Whether something near was reminded of, and has another time since."""
    at, told = OccurrenceRow, Reminded
    found = await context.db.scalar(
        select(at.original)
        .join(told, and_(told.event_id == at.event_id, told.original == at.original, told.starts_at != at.starts_at))
        .where(*_near(context, event))
        .limit(1)
    )
    return found is not None


async def remind(context: WorkContext, payload: dict[str, Any]) -> None:
    """Remind of what is due, and schedule what comes next. An event that is not to be seen reminds of nothing."""
    # Locked: who moves it at the same time does so before, or after it is noted who was reminded of which time.
    event = await context.db.get(Event, uuid.UUID(payload["event"]), with_for_update=True, populate_existing=True)
    if event is None or event.state_at(context.now) != "published":
        return
    for original, starts_at in await _coming(context, event):
        due = [each for each in event.reminders if starts_at - timedelta(minutes=each) <= context.now]
        if due:
            await _remind(context, event, original, starts_at, min(due))
    await schedule(context, event)


async def _coming(context: WorkContext, event: Event) -> Iterable[tuple[datetime, datetime]]:
    """Original start and start of what begins within the longest time of a reminder."""
    at = OccurrenceRow
    rows = await context.db.execute(
        select(at.original, at.starts_at).where(*_near(context, event)).order_by(at.starts_at)
    )
    return [(original, starts_at) for original, starts_at in rows]


def _near(context: WorkContext, event: Event) -> Iterable[ColumnElement[bool]]:
    at, longest = OccurrenceRow, timedelta(minutes=max(event.reminders, default=0))
    return (
        at.event_id == event.id,
        at.cancelled.is_(False),
        at.starts_at > context.now,
        at.starts_at <= context.now + longest,
    )


async def _remind(context: WorkContext, event: Event, original: datetime, starts_at: datetime, minutes: int) -> None:
    of_another_time = (Reminded.original == original, Reminded.starts_at != starts_at)
    await context.db.execute(delete(Reminded).where(Reminded.event_id == event.id, *of_another_time))
    for what, accounts in (await to_be_reminded(context, event, original, starts_at, minutes)).items():
        note = {"event_id": event.id, "original": original, "minutes": minutes, "starts_at": starts_at}
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
