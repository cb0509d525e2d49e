"""Polls made by the API, and the page's forms as a browser holds them."""

import re
from typing import Any

from tests.end_to_end.people import Network
from tests.gateway.browser import Browser

WEIGHTING = {"kind": "weighting", "title": "Was zählt?", "options": [{"title": "Daten"}, {"title": "Eltern"}]}
SINGLE = {"kind": "single", "title": "Wann?", "options": [{"title": "Vormittags"}, {"title": "Abends"}]}
RANKING = {"kind": "ranking", "title": "Reihenfolge?", "options": [{"title": "Erst"}, {"title": "Dann"}]}
FREE = {"kind": "text", "title": "Was fehlt?", "required": False}


async def ask(network: Network, *questions: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A poll by the API, open at once unless it says otherwise."""
    body = {"title": "Was meinen Sie?", "questions": list(questions) or [SINGLE], **more}
    poll: dict[str, Any] = await network.coordinator.post(f"spaces/{network.space}/polls", body)
    return poll


def fields(browser: Browser, action: str) -> dict[str, str]:
    return dict(browser.form(action).fields)


def main(browser: Browser) -> str:
    """The page without its messages."""
    return re.sub(r'<div class="nr-live".*?</div>', "", browser.text, flags=re.DOTALL)
