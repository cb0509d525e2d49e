"""The tools that a space may have. What each may be used for says the policy; here is what all services call them."""

import uuid
from dataclasses import dataclass
from typing import Final, Literal

ToolName = Literal["notices", "records", "calendar", "files", "bookmarks", "wiki", "forum", "blog", "polls", "members"]


@dataclass(frozen=True)
class Tool:
    """`service` answers for it, under `resources` of a space in the API; by `type` the policy is asked for its level;
    `path` is its part of the page's addresses; `built` says whether a page stands behind it."""

    service: str
    type: str
    resources: tuple[str, ...]
    path: str
    built: bool = False

    def page_of(self, space: uuid.UUID | str, item: uuid.UUID | str) -> str:
        return f"/raum/{space}/{self.path}/{item}"


TOOLS: Final[dict[str, Tool]] = {
    "notices": Tool("content", "notice", ("notices",), "brett", built=True),
    "records": Tool("content", "record", ("records", "duties"), "protokolle"),
    "calendar": Tool(
        "calendar", "event", ("events", "meetings", "occurrences", "calendar.ics"), "kalender", built=True
    ),
    "files": Tool("content", "file", ("folders", "files"), "dateien"),
    "bookmarks": Tool("content", "bookmark", ("bookmarks",), "lesezeichen"),
    "wiki": Tool("content", "wiki_page", ("wiki",), "wiki", built=True),
    "forum": Tool("content", "thread", ("forum",), "forum"),
    "blog": Tool("content", "article", ("blog",), "blog"),
    "polls": Tool("polls", "poll", ("polls",), "umfragen", built=True),
    "members": Tool("spaces", "membership", ("audit", "members", "roles", "seats"), "mitglieder", built=True),
}
"""Those of ``ToolName``, in the order in which they are shown."""
