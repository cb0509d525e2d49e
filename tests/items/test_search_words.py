"""Words, stems and excerpts."""

from netzraum_items.search import SNIPPET_LENGTH, excerpt
from netzraum_items.search_dialect import stems, words_of


def test_a_word_has_its_german_and_its_english_stem() -> None:
    assert stems("Termine") == ("termin",)
    assert stems("Häuser") == ("haus", "häuser")
    assert "meet" in stems("meetings")


def test_stop_words_are_left_out_unless_there_is_nothing_else() -> None:
    assert words_of("der Termin und das Haus") == ["Termin", "Haus"]
    assert words_of("der und") == ["der", "und"]
    assert words_of("– … !") == []


def test_an_excerpt_is_a_piece_around_the_first_hit_with_marks() -> None:
    body = "Anfang " * 100 + "die Häuser am Markt " + "Ende " * 100
    snippet, marks = excerpt(body, stems("Haus"))
    assert len(snippet) <= SNIPPET_LENGTH + 4
    assert snippet.startswith("… ")
    assert snippet.endswith(" …")
    assert [snippet[start:end] for start, end in marks] == ["Häuser"]


def test_without_a_hit_in_the_text_the_excerpt_is_its_beginning() -> None:
    assert excerpt("Nur ein kurzer Text", ["anders"]) == ("Nur ein kurzer Text", [])
    assert excerpt("", ["anders"]) == ("", [])
