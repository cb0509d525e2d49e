"""Several write in the wiki at once, or a session ends meanwhile: nothing typed is lost, each knows of the others."""

import re

from tests.end_to_end.installations import PASSWORD
from tests.end_to_end.people import Network
from tests.gateway.browser import Browser
from tests.gateway.wiki_writing import save, write


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


async def test_who_leaves_the_saved_text_in_a_conflict_is_shown_as_editing_no_longer(
    coordinator: Browser, member: Browser, wiki: str
) -> None:
    path = await write(coordinator, wiki, "Nachgegeben", "Eins.\n")
    await member.open(f"{path}/bearbeiten")
    await save(coordinator, path, text="Zwei.\n")
    reply = await member.submit(f"{path}/bearbeiten", text="Drei.\n")
    assert (reply.status_code, 'name="cancel"' in member.text) == (409, True)
    await coordinator.open(path)
    assert "Person member" in coordinator.text
    await member.submit(f"{path}/bearbeiten", cancel="1")
    assert (member.path, "Zwei." in member.text) == (path, True)
    await coordinator.open(path)
    assert "Person member" not in coordinator.text


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
        assert re.search(r"Person member, .* hat das Formular um \d{1,2}:\d\d geöffnet", coordinator.text), shown
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
