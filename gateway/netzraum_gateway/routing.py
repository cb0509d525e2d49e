"""Which service answers which path of the API (docs: the API's resource list)."""

import re
import uuid
from dataclasses import dataclass

from netzraum_contracts.tools import TOOLS

PREFIX = "/api/v1/"
MERGED = "merged"
ITEM_SERVICES = ("content", "calendar", "polls")
"""Those that keep items, and so each have a part of what is unread, new, to do and found."""

FIRST_PART = {
    **dict.fromkeys(
        ("session", "me", "institutions", "accounts", "invitations", "password-reset", "operator"), "identity"
    ),
    "spaces": "spaces",
    **dict.fromkeys(("events", "occurrences", "calendar.ics", "holidays"), "calendar"),
    **dict.fromkeys(("unread", "activity", "todo", "visible", "search", "overview"), MERGED),
}
IN_A_SPACE = {
    **{resource: tool.service for tool in TOOLS.values() for resource in tool.resources},
    **dict.fromkeys(("activity", "gone", "visible", "search", "seen"), MERGED),
}
_UPLOADS = re.compile(r"spaces/[^/]+/(files|files/[^/]+/content|wiki/import|events/import)")


@dataclass(frozen=True)
class Target:
    """Where a path leads: the service (or MERGED), and the space that it is about."""

    service: str
    space: uuid.UUID | None = None
    upload: bool = False


def target_of(path: str) -> Target | None:
    """The target of a path under ``/api/v1/``; None where nothing answers."""
    rest = path.removeprefix(PREFIX)
    first, _, after = rest.partition("/")
    if first == "operator" and after.startswith("spaces"):
        return Target("spaces")
    if first != "spaces" or not after:
        service = FIRST_PART.get(first)
        return Target(service) if service else None
    space, _, inside = after.partition("/")
    try:
        space_id = uuid.UUID(space)
    except ValueError:
        return None
    service = IN_A_SPACE.get(inside.partition("/")[0]) if inside else "spaces"
    return Target(service, space_id, upload=_UPLOADS.fullmatch(rest) is not None) if service else None
