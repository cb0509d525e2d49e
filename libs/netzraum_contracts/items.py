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
