"""What the services that own tools (content, calendar, polls) tell of their items: ids and states, no texts."""

import uuid
from datetime import datetime
from typing import Literal

from netzraum_platform.events import EventData

ItemWhat = Literal["created", "published", "updated", "reclassified", "deleted", "restored", "erased"]


class ItemChanged(EventData):
    """An item as it now is. The envelope carries its space, classification and actor."""

    item: uuid.UUID
    type: str
    tool: str
    what: ItemWhat
    state: str
    author: uuid.UUID | None
    version: int
    at: datetime


class ReminderDue(EventData):
    """People are to be reminded of an item by mail: each of them once, as one event names them once.

    ``what`` is what they have not done yet (``reply``, ``vote``) or what is to come (``attend``).
    ``due``: by or at when. ``kept``: whether it may be noted who was reminded; of a secret poll it may not, as these
    had not voted.
    """

    item: uuid.UUID
    type: str
    tool: str
    what: Literal["reply", "vote", "attend"]
    accounts: list[uuid.UUID]
    due: datetime | None
    kept: bool = True
