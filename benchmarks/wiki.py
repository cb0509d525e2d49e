"""Figures of the wiki: reading, listing, searching, the tree, writing and merging; and all that is read once more
with a hundred times as many pages."""

import uuid
from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import text

from benchmarks.filling import author_of, items, write
from benchmarks.ground import WRITES, Compared, Ground, grown, token
from benchmarks.load import Call
from benchmarks.report import Report
from netzraum_content.wiki.models import WikiAddress, WikiPage
from netzraum_items import search_dialect
from netzraum_items.tables import SearchEntry
from netzraum_platform.database import Database
from tests.end_to_end.people import Network

FEW, MANY = 50, 5_000
REVISIONS = 20
BELOW_EACH = 10
OF_A_THEME = 10
"""How many pages have a word of their own."""
TEXT = "\n\n".join(f"Absatz {number}: " + "Lorem ipsum dolor sit amet. " * 4 for number in range(20))
PATHS = {
    "page": f"wiki/pages/seite-{FEW - 1}?render=html",
    "list": "wiki/pages?limit=50",
    "list by title": "wiki/pages?limit=50&sort=title",
    "tree": "wiki/tree",
    "tree, opened": f"wiki/tree?open=seite-{FEW - 1}",
    "revisions": f"wiki/pages/seite-{FEW - 1}/revisions",
    "search for a rare word": "search?tool=wiki&q=Thema3",
    "search for a word of every page": "search?tool=wiki&q=ipsum",
}
REVISE = """
INSERT INTO wiki_revisions (page_id, number, title, text, at, comment, sent)
SELECT page.id, number, item.title, page.text, item.created_at, '', ''
FROM wiki_pages page JOIN items item ON item.id = page.id, generate_series(1, :revisions) number
WHERE item.space_id = :space
"""


async def measure(ground: Ground, report: Report) -> None:
    await _writing(ground, report)
    few = await _reading(ground, report, FEW)
    many = await _reading(ground, report, MANY)
    for name in PATHS:
        what = f"wiki: {name}, {MANY:,} pages of {REVISIONS} revisions, p50 of one of {FEW}"
        report.add(grown(what, few[name], many[name]))


async def _reading(ground: Ground, report: Report, count: int) -> dict[str, Compared | None]:
    network = await ground.network()
    async with ground.database("content") as database:
        await report.filling(f"{count:,} pages", _fill(database, network, count))
        await report.filling(f"{REVISIONS} revisions of each", _revise(database, network))
    return {
        name: await report.row(name, ground.read(f"wiki of {count:,} pages: {name}", network, path))
        for name, path in PATHS.items()
    }


async def _writing(ground: Ground, report: Report) -> None:
    """Pages that are created, saved, and saved once more from the revision before: so they merge."""
    network = await ground.network()
    steps = {"created": (0, TEXT), "saved": (1, _changed(0)), "saved with a merge": (1, _changed(19))}
    for name, (base, content) in steps.items():
        calls = _puts(ground.url(network, "wiki/pages/seite"), await token(network.coordinator), base, content)
        await report.row(name, ground.write(f"wiki: page {name}", calls))


def _changed(paragraph: int) -> str:
    return TEXT.replace(f"Absatz {paragraph}:", "Geändert:")


def _puts(url: str, headers: Any, base: int, content: str) -> Callable[[int], Iterable[Call]]:
    """The same pages in every step; other ones in every round."""
    body = {"title": "Seite", "text": content, "base": base}
    return lambda turn: [Call(f"{url}-{turn}-{number}", headers, "PUT", body) for number in range(WRITES)]


async def _fill(database: Database, network: Network, count: int) -> None:
    """A tree with ten pages below each, all of them found by search."""
    space = uuid.UUID(network.space)
    pages = items(
        WikiPage, network.space, await author_of(network), count, tree_id=space, revision=REVISIONS, template=False
    )
    for number, page in enumerate(pages):
        above = pages[(number - 1) // BELOW_EACH]["id"] if number else None
        content = f"{TEXT}\n\nThema{number // OF_A_THEME}"
        page |= {"slug": f"seite-{number}", "title": f"Seite {number}", "parent_id": above, "text": content}
    addresses = [{"page_id": page["id"], "slug": page["slug"], "space_id": space} for page in pages]
    await write(database, WikiPage, pages)
    await write(database, WikiAddress, addresses)
    async with database.transaction() as session:
        entries = [SearchEntry(item_id=page["id"], title=page["title"], body=page["text"]) for page in pages]
        session.add_all(entries)
        await session.flush()
        await search_dialect.index(session, entries)


async def _revise(database: Database, network: Network) -> None:
    async with database.transaction() as session:
        await session.execute(text(REVISE), {"revisions": REVISIONS, "space": uuid.UUID(network.space)})
