"""Dates, times and numbers as people write them."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from netzraum_gateway import locale_build
from netzraum_gateway.formats import VIEW, Formats, View, date_input, hue, initials, pieces
from netzraum_gateway.templating import LANGUAGES, Pages
from tests.gateway.answers import NOW


@pytest.fixture
def german() -> Iterator[Formats]:
    locale_build.compile_all()
    token = VIEW.set(View("de", "auto", "Europe/Berlin", NOW, "", large=False))
    words = {"today": "heute", "tomorrow": "morgen", "yesterday": "gestern", "{time}": "{time} Uhr"}
    yield Formats("de", lambda text: words.get(text, text))
    VIEW.reset(token)


@pytest.mark.parametrize(
    ("value", "said"),
    [
        ("2026-11-24T07:00:00+01:00", "heute"),
        ("2026-11-24T23:30:00Z", "morgen"),
        ("2026-11-23", "gestern"),
        ("2026-11-20T12:00:00+01:00", "Fr, 20. November"),
        ("2027-01-15", "15. Januar 2027"),
    ],
)
def test_days_near_now_have_names(german: Formats, value: str, said: str) -> None:
    assert german.day(value) == said


def test_times_are_shown_in_the_accounts_zone(german: Formats) -> None:
    assert german.moment("2026-11-20T08:12:00Z") == "Fr, 20. November, 9:12 Uhr"


def test_another_zone_is_named(german: Formats) -> None:
    token = VIEW.set(View("de", "auto", "Europe/London", NOW, "", large=False))
    try:
        assert german.clock("2026-11-20T08:12:00Z") == "8:12 Uhr (GMT)"
    finally:
        VIEW.reset(token)


def test_zones_with_the_same_time_are_not_named(german: Formats) -> None:
    token = VIEW.set(View("de", "auto", "Europe/Vienna", NOW, "", large=False))
    try:
        assert german.clock("2026-11-20T08:12:00Z") == "9:12 Uhr"
    finally:
        VIEW.reset(token)


@pytest.mark.parametrize(
    ("octets", "said"), [(999, "999 B"), (38_400, "38 kB"), (2_500_000, "2,5 MB"), (12 * 10**9, "12 GB")]
)
def test_sizes_have_units(german: Formats, octets: int, said: str) -> None:
    assert german.size(octets) == said


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Katrin Vossmann", "KV"),
        ("Steuerkreis", "ST"),
        ("G.I.B. NRW Referenzkommunen", "GR"),
        ("(Beirat) Mitte", "BM"),
        ("", ""),
    ],
)
def test_initials_of_names(name: str, letters: str) -> None:
    assert initials(name) == letters


def test_the_hue_of_an_id_stays() -> None:
    assert [hue(key) for key in ("a", "b", "c")] == ["gruen", "gruen", "blau"]


def test_what_was_typed_as_a_date_stays() -> None:
    assert date_input("morgen") == "morgen"


def test_marked_parts_of_a_text() -> None:
    assert pieces("ein Wort hier", [(4, 8)]) == [("ein ", False), ("Wort", True), (" hier", False)]
    assert pieces("Wort", []) == [("Wort", False)]


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_two_readers_do_not_mix(language: str) -> None:
    locale_build.compile_all()
    pages = Pages(locale_build.PACKAGE / "static", locale_build.LOCALE)
    at = datetime(2026, 1, 1, tzinfo=UTC)
    mine = pages.render("account/password_set", language, "auto", now=at, csrf="mine", token="t", form=_empty())
    yours = pages.render("account/password_set", language, "auto", now=at, csrf="yours", token="t", form=_empty())
    assert 'value="mine"' in mine
    assert 'value="yours"' in yours
    assert 'value="mine"' not in yours


def _empty() -> dict[str, object]:
    return {"values": {}, "errors": [], "problem": None}


@pytest.mark.parametrize(
    ("hour", "said"), [(9, "Good morning, Ada"), (10, "Hello, Ada"), (16, "Hello, Ada"), (17, "Good evening, Ada")]
)
def test_greeting_follows_the_time_of_day_where_the_reader_is(hour: int, said: str) -> None:
    now = NOW.replace(hour=hour)  # an hour before the reader's
    token = VIEW.set(View("en", "auto", "Europe/Berlin", now, "", large=False))
    assert Formats("en", str).greeting("Ada") == said
    VIEW.reset(token)
