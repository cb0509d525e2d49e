"""Logging in and out with a browser."""

from tests.end_to_end.installations import PASSWORD
from tests.end_to_end.people import Network
from tests.gateway.browser import Browser


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
