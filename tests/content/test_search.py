"""Search in German and English over what the reader sees."""

import pytest
from sqlalchemy import update

from netzraum_items.items import Item
from netzraum_platform.database import utc_now
from netzraum_platform.paging import cursor_of
from tests.world import Board, World


async def _found(board: Board, query: str, **more: str) -> list[str]:
    return [hit["title"] for hit in (await board["member"].get("search", q=query, **more))["items"]]


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Der Termin steht fest", "Termine"),
        ("Alle Termine stehen fest", "Termin"),
        ("Das Haus ist offen", "Häuser"),
        ("Die Schulen in Hagen", "schule hagen"),
        ("Our meetings take place monthly", "meeting"),
        ("Übergang Schule–Beruf", "Übergänge"),
    ],
)
async def test_words_are_found_in_other_forms(board: Board, text: str, query: str) -> None:
    await board.post(title="gesucht", text=text)
    await board.post(title="anderes", text="Völlig anderer Inhalt")
    assert await _found(board, query) == ["gesucht"]


async def test_all_words_must_be_there_and_stop_words_do_not_matter(board: Board) -> None:
    await board.post(title="beide", text="Praktikum im Handwerk")
    await board.post(title="eines", text="Praktikum im Büro")
    assert await _found(board, "das Praktikum und das Handwerk") == ["beide"]
    assert await _found(board, "so was will am Handwerk") == ["beide"]


async def test_a_hit_in_the_title_ranks_before_one_in_the_text(board: Board) -> None:
    await board.post(title="Nebenbei", text="auch ein Praktikum kommt vor, neben vielem anderen")
    await board.post(title="Praktikum", text="Näheres folgt, es dauert noch eine Weile")
    assert await _found(board, "Praktikum") == ["Praktikum", "Nebenbei"]


async def test_the_nearest_come_first_and_of_equals_the_newest(board: Board) -> None:
    for title, text in (
        ("Markt und Plan", "im Titel, älter"),
        ("Plan vom Markt", "im Titel, neuer"),
        ("Plan", "mit dem Markt im Text"),
        ("Anderes", "der Plan für den Markt, am neuesten"),
        ("Arbeitsmarkt", "ein Plan"),
        ("Markt", "ohne das andere Wort"),
    ):
        await board.post(title=title, text=text)
    hits = (await board["member"].get("search", q="Markt Plan"))["items"]
    found = ["Plan vom Markt", "Markt und Plan", "Anderes", "Plan", "Arbeitsmarkt"]
    assert [(hit["title"], hit["rank"]) for hit in hits] == list(zip(found, (2, 2, 1, 1, 0), strict=True))
    for limit in (1, 2, 3, 4):
        assert await _in_pages(board, "Markt Plan", limit) == found


async def _in_pages(board: Board, query: str, limit: int) -> list[str]:
    titles: list[str] = []
    more: dict[str, str] = {}
    while True:
        page = await board["member"].get("search", q=query, limit=limit, **more)
        titles += [hit["title"] for hit in page["items"]]
        if page["next"] is None:
            return titles
        more = {"cursor": page["next"]}


async def test_of_what_is_equally_new_each_stands_on_one_page(board: Board) -> None:
    titles = [f"Plan {number}" for number in range(5)]
    for title in titles:
        await board.post(title=title)
    async with board.world.service.app.database.transaction() as session:
        await session.execute(update(Item).values(news_at=utc_now()))
    assert sorted(await _in_pages(board, "Plan", 2)) == titles


@pytest.mark.parametrize("position", [(), (1,), ("x", "2026-01-01T00:00:00+00:00", "y"), (1, 2, 3)])
async def test_a_cursor_of_no_search_is_refused(board: Board, position: tuple[object, ...]) -> None:
    reply = await board["member"].send("GET", "search", q="Plan", cursor=cursor_of(*position))
    assert (reply.status_code, reply.json()["code"]) == (422, "cursor")


async def test_the_snippet_shows_the_place_and_marks_the_words(board: Board) -> None:
    await board.post(text="Vorrede. " * 60 + "Hier steht der **Termin** für alle. " + "Nachrede. " * 60)
    (hit,) = (await board["member"].get("search", q="Termine"))["items"]
    assert "Hier steht der Termin für alle." in hit["snippet"]
    assert [hit["snippet"][start:end] for start, end in hit["marks"]] == ["Termin"]


async def test_what_changed_is_found_by_its_new_words_only(board: Board) -> None:
    notice = await board.post(title="x", text="Apfel")
    await board.change(notice, text="Birne")
    assert await _found(board, "Apfel") == []
    assert await _found(board, "Birne") == ["x"]


async def test_what_is_deleted_is_not_found_until_it_is_restored(board: Board) -> None:
    notice = await board.post(title="x", text="Apfel")
    path = f"{board.path}/{notice['id']}"
    await board.coordinator.send("DELETE", path)
    assert (await board.coordinator.get("search", q="Apfel"))["items"] == []
    await board.coordinator.send("POST", f"{path}/restore")
    assert await _found(board, "Apfel") == ["x"]


