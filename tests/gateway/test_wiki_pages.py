"""The wiki by the page: nothing typed is lost, every former text comes back."""

import re
from gettext import translation

import pytest

from netzraum_gateway import locale_build
from netzraum_gateway.templating import LANGUAGES
from netzraum_gateway.wiki.tool import STARTS
from netzraum_platform.text import slug_of
from tests.end_to_end.people import Network
from tests.gateway.browser import Browser
from tests.gateway.wiki_writing import save, write


async def test_two_pages_link_each_other(coordinator: Browser, wiki: str) -> None:
    first = await write(coordinator, wiki, "Potenzialanalyse", "Danach folgt die [[Erkundung der Berufsfelder]].")
    assert "gibt es noch nicht" in coordinator.text
    missing = re.search(r'nr-wikilink--missing" href="([^"]+)"', coordinator.text)
    assert missing is not None
    await coordinator.open(missing[1])
    assert ("title", "Erkundung der Berufsfelder") in [
        (name, value) for name, value in coordinator.form(f"{wiki}/neu").fields if name == "title"
    ]
    second = await write(coordinator, wiki, "Erkundung der Berufsfelder", "Nach der [[Potenzialanalyse]].")
    assert f'href="{first}"' in coordinator.text
    await coordinator.open(first)
    assert "gibt es noch nicht" not in coordinator.text
    assert "Verweise hierher" in coordinator.text
    assert coordinator.text.count(f'href="{second}"') >= 2


async def test_a_page_shows_its_contents_its_place_and_who_changed_it(coordinator: Browser, wiki: str) -> None:
    above = await write(coordinator, wiki, "Standardelemente")
    below = await write(
        coordinator, wiki, "Praktikum planen", "## Ziel\n\nx\n\n## Ablauf\n\ny", parent=above.rpartition("/")[2]
    )
    assert '<a href="#abschnitt-ziel">Ziel</a>' in coordinator.text
    assert f'<li><a href="{above}">Standardelemente</a></li>' in coordinator.text
    assert "Zuletzt geändert von Katrin Vossmann" in coordinator.text
    await coordinator.open(wiki)
    assert f'href="{below}"' in coordinator.text
    assert "1 Unterseite" in coordinator.text


async def test_the_wiki_begins_with_its_start_page(coordinator: Browser, wiki: str) -> None:
    other = await write(coordinator, wiki, "Noch ohne Startseite")
    await coordinator.open(wiki)
    assert f'href="{other}"' in coordinator.text.partition('id="liste"')[2]
    await coordinator.open(f"{wiki}/neu?titel=Startseite&adresse=start")
    await coordinator.submit(f"{wiki}/neu", text="Hier beginnen wir.", state="published")
    assert coordinator.path == f"{wiki}/start"
    reply = await coordinator.open(wiki)
    assert (reply.status_code, "Hier beginnen wir." in coordinator.text) == (200, True)
    assert re.search(r'aria-current="page">Startseite', coordinator.text)
    assert f'href="{wiki}/start/bearbeiten"' in coordinator.text
    await coordinator.open(f"{wiki}?view=current")
    assert f'href="{other}"' in coordinator.text.partition('id="liste"')[2]


async def test_a_page_that_is_called_the_start_page_is_it_where_there_is_no_other(
    network: Network, coordinator: Browser
) -> None:
    body = {"kind": "body", "name": "Steuerkreis", "parent": network.space}
    wiki = f"/raum/{(await network.coordinator.post('spaces', body))['id']}/wiki"
    for_now = await write(coordinator, wiki, "Startseite", "Hier beginnen wir vorerst.")
    await coordinator.open(wiki)
    assert "Hier beginnen wir vorerst." in coordinator.text
    assert f'action="{wiki}"' in coordinator.text, "with what only a start page has: the search"
    await write(coordinator, wiki, "Willkommen", "Hier beginnen wir.", slug="start")
    await coordinator.open(wiki)
    assert "Hier beginnen wir." in coordinator.text
    await coordinator.open(for_now)
    assert "Hier beginnen wir vorerst." in coordinator.text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_start_page_is_found_by_its_title_in_every_language(language: str) -> None:
    """Under the title that the button of an empty wiki proposes."""
    locale_build.compile_all()
    catalogue = translation(locale_build.DOMAIN, str(locale_build.LOCALE), [language], fallback=True)
    assert slug_of(catalogue.gettext("Start page")) in STARTS


