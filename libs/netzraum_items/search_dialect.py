"""Full text on PostgreSQL and on SQLite: all that search does differently on the two.

Both stem German and English by the Snowball stemmers: PostgreSQL by its own, SQLite's FTS5 gets stemmed words. Both get
the parts of long words from search_parts.py.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
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


def matches(db: AsyncSession, query: str) -> tuple[ColumnElement[bool], ColumnElement[float]]:
    """The condition that an entry has all words of the query, by themselves or as a part of a longer one, and its rank
    (more is better; a part gives little or none)."""
    words = words_of(query)
    if _is_sqlite(db):
        # Made once: FTS5 weighs all that it finds before it tells the rank of one.
        rank: Any = literal_column("-bm25(search_words, 4.0, 1.0, 0.1)")
        found = literal_column("search_words").bool_op("MATCH")(_match(words))
        hits = select(_words.c.rowid.label("number"), rank.label("rank")).where(found).cte("hits")
        hits = hits.prefix_with("MATERIALIZED", dialect="sqlite")
        return SearchEntry.number == hits.c.number, hits.c.rank
    either = _in_either_language(" ".join(words))
    return and_(*(_has(word) for word in words)) if words else false(), func.ts_rank(_vector, either)


def _in_either_language(words: str) -> ColumnElement[Any]:
    german, english = (func.plainto_tsquery(language, words) for language in LANGUAGES)
    return german.op("||")(english)


def _has(word: str) -> ColumnElement[bool]:
    """PostgreSQL: the entry has the word, or a part that begins like it."""
    wanted = " | ".join(f"'{beginning}':*" for beginning in beginnings(stems(word)))
    itself = _vector.bool_op("@@")(_in_either_language(word))
    return or_(itself, _parts.bool_op("@@")(func.to_tsquery("simple", wanted))) if wanted else itself


def _match(words: list[str]) -> Any:
    groups = []
    for word in words:
        found = [f'{{title body}} : "{stem}"' for stem in stems(word)]
        found += [f'parts : "{beginning}" *' for beginning in beginnings(stems(word))]
        groups.append(f"({' OR '.join(found)})")
    return literal(" AND ".join(groups) or '""')