async def test_only_what_the_reader_sees_is_found(board: Board) -> None:
    for classification in ("internal", "confidential"):
        await board.post(title=classification, text="Haushalt", classification=classification)
    await board.post(title="Entwurf", text="Haushalt", state="draft")
    assert await _found(board, "Haushalt") == ["internal"]
    assert await board.titles(board["member"], q="Haushalt") == ["internal"]


async def test_filters_and_pages(world: World, board: Board) -> None:
    for number in range(5):
        await board.post(title=f"Thema {number}", text="Bericht")
    await board.post(board["moderator"], title="fremd", text="Bericht")
    author = str(board["moderator"].account)
    assert await _found(board, "Bericht", author=author) == ["fremd"]
    assert await _found(board, "Bericht", tool="wiki") == []
    assert await _found(board, "Bericht", **{"from": "2100-01-01T00:00:00Z"}) == []
    first = await board["member"].get("search", q="Bericht", limit=4)
    second = await board["member"].get("search", q="Bericht", limit=4, cursor=first["next"])
    titles = [hit["title"] for page in (first, second) for hit in page["items"]]
    assert (len(titles), len(set(titles)), second["next"]) == (6, 6, None)


@pytest.mark.parametrize("query", ['"', "'", "a AND OR NOT (", "*", "title:x", "^", "\\", "%", "a'b\"c", "–", "€ 5"])
async def test_any_text_is_a_query(board: Board, query: str) -> None:
    await board.post(text="a b c")
    assert isinstance(await _found(board, query), list)


@pytest.mark.parametrize("query", ["–", "* ^", '"'])
async def test_a_query_of_signs_alone_finds_nothing(board: Board, query: str) -> None:
    await board.post(text="a b c")
    assert await _found(board, query) == []


async def test_a_query_without_words_or_with_control_characters_is_refused(board: Board) -> None:
    for query in ("", "   ", "a\x00b"):
        reply = await board["member"].send("GET", "search", q=query)
        assert reply.status_code == 422, query


async def test_parts_of_numbers_and_addresses_are_found(board: Board) -> None:
    await board.post(title="Jahresplan-2027", text="Mehr unter www.hagen.example/plan oder per info@hagen.example")
    for words in ("2027", "Jahresplan", "Jahresplan-2027", "hagen", "info@hagen.example", "www.hagen.example"):
        hits = (await board["member"].get("search", q=words))["items"]
        assert [hit["title"] for hit in hits] == ["Jahresplan-2027"], words


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Zur Ausbildungsmarktkonferenz im Mai", "Konferenz"),
        ("Zur Ausbildungsmarktkonferenz im Mai", "Konferenzen"),
        ("Zur Ausbildungsmarktkonferenz im Mai", "Markt"),
        ("Zur Ausbildungsmarktkonferenz im Mai", "Ausbildung Mai"),
        ("Neue Krankenhäuser", "Haus"),
        ("Das Krankenhaus", "Häuser"),
        ("Die ARBEITSMÄRKTE", "markt"),
        ("Die Weiterbildungen", "Bildung"),
        ("Der Übergangsausschuss", "Ausschuß"),
        ("Die Berufsorientierungs-Fachkonferenz", "Konferenz"),
        ("Der Ausbildungsplan", "Plan"),
    ],
)
async def test_a_word_is_found_inside_of_a_compound(board: Board, text: str, query: str) -> None:
    await board.post(title="gesucht", text=text)
    await board.post(title="anderes", text="Völlig anderer Inhalt")
    assert await _found(board, query) == ["gesucht"]
    assert await board.titles(board["member"], q=query) == ["gesucht"]


async def test_a_compound_in_the_title_is_found_and_the_word_itself_comes_before_it(board: Board) -> None:
    await board.post(title="Konferenz", text="Näheres folgt")
    await board.post(title="Arbeitsmarktkonferenz", text="Näheres folgt")
    assert await _found(board, "Konferenz") == ["Konferenz", "Arbeitsmarktkonferenz"]


async def test_what_is_hidden_or_gone_is_not_found_by_its_parts(board: Board) -> None:
    notice = await board.post(title="x", text="Ausbildungsmarktkonferenz")
    await board.post(title="vertraulich", text="Steuerungskonferenz", classification="confidential")
    assert await _found(board, "Konferenz") == ["x"]
    await board.change(notice, text="Ausbildungsmarkt")
    assert await _found(board, "Konferenz") == []


async def test_short_words_and_parts_of_short_words_are_no_parts(board: Board) -> None:
    await board.post(title="x", text="Das Gesamtamt im Schulrecht, ein Arbeitsrat")
    assert await _found(board, "Amt") == []
    assert await _found(board, "Rat") == []
    assert await _found(board, "Recht") == ["x"]
