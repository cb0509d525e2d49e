"""Search over the items that the reader sees."""

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from netzraum_items import search_dialect
from netzraum_items.areas import my_role_is_named
from netzraum_items.items import Item
from netzraum_items.on_item import Author, author_of, with_author
from netzraum_items.search_parts import beginnings
from netzraum_items.tables import SearchEntry
from netzraum_items.visibility import Visibility

SNIPPET_LENGTH = 240
NO_SNIPPET = "no_snippet"
_FOLDED = str.maketrans("äöüÄÖÜ", "aouAOU")


@dataclass(frozen=True)
class Hit:
    """An item that was found. ``marks`` are the places of the words in the snippet: start and end."""

    space: uuid.UUID
    tool: str
    type: str
    item: uuid.UUID
    title: str
    classification: str
    author: Author | None
    at: datetime
    snippet: str | None
    marks: list[tuple[int, int]]
    rank: float


@dataclass(frozen=True)
class Query:
    """What is searched for; ``from_`` inclusive and ``until`` exclusive, of the time at which it became news."""

    words: str
    tool: str | None = None
    author: uuid.UUID | None = None
    from_: datetime | None = None
    until: datetime | None = None
    limit: int = 50
    offset: int = 0

    def conditions(self) -> list[ColumnElement[bool]]:
        wanted: list[ColumnElement[bool]] = []
        if self.tool is not None:
            wanted.append(Item.tool == self.tool)
        if self.author is not None:
            wanted.append(Item.author_id == self.author)
        if self.from_ is not None:
            wanted.append(Item.news_at >= self.from_)
        if self.until is not None:
            wanted.append(Item.news_at < self.until)
        return wanted


async def index(db: AsyncSession, item: Item, body: str) -> None:
    """Write the search entry of an item that is changed; ``body`` are its words beside the title."""
    entry = await db.scalar(select(SearchEntry).where(SearchEntry.item_id == item.id))
    if entry is None:
        await index_new(db, [(item, body)])
    elif (entry.title, entry.body) != (item.title, body):
        entry.title, entry.body = item.title, body
        await db.flush()
        await search_dialect.unindex(db, entry)
        await search_dialect.index(db, [entry])


async def index_new(db: AsyncSession, items: Iterable[tuple[Item, str]]) -> None:
    """As ``index``, of items that are new: in as many statements, however many they are."""
    entries = [SearchEntry(item_id=item.id, title=item.title, body=body) for item, body in items]
    if entries:
        db.add_all(entries)
        await db.flush()
        await search_dialect.index(db, entries)


async def forget(db: AsyncSession, item: Item) -> None:
    entry = await db.scalar(select(SearchEntry).where(SearchEntry.item_id == item.id))
    if entry is not None:
        await search_dialect.unindex(db, entry)
        await db.delete(entry)


def found_by(db: AsyncSession, words: str) -> ColumnElement[bool]:
    """The condition that an item is found by all these words, for lists that take ``?q=``."""
    found, _rank = search_dialect.matches(db, words)
    return Item.id.in_(select(SearchEntry.item_id).where(found))


async def search(db: AsyncSession, visibility: Visibility, query: Query) -> list[Hit]:
    """The best first, then the newest. Deleted items are not found: the trash is a list of its own."""
    found, rank = search_dialect.matches(db, query.words)
    rows = await db.execute(
        with_author(visibility.visible(select(Item, SearchEntry.body, rank, my_role_is_named)))
        .join(SearchEntry, SearchEntry.item_id == Item.id)
        .where(found, Item.deleted_at.is_(None), *query.conditions())
        .order_by(rank.desc(), Item.news_at.desc(), Item.id.desc())
        .limit(query.limit)
        .offset(query.offset)
    )
    stems = [stem for word in search_dialect.words_of(query.words) for stem in search_dialect.stems(word)]
    return [_hit(visibility, stems, *row) for row in rows]


def _hit(
    visibility: Visibility,
    stems: list[str],
    item: Item,
    body: str,
    rank: float,
    mine: bool,
    name: str | None,
    institution: str | None,
) -> Hit:
    cell = visibility.cell_of(item, mine=mine)
    shown = cell is not None and NO_SNIPPET not in cell.obligations
    snippet, marks = excerpt(body, stems) if shown else (None, [])
    return Hit(
        space=item.space_id,
        tool=item.tool,
        type=item.type,
        item=item.id,
        title=item.title,
        classification=item.classification,
        author=author_of(item, name, institution),
        at=item.news_at,
        snippet=snippet,
        marks=marks,
        rank=rank,
    )


def excerpt(body: str, stems: Sequence[str]) -> tuple[str, list[tuple[int, int]]]:
    """A piece of a text around the first of the words, and where in it words stand that begin with one of the stems, or
    parts of words that do."""
    inside = set(beginnings(stems))
    starts = [("" if stem in inside else r"\b") + re.escape(stem) for stem in stems]
    pattern = re.compile(rf"(?:{'|'.join(starts)})\w*", re.IGNORECASE)
    first = pattern.search(body.translate(_FOLDED))
    start = max(0, first.start() - SNIPPET_LENGTH // 3) if first else 0
    start = 0 if start == 0 else body.find(" ", start) + 1
    piece = body[start : start + SNIPPET_LENGTH]
    snippet = ("… " if start else "") + piece + (" …" if start + SNIPPET_LENGTH < len(body) else "")
    return snippet, [match.span() for match in pattern.finditer(snippet.translate(_FOLDED))]
