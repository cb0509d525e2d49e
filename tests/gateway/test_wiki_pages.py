"""The wiki by the page: written together, nothing typed is lost, every former text comes back."""

import re

import httpx
import pytest

from tests.end_to_end.installations import PASSWORD
from tests.end_to_end.people import Network
from tests.gateway.browser import Browser


@pytest.fixture
def wiki(network: Network) -> str:
    return f"/raum/{network.space}/wiki"


async def write(browser: Browser, wiki: str, title: str, text: str = "Text", **typed: str) -> str:
    """Publish a page by its form; its address."""
    await browser.open(f"{wiki}/neu")
    await browser.submit(
        f"{wiki}/neu", **{"title": title, "text": text, "classification": "internal", "state": "published", **typed}
    )
    assert browser.path.startswith(f"{wiki}/"), browser.text
    assert browser.page.status_code == 200, browser.text
    return browser.path


async def save(browser: Browser, path: str, **typed: str) -> httpx.Response:
    await browser.open(f"{path}/bearbeiten")
    return await browser.submit(f"{path}/bearbeiten", **typed)


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


async def test_what_two_people_change_in_different_places_is_put_together(
    coordinator: Browser, member: Browser, wiki: str
) -> None:
    path = await write(coordinator, wiki, "Ansprechpersonen", "Schule: A\n\nMitte\n\nAmt: B\n")
    await coordinator.open(f"{path}/bearbeiten")
    await save(member, path, text="Schule: A\n\nMitte\n\nAmt: Beate\n")
    await coordinator.submit(f"{path}/bearbeiten", text="Schule: Anna\n\nMitte\n\nAmt: B\n")
    assert "jemand anderes inzwischen geändert" in coordinator.text
    assert "Schule: Anna" in coordinator.text
    assert "Amt: Beate" in coordinator.text


async def test_who_loses_the_race_for_a_line_sees_both_texts_and_decides(
    coordinator: Browser, member: Browser, wiki: str
) -> None:
    path = await write(coordinator, wiki, "Umstrittenes", "Bis Freitag.\n")
    await coordinator.open(f"{path}/bearbeiten")
    await save(member, path, text="Bis Montag.\n", comment="Verschoben")
    reply = await coordinator.submit(
        f"{path}/bearbeiten", text="Bis Donnerstag.\n", comment="Vorgezogen", title="Frist"
    )
    assert reply.status_code == 409
    for kept in (
        "Umstrittenes",
        "Frist",
        "Bis Montag.",
        "Bis Donnerstag.",
        "Verschoben",
        "Vorgezogen",
        "Person member",
    ):
        assert kept in coordinator.text
    fields = dict(coordinator.form(f"{path}/bearbeiten").fields)
    assert (fields["text"].strip(), fields["base"]) == ("Bis Donnerstag.", "2")
    await coordinator.submit(f"{path}/bearbeiten", text="Bis Donnerstag, spätestens Montag.")
    assert coordinator.path == path
    assert "spätestens Montag" in coordinator.text
    await coordinator.open(f"{path}/fassung/2")
    assert "Bis Montag." in coordinator.text


async def test_a_conflict_can_be_looked_at_before_it_is_saved(coordinator: Browser, member: Browser, wiki: str) -> None:
    path = await write(coordinator, wiki, "Vorschau im Streit", "Eins.\n")
    await coordinator.open(f"{path}/bearbeiten")
    await save(member, path, text="Zwei.\n")
    await coordinator.submit(f"{path}/bearbeiten", text="Drei.\n")
    await coordinator.submit(f"{path}/bearbeiten", text="**Vier**", preview="1")
    assert "<strong>Vier</strong>" in coordinator.text
    await coordinator.submit(f"{path}/bearbeiten")
    assert coordinator.path == path
    assert "<strong>Vier</strong>" in coordinator.text


async def test_a_preview_saves_nothing_and_keeps_what_was_typed(coordinator: Browser, wiki: str) -> None:
    await coordinator.open(f"{wiki}/neu")
    await coordinator.submit(
        f"{wiki}/neu", title="Nur angesehen", text="Siehe [[Nirgends]].", classification="internal", preview="1"
    )
    assert "Vorschau, noch nicht gespeichert" in coordinator.text
    assert "nr-wikilink--missing" in coordinator.text
    assert ("text", "\nSiehe [[Nirgends]].") in coordinator.form(f"{wiki}/neu").fields
    assert (await coordinator.open(f"{wiki}/nur-angesehen")).status_code == 404


async def send_when_logged_out(browser: Browser, network: Network, action: str, **typed: str) -> None:
    """The session ended while the form was open: it is sent, one logs in, and sees it again."""
    fields = [field for field in browser.form(action).fields if field[0] not in typed]
    browser.http.cookies.clear()
    reply = await browser.send(action, [*fields, *typed.items()])
    assert reply.status_code == 401
    await browser.submit("/anmelden", email=network.coordinator.email, password=PASSWORD)


