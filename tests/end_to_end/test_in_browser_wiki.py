"""The wiki's way through the page, as people go it: with Chromium, against a whole installation."""

import re
from collections.abc import Awaitable, Callable

import pytest
from playwright.async_api import Dialog, Page, expect

from tests.chromium import check_accessible, complaints
from tests.end_to_end.people import Network, Somebody
from tests.end_to_end.test_main_way import unique
from tests.end_to_end.visitor import LIVE, OpenPage, Visitor

SOON_MS = 10_000
"""Sooner than a form says again that it is open (25 s), and enough for a busy machine."""
Enter = Callable[[Somebody], Awaitable["Writer"]]


class Writer(Visitor):
    """Somebody who writes in the wiki."""

    def __init__(self, page: Page, network: Network) -> None:
        super().__init__(page, network)
        self.wiki = f"{self.room}/wiki"

    async def begin(self, title: str, text: str) -> None:
        """A new page by its form, not saved yet."""
        await self.page.get_by_label("Titel").fill(title)
        await self.page.get_by_label("Text", exact=True).fill(text)
        await self.page.locator("input[name=classification][value=internal]").check()

    async def publish(self, title: str, text: str) -> str:
        """A new page; its address."""
        await self.go(f"{self.wiki}/neu")
        await self.begin(title, text)
        await self.press("Veröffentlichen")
        await self.is_told("Die Seite ist veröffentlicht.")
        await self.reads(title)
        return self.page.url

    async def edit(self, text: str) -> None:
        await self.page.get_by_role("link", name="Bearbeiten").click()
        await self.page.get_by_label("Text", exact=True).fill(text)


@pytest.fixture
def enter(open_page: OpenPage, network: Network) -> Enter:
    """Lets somebody in, in a browser of their own."""

    async def log_in(somebody: Somebody) -> Writer:
        writer = Writer(await open_page(), network)
        await writer.log_in(somebody)
        return writer

    return log_in


@pytest.fixture
async def coordinator(enter: Enter, network: Network) -> Writer:
    return await enter(network.coordinator)


async def test_two_pages_that_link_each_other_are_written(coordinator: Writer) -> None:
    first, second, page = unique("Potenzialanalyse"), unique("Berufsfelder"), coordinator.page
    await coordinator.publish(first, f"Danach folgt [[{second}]].\n\n## Ziel\n\nStärken kennen.")
    link = page.get_by_role("main").get_by_role("link", name=f"{second} (gibt es noch nicht)")
    await link.click()
    await expect(page.get_by_label("Titel")).to_have_value(second)
    await coordinator.begin(second, f"Vorher kommt [[{first}]].")
    await coordinator.press("Veröffentlichen")
    await coordinator.reads(second)
    await page.get_by_role("article").get_by_role("link", name=first).click()
    await coordinator.reads(first)
    await expect(page.get_by_role("region", name="Verweise hierher").get_by_role("link", name=second)).to_be_visible()
    await page.get_by_role("navigation", name="Auf dieser Seite").get_by_role("link", name="Ziel").click()
    await expect(page.locator(":target")).to_have_text("Ziel")


async def test_two_people_at_one_page_see_each_other_and_both_texts(
    coordinator: Writer, enter: Enter, network: Network
) -> None:
    address = await coordinator.publish(unique("Zu zweit"), "Bis Freitag.")
    member = await enter(network.people["member"])
    await member.go(address)
    await member.edit("Bis Montag.")
    await expect(member.page.locator("#bearbeitende")).to_have_text("")
    await coordinator.edit("Bis Donnerstag.")
    status = coordinator.page.get_by_role("main").get_by_role("status")
    await expect(status).to_contain_text("Person member, Gesamtschule Haspe bearbeitet diese Seite gerade")
    await member.press("Speichern")
    await member.is_told("Die Seite ist gespeichert.")
    await coordinator.press("Speichern")
    await coordinator.reads("Zwei Personen haben dieselben Zeilen geändert")
    await expect(coordinator.page.locator(".nr-diff del, .nr-diff__del.nr-diff__text")).to_contain_text("Bis Montag.")
    await expect(coordinator.page.get_by_label("Was gelten soll")).to_have_value("Bis Donnerstag.")
    await coordinator.page.get_by_label("Was gelten soll").fill("Bis Donnerstag, in Ausnahmen bis Montag.")
    await coordinator.press("Speichern")
    await coordinator.is_told("Die Seite ist gespeichert.")
    await coordinator.sees("in Ausnahmen bis Montag")


