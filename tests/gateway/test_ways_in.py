"""The ways in by mail: what their links say when they no longer work, or open something for somebody else."""

import pytest

from tests.end_to_end.installations import PASSWORD
from tests.end_to_end.people import Network
from tests.gateway.browser import Browser
from tests.gateway.conftest import InProcess

NEW = {"name": "Ayşe Yılmaz", "institution": "Gesamtschule Haspe", "role": "member"}


async def invitation_for(network: Network, email: str) -> str:
    """The page that the mail leads to."""
    await network.coordinator.post(f"spaces/{network.space}/members", {"email": email, **NEW})
    return f"/einladung/{await network.mailbox.token(email, 'einladung')}"


@pytest.mark.parametrize(
    ("path", "opens", "says", "to"),
    [
        (
            "/registrieren/bestaetigen/unbekannt",
            True,
            "registrieren Sie Ihre Institution bitte noch einmal",
            "/registrieren",
        ),
        ("/einladung/unbekannt", False, "die Sie eingeladen hat", "/anmelden"),
        ("/passwort/unbekannt", True, "Geändert wurde jetzt nichts", "/passwort"),
        ("/konto/email/unbekannt", True, "welche Adresse gilt", "/konto/sicherheit"),
    ],
)
async def test_a_link_that_no_longer_works_says_what_to_do(
    browser: Browser, path: str, opens: bool, says: str, to: str
) -> None:
    """``opens``: a click comes first, for mail scanners open links."""
    reply = await browser.open(path, accept_language="de")
    if opens:
        reply = await browser.submit(path, password=PASSWORD) if "passwort" in path else await browser.submit(path)
    assert reply.status_code == 404
    assert says in browser.text
    assert f'href="{to}"' in browser.text


async def test_what_a_registration_lacks_is_said_by_the_names_of_its_fields(browser: Browser) -> None:
    await browser.open("/registrieren", accept_language="de")
    browser.http.headers["accept-language"] = "de"
    reply = await browser.submit("/registrieren")
    assert reply.status_code == 422
    for name in ("Name", "Ort", "Art der Institution", "Ihr Name", "Ihre dienstliche E-Mail-Adresse", "Passwort"):
        assert f">{name}: Diese Angabe fehlt.<" in browser.text
    assert "vocational_school&#39;" not in browser.text


async def test_an_accepted_invitation_leads_to_the_log_in(
    network: Network, netzraum: InProcess, browser: Browser
) -> None:
    link = await invitation_for(network, "zweimal@netzraum.example")
    async with netzraum.client() as http:
        invited = Browser(http)
        await invited.open(link, accept_language="de")
        assert "Sie sind angemeldet als" not in invited.text
        await invited.submit(link, password=PASSWORD)
        assert invited.path == "/"
    reply = await browser.open(link, accept_language="de")
    assert reply.status_code == 409
    assert "Diese Einladung ist schon angenommen" in browser.text
    assert 'href="/anmelden"' in browser.text
    assert "nichts gespeichert" not in browser.text


async def test_who_is_logged_in_is_told_that_an_invitation_is_for_somebody_else(
    network: Network, coordinator: Browser
) -> None:
    link = await invitation_for(network, "jemand-anders@netzraum.example")
    await coordinator.open(link, accept_language="de")
    assert "Sie sind angemeldet als" in coordinator.text
