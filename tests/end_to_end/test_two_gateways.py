"""Behind two gateways nobody notices which one answers: what is done at one holds at the other.

Where Netzraum is one process there is but one gateway, and it is both.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from http.cookiejar import CookieJar
from typing import Any

import httpx
import pyotp
import pytest

from netzraum_standalone.demo.client import until
from tests.end_to_end.installations import PASSWORD, Installation
from tests.end_to_end.people import Network, Somebody
from tests.end_to_end.test_main_way import unique
from tests.end_to_end.visitor import LIVE
from tests.gateway.browser import Browser

Gateways = tuple[Browser, Browser]


@pytest.fixture(scope="module")
async def addresses(installation: Installation) -> AsyncIterator[tuple[str, str]]:
    async with installation.another_gateway() as other:
        yield installation.address, other


@pytest.fixture
async def gateways(addresses: tuple[str, str]) -> AsyncIterator[Gateways]:
    """One person's browser, as each of the gateways gets to see it."""
    jar = CookieJar()
    async with AsyncExitStack() as stack:
        one, other = [
            Browser(await stack.enter_async_context(httpx.AsyncClient(base_url=address, cookies=jar, timeout=30)))
            for address in addresses
        ]
        yield one, other


class Stream:
    """The live updates that a browser hears."""

    def __init__(self) -> None:
        self.messages: list[Any] = []
        self.begun = asyncio.Event()
        self.closed = False

    async def read(self, reply: httpx.Response) -> None:
        async for line in reply.aiter_lines():
            self.begun.set()
            if line.startswith("data: "):
                self.messages.append(json.loads(line.removeprefix("data: ")))
        self.closed = True

    async def has_heard(self, message: Any) -> bool:
        return message in self.messages

    async def has_ended(self) -> bool:
        return self.closed


@asynccontextmanager
async def listening(browser: Browser) -> AsyncIterator[Stream]:
    stream = Stream()
    async with browser.http.stream("GET", LIVE) as reply:
        assert reply.status_code == 200
        reading = asyncio.create_task(stream.read(reply))
        try:
            await stream.begun.wait()
            yield stream
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)


async def speaks(browser: Browser, language: str) -> bool:
    await browser.open("/")
    return f'<html lang="{language}"' in browser.text


async def test_who_logs_in_at_one_is_known_at_the_other(network: Network, gateways: Gateways) -> None:
    one, other = gateways
    await other.open("/")
    assert other.path.startswith("/anmelden")
    await one.log_in(network.coordinator.email, PASSWORD)
    await other.open("/")
    assert (other.path, "Katrin Vossmann" in other.text) == ("/", True)


async def test_the_tokens_of_one_open_the_other(network: Network, gateways: Gateways) -> None:
    one, other = gateways
    somebody = await Somebody.of(one.http, network.people["member"].email)
    somebody.http = other.http
    assert (await somebody.get("me"))["email"] == somebody.email
    await somebody.renew()
    somebody.http = one.http
    assert (await somebody.get("me"))["email"] == somebody.email


async def test_a_form_of_one_is_good_at_the_other(network: Network, gateways: Gateways) -> None:
    """From that of the log-in, which a guest has got, to one that writes."""
    one, other = gateways
    title, path = unique("Über beide"), f"/raum/{network.space}/brett/neu"
    await one.open("/anmelden")
    other.page = one.page
    await other.submit("/anmelden", email=network.coordinator.email, password=PASSWORD)
    assert other.path == "/"
    await other.open(path)
    one.page = other.page
    await one.submit(path, title=title, text="Text", classification="internal", state="published")
    assert one.page.status_code == 200
    assert title in await network.coordinator.titles(network.space)


async def test_a_log_in_begun_at_one_ends_with_its_code_at_the_other(network: Network, gateways: Gateways) -> None:
    one, other = gateways
    person = await network.take_in("member", "code-an-beiden")
    await one.log_in(person.email, PASSWORD)
    recovery = await set_up_second_factor(one)
    one.http.cookies.clear()
    await one.log_in(person.email, PASSWORD)
    other.page = one.page
    await other.submit("/anmelden/code", code=recovery)
    assert (other.path, other.page.status_code) == ("/", 200)


