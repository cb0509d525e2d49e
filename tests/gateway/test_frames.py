"""The frame of a page is not asked for each time, and yet never behind what the gateway has heard."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from netzraum_platform.calls import InProcessCalls, Reply
from tests.end_to_end.installations import PASSWORD
from tests.end_to_end.people import Network
from tests.gateway.browser import Browser
from tests.gateway.conftest import InProcess
from tests.harness import eventually


@contextmanager
def asked(patch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The paths that the gateway asks services for."""
    paths: list[str] = []
    request = InProcessCalls.request

    async def noting(self: InProcessCalls, service: str, method: str, path: str, **more: Any) -> Reply:
        paths.append(path.partition("?")[0].removeprefix("/api/v1/"))
        return await request(self, service, method, path, **more)

    with patch.context() as patched:
        patched.setattr(InProcessCalls, "request", noting)
        yield paths


def unread_of(browser: Browser, space: str) -> int:
    """The number beside the notice board in the navigation."""
    link = browser.text.partition(f'href="/raum/{space}/brett"')[2].partition("</li>")[0]
    found = re.search(r'nr-count">(\d+)', link)
    return int(found.group(1)) if found else 0


async def test_the_second_page_asks_only_for_what_it_shows(
    network: Network, coordinator: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many calls as there are lines; one more is a page that costs more."""
    notice = await network.post_notice(network.coordinator, "Was eine Seite kostet")
    space = f"spaces/{network.space}"
    pages = {
        "/brett": [f"{space}/notices"],
        "/kalender": [f"{space}/occurrences"],
        f"/brett/{notice['id']}": [f"{space}/notices/{notice['id']}"],
    }
    for page, expected in pages.items():
        await coordinator.open(f"/raum/{network.space}{page}")
        await coordinator.open(f"/raum/{network.space}{page}")
        with asked(monkeypatch) as paths:
            await coordinator.open(f"/raum/{network.space}{page}")
        assert sorted(paths) == expected


async def test_what_is_new_counts_at_once_and_what_was_opened_no_more(
    netzraum: InProcess, network: Network, browser: Browser
) -> None:
    reader = await network.take_in("member", "frame-reader")
    await browser.log_in(reader.email, PASSWORD)
    board = f"/raum/{network.space}/brett"
    await browser.open(board)
    before = unread_of(browser, network.space)
    notice = await network.post_notice(network.coordinator, "Neu im Rahmen")

    async def counted() -> bool:
        await browser.open(board)
        return unread_of(browser, network.space) == before + 1

    await eventually(counted)
    await browser.open(f"{board}/{notice['id']}")
    assert unread_of(browser, network.space) == before
    await browser.open(board)
    assert unread_of(browser, network.space) == before


async def test_who_was_removed_has_no_frame_of_the_space(network: Network, browser: Browser) -> None:
    leaver = await network.take_in("member", "frame-leaver")
    await browser.log_in(leaver.email, PASSWORD)
    await browser.open(f"/raum/{network.space}")
    assert browser.page.status_code == 200
    assert await network.coordinator.status(
        "DELETE", f"spaces/{network.space}/members/{network.memberships['frame-leaver']}"
    ) in (200, 204)

    async def gone() -> bool:
        await browser.open("/")
        return network.space not in browser.text

    await eventually(gone)
    assert (await browser.open(f"/raum/{network.space}")).status_code == 404
