"""Reminder mails: an event to come, an answer or a vote that is wanted.

Calendar and polls say whom to remind. Whether somebody may be told, and of what, is asked at every attempt to send:
the owner for the item as it is now, the policy for the reader as they are now.
"""

import uuid
from datetime import datetime
from typing import Any

from netzraum_contracts.items import ReminderDue
from netzraum_contracts.tools import TOOLS
from netzraum_identity.accounts.models import Account
from netzraum_identity.mails.delivery import Letter, Recipient, deliver
from netzraum_identity.mails.told import note_told
from netzraum_identity.mails.wording import moment
from netzraum_items.current import CurrentItem
from netzraum_items.recipients import Reader, may_read, place_at
from netzraum_items.visibility import READ_HISTORY, part_of_history
from netzraum_platform.context import WorkContext
from netzraum_platform.errors import NotFound

TEMPLATES = {"attend": "event_to_come", "reply": "answer_wanted", "vote": "vote_wanted"}


async def on_reminder_due(context: WorkContext, event: ReminderDue) -> None:
    """A job for each account: the event is handled once, and names each of them once."""
    for account in dict.fromkeys(event.accounts):
        await context.schedule(
            "reminder_mail",
            {
                "service": event.publisher(),
                "item": event.item,
                "what": event.what,
                "due": event.due,
                "account": account,
                "kept": event.kept,
            },
        )


async def send_reminder(context: WorkContext, payload: dict[str, Any]) -> None:
    """Job ``reminder_mail``. Nobody is reminded of what has passed, is gone, or may not be read by mail (any more).

    Raises:
        Unavailable: the item's owner, spaces or the policy does not answer; the job tries again.
    """
    account = await context.db.get(Account, uuid.UUID(payload["account"]))
    due = datetime.fromisoformat(payload["due"]) if payload["due"] else None
    if account is None or not _wants(account) or (due is not None and due <= context.now):
        return
    await context.release()
    try:
        item = await CurrentItem.of(context.app, payload["service"], uuid.UUID(payload["item"]))
    except NotFound:
        return
    if not await _may_be_told(context, account, item, payload["service"]):
        return
    space = await context.app.call("spaces", "GET", f"/internal/spaces/{item.space}")
    values = {
        "name": account.name,
        "title": item.title,
        "space_name": space["name"],
        "due": moment(due, account.language, account.timezone) if due else None,
    }
    link = TOOLS[item.tool].page_of(item.space, payload["item"])
    letter = Letter(TEMPLATES[payload["what"]], link, values, by_choice=True)
    await deliver(context, Recipient(account.email, account.language), letter)
    if payload.get("kept", True):
        await note_told(context, account.id, [uuid.UUID(payload["item"])])


def _wants(account: Account) -> bool:
    return account.state == "active" and account.mail != "never"


async def _may_be_told(context: WorkContext, account: Account, item: CurrentItem, service: str) -> bool:
    """Whether the policy lets this member read the item by mail, as both are now."""
    place = await place_at(context, item.space, account.id, item.access_version)
    if place is None or not place.is_member(context.now) or item.tool not in place.space.tools:
        return False
    verb = READ_HISTORY if part_of_history(place, item.owner, item.news_at) else "read"
    who, action = Reader(account.id, account.institution_id), f"{service}.{item.type}.{verb}"
    return await may_read(context, who, action, item.resource(account.id, place), place, channel="mail")
