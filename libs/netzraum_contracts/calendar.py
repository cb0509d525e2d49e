"""What calendar tells."""

from typing import ClassVar

from netzraum_contracts.items import ItemChanged, ReminderDue


class EventChanged(ItemChanged):
    """An event was written, changed, moved, cancelled, deleted or brought back."""

    TYPE: ClassVar = "calendar.event.changed.v1"


class EventReminderDue(ReminderDue):
    """Attendees are to be reminded of an occurrence, or of an answer that they owe."""

    TYPE: ClassVar = "calendar.event.reminder_due.v1"
