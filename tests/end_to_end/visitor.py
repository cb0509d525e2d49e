"""Somebody at a browser, for the tests that go through pages as people do."""

from collections.abc import Awaitable, Callable

from playwright.async_api import Locator, Page, expect

from tests.end_to_end.installations import PASSWORD
from tests.end_to_end.people import Network, Somebody

LIVE = "/api/v1/live"
WAIT_MS = 15_000.0
OpenPage = Callable[..., Awaitable[Page]]
"""Opens a browser of its own with nobody logged in; takes what Playwright's ``new_context`` takes."""


class Visitor:
    """Somebody at a browser."""

    def __init__(self, page: Page, network: Network) -> None:
        self.page = page
        self.network = network
        self.room = f"/raum/{network.space}"
        self.board = f"{self.room}/brett"

    async def go(self, path: str) -> None:
        await self.page.goto(path)

    async def log_in(self, somebody: Somebody) -> None:
        await self.go("/anmelden")
        await self.page.get_by_label("E-Mail-Adresse").fill(somebody.email)
        await self.page.get_by_label("Passwort", exact=True).fill(PASSWORD)
        await self.press("Anmelden")
        await expect(self.page).to_have_url(f"{self.network.installation.address}/")

    async def press(self, name: str) -> None:
        await self.page.get_by_role("main").get_by_role("button", name=name, exact=True).click()

    async def choose(self, name: str) -> None:
        """Out of the menu of the item."""
        menu = self.page.get_by_role("main").locator("details.nr-drop")
        await menu.locator("summary").click()
        await menu.get_by_text(name, exact=True).click()

    async def write(self, title: str, classification: str = "internal") -> None:
        await self.go(f"{self.board}/neu")
        await self.page.get_by_label("Titel").fill(title)
        await self.page.get_by_label("Text", exact=True).fill("Das **Wichtige** zuerst.")
        await self.page.locator(f"input[name=classification][value={classification}]").check()
        await self.press("Veröffentlichen")
        await self.is_told("Der Aushang ist veröffentlicht.")
        await self.reads(title)

    async def reads(self, heading: str) -> None:
        await expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    async def is_told(self, words: str) -> None:
        await expect(self.page.locator(".nr-toast")).to_contain_text(words)

    async def sees(self, words: str) -> None:
        await expect(self.page.get_by_role("main")).to_contain_text(words)


async def reach(page: Page, target: Locator, most: int = 80) -> None:
    """Go there with the tab key alone."""
    for _ in range(most):
        if await target.evaluate("element => element === document.activeElement"):
            return
        await page.keyboard.press("Tab")
    raise AssertionError(f"the tab key does not reach {target}")