async def test_a_reader_is_told_of_a_newer_text_and_nothing_moves(
    coordinator: Writer, enter: Enter, network: Network
) -> None:
    address = await coordinator.publish(unique("Offen gelesen"), "Alter Stand")
    reader = await enter(network.people["guest"])
    await reader.go(address)
    await coordinator.edit("Neuer Stand")
    await coordinator.press("Speichern")
    news = reader.page.get_by_role("link", name="hat Fassung 2 gespeichert – anzeigen")
    await expect(news).to_be_visible()
    await reader.sees("Alter Stand")
    await news.click()
    await reader.sees("Neuer Stand")


async def test_who_edits_a_page_is_shown_at_once_and_goes_with_them(
    coordinator: Writer, enter: Enter, network: Network
) -> None:
    """On the page that is read and in the form of somebody else, sooner than a form says again that it is open."""
    address = await coordinator.publish(unique("Live zu zweit"), "Anfang")
    reader, member = await enter(network.people["guest"]), await enter(network.people["member"])
    for one in (reader, member):
        await one.go(address)
    await coordinator.page.get_by_role("link", name="Bearbeiten").click()
    await knows_its_items(coordinator, reader, member)
    await member.page.get_by_role("link", name="Bearbeiten").click()
    writes = re.compile("Person member, Gesamtschule Haspe bearbeite(t|n) diese Seite gerade")
    seen = [one.page.get_by_role("main").get_by_role("status") for one in (reader, coordinator)]
    for status in seen:
        await expect(status).to_contain_text(writes, timeout=SOON_MS)
    await member.page.get_by_role("banner").get_by_role("link", name="Start", exact=True).click()
    for status in seen:
        await expect(status).not_to_contain_text("Person member", timeout=SOON_MS)


async def test_a_writer_without_scripts_is_said_to_have_opened_the_form(
    coordinator: Writer, page_without_scripts: Page, network: Network
) -> None:
    address = await coordinator.publish(unique("Ohne Skripte zu zweit"), "Anfang")
    await knows_its_items(coordinator)
    plain = Writer(page_without_scripts, network)
    await plain.log_in(network.people["member"])
    await plain.go(f"{address}/bearbeiten")
    status = coordinator.page.get_by_role("main").get_by_role("status")
    await expect(status).to_contain_text("hat das Formular um", timeout=SOON_MS)
    await plain.press("Speichern")
    await expect(status).not_to_contain_text("hat das Formular um", timeout=SOON_MS)


async def knows_its_items(*writers: Writer) -> None:
    """Wait until each page has been told what of it is there."""
    for writer in writers:
        await expect(writer.page.locator("body[data-nr-heard]")).to_be_attached()


async def test_what_changed_is_shown_by_words_and_taken_back(coordinator: Writer) -> None:
    page = coordinator.page
    await coordinator.publish(unique("Fristen"), "Plätze bis zum 30. November eintragen.")
    await coordinator.edit("Plätze bis zum 18. Dezember eintragen.")
    await page.get_by_label("Was haben Sie geändert?").fill("Nach Beschluss")
    await coordinator.press("Speichern")
    await page.get_by_role("main").get_by_role("link", name="Verlauf").click()
    await coordinator.sees("Nach Beschluss")
    await coordinator.press("Vergleichen")
    await coordinator.reads("Fassung 1 und 2 vergleichen")
    await expect(page.locator(".nr-diff del").first).to_contain_text("30")
    await expect(page.locator(".nr-diff ins").first).to_contain_text("18")
    await page.get_by_role("link", name="Nebeneinander").click()
    await expect(page.locator(".nr-diff--zwei")).to_be_visible()
    await coordinator.press("Fassung 1 wiederherstellen")
    await coordinator.is_told("Der ältere Text ist wieder da, als neueste Fassung.")
    await coordinator.sees("30. November")


