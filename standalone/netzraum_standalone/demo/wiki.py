"""The demo's wiki: pages with the revisions that they got over time."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from netzraum_standalone.demo.client import Person


async def make_wiki(
    pages: Sequence[Sequence[Any]],
    spaces: Mapping[str, str],
    person: Callable[[str], Person],
    days_ago: Callable[[int], None],
) -> None:
    """Write them as the demo's people, the oldest first; ``days_ago`` sets when that happens."""
    revisions: dict[str, int] = {}
    for space, days, author, classification, slug, parent, title, text, *more in sorted(
        pages, key=lambda each: -each[1]
    ):
        days_ago(days)
        path = f"spaces/{spaces[space]}/wiki/pages/{slug}"
        known = {"base": revisions[path]} if path in revisions else {"classification": classification}
        body = {"title": title, "text": text, "parent": parent, **known, **(more[0] if more else {})}
        revisions[path] = (await person(author).request("PUT", path, json=body))["revision"]