async def test_who_does_not_see_the_start_page_begins_with_the_list(
    coordinator: Browser, member: Browser, wiki: str
) -> None:
    await coordinator.open(f"{wiki}/start/stufe")
    await coordinator.submit(f"{wiki}/start/stufe", classification="confidential", reason="Nur für die Leitung")
    await coordinator.open(wiki)
    assert "Hier beginnen wir." in coordinator.text
    reply = await member.open(wiki)
    assert (reply.status_code, 'id="liste"' in member.text) == (200, True)
    assert "Hier beginnen wir." not in member.text


async def test_a_list_begins_with_what_was_changed_last(coordinator: Browser, wiki: str) -> None:
    first = await write(coordinator, wiki, "Zuerst geschrieben")
    second = await write(coordinator, wiki, "Danach geschrieben")
    await save(coordinator, first, text="Zuletzt geändert")
    await coordinator.open(f"{wiki}?view=current")
    listed = coordinator.text[coordinator.text.index('id="liste"') :]
    assert listed.index(f'href="{first}"') < listed.index(f'href="{second}"')


async def test_a_page_is_found_by_its_id_too(network: Network, coordinator: Browser, wiki: str) -> None:
    """As links of activity and search name it."""
    path = await write(coordinator, wiki, "Nach Nummer", "Gefunden")
    found = await network.coordinator.get(f"spaces/{network.space}/wiki/pages/{path.rpartition('/')[2]}")
    await coordinator.open(f"{wiki}/{found['id']}")
    assert "Gefunden" in coordinator.text
    assert re.search(r'aria-current="page">Nach Nummer', coordinator.text)
    await save(coordinator, f"{wiki}/{found['id']}", text="Auch so geändert")
    assert "Auch so geändert" in coordinator.text


async def test_saving_keeps_every_revision_and_shows_what_changed(coordinator: Browser, wiki: str) -> None:
    path = await write(coordinator, wiki, "Fristen", "Plätze bis zum 30. November.\n")
    await save(coordinator, path, text="Plätze bis zum 18. Dezember.\n", comment="Nach Beschluss")
    assert "Die Seite ist gespeichert." in coordinator.text
    await coordinator.open(f"{path}/verlauf")
    assert "Nach Beschluss" in coordinator.text
    await coordinator.open(f"{path}/vergleich?von=1&bis=2")
    assert "An einer Stelle geändert" in coordinator.text
    assert re.search(r"<del>.*30.*</del>", coordinator.text)
    assert re.search(r"<ins>.*18.*</ins>", coordinator.text)
    await coordinator.open(f"{path}/vergleich?von=2&bis=1&ansicht=columns")
    assert "nr-diff--zwei" in coordinator.text
    await coordinator.open(f"{path}/fassung/1")
    assert "30. November" in coordinator.text
    await coordinator.submit(f"{path}/fassung/1/wiederherstellen")
    assert "Der ältere Text ist wieder da" in coordinator.text
    assert "Fassung 3" in coordinator.text
    assert "30. November" in coordinator.text


async def test_a_preview_saves_nothing_and_keeps_what_was_typed(coordinator: Browser, wiki: str) -> None:
    await coordinator.open(f"{wiki}/neu")
    await coordinator.submit(
        f"{wiki}/neu", title="Nur angesehen", text="Siehe [[Nirgends]].", classification="internal", preview="1"
    )
    assert "Vorschau, noch nicht gespeichert" in coordinator.text
    assert "nr-wikilink--missing" in coordinator.text
    assert ("text", "\nSiehe [[Nirgends]].") in coordinator.form(f"{wiki}/neu").fields
    assert (await coordinator.open(f"{wiki}/nur-angesehen")).status_code == 404


async def test_a_title_that_is_taken_is_said_beside_the_field(coordinator: Browser, wiki: str) -> None:
    await write(coordinator, wiki, "Einmalig")
    await coordinator.open(f"{wiki}/neu")
    reply = await coordinator.submit(
        f"{wiki}/neu", title="Einmalig", text="Ein anderer Text", classification="internal", state="published"
    )
    assert reply.status_code == 422
    assert "Eine Seite mit diesem Titel gibt es schon." in coordinator.text
    assert "Ein anderer Text" in coordinator.text