async def test_a_page_whose_session_ended_in_between_is_sent_once_more(
    network: Network, coordinator: Browser, wiki: str
) -> None:
    path = await write(coordinator, wiki, "Langer Text", "Anfang")
    await coordinator.open(f"{path}/bearbeiten")
    await send_when_logged_out(coordinator, network, f"{path}/bearbeiten", text="Anfang und Ende")
    assert "Anfang und Ende" in coordinator.text
    await coordinator.submit(f"{path}/bearbeiten")
    assert coordinator.path == path
    assert "Anfang und Ende" in coordinator.text


async def test_a_new_page_whose_session_ended_in_between_is_not_lost(
    network: Network, coordinator: Browser, wiki: str
) -> None:
    new = f"{wiki}/neu"
    await coordinator.open(new)
    typed = {"title": "Lange geschrieben", "text": "Von Anfang an", "classification": "internal", "state": "published"}
    await send_when_logged_out(coordinator, network, new, **typed)
    await coordinator.submit(new, state="published")
    assert coordinator.path == f"{wiki}/lange-geschrieben"
    assert "Von Anfang an" in coordinator.text


async def test_what_others_saved_while_the_session_had_ended_is_put_together_with_it(
    network: Network, coordinator: Browser, member: Browser, wiki: str
) -> None:
    path = await write(coordinator, wiki, "Ende der Sitzung", "Oben\n\nMitte\n\nUnten\n")
    await coordinator.open(f"{path}/bearbeiten")
    await save(member, path, text="Oben\n\nMitte\n\nUnten, geändert\n")
    await send_when_logged_out(coordinator, network, f"{path}/bearbeiten", text="Oben, neu\n\nMitte\n\nUnten\n")
    await coordinator.submit(f"{path}/bearbeiten")
    assert coordinator.path == path
    for kept in ("Oben, neu", "Unten, geändert"):
        assert kept in coordinator.text


async def test_a_conflict_outlives_the_end_of_the_session_before_it_and_on_its_page(
    network: Network, coordinator: Browser, member: Browser, wiki: str
) -> None:
    path = await write(coordinator, wiki, "Streit ohne Sitzung", "Bis Freitag.\n")
    edit = f"{path}/bearbeiten"
    await coordinator.open(edit)
    await save(member, path, text="Bis Montag.\n")
    await send_when_logged_out(coordinator, network, edit, text="Bis Donnerstag.\n")
    assert (await coordinator.submit(edit)).status_code == 409
    for kept in ("Bis Montag.", "Bis Donnerstag."):
        assert kept in coordinator.text
    await send_when_logged_out(coordinator, network, edit, text="Bis Donnerstag, spätestens Montag.\n")
    assert "spätestens Montag" in coordinator.text
    await coordinator.submit(edit)
    assert coordinator.path == path
    assert "spätestens Montag" in coordinator.text


async def test_a_page_that_was_deleted_while_the_session_had_ended_keeps_its_text(
    network: Network, coordinator: Browser, member: Browser, wiki: str
) -> None:
    path = await write(member, wiki, "Beides auf einmal", "Alt")
    slug = path.rpartition("/")[2]
    await coordinator.open(f"{path}/bearbeiten")
    reply = await network.people["member"].send("DELETE", f"spaces/{network.space}/wiki/pages/{slug}", if_match="*")
    assert reply.status_code == 204
    await send_when_logged_out(coordinator, network, f"{path}/bearbeiten", text="Mühsam geschrieben")
    assert "Mühsam geschrieben" in coordinator.text


async def test_the_text_outlives_the_page_that_was_deleted_meanwhile(
    network: Network, coordinator: Browser, member: Browser, wiki: str
) -> None:
    path = await write(coordinator, wiki, "Bald gelöscht", "Alt")
    await member.open(f"{path}/bearbeiten")
    await coordinator.open(path)
    await coordinator.submit(f"{path}/loeschen")
    await member.submit(f"{path}/bearbeiten", text="Mühsam geschrieben")
    assert "Diese Seite gibt es nicht mehr" in member.text
    await member.submit(f"{wiki}/neu", title="Neuer Ort", classification="internal", state="published")
    assert "Mühsam geschrieben" in member.text
    assert member.path == f"{wiki}/neuer-ort"


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


async def test_who_else_is_editing_is_told_once(coordinator: Browser, member: Browser, wiki: str) -> None:
    path = await write(coordinator, wiki, "Zu zweit", "Eins\n")
    await coordinator.open(f"{path}/bearbeiten")
    form = dict(coordinator.form(f"{path}/bearbeiten").fields)
    beat = [("csrf", form["csrf"]), ("base", form["base"])]
    assert (await coordinator.send(f"{path}/ich-bearbeite", beat)).status_code == 204
    await member.open(f"{path}/bearbeiten")
    assert "Katrin Vossmann" in member.text
    assert "bearbeitet diese Seite gerade" in member.text
    await member.send(f"{path}/ich-bearbeite", [("csrf", dict(member.form(f"{path}/bearbeiten").fields)["csrf"])])
    told = await coordinator.send(f"{path}/ich-bearbeite", beat)
    assert "Person member" in told.text
    known = re.search(r'name="known" value="([^"]+)"', told.text)
    assert known is not None
    assert (await coordinator.send(f"{path}/ich-bearbeite", [*beat, ("known", known[1])])).status_code == 204
    await save(member, path, text="Zwei\n")
    told = await coordinator.send(f"{path}/ich-bearbeite", [*beat, ("known", known[1])])
    assert "hat inzwischen Fassung 2 gespeichert" in told.text
    assert "bearbeitet diese Seite gerade" not in told.text
    newer = await coordinator.open(f"{path}/stand?fassung=1", hx_request="true")
    assert "Fassung 2" in newer.text
    assert (await coordinator.open(f"{path}/stand?fassung=2")).text.strip() == ""


