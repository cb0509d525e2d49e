"""One suite, two ways to run: every test here runs against standalone and against the distributed set."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import Browser, Page

from tests.chromium import axe, browser
from tests.end_to_end.installations import DistributedInstallation, Installation, StandaloneInstallation
from tests.end_to_end.people import Network, found_network
from tests.end_to_end.visitor import WAIT_MS, OpenPage, Visitor

__all__ = ["axe", "browser", "http", "installation", "network"]


@pytest.fixture(scope="package", params=[StandaloneInstallation, DistributedInstallation])
async def installation(
    request: pytest.FixtureRequest, server_folders: Callable[[str], Path]
) -> AsyncIterator[Installation]:
    running = request.param(server_folders(request.param.__name__))
    await running.start()
    yield running
    await running.stop()


@pytest.fixture(scope="package")
async def http(installation: Installation) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=installation.address, timeout=30) as client:
        yield client


@pytest.fixture(scope="package")
async def network(installation: Installation, http: httpx.AsyncClient) -> Network:
    """A network with a moderator, a member and a guest."""
    made = await found_network(installation, http)
    for role in ("moderator", "member", "guest"):
        await made.take_in(role)
    return made


@pytest.fixture
async def open_page(browser: Browser, network: Network) -> AsyncIterator[OpenPage]:
    usual = {"locale": "de-DE", "timezone_id": "Europe/Berlin", "reduced_motion": "reduce"}
    contexts = []

    async def opened(**more: Any) -> Page:
        context = await browser.new_context(**{"base_url": network.installation.address, **usual, **more})
        context.set_default_timeout(WAIT_MS)
        contexts.append(context)
        return await context.new_page()

    yield opened
    for context in contexts:
        await context.close()


@pytest.fixture
async def page(open_page: OpenPage) -> Page:
    """A new browser, with nobody logged in."""
    return await open_page()


@pytest.fixture
async def page_without_scripts(open_page: OpenPage) -> Page:
    return await open_page(java_script_enabled=False)


@pytest.fixture
def visitor(page: Page, network: Network) -> Visitor:
    return Visitor(page, network)


@pytest.fixture
async def coordinator(visitor: Visitor, network: Network) -> Visitor:
    await visitor.log_in(network.coordinator)
    return visitor
