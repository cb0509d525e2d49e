"""The events that identity hears: who may be where (for the policy's questions), and what is worth a mail."""

from netzraum_contracts.calendar import EventReminderDue
from netzraum_contracts.polls import PollReminderDue
from netzraum_contracts.spaces import MembershipChanged
from netzraum_identity.mails.memberships import on_membership_changed
from netzraum_identity.mails.news import ITEM_EVENTS, on_item_changed
from netzraum_identity.mails.reminders import on_reminder_due
from netzraum_platform.inbox import Handlers

HANDLERS: Handlers = {
    MembershipChanged: on_membership_changed,
    EventReminderDue: on_reminder_due,
    PollReminderDue: on_reminder_due,
    **dict.fromkeys(ITEM_EVENTS, on_item_changed),
}
