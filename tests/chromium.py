"""Chromium for the tests that look at pages as people do, and axe-core to judge them."""

from collections.abc import AsyncIterator
from typing import Any

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright

from netzraum_gateway import locale_build
from netzraum_standalone.servers.programs import CHROMIUM

AXE = locale_build.PACKAGE.parent / "assets/node_modules/axe-core/axe.min.js"
WIDTHS = (320, 1280)
BY_COLOUR = ("color-contrast", "link-in-text-block")
"""The rules of axe-core (WCAG A and AA) that look at colours. In the dark these are enough: nothing but colours differs
there, as tests/browser/test_schemes.py shows. All rules would cost half as much again."""
BROKEN_IMAGES = "[...document.images].filter(image => !image.naturalWidth).map(image => image.alt)"
FIND_VIOLATIONS = "async options => (await axe.run(options)).violations"
# Chromium looks for updates and for its maker's hosts at every start; nothing here may wait for the network.
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",  # letters as wide as in the browser that people use
)


@pytest.fixture(scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM.path(), args=list(QUIET))
        yield browser
        await browser.close()


@pytest.fixture(scope="session")
def axe() -> str:
    return AXE.read_text()


async def violations(page: Page, axe: str, *rules: str) -> list[str]:
    """What axe-core finds wrong, by all its rules or by some: rule, element."""
    if not await page.evaluate("'axe' in window"):  # half a megabyte; it stays until the page is left
        await page.evaluate(axe)
    options = {"resultTypes": ["violations"], **({"runOnly": list(rules)} if rules else {})}
    found: list[dict[str, Any]] = await page.evaluate(FIND_VIOLATIONS, options)
    return [f"{one['id']}: {node['html'][:160]}" for one in found for node in one["nodes"]]


async def check_accessible(page: Page, axe: str) -> None:
    """At every width: light by all rules, dark by those that look at colours.

    Raises:
        AssertionError: axe-core finds something, the page is wider than its window, or a picture does not show.
    """
    for width in WIDTHS:
        await page.set_viewport_size({"width": width, "height": 800})
        await page.emulate_media(color_scheme="light")
        assert await violations(page, axe) == [], f"{page.url} at {width} px"
        await page.emulate_media(color_scheme="dark")
        assert await violations(page, axe, *BY_COLOUR) == [], f"{page.url} at {width} px, dark"
        assert await page.evaluate("document.documentElement.scrollWidth") <= width, f"{page.url} at {width} px"
    assert await page.evaluate(BROKEN_IMAGES) == [], page.url


def complaints(page: Page, *, unless: str) -> list[str]:
    """Errors of the page's console are gathered from now on, but those about addresses that hold ``unless``."""
    gathered: list[str] = []

    def gather(message: ConsoleMessage) -> None:
        if message.type == "error" and unless not in message.location["url"]:
            gathered.append(f"{message.text} {message.location['url']}")

    page.on("console", gather)
    page.on("pageerror", lambda error: gathered.append(str(error)))
    return gathered
