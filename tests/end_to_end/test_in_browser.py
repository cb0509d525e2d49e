"""The main ways through the page, as people go them: with Chromium, against a whole installation."""

import pytest
from playwright.async_api import Page, expect

from tests.chromium import check_accessible, complaints
from tests.end_to_end.people import Network
from tests.end_to_end.test_main_way import unique
from tests.end_to_end.visitor import LIVE, Visitor


async def test_a_wrong_password_is_said_and_the_address_kept(visitor: Visitor, network: Network) -> None:
    await visitor.go("/anmelden")
    await visitor.page.get_by_label("E-Mail-Adresse").fill(network.people["guest"].email)
    await visitor.page.get_by_label("Passwort", exact=True).fill("nicht das richtige")
    await visitor.press("Anmelden")
    await expect(visitor.page.get_by_role("alert")).to_be_focused()
    await expect(visitor.page.get_by_label("E-Mail-Adresse")).to_have_value(network.people["guest"].email)


async def test_the_start_page_shows_what_is_new_until_it_is_read(visitor: Visitor, network: Network) -> None:
    title = unique("Neues für das Mitglied")
    await network.post_notice(network.coordinator, title)
    await visitor.log_in(network.people["member"])
    await visitor.page.get_by_role("region", name="Neu in meinen Räumen").get_by_role("link", name=title).click()
    await visitor.reads(title)
    await visitor.go("/")
    await expect(visitor.page.get_by_role("link", name=title)).to_have_count(0)


async def test_a_notice_says_who_can_see_it_and_why(visitor: Visitor, network: Network) -> None:
    title = unique("Sichtbar")
    await network.post_notice(network.coordinator, title)
    await visitor.log_in(network.people["moderator"])
    await visitor.go(visitor.board)
    await visitor.page.get_by_role("main").get_by_role("link", name=title).click()
    panel = visitor.page.get_by_role("region", name="Wer kann das sehen?")
    await expect(panel).to_contain_text("Sie sehen das, weil")
    await panel.get_by_role("link", name="Alle Personen anzeigen").click()
    await visitor.sees("Person member")


async def test_the_coordinator_writes_a_notice_of_each_level_that_the_form_offers(coordinator: Visitor) -> None:
    await coordinator.go(f"{coordinator.board}/neu")
    offered = await coordinator.page.locator("input[name=classification]").evaluate_all("all => all.map(x => x.value)")
    assert offered == ["public", "internal", "confidential"]
    for classification in offered:
        await coordinator.write(unique(classification), classification)
        await expect(coordinator.page.locator(f".nr-facts .nr-klass--{classification}")).to_be_visible()


async def test_without_a_second_factor_the_form_says_why_it_does_not_offer_personal_data(coordinator: Visitor) -> None:
    await coordinator.go(f"{coordinator.board}/neu")
    await coordinator.page.get_by_role("link", name="Zweiten Faktor nachweisen").click()
    await coordinator.reads("Zweiter Faktor nötig")
    await coordinator.page.get_by_role("link", name="Zweiten Faktor einrichten").click()
    await expect(coordinator.page).to_have_url(f"{coordinator.network.installation.address}/konto/sicherheit")


async def test_a_form_that_is_not_complete_keeps_what_was_typed(coordinator: Visitor) -> None:
    await coordinator.go(f"{coordinator.board}/neu")
    await coordinator.page.get_by_label("Text", exact=True).fill("Ohne Titel")
    await coordinator.press("Veröffentlichen")
    await expect(coordinator.page.get_by_role("alert")).to_be_focused()
    await expect(coordinator.page.get_by_label("Titel")).to_have_attribute("aria-invalid", "true")
    await expect(coordinator.page.get_by_label("Text", exact=True)).to_have_value("Ohne Titel")


async def test_a_notice_is_edited_pinned_deleted_and_brought_back(coordinator: Visitor) -> None:
    page, before, after = coordinator.page, unique("Vorher"), unique("Nachher")
    await coordinator.write(before)
    await coordinator.choose("Bearbeiten")
    await page.get_by_label("Titel").fill(after)
    await coordinator.press("Speichern")
    await coordinator.is_told("Der Aushang ist geändert.")
    await coordinator.reads(after)
    await coordinator.press("Oben anheften")
    await coordinator.is_told("Der Aushang ist oben angeheftet.")
    await coordinator.choose("Löschen")
    await coordinator.is_told("Der Aushang ist gelöscht.")
    await expect(page.get_by_role("main").get_by_role("link", name=after)).to_have_count(0)
    await page.locator(".nr-toast").get_by_role("button", name="Rückgängig").click()
    await coordinator.is_told("Der Aushang ist wieder da.")
    await coordinator.reads(after)
    pinned = page.get_by_role("region", name="Angeheftet")
    await coordinator.go(coordinator.board)
    await expect(pinned.get_by_role("link", name=after)).to_be_visible()


