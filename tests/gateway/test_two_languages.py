"""Wiki, calendar and polls as they are served: pages and refusals are in German or in English, never in both."""

import re
from collections.abc import AsyncIterator
from html import unescape
from urllib.parse import parse_qsl, urlsplit

import pytest

from tests.end_to_end.installations import PASSWORD
from tests.end_to_end.people import Network, found_network
from tests.gateway.browser import Browser, Forms
from tests.gateway.conftest import InProcess
from tests.gateway.tongues import OTHER, foreign_words

TOOLS = ("wiki", "kalender", "umfragen")
LINK = re.compile(r'<a [^>]*href="([^"]+)"')
FILES = re.compile(r"\.(zip|ics|csv|ods|md)$|/(ausfuhr|export)\b")
MOST_PAGES = 150
"""Which a room with one item of each kind does not have."""
KINDS = ("single", "multiple", "rating", "ranking", "weighting", "motion", "text")


@pytest.fixture(scope="module")
async def room(netzraum: InProcess) -> AsyncIterator[Network]:
    """A network of its own, in which people have written no word that is German or English."""
    async with netzraum.client() as http:
        network = await found_network(netzraum, http)
        space, author = f"spaces/{network.space}", network.coordinator
        assert await author.status("PUT", f"{space}/wiki/pages/xo", {"title": "Xo", "text": "xo"}) == 201
        when = {"start": "2030-03-05T10:00:00Z", "end": "2030-03-05T12:00:00Z"}
        event = {"title": "Xo", **when, "rrule": "FREQ=WEEKLY;COUNT=3", "attendees": [{"space": network.space}]}
        await author.post(f"{space}/events", event)
        options = [{"title": "Xo"}, {"title": "Yo"}]
        questions = [
            {"kind": kind, "title": "Xo", **({} if kind in ("motion", "text") else {"options": options})}
            for kind in KINDS
        ]
        _, confidential, _ = [
            await author.post(f"{space}/polls", {"title": "Xo", "questions": questions, "secrecy": secrecy})
            for secrecy in ("open", "confidential", "secret")
        ]
        await author.post(f"{space}/polls/{confidential['id']}/close")
        yield network


@pytest.mark.parametrize("language", OTHER)
async def test_every_page_and_every_refusal_is_in_one_language(
    netzraum: InProcess, room: Network, language: str
) -> None:
    await room.coordinator.change("me", {"language": language})
    async with netzraum.client() as http:
        browser = Browser(http)
        await browser.log_in(room.coordinator.email, PASSWORD)
        found = await foreign_on_pages(browser, room, language, given=await written(room))
    assert found == {}


async def written(room: Network) -> str:
    """The room's name, and what a page of its wiki may start from: that is in the language of the network."""
    templates = await room.coordinator.get(f"spaces/{room.space}/wiki/templates")
    return "\n".join([room.name, *(template["title"] for template in templates["items"])])


async def foreign_on_pages(browser: Browser, room: Network, language: str, given: str) -> dict[str, list[str]]:
    """By path, what stands there in the other language: on all pages of the tools that links lead to, and on what their
    forms answer that are sent with nothing typed."""
    waiting, seen, found = [f"/raum/{room.space}/{tool}" for tool in TOOLS], set[str](), dict[str, list[str]]()
    refused = set[str]()

    def look(place: str) -> None:
        assert browser.page.status_code in (200, 422), place
        assert f'<html lang="{language}"' in browser.text, place
        if words := foreign_words(browser.text, language, given):
            found[place] = words

    while waiting:
        path = waiting.pop(0)
        if shape(path) in seen:
            continue
        seen.add(shape(path))
        assert len(seen) < MOST_PAGES, seen
        await browser.open(path)
        look(path)
        waiting += [link for link in map(unescape, LINK.findall(browser.text)) if is_page(link, room)]
        for action in filled_in_at(browser, urlsplit(path).path):
            await browser.open(path)
            await browser.submit(action, title="", follow=False)
            look(f"{action}, sent")
            if browser.page.status_code == 422:
                refused.add(action.rpartition("/")[2])
    assert len(seen) > 20, seen
    assert refused == {"neu", "bearbeiten", "abstimmen", "antworten"}
    return found


def filled_in_at(browser: Browser, path: str) -> list[str]:
    """Where the forms of the page go in which something is to be typed or chosen that must not be left out."""
    actions = [path] if path.endswith(("/neu", "/bearbeiten")) else [f"{path}/abstimmen", f"{path}/antworten"]
    posted = {form.action for form in Forms(browser.text).forms if form.method == "post"}
    return [action for action in actions if action in posted]


def shape(path: str) -> str:
    """Days and pages of a list look alike."""
    parts = urlsplit(path)
    kept = [f"{name}={value}" for name, value in sorted(parse_qsl(parts.query)) if name in ("ansicht", "umfang")]
    return "&".join([parts.path, *kept])


def is_page(link: str, room: Network) -> bool:
    path = urlsplit(link).path
    return path.startswith(tuple(f"/raum/{room.space}/{tool}" for tool in TOOLS)) and not FILES.search(path)
