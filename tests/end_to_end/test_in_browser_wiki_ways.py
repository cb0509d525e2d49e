"""The wiki by keyboard alone and without scripts: a page from its first revision to the older text brought back."""

from playwright.async_api import FilePayload, Locator, Page, expect

from tests.chromium import complaints
from tests.content.test_wiki_files import zipped
from tests.end_to_end.people import Network
from tests.end_to_end.test_in_browser_wiki import Writer
from tests.end_to_end.test_main_way import unique
from tests.end_to_end.visitor import LIVE, OpenPage, reach

TWO_TEXTS = "Zwei Personen haben dieselben Zeilen geändert"
KEEP_WORDS = """
status => new MutationObserver(() => sessionStorage.setItem('said', status.textContent))
  .observe(status, { childList: true })
"""
"""What is said while the next page is on its way: by then nothing can be asked of this one."""


class Typist(Writer):
    """Somebody who has a keyboard and nothing else."""

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    async def follow(self, name: str) -> None:
        await reach(self.page, self.main.get_by_role("link", name=name, exact=True).first)
        await self.page.keyboard.press("Enter")

    async def press(self, name: str) -> None:
        await reach(self.page, self.main.get_by_role("button", name=name, exact=True))
        await self.page.keyboard.press("Enter")

    async def type_in(self, label: str, words: str) -> None:
        """In place of what stands there."""
        await reach(self.page, self.page.get_by_label(label, exact=True))
        await self.page.keyboard.press("ControlOrMeta+A")
        await self.page.keyboard.type(words)

    async def edit(self, text: str) -> None:
        await self.follow("Bearbeiten")
        await self.type_in("Text", text)


async def test_a_page_is_written_and_brought_back_by_keyboard_alone(
    page: Page, open_page: OpenPage, network: Network
) -> None:
    title, typist, other = unique("Getippt"), Typist(page, network), Writer(await open_page(), network)
    await typist.log_in(network.coordinator)
    await other.log_in(network.people["member"])
    errors = complaints(page, unless=LIVE)
    await typist.go(typist.wiki)
    await typist.follow("Neue Seite")
    await typist.type_in("Titel", title)
    await typist.type_in("Text", "Bis Freitag.")
    await typist.press("Veröffentlichen")
    await typist.reads(title)
    await typist.edit("Bis Donnerstag.")
    await save_meanwhile(other, page.url.removesuffix("/bearbeiten"), "Bis Montag.")
    await typist.press("Speichern")
    await typist.reads(TWO_TEXTS)
    await expect(page.get_by_role("heading", name="Von Ihrem Text ist nichts verloren")).to_be_in_viewport()
    await typist.type_in("Was gelten soll", "Bis Donnerstag, sonst bis Montag.")
    await typist.press("Speichern")
    await typist.sees("Bis Donnerstag, sonst bis Montag.")
    await typist.follow("Verlauf")
    await reach(page, page.get_by_label("Vergleichen ab Fassung 2"))
    await page.keyboard.press("ArrowDown")
    await typist.press("Vergleichen")
    await typist.reads("Fassung 1 und 3 vergleichen")
    await typist.press("Fassung 1 wiederherstellen")
    await typist.is_told("Der ältere Text ist wieder da, als neueste Fassung.")
    await typist.sees("Bis Freitag.")
    assert [each for each in errors if "409" not in each] == []