async def test_who_cancels_without_scripts_is_shown_as_editing_no_longer(
    network: Network, coordinator: Browser, member: Browser, wiki: str
) -> None:
    path = await write(coordinator, wiki, "Abgebrochen", "Bleibt")
    for typed in ({"text": "Verworfen"}, {"title": "", "text": "Verworfen"}):
        await member.open(f"{path}/bearbeiten")
        await coordinator.open(path)
        assert "bearbeite" in coordinator.text
        await member.submit(f"{path}/bearbeiten", cancel="1", **typed)
        assert (member.path, "Bleibt" in member.text) == (path, True)
        await coordinator.open(path)
        assert "Person member" not in coordinator.text
    await member.open(f"{path}/bearbeiten")
    slug = path.rpartition("/")[2]
    await network.coordinator.change(f"spaces/{network.space}/wiki/pages/{slug}", {"classification": "confidential"})
    await member.submit(f"{path}/bearbeiten", cancel="1")
    assert member.path == wiki
    assert (await coordinator.open(path)).status_code == 200
    assert "Verworfen" not in coordinator.text


async def test_an_open_page_says_that_it_was_deleted(coordinator: Browser, member: Browser, wiki: str) -> None:
    path = await write(coordinator, wiki, "Bald gelöscht")
    for reader in (coordinator, member):
        assert (await reader.open(f"{path}/stand?fassung=1")).text.strip() == ""
    await coordinator.open(path)
    await coordinator.submit(f"{path}/loeschen")
    for reader in (coordinator, member):
        assert "Diese Seite gibt es nicht mehr" in (await reader.open(f"{path}/stand?fassung=1")).text


async def test_opening_the_form_alone_tells_the_others(coordinator: Browser, member: Browser, wiki: str) -> None:
    """Without scripts nothing more is sent until the text is saved, and no more is claimed."""
    path = await write(coordinator, wiki, "Ohne Skripte zu zweit", "Eins\n")
    await member.open(f"{path}/bearbeiten")
    for shown in (f"{path}/bearbeiten", path, f"{path}/stand?fassung=1"):
        await coordinator.open(shown)
        assert re.search(r"Person member, .* hat das Formular um \d\d:\d\d geöffnet", coordinator.text), shown
        assert "bearbeitet diese Seite gerade" not in coordinator.text
    await member.open(f"{path}/bearbeiten")
    await member.submit(f"{path}/bearbeiten", text="Zwei\n")
    await coordinator.open(f"{path}/stand?fassung=2")
    assert "hat das Formular" not in coordinator.text


async def test_who_leaves_the_form_tells_so(coordinator: Browser, member: Browser, wiki: str) -> None:
    path = await write(coordinator, wiki, "Wieder gegangen", "Eins\n")
    await member.open(f"{path}/bearbeiten")
    csrf = dict(member.form(f"{path}/bearbeiten").fields)["csrf"]
    assert (await member.send(f"{path}/bearbeite-nicht-mehr", [("csrf", csrf)])).status_code == 204
    assert "Person member" not in (await coordinator.open(f"{path}/bearbeiten")).text
    assert (await member.send(f"{path}/bearbeite-nicht-mehr", [("csrf", "x")])).status_code == 403


async def test_an_open_form_says_that_its_page_was_deleted(coordinator: Browser, member: Browser, wiki: str) -> None:
    path = await write(coordinator, wiki, "Beim Schreiben gelöscht")
    await member.open(f"{path}/bearbeiten")
    beat = [("csrf", dict(member.form(f"{path}/bearbeiten").fields)["csrf"]), ("base", "1")]
    await coordinator.open(path)
    await coordinator.submit(f"{path}/loeschen")
    told = await member.send(f"{path}/ich-bearbeite", beat)
    assert "Diese Seite gibt es nicht mehr" in told.text
    assert (await member.send(f"{path}/ich-bearbeite", [*beat, ("known", "gone")])).status_code == 204


async def test_an_open_form_is_told_that_the_session_has_ended(coordinator: Browser, wiki: str) -> None:
    path = await write(coordinator, wiki, "Sitzung endet")
    coordinator.http.cookies.clear()
    coordinator.http.headers["hx-request"] = "true"
    told = await coordinator.send(f"{path}/ich-bearbeite", [("csrf", "x")])
    assert told.status_code == 401
    assert "nicht verloren" in told.text
    assert "<html" not in told.text


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