async def test_a_double_click_publishes_one_notice(coordinator: Visitor) -> None:
    title = unique("Doppelt")
    await coordinator.go(f"{coordinator.board}/neu")
    await coordinator.page.get_by_label("Titel").fill(title)
    await coordinator.page.get_by_label("Text", exact=True).fill("Zweimal gedrückt")
    await coordinator.page.get_by_role("button", name="Veröffentlichen").dblclick()
    await coordinator.reads(title)
    await coordinator.go(coordinator.board)
    await expect(coordinator.page.get_by_role("main").get_by_role("link", name=title)).to_have_count(1)


async def test_who_may_not_write_reads_why_and_whom_to_ask(visitor: Visitor, network: Network) -> None:
    await network.coordinator.change(f"spaces/{network.space}", {"contact": "Katrin Vossmann, 02331 12345-0"})
    await visitor.log_in(network.people["guest"])
    await visitor.go(visitor.board)
    await visitor.sees("Ihre Rolle Gast liest hier, schreibt aber keine Aushänge.")
    await visitor.sees("Katrin Vossmann, 02331 12345-0")
    await visitor.go(f"{visitor.board}/neu")
    await visitor.reads("Das ist geschützt")
    await visitor.sees("Mit Ihrer Rolle können Sie in diesem Raum zurzeit keine Aushänge schreiben.")
    await visitor.sees("Katrin Vossmann, 02331 12345-0")


async def test_a_role_is_added_to_the_matrix_and_what_passes_the_ceiling_is_refused_in_words(
    coordinator: Visitor,
) -> None:
    page, title = coordinator.page, unique("Berufsberatung")
    await coordinator.go(f"{coordinator.room}/rollen/neu")
    await page.get_by_label("Name der Rolle").fill(title)
    await page.get_by_label("Grundlage").select_option("guest")
    await page.get_by_label("Schwarzes Brett").select_option("manage")
    await page.locator("input[name=clearance][value=internal]").check()
    await coordinator.press("Speichern")
    summary = page.get_by_role("alert")
    await expect(summary).to_be_focused()
    await expect(summary).to_contain_text("Lesen")
    await expect(page.get_by_label("Name der Rolle")).to_have_value(title)
    await page.get_by_label("Schwarzes Brett").select_option("read")
    await coordinator.press("Speichern")
    await coordinator.is_told("Die Rolle ist gespeichert und gilt.")
    await expect(page.get_by_role("columnheader", name=title)).to_be_visible()


async def test_an_ended_membership_shows_nothing_on_the_next_click(visitor: Visitor, network: Network) -> None:
    title = unique("Nur für Mitglieder")
    leaver = await network.take_in("member", "leaver")
    await network.post_notice(network.coordinator, title)
    await visitor.log_in(leaver)
    await visitor.go(visitor.board)
    path = f"spaces/{network.space}/members/{network.memberships['leaver']}"
    assert (await network.coordinator.send("DELETE", path, None, if_match="*")).status_code == 204
    await visitor.page.get_by_role("main").get_by_role("link", name=title).click()
    await expect(visitor.page.locator("body")).not_to_contain_text(title)
    await visitor.go("/")
    await expect(visitor.page.locator("body")).not_to_contain_text(network.name)
    await visitor.sees("Sie sind noch in keinem Raum")


async def test_the_language_is_changed_and_kept(visitor: Visitor, network: Network) -> None:
    await visitor.log_in(network.people["moderator"])
    try:
        await visitor.page.get_by_role("contentinfo").get_by_role("button", name="English").click()
        await expect(visitor.page.locator("html")).to_have_attribute("lang", "en")
        await visitor.go(visitor.board)
        await visitor.reads("Notice board")
    finally:
        await network.people["moderator"].change("me", {"language": "de"})


async def test_a_log_out_ends_what_the_back_button_could_show(visitor: Visitor, network: Network) -> None:
    await visitor.log_in(network.people["moderator"])
    await visitor.go(visitor.board)
    await visitor.page.locator(".nr-userbtn").click()
    await visitor.page.get_by_role("button", name="Abmelden").click()
    await visitor.is_told("Sie sind abgemeldet.")
    await visitor.page.go_back()
    await visitor.reads("Anmelden")


async def test_without_scripts_one_logs_in_and_writes_all_the_same(
    page_without_scripts: Page, network: Network
) -> None:
    visitor, title = Visitor(page_without_scripts, network), unique("Ohne Skripte")
    await visitor.log_in(network.coordinator)
    await visitor.write(title)
    await visitor.choose("Löschen")
    await visitor.is_told("Der Aushang ist gelöscht.")


@pytest.mark.parametrize(
    "path", ["/", "{room}", "{board}", "{board}/neu", "{room}/mitglieder", "{room}/rollen", "/konto", "/suche?q=Text"]
)
async def test_live_pages_are_accessible(coordinator: Visitor, axe: str, path: str) -> None:
    errors = complaints(coordinator.page, unless=LIVE)
    await coordinator.go(path.format(room=coordinator.room, board=coordinator.board))
    await check_accessible(coordinator.page, axe)
    assert errors == []


async def test_a_live_notice_is_accessible(coordinator: Visitor, axe: str) -> None:
    await coordinator.write(unique("Zugänglich"))
    await check_accessible(coordinator.page, axe)