async def test_two_people_without_scripts_see_each_other_and_both_texts(
    page_without_scripts: Page, open_page: OpenPage, network: Network
) -> None:
    page, plain = page_without_scripts, await open_page(java_script_enabled=False)
    writer, other = Writer(page, network), Writer(plain, network)
    await writer.log_in(network.coordinator)
    await other.log_in(network.people["member"])
    address = await writer.publish(unique("Zu zweit ohne Skripte"), "Bis Freitag.")
    await writer.edit("Bis Donnerstag.")
    await other.go(address)
    await other.sees("hat das Formular um")
    await other.edit("Bis Montag.")
    await other.sees("hat das Formular um")
    await other.press("Speichern")
    await other.is_told("Die Seite ist gespeichert.")
    await writer.press("Speichern")
    await writer.reads(TWO_TEXTS)
    await expect(page.get_by_label("Was gelten soll")).to_have_value("Bis Donnerstag.")
    await page.get_by_label("Was gelten soll").fill("Bis Donnerstag, sonst bis Montag.")
    await writer.press("Vorschau")
    await writer.sees("Vorschau, noch nicht gespeichert")
    await writer.press("Speichern")
    await writer.is_told("Die Seite ist gespeichert.")
    await writer.sees("sonst bis Montag")
    await page.get_by_role("main").get_by_role("link", name="Verlauf").click()
    await page.get_by_role("link", name="Fassung 1", exact=True).click()
    await writer.press("Diese Fassung wiederherstellen")
    await writer.is_told("Der ältere Text ist wieder da, als neueste Fassung.")
    await writer.sees("Bis Freitag.")


async def save_meanwhile(other: Writer, address: str, text: str) -> None:
    await other.go(address)
    await other.edit(text)
    await other.press("Speichern")
    await other.is_told("Die Seite ist gespeichert.")


async def test_taking_in_many_pages_says_that_it_takes_long(page: Page, network: Network) -> None:
    writer, name = Writer(page, network), unique("Eingeführt")
    await writer.log_in(network.coordinator)
    await writer.go(f"{writer.wiki}/einfuhr")
    content = zipped({f"seite-{number}.md": f"---\ntitle: {name} {number}\n---\nText" for number in range(50)})
    file: FilePayload = {"name": "wiki.zip", "mimeType": "application/zip", "buffer": content}
    await page.get_by_label("Datei").set_input_files(file)
    await writer.press("Erst ansehen")
    await page.locator("form[data-nr-busy]").get_by_role("status").evaluate(KEEP_WORDS)
    await page.locator("form[data-nr-busy]").get_by_role("button", name="Übernehmen").click()
    await expect(page.get_by_role("heading", name="Die Datei ist übernommen")).to_be_visible(timeout=60_000)
    await writer.sees("Neu: 50")
    assert await page.evaluate("sessionStorage.getItem('said')") == "Die Seiten werden übernommen …"


MANY = 1500
"""Pages that take a while to be taken in."""


async def begin_import(writer: Writer) -> None:
    """Take in so many pages, and a file that is none; the page says that it runs."""
    name = unique("Viele")
    await writer.go(f"{writer.wiki}/einfuhr")
    files: dict[str, str | bytes] = {f"{name}-{number}.md": f"# {name} {number}\n\nText" for number in range(MANY)}
    content = zipped(files | {"x.exe": "x"})
    file: FilePayload = {"name": "wiki.zip", "mimeType": "application/zip", "buffer": content}
    await writer.page.get_by_label("Datei").set_input_files(file)
    await writer.press("Erst ansehen")
    await writer.page.locator("form[data-nr-busy]").get_by_role("button", name="Übernehmen").click()
    await expect(writer.page.get_by_role("progressbar")).to_be_visible()


async def ends(writer: Writer) -> None:
    await expect(writer.page.get_by_role("heading", name="Die Datei ist übernommen")).to_be_visible(timeout=180_000)
    await writer.sees("Neu: 1.500")
    await writer.sees("x.exe")


async def test_the_page_of_an_import_goes_on_by_itself_and_stops_asking(page: Page, network: Network) -> None:
    """As long as it runs it says how far it is; once it is done it says so, without being loaded anew."""
    writer = Writer(page, network)
    await writer.log_in(network.coordinator)
    await begin_import(writer)
    loaded = await page.evaluate("performance.timeOrigin")
    await ends(writer)
    await expect(page.locator("#stand")).to_have_text("Die Datei ist übernommen")
    assert await page.evaluate("performance.timeOrigin") == loaded


async def test_the_page_of_an_import_goes_on_by_itself_without_scripts(
    page_without_scripts: Page, network: Network
) -> None:
    """It is loaded anew every few seconds until the import is done."""
    writer = Writer(page_without_scripts, network)
    await writer.log_in(network.coordinator)
    await begin_import(writer)
    await ends(writer)