async def set_up_second_factor(browser: Browser) -> str:
    """For who is logged in; return a recovery code."""
    await browser.open("/konto/sicherheit")
    await browser.submit("/konto/zweiter-faktor", password=PASSWORD)
    secret = re.search(r'name="secret" value="([A-Z2-7]+)"', browser.text)
    action = re.search(r'action="(/konto/zweiter-faktor/[^"]+/bestaetigen)"', browser.text)
    assert secret is not None
    assert action is not None
    await browser.submit(action[1], code=pyotp.TOTP(secret[1]).now())
    recovery = re.search(r"<code[^>]*>([^<]+)</code>", browser.text)
    assert recovery is not None, browser.text
    return recovery[1]


async def test_a_second_factor_that_is_set_up_at_one_counts_at_the_other(network: Network, gateways: Gateways) -> None:
    one, other = gateways
    person = await network.take_in("member", "faktor-an-beiden")
    await other.log_in(person.email, PASSWORD)
    await set_up_second_factor(one)
    await other.open("/konto/sicherheit")
    removal = re.search(r'action="(/konto/zweiter-faktor/[^"]+/entfernen)"', other.text)
    assert removal is not None
    shown = other.page

    async def may_remove_it() -> bool:
        other.page = shown
        return (await other.submit(removal[1])).status_code == 200

    await until(may_remove_it, "the second factor to be known of")


async def test_a_guests_language_is_that_of_both(gateways: Gateways) -> None:
    one, other = gateways
    assert await speaks(other, "de")
    await one.open("/anmelden")
    await one.submit("/darstellung", language="en")
    assert await speaks(other, "en")


@pytest.mark.parametrize("action", ["/darstellung", "/konto"])
async def test_a_language_that_is_chosen_at_one_is_spoken_at_the_other(
    network: Network, gateways: Gateways, action: str
) -> None:
    one, other = gateways
    person = await network.take_in("member", f"sprache-{action[1:]}")
    await one.log_in(person.email, PASSWORD)
    assert await speaks(other, "de")
    await one.open("/konto")
    await one.submit(action, language="en")
    assert await speaks(one, "en")
    await until(lambda: speaks(other, "en"), "the other gateway to speak English")


async def test_what_is_written_through_one_is_heard_at_the_other(network: Network, gateways: Gateways) -> None:
    one, other = gateways
    await one.log_in(network.people["member"].email, PASSWORD)
    async with listening(other) as there, listening(one) as here:
        await network.post_notice(network.coordinator, unique("Live an beiden"))
        told = {"space": network.space, "tool": "notices"}
        await until(lambda: there.has_heard(told), "the other gateway to tell of the notice")
        await until(lambda: here.has_heard(told), "the gateway to tell of the notice")


async def test_who_logs_out_at_one_has_left_the_other(network: Network, gateways: Gateways) -> None:
    one, other = gateways
    await one.log_in(network.people["member"].email, PASSWORD)
    await other.open("/")
    assert other.path == "/"
    secret = one.http.cookies["netzraum"]
    async with listening(other) as stream:
        await one.open("/")
        await one.submit("/abmelden")
        await until(stream.has_ended, "the stream at the other gateway to end")
    other.http.cookies.set("netzraum", secret, domain="127.0.0.1")
    await other.open("/")
    assert other.path.startswith("/anmelden")
    assert (await other.http.get(LIVE)).status_code == 401


async def test_an_api_session_that_ends_at_one_has_ended_at_the_other(network: Network, gateways: Gateways) -> None:
    one, other = gateways
    somebody = await Somebody.of(one.http, network.people["member"].email)
    somebody.http = other.http
    assert await somebody.status("GET", "me") == 200
    somebody.http = one.http
    assert await somebody.status("DELETE", "session") == 204
    somebody.http = other.http

    async def is_refused() -> bool:
        return await somebody.status("GET", f"spaces/{network.space}/notices") == 401

    await until(is_refused, "the other gateway to refuse the session")
