"""What polls tells. Never anything of a ballot."""

from typing import ClassVar

from netzraum_contracts.items import ItemChanged, ReminderDue


class PollChanged(ItemChanged):
    """A poll was written, changed, opened, closed, deleted or brought back."""

    TYPE: ClassVar = "polls.poll.changed.v1"


class PollReminderDue(ReminderDue):
    """Those who may vote and have not are to be reminded."""

    TYPE: ClassVar = "polls.poll.reminder_due.v1"
