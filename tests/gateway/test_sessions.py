"""Logging in and out with a browser, and the ways in by mail."""

import re

import pytest
from pydantic import ValidationError
from starlette.responses import Response

from netzraum_gateway.cookies import Cookies
from netzraum_gateway.settings import GatewaySettings
from tests.end_to_end.installations import PASSWORD
from tests.end_to_end.people import Network
from tests.gateway.browser import Browser
from tests.gateway.conftest import InProcess


async def test_who_logs_in_comes_to_the_start_page(network: Network, browser: Browser) -> None:
    reply = await browser.log_in(network.coordinator.email, PASSWORD)
    assert (reply.status_code, browser.path) == (200, "/")
    assert "Katrin Vossmann" in browser.text


async def test_a_wrong_password_is_said_beside_what_was_typed(network: Network, browser: Browser) -> None:
    reply = await browser.log_in(network.coordinator.email, "falsch")
    assert reply.status_code == 401
    assert "E-Mail-Adresse oder Passwort stimmen nicht." in browser.text
    assert network.coordinator.email in browser.text
    assert "falsch" not in browser.text


async def test_the_log_in_leads_back_to_the_page_that_was_asked_for(network: Network, browser: Browser) -> None:
    await browser.open(f"/raum/{network.space}/brett")
    assert browser.path.startswith("/anmelden")
    await browser.submit("/anmelden", email=network.coordinator.email, password=PASSWORD)
    assert browser.path == f"/raum/{network.space}/brett"


async def test_nobody_is_led_to_another_site(network: Network, browser: Browser) -> None:
    for elsewhere in ("//evil.example", "https://evil.example", "/\\evil.example"):
        await browser.open("/anmelden")
        browser.page = await browser.http.get("/anmelden", params={"return_to": elsewhere})
        reply = await browser.submit("/anmelden", follow=False, email=network.coordinator.email, password=PASSWORD)
        assert reply.headers["location"] == "/"
        browser.http.cookies.clear()


async def test_cookies_are_for_our_server_and_no_script(network: Network, browser: Browser) -> None:
    await browser.open("/anmelden")
    reply = await browser.submit("/anmelden", follow=False, email=network.coordinator.email, password=PASSWORD)
    (cookie,) = [value for value in reply.headers.get_list("set-cookie") if value.startswith("netzraum=")]
    assert {"HttpOnly", "Path=/", "SameSite=lax"} <= {part.strip() for part in cookie.split(";")}


async def test_over_https_cookies_carry_the_host_prefix() -> None:
    settings = GatewaySettings.model_validate({"secret": "s" * 32, "public_url": "https://netz.example"})
    response = Response()
    Cookies(settings).keep_session(response, "nzs_x")
    assert response.headers["set-cookie"].startswith("__Host-netzraum=nzs_x;")
    assert "Secure" in response.headers["set-cookie"]


def test_plain_http_is_for_loopback_alone() -> None:
    with pytest.raises(ValidationError, match="https"):
        GatewaySettings.model_validate({"secret": "s" * 32, "public_url": "http://netz.example"})
    with pytest.raises(ValidationError, match="32 characters"):
        GatewaySettings.model_validate({"secret": "short"})


async def test_logging_out_ends_the_session_everywhere(network: Network, browser: Browser) -> None:
    await browser.log_in(network.coordinator.email, PASSWORD)
    secret = browser.http.cookies["netzraum"]
    await browser.submit("/abmelden")
    assert browser.path == "/anmelden"
    assert "Sie sind abgemeldet." in browser.text
    browser.http.cookies.set("netzraum", secret, domain="127.0.0.1")
    await browser.open("/")
    assert browser.path.startswith("/anmelden")


async def test_theme_size_and_language_are_kept(network: Network, browser: Browser) -> None:
    await browser.open("/anmelden")
    assert 'lang="de"' in browser.text
    await browser.submit("/darstellung", language="en")
    assert 'lang="en"' in browser.text
    await browser.submit("/darstellung", theme="dark", large="1")
    assert 'lang="en" data-kern-theme="dark"' in browser.text
    assert "nr-kompakt" not in browser.text


async def test_the_language_of_the_account_counts(network: Network, browser: Browser) -> None:
    somebody = network.people["member"]
    await somebody.change("me", {"language": "en"})
    try:
        await browser.log_in(somebody.email, PASSWORD)
        assert 'lang="en"' in browser.text
    finally:
        await somebody.change("me", {"language": "de"})


async def test_the_api_token_is_shown_once(coordinator: Browser) -> None:
    await coordinator.open("/konto/zugriff")
    await coordinator.submit("/konto/zugriff", name="Auswertung", scopes=["read", "feed"])
    assert "nzt_" in coordinator.text
    await coordinator.open("/konto/zugriff")
    assert "Auswertung" in coordinator.text
    assert "nzt_" not in coordinator.text


async def test_a_lost_password_is_set_anew_by_mail(network: Network, browser: Browser) -> None:
    person = await network.take_in("member", "vergesslich")
    await browser.open("/passwort")
    await browser.submit("/passwort", email=person.email)
    known = re.sub(r'value="[^"]*"', "", browser.text)
    await browser.open("/passwort")
    await browser.submit("/passwort", email="niemand@netzraum.example")
    assert re.sub(r'value="[^"]*"', "", browser.text) == known
    token = await network.mailbox.token(person.email, "passwort")
    await browser.open(f"/passwort/{token}")
    await browser.submit(f"/passwort/{token}", password="kurz")
    assert browser.page.status_code == 422
    await browser.submit(f"/passwort/{token}", password="ein-ganz-neues-kennwort")
    await browser.log_in(person.email, "ein-ganz-neues-kennwort")
    assert browser.path == "/"
    await browser.open(f"/passwort/{token}")
    await browser.submit(f"/passwort/{token}", password="noch-ein-kennwort")
    assert browser.page.status_code == 404


async def test_an_institution_registers_by_the_page_and_the_operator_lets_it_in(
    network: Network, browser: Browser, operator: Browser, netzraum: InProcess
) -> None:
    email, name = "neu@kammer.example", "Kammer zu Hagen"
    async with netzraum.client() as http:
        visitor = Browser(http)
        await visitor.open("/registrieren")
        fields = {"registrant.name": "Kai Neu", "registrant.email": email, "registrant.password": "geheimes-wort"}
        await visitor.submit("/registrieren", name=name, town="Hagen", kind="chamber", **fields)
        token = await network.mailbox.token(email, "registrieren/bestaetigen")
        path = f"/registrieren/bestaetigen/{token}"
        await visitor.open(path)
        await visitor.submit(path)
        assert name in visitor.text
        await operator.open("/betrieb")
        (approve,) = re.findall(r'action="(/betrieb/institutionen/[^"]+/zulassen)"', operator.text)
        await operator.submit(approve)
        assert "zugelassen" in operator.text
        await visitor.log_in(email, "geheimes-wort")
        assert visitor.path == "/"