@pytest.mark.parametrize("title", ["", "!?", "x" * 201])
async def test_a_title_that_makes_no_address_is_said_beside_the_field(
    coordinator: Browser, wiki: str, title: str
) -> None:
    await coordinator.open(f"{wiki}/neu")
    reply = await coordinator.submit(f"{wiki}/neu", title=title, text="Bleibt", classification="internal")
    assert reply.status_code == 422
    assert 'id="f-title-error"' in coordinator.text
    assert "Bleibt" in coordinator.text


@pytest.mark.parametrize("title", ["Neu", "Neues", "Ausfuhr", "Einfuhr", "Gelesen", "Über/unter?"])
async def test_every_title_leads_to_a_page_of_its_own(coordinator: Browser, wiki: str, title: str) -> None:
    path = await write(coordinator, wiki, title, "Ein eigener Text")
    await coordinator.open(path)
    assert "Ein eigener Text" in coordinator.text


async def test_a_double_click_creates_one_page(network: Network, coordinator: Browser, wiki: str) -> None:
    await coordinator.open(f"{wiki}/neu")
    fields = [field for field in coordinator.form(f"{wiki}/neu").fields if field[0] not in ("title", "text")]
    typed = [("title", "Doppelt gedrückt"), ("text", "x"), ("classification", "internal"), ("state", "published")]
    first = await coordinator.send(f"{wiki}/neu", fields + typed, follow=False)
    second = await coordinator.send(f"{wiki}/neu", fields + typed, follow=False)
    assert first.headers["location"] == second.headers["location"]
    found = await network.coordinator.get(f"spaces/{network.space}/wiki/pages/doppelt-gedrueckt")
    assert found["revision"] == 1


async def test_a_renamed_page_is_still_found_by_its_old_address(coordinator: Browser, wiki: str) -> None:
    above = await write(coordinator, wiki, "Neuer Platz")
    old = await write(coordinator, wiki, "Alter Name", "Immer noch da")
    await coordinator.open(f"{old}/verschieben")
    await coordinator.submit(
        f"{old}/verschieben", title="Neuer Name", slug="neuer-name", parent=above.rpartition("/")[2], template="1"
    )
    assert coordinator.path == f"{wiki}/neuer-name"
    assert "Ihre alte Adresse funktioniert weiter." in coordinator.text
    assert "Vorlage" in coordinator.text
    await coordinator.open(old)
    assert "Neuer Name" in coordinator.text
    assert f'<li><a href="{above}">Neuer Platz</a></li>' in coordinator.text


async def test_a_page_cannot_hang_below_itself_nor_take_anothers_address(coordinator: Browser, wiki: str) -> None:
    above = await write(coordinator, wiki, "Oben")
    below = await write(coordinator, wiki, "Unten", parent="oben")
    await coordinator.open(f"{above}/verschieben")
    reply = await coordinator.submit(f"{above}/verschieben", parent="unten")
    assert reply.status_code == 422
    assert "Eine Seite kann nicht unter sich selbst stehen." in coordinator.text
    await coordinator.open(f"{below}/verschieben")
    reply = await coordinator.submit(f"{below}/verschieben", slug="oben")
    assert reply.status_code == 409
    assert 'id="f-slug-error"' in coordinator.text


async def test_any_page_can_be_found_to_hang_another_under(coordinator: Browser, wiki: str) -> None:
    top = await write(coordinator, wiki, "Ganz oben")
    await write(coordinator, wiki, "Tief verborgen", parent=top.rpartition("/")[2])
    path = await write(coordinator, wiki, "Sucht einen Platz")
    await coordinator.open(f"{path}/verschieben")
    assert "Tief verborgen" not in re.sub(r"<aside.*", "", coordinator.text, flags=re.DOTALL)
    await coordinator.open(f"{path}/verschieben?q=verborgen")
    assert '<option value="tief-verborgen">' in coordinator.text


async def test_a_page_begins_with_a_template(coordinator: Browser, wiki: str) -> None:
    await coordinator.open(f"{wiki}/neu?titel=Sitzung&vorlage=protokoll")
    fields = dict(coordinator.form(f"{wiki}/neu").fields)
    assert fields["title"] == "Sitzung"
    assert "##" in fields["text"]


