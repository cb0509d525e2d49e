"""An item of each tool, for tests that try the same with all of them."""

from dataclasses import dataclass, field
from typing import Any

from tests.end_to_end.people import Json, Network

QUESTION = {"kind": "single", "title": "Wann?", "options": [{"title": "Montags"}, {"title": "Dienstags"}]}
AT = {"start": "2030-05-06T10:00:00+02:00", "end": "2030-05-06T11:00:00+02:00", "timezone": "Europe/Berlin"}


@dataclass(frozen=True)
class Kind:
    """``resource`` is its path in the API, ``path`` that of its pages; ``has`` is what an item has beside a title, and
    ``typed`` the same in its form."""

    resource: str
    path: str
    has: dict[str, Any]
    typed: dict[str, str] = field(default_factory=dict)

    def api(self, network: Network, item: Json | None = None) -> str:
        return f"spaces/{network.space}/{self.resource}" + (f"/{item['id']}" if item else "")

    def home(self, network: Network, item: Json | None = None) -> str:
        return f"/raum/{network.space}/{self.path}" + (f"/{item['id']}" if item else "")

    async def made(self, network: Network, title: str, classification: str = "internal", **more: Any) -> Json:
        """A new one, by the coordinator."""
        body = {"title": title, "classification": classification, **self.has, **more}
        item: Json = await network.coordinator.post(self.api(network), body)
        return item


KINDS = {
    "notices": Kind("notices", "brett", {"text": "Text"}),
    "calendar": Kind("events", "kalender", AT),
    "polls": Kind(
        "polls",
        "umfragen",
        {"questions": [QUESTION]},
        {"questions.0.title": "Wann?", "questions.0.options": "Montags\nDienstags"},
    ),
}
