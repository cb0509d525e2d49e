"""How the tools are called in mails, and where their items stand in the page."""

import uuid
from dataclasses import dataclass


@dataclass(frozen=True)
class Tool:
    """``names`` by language; ``path`` is its part of the page's addresses."""

    names: dict[str, str]
    path: str

    def page_of(self, space: uuid.UUID, item: uuid.UUID) -> str:
        return f"/raum/{space}/{self.path}/{item}"


TOOLS = {
    "notices": Tool({"de": "Schwarzes Brett", "en": "Notice board"}, "brett"),
    "calendar": Tool({"de": "Kalender", "en": "Calendar"}, "kalender"),
    "wiki": Tool({"de": "Wiki", "en": "Wiki"}, "wiki"),
    "polls": Tool({"de": "Umfragen", "en": "Polls"}, "umfragen"),
}
"""In the order in which a mail names them."""