async def test_the_print_view_says_what_it_is_and_how_to_handle_it(coordinator: Browser, wiki: str) -> None:
    path = await write(coordinator, wiki, "Auf Papier", "Zum Mitnehmen", classification="confidential")
    await coordinator.open(f"{path}/drucken")
    assert "Zum Mitnehmen" in coordinator.text
    assert "Keine Weitergabe." in coordinator.text
    assert "Fassung 1" in coordinator.text
    assert "nr-side" not in coordinator.text


async def test_a_deleted_page_comes_back_by_the_undo_link_and_from_the_trash(coordinator: Browser, wiki: str) -> None:
    path = await write(coordinator, wiki, "Aus Versehen")
    await coordinator.submit(f"{path}/loeschen")
    assert coordinator.path == wiki
    await coordinator.submit(f"{path}/wiederherstellen")
    assert coordinator.path == path
    await coordinator.submit(f"{path}/loeschen")
    await coordinator.open(f"{wiki}?view=deleted")
    (action,) = re.findall(
        r'action="([^"]+/wiederherstellen)"[^<]*<input[^>]*>[^<]*<button[^>]*>Zurückholen', coordinator.text
    )[-1:]
    await coordinator.submit(action)
    assert "Die Seite ist wieder da." in coordinator.text


async def test_level_and_readers_of_a_page_are_found_by_its_address(coordinator: Browser, wiki: str) -> None:
    path = await write(coordinator, wiki, "Wird vertraulich")
    await coordinator.open(f"{path}/sichtbar")
    assert "Person member" in coordinator.text
    await coordinator.open(f"{path}/stufe")
    await coordinator.submit(f"{path}/stufe", classification="confidential", reason="Zahlen sind vorläufig")
    assert coordinator.path == path
    assert "nr-klass--confidential" in coordinator.text


async def test_before_the_level_changes_one_learns_of_the_former_revisions(coordinator: Browser, wiki: str) -> None:
    path = await write(coordinator, wiki, "Mit Verlauf")
    await coordinator.open(f"{path}/stufe")
    assert "Auch die früheren Fassungen" not in coordinator.text
    await coordinator.open(f"{path}/bearbeiten")
    await coordinator.submit(f"{path}/bearbeiten", text="Ohne die Namen")
    await coordinator.open(f"{path}/stufe")
    assert "Auch die früheren Fassungen" in coordinator.text
    assert "Es gibt 2 Fassungen." in coordinator.text


async def test_a_hidden_page_looks_as_if_it_did_not_exist(coordinator: Browser, member: Browser, wiki: str) -> None:
    path = await write(coordinator, wiki, "Streng geheim", classification="confidential")
    hidden = await member.open(path)
    missing = await member.open(f"{wiki}/gibt-es-nicht")
    assert hidden.status_code == missing.status_code == 404
    strip = re.compile(r'(value="[0-9a-f]{64}\.[^"]*"|streng-geheim|gibt-es-nicht)')
    assert strip.sub("", hidden.text) == strip.sub("", missing.text)
    await member.open(f"{wiki}?q=geheim")
    assert "Streng geheim" not in member.text


async def test_a_draft_is_published_by_its_author(coordinator: Browser, member: Browser, wiki: str) -> None:
    path = await write(coordinator, wiki, "Noch ein Entwurf", state="draft")
    assert "Das ist ein Entwurf" in coordinator.text
    assert (await member.open(path)).status_code == 404
    await coordinator.submit(f"{path}/veroeffentlichen")
    assert (await member.open(path)).status_code == 200


@pytest.mark.parametrize(
    "path",
    ["/fassung/99", "/fassung/x", "/fassung/0", "/vergleich", "/vergleich?von=1&bis=", "/vergleich?von=-1&bis=1"],
)
async def test_revisions_that_are_none_are_not_found(coordinator: Browser, wiki: str, path: str) -> None:
    await coordinator.open(wiki)
    page = f"{wiki}/ohne-fassungen"
    if (await coordinator.open(page)).status_code == 404:
        page = await write(coordinator, wiki, "Ohne Fassungen")
    assert (await coordinator.open(f"{page}{path}")).status_code in (404, 422)
