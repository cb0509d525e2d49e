"""Writing in the wiki by its forms."""

import httpx

from tests.gateway.browser import Browser


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
