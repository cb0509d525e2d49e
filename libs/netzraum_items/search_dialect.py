"""Full text on PostgreSQL and on SQLite: all that search does differently on the two.

Both stem German and English by the Snowball stemmers: PostgreSQL by its own, SQLite's FTS5 gets stemmed words.
"""

import re
from typing import Any

import snowballstemmer  # type: ignore[import-untyped]  # ships no types
from sqlalchemy import ColumnElement, column, delete, func, literal, literal_column, select, table, text
from sqlalchemy.dialects.postgresql import TSVECTOR
from sqlalchemy.ext.asyncio import AsyncSession

from netzraum_items.tables import SearchEntry

LANGUAGES = ("german", "english")
MOST_WORDS = 20
_STEMMERS = [snowballstemmer.stemmer(language) for language in LANGUAGES]
_WORD = re.compile(r"\w+")
# What PostgreSQL's dictionaries leave out, as far as it is asked for often.
_STOP = """
der die das den dem des ein eine einen einem einer und oder in im an am auf für mit von vom zu zum zur bei ist sind
the a an of and or to is are on for with by
"""
# Of words that these join PostgreSQL makes one (a host, a signed number), which its parts would not find.
_JOINING = "-+./@_"
_STOP_WORDS = frozenset(_STOP.split())

_words = table("search_words", column("rowid"), column("title"), column("body"))
_vector: ColumnElement[Any] = literal_column("search_entries.vector", TSVECTOR)


def stems(word: str) -> list[str]:
    """The German and the English stem of a word, each once."""
    return list(dict.fromkeys(stemmer.stemWord(word.lower()) for stemmer in _STEMMERS))


def words_of(query: str) -> list[str]:
    """The words that must be found; if there are only stop words, these."""
    words = _WORD.findall(query)[:MOST_WORDS]
    return [word for word in words if word.lower() not in _STOP_WORDS] or words


def _stemmed(body: str) -> str:
    return " ".join(stem for word in _WORD.findall(body) for stem in stems(word))


def _is_sqlite(db: AsyncSession) -> bool:
    return db.get_bind().dialect.name == "sqlite"


async def index(db: AsyncSession, entry: SearchEntry) -> None:
    """Index an entry that is written; an earlier index of it is replaced."""
    if _is_sqlite(db):
        await unindex(db, entry)
        row = {"rowid": entry.number, "title": _stemmed(entry.title), "body": _stemmed(entry.body)}
        await db.execute(text("INSERT INTO search_words (rowid, title, body) VALUES (:rowid, :title, :body)"), row)
        return
    weighed = " || ".join(
        f"setweight(to_tsvector('{language}', translate({name}, '{_JOINING}', '{' ' * len(_JOINING)}')), '{weight}')"
        for language in LANGUAGES
        for name, weight in (("title", "A"), ("body", "B"))
    )
    statement = f"UPDATE search_entries SET vector = {weighed} WHERE number = :number"  # noqa: S608  # fixed text
    await db.execute(text(statement), {"number": entry.number})


async def unindex(db: AsyncSession, entry: SearchEntry) -> None:
    """Forget the index of an entry, before the entry goes."""
    if _is_sqlite(db):
        await db.execute(delete(_words).where(_words.c.rowid == entry.number))


def matches(db: AsyncSession, query: str) -> tuple[ColumnElement[bool], ColumnElement[float]]:
    """The condition that an entry has all words of the query, and its rank (more is better)."""
    if _is_sqlite(db):
        # Made once: FTS5 weighs all that it finds before it tells the rank of one.
        rank: Any = literal_column("-bm25(search_words, 4.0, 1.0)")
        found = literal_column("search_words").bool_op("MATCH")(_match(query))
        hits = select(_words.c.rowid.label("number"), rank.label("rank")).where(found).cte("hits")
        hits = hits.prefix_with("MATERIALIZED", dialect="sqlite")
        return SearchEntry.number == hits.c.number, hits.c.rank
    wanted = " ".join(words_of(query))
    german, english = (func.plainto_tsquery(language, wanted) for language in LANGUAGES)
    either = german.op("||")(english)
    return _vector.bool_op("@@")(either), func.ts_rank(_vector, either)


def _match(query: str) -> Any:
    groups = ["(" + " OR ".join(f'"{stem}"' for stem in stems(word)) + ")" for word in words_of(query)]
    return literal(" AND ".join(groups) or '""')
