"""Full text on PostgreSQL and on SQLite: all that search does differently on the two.

Both stem German and English by the Snowball stemmers: PostgreSQL by its own, SQLite's FTS5 gets stemmed words. Both get
the parts of long words from search_parts.py.
"""

import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache, reduce
from typing import Any, NamedTuple

import snowballstemmer  # type: ignore[import-untyped]  # ships no types
from sqlalchemy import (
    ColumnElement,
    and_,
    column,
    delete,
    false,
    func,
    literal,
    literal_column,
    not_,
    or_,
    select,
    table,
    text,
)
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.ext.asyncio import AsyncSession

from netzraum_items.search_parts import beginnings, parts_of
from netzraum_items.tables import SearchEntry

LANGUAGES = ("german", "english")
MOST_WORDS = 20
WORDS_KEPT = 20_000
"""With their stems, as a stemmer takes a third of a millisecond for one: some 5 MB."""
_STEMMERS = [snowballstemmer.stemmer(language) for language in LANGUAGES]
_WORD = re.compile(r"\w+")
# What PostgreSQL's dictionaries leave out, as far as it is asked for often; and all that both of them do, as no entry
# has such a word.
_STOP = """
der die das den dem des ein eine einen einem einer und oder in im an am auf für mit von vom zu zum zur bei ist sind
the a an of and or to is are on for with by
so was will
"""
# Of words that these join PostgreSQL makes one (a host, a signed number), which its parts would not find.
_JOINING = "-+./@_"
_STOP_WORDS = frozenset(_STOP.split())

_words = table("search_words", column("rowid"), column("title"), column("body"))
_vector: ColumnElement[Any] = literal_column("search_entries.vector", TSVECTOR)
_parts: ColumnElement[Any] = literal_column("search_entries.parts", TSVECTOR)
_titles: ColumnElement[Any] = literal_column("ts_filter(search_entries.vector, '{a}')", TSVECTOR)
"""What of the vector is the title's: as it is indexed."""
_PLAN_EACH = text("SET plan_cache_mode = force_custom_plan")
_PLAN_AS_BEFORE = text("RESET plan_cache_mode")
INSERT_WORDS = text("INSERT INTO search_words (rowid, title, body, parts) VALUES (:rowid, :title, :body, :parts)")
SET_PARTS = text("UPDATE search_entries SET parts = array_to_tsvector(CAST(:parts AS text[])) WHERE number = :number")


class Indexed(NamedTuple):
    """What of an entry is indexed."""

    number: int
    title: str
    body: str


@lru_cache(maxsize=WORDS_KEPT)
def stems(word: str) -> tuple[str, ...]:
    """The German and the English stem of a word, each once."""
    return tuple(dict.fromkeys(stemmer.stemWord(word.lower()) for stemmer in _STEMMERS))


def words_of(query: str) -> list[str]:
    """The words that must be found; if there are only stop words, these."""
    words = _WORD.findall(query)[:MOST_WORDS]
    return [word for word in words if word.lower() not in _STOP_WORDS] or words


def _stemmed(body: str) -> str:
    return " ".join(stem for word in _WORD.findall(body) for stem in stems(word))


def _is_sqlite(db: AsyncSession) -> bool:
    return db.get_bind().dialect.name == "sqlite"


def words_row(entry: SearchEntry | Indexed) -> dict[str, Any]:
    """For ``INSERT_WORDS`` (SQLite)."""
    parts = " ".join(parts_of(f"{entry.title} {entry.body}"))
    return {"rowid": entry.number, "title": _stemmed(entry.title), "body": _stemmed(entry.body), "parts": parts}


def parts_row(entry: SearchEntry | Indexed) -> dict[str, Any]:
    """For ``SET_PARTS`` (PostgreSQL)."""
    return {"number": entry.number, "parts": parts_of(f"{entry.title} {entry.body}")}


