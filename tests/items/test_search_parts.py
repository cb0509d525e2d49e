"""Which parts of a long word are found."""

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from netzraum_items.items import Item
from netzraum_items.search import excerpt, found_by
from netzraum_items.search_dialect import stems
from netzraum_items.search_parts import (
    MOST_BYTES,
    SHORTEST_BEFORE,
    SHORTEST_COMPOUND,
    SHORTEST_PART,
    beginnings,
    parts_of,
)
from netzraum_items.tables import SearchEntry
from netzraum_platform.database import Database
from tests.items.migrating import NEWEST, insert, migrate, row

LETTERS = st.text("abcdefghijklmnopqrstuvwxyzäöüß", max_size=20)


def test_a_long_word_is_found_by_its_ends_without_umlauts() -> None:
    assert parts_of("Der Bürgerrat tagt, der Rat auch: Bürgerrat.") == ["burgerrat", "gerrat", "errat", "rrat"]


def test_short_words_numbers_and_what_is_no_word_have_no_parts() -> None:
    assert parts_of("Markt 20261124 www a_b_c_d_e_f_g_h " + "x" * 200) == []


@given(LETTERS, LETTERS, LETTERS)
def test_every_part_that_is_long_enough_is_found(before: str, part: str, after: str) -> None:
    word = before + part + after
    wanted = beginnings([part])
    if len(before) >= SHORTEST_BEFORE and len(part) >= SHORTEST_PART and len(word) >= SHORTEST_COMPOUND:
        assert any(found.startswith(wanted[0]) for found in parts_of(word))


def test_the_parts_of_a_text_of_long_words_alone_stay_below_what_a_database_takes() -> None:
    letters = "abcdefghij"
    words = [
        f"{letters[a]}{letters[b]}{letters[c]}" + "donaudampfschifffahrt"
        for a in range(10)
        for b in range(10)
        for c in range(10)
    ]
    assert 0 < sum(len(part) for part in parts_of(" ".join(words * 4))) <= MOST_BYTES


def test_the_excerpt_marks_the_part() -> None:
    snippet, marks = excerpt("Zur Ausbildungsmarktkonferenz im Rathaus", stems("Konferenzen"))
    assert [snippet[start:end] for start, end in marks] == ["konferenz"]


async def test_what_was_there_before_is_found_by_its_parts_after_the_upgrade(database_url: str) -> None:
    database = Database(database_url)
    await migrate(database, "items_0004")
    entries = {"Neue Krankenhäuser": "mit Termin", "Ohne": "Ausbildungsmarktkonferenz"}
    rows = {title: row(title) for title in entries}
    await insert(database, list(rows.values()))
    async with database.transaction() as session:
        session.add_all(
            SearchEntry(item_id=rows[title]["id"], title=title, body=body) for title, body in entries.items()
        )
    await migrate(database, NEWEST)
    async with database.session() as session:
        for words, title in (("Haus", "Neue Krankenhäuser"), ("Konferenz", "Ohne"), ("Markt", "Ohne")):
            found = select(Item.title).where(found_by(session, words))
            assert list(await session.scalars(found)) == [title], words
    await database.close()
