"""What goes out of the audit."""

import uuid
from datetime import datetime
from typing import Any

from pydantic import BaseModel


class Actor(BaseModel):
    account: uuid.UUID
    name: str
    institution: str


class AuditEntry(BaseModel):
    """Who did what (``subject:verb``) to which item, under which policy. ``who`` is null where no account did it."""

    id: uuid.UUID
    at: datetime
    who: Actor | None
    what: str
    item: str | None
    reason: str | None
    details: dict[str, Any]
    policy_revision: str | None