async def index(db: AsyncSession, entries: Sequence[SearchEntry]) -> None:
    """Index entries that are written, and are not indexed (any more)."""
    if _is_sqlite(db):
        await db.execute(INSERT_WORDS, [words_row(entry) for entry in entries])
        return
    weighed = " || ".join(
        f"setweight(to_tsvector('{language}', translate({name}, '{_JOINING}', '{' ' * len(_JOINING)}')), '{weight}')"
        for language in LANGUAGES
        for name, weight in (("title", "A"), ("body", "B"))
    )
    parts = "parts = array_to_tsvector(CAST(:parts AS text[]))"
    statement = f"UPDATE search_entries SET vector = {weighed}, {parts} WHERE number = :number"  # noqa: S608  # fixed text
    await db.execute(text(statement), [parts_row(entry) for entry in entries])


async def unindex(db: AsyncSession, entry: SearchEntry) -> None:
    """Forget the index of an entry, before the entry goes."""
    if _is_sqlite(db):
        await db.execute(delete(_words).where(_words.c.rowid == entry.number))


@asynccontextmanager
async def planned_for_words(db: AsyncSession, query: str | None) -> AsyncIterator[None]:
    """What is asked within is planned for these words. PostgreSQL takes one plan for all words after a while, by which
    it reads all that has a frequent one."""
    if query is None or _is_sqlite(db):
        yield
        return
    await db.execute(_PLAN_EACH)
    try:
        yield
    finally:
        await db.execute(_PLAN_AS_BEFORE)


def found(db: AsyncSession, query: str) -> ColumnElement[bool]:
    """The condition that an entry has all words of the query, each by itself or as a part of a longer one."""
    words = words_of(query)
    if not words:
        return false()
    if _is_sqlite(db):
        return _in_match(_joined(words, parts=True))
    return and_(*(_has(word) for word in words))


def by_nearness(db: AsyncSession, query: str) -> list[ColumnElement[bool]]:
    """What is ``found``, the nearest first, each entry once: with all words in its title; with all words; with some of
    them as parts of longer ones only."""
    words = words_of(query)
    if not words:
        return []
    if _is_sqlite(db):
        title, anywhere = _joined(words, "title"), _joined(words)
        parts = _joined(words, parts=True)
        return [_in_match(match) for match in (title, f"({anywhere}) NOT ({title})", f"({parts}) NOT ({anywhere})")]
    all_words = reduce(_and, map(_in_either_language, words))
    in_title: ColumnElement[bool] = _titles.bool_op("@@")(all_words)
    whole: ColumnElement[bool] = _vector.bool_op("@@")(all_words)
    return [in_title, and_(whole, not_(in_title)), and_(found(db, query), not_(whole))]


def _in_either_language(word: str) -> ColumnElement[Any]:
    german, english = (func.plainto_tsquery(language, word) for language in LANGUAGES)
    return german.op("||")(english)


def _and(one: ColumnElement[Any], other: ColumnElement[Any]) -> ColumnElement[Any]:
    return one.op("&&")(other)


def _has(word: str) -> ColumnElement[bool]:
    """PostgreSQL: the entry has the word, or a part that begins like it."""
    wanted = " | ".join(f"'{beginning}':*" for beginning in beginnings(stems(word)))
    itself = _vector.bool_op("@@")(_in_either_language(word))
    return or_(itself, _parts.bool_op("@@")(func.to_tsquery("simple", wanted))) if wanted else itself


def _in_match(match: str) -> ColumnElement[bool]:
    """SQLite: an entry is among what FTS5 finds. As it is materialized, SQLite begins with it and does not try each of
    them with each item."""
    fits = literal_column("search_words").bool_op("MATCH")(literal(match))
    hits = select(_words.c.rowid.label("number")).where(fits).cte("hits").prefix_with("MATERIALIZED", dialect="sqlite")
    return SearchEntry.number == hits.c.number


def _joined(words: list[str], columns: str = "title body", *, parts: bool = False) -> str:
    """SQLite: FTS5's query for all of these words in some columns, or among the parts, too."""
    groups = []
    for word in words:
        wanted = [f'{{{columns}}} : "{stem}"' for stem in stems(word)]
        if parts:
            wanted += [f'parts : "{beginning}" *' for beginning in beginnings(stems(word))]
        groups.append(f"({' OR '.join(wanted)})")
    return " AND ".join(groups)