async def test_the_print_view_shows_the_text_alone(coordinator: Writer) -> None:
    page = coordinator.page
    await coordinator.publish(unique("Auf Papier"), "Zum Mitnehmen")
    await page.goto(f"{page.url}/drucken")
    await expect(page.get_by_role("button", name="Drucken")).to_be_visible()
    await page.emulate_media(media="print")
    await expect(page.get_by_text("Zum Mitnehmen")).to_be_visible()
    for around in (".nr-printbar", ".nr-footer"):
        await expect(page.locator(around)).to_be_hidden()


async def test_tree_and_contents_fold_away_on_a_phone(coordinator: Writer) -> None:
    page, title = coordinator.page, unique("Unterwegs")
    await coordinator.publish(title, "## Ziel\n\nKurz.\n\n| A | B |\n|---|---|\n| 1 | 2 |\n")
    await page.set_viewport_size({"width": 320, "height": 700})
    tree = page.get_by_role("navigation", name="Wiki-Seiten, schmal")
    await expect(tree).to_be_hidden()
    await page.locator("summary", has_text="Alle Wiki-Seiten").click()
    await expect(tree.get_by_role("link", name=title)).to_have_attribute("aria-current", "page")
    await page.locator("summary", has_text="Auf dieser Seite").click()
    await page.get_by_role("main").get_by_role("link", name="Ziel").click()
    await expect(page.locator(":target")).to_be_in_viewport()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 320


async def test_a_text_that_is_not_saved_is_not_left_by_mistake(coordinator: Writer) -> None:
    asked = []
    page = coordinator.page
    await coordinator.publish(unique("Nicht verlassen"), "Anfang")
    await coordinator.edit("Anfang und mehr")

    async def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        await dialog.dismiss()

    page.on("dialog", stay)
    await page.get_by_label("Text", exact=True).press_sequentially("!")
    await page.get_by_role("banner").get_by_role("link", name="Start", exact=True).click(no_wait_after=True)
    await expect(page.get_by_label("Text", exact=True)).to_have_value("Anfang und mehr!")
    assert asked == ["beforeunload"]
    await page.get_by_role("button", name="Abbrechen").click(no_wait_after=True)
    await expect(page.get_by_label("Text", exact=True)).to_have_value("Anfang und mehr!")
    assert asked == ["beforeunload"] * 2


async def test_without_scripts_a_page_is_written_compared_and_deleted(
    page_without_scripts: Page, network: Network
) -> None:
    writer = Writer(page_without_scripts, network)
    await writer.log_in(network.coordinator)
    await writer.publish(unique("Ohne Skripte"), "Eins")
    await writer.edit("Zwei")
    await writer.press("Vorschau")
    await writer.sees("Vorschau, noch nicht gespeichert")
    await writer.press("Speichern")
    await writer.is_told("Die Seite ist gespeichert.")
    await writer.page.get_by_role("main").get_by_role("link", name="Verlauf").click()
    await writer.press("Vergleichen")
    await writer.sees("Zwei")
    await writer.page.go_back()
    await writer.page.go_back()
    await writer.choose("Löschen")
    await writer.is_told("Die Seite ist gelöscht.")


@pytest.mark.parametrize("path", ["", "/neu", "/einfuhr", "?view=deleted"])
async def test_live_pages_of_the_wiki_are_accessible(coordinator: Writer, axe: str, path: str) -> None:
    errors = complaints(coordinator.page, unless=LIVE)
    await coordinator.go(f"{coordinator.wiki}{path}")
    await check_accessible(coordinator.page, axe)
    assert errors == []


@pytest.mark.parametrize("path", ["", "/bearbeiten", "/verschieben", "/verlauf", "/fassung/1", "/drucken", "/stufe"])
async def test_a_live_page_of_the_wiki_is_accessible(coordinator: Writer, axe: str, path: str) -> None:
    text = "## Ziel\n\n- [ ] offen\n\n| A | B |\n|---|---|\n| 1 | 2 |\n\nSiehe [[Nirgends]].[^1]\n\n[^1]: Fußnote\n"
    address = await coordinator.publish(unique("Zugänglich"), text)
    errors = complaints(coordinator.page, unless=LIVE)
    await coordinator.go(f"{address}{path}")
    await check_accessible(coordinator.page, axe)
    assert errors == []
