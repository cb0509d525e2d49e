"""Search over the items that the reader sees."""

import re
import uuid
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, literal, select, tuple_
from sqlalchemy.ext.asyncio import AsyncSession

from netzraum_items import search_dialect
from netzraum_items.areas import my_role_is_named
from netzraum_items.items import Item
from netzraum_items.on_item import Author, author_of, with_author
from netzraum_items.search_parts import beginnings
from netzraum_items.tables import SearchEntry
from netzraum_items.visibility import Rows, Visibility

SNIPPET_LENGTH = 240
NO_SNIPPET = "no_snippet"
_FOLDED = str.maketrans("äöüÄÖÜ", "aouAOU")


Place = tuple[int, datetime, uuid.UUID]
"""Of a hit among all: rank, time at which it became news, id; the greatest comes first."""


@dataclass(frozen=True)
class Hit:
    """An item that was found. ``marks`` are the places of the words in the snippet: start and end; ``rank`` is 2 where
    all words are in the title, 0 where some are parts of longer words only, else 1."""

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
    rank: int

    @property
    def place(self) -> Place:
        return self.rank, self.at, self.item


@dataclass(frozen=True)
class Query:
    """What is searched for; ``from_`` inclusive and ``until`` exclusive, of the time at which it became news."""

    words: str
    tool: str | None = None
    author: uuid.UUID | None = None
    from_: datetime | None = None
    until: datetime | None = None
    limit: int = 50
    after: Place | None = None

    def conditions(self, rank: int) -> list[ColumnElement[bool]]:
        """Of hits of a rank; only for ranks that are not shown whole before ``after``."""
        wanted: list[ColumnElement[bool]] = []
        if self.after is not None and self.after[0] == rank:
            _, at, item = self.after
            place = literal(at, Item.news_at.type), literal(item, Item.id.type)
            wanted.append(tuple_(Item.news_at, Item.id) < tuple_(*place))
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
    return Item.id.in_(select(SearchEntry.item_id).where(search_dialect.found(db, words)))


async def search(db: AsyncSession, visibility: Visibility, query: Query) -> list[Hit]:
    """The nearest first, then the newest: an order of which the database reads what is shown, however many are found
    (docs/decisions/0018). Deleted items are not found: the trash is a list of its own."""
    hits: list[Hit] = []
    stems = [stem for word in search_dialect.words_of(query.words) for stem in search_dialect.stems(word)]
    nearness = search_dialect.by_nearness(db, query.words)
    ranks = range(len(nearness) - 1, -1, -1)
    async with search_dialect.planned_for_words(db, query.words):
        for rank, found in zip(ranks, nearness, strict=True):
            if len(hits) < query.limit and (query.after is None or rank <= query.after[0]):
                statement = _newest(visibility, [found, *query.conditions(rank)]).limit(query.limit - len(hits))
                hits += [_hit(visibility, stems, rank, *row) for row in await db.execute(statement)]
    return hits


def _newest(visibility: Visibility, wanted: Sequence[ColumnElement[bool]]) -> Rows:
    return (
        with_author(visibility.visible(select(Item, SearchEntry.body, my_role_is_named)))
        .join(SearchEntry, SearchEntry.item_id == Item.id)
        .where(Item.deleted_at.is_(None), *wanted)
        .order_by(Item.news_at.desc(), Item.id.desc())
    )


def _hit(
    visibility: Visibility,
    stems: list[str],
    rank: int,
    item: Item,
    body: str,
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
