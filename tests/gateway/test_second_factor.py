"""The second factor by the page: set up, asked for, lost and replaced by a recovery code, removed."""

import re

import pyotp

from tests.end_to_end.installations import PASSWORD
from tests.end_to_end.people import Network
from tests.gateway.browser import Browser

NEW, SECURITY = "/konto/zweiter-faktor", "/konto/sicherheit"
EMAIL = "zweiter-faktor@netzraum.example"


async def set_up(browser: Browser) -> list[str]:
    """The recovery codes."""
    await browser.open(SECURITY)
    await browser.submit(NEW, password=PASSWORD)
    secret = dict(browser.form(confirmation(browser)).fields)["secret"]
    assert f'href="otpauth://totp/Netzraum:{EMAIL}?secret={secret}' in browser.text.replace("%40", "@")
    reply = await browser.submit(confirmation(browser), code="000000x")
    assert reply.status_code == 422
    assert "Code: Der Code stimmt nicht oder ist schon verbraucht." in browser.text
    assert dict(browser.form(confirmation(browser)).fields)["secret"] == secret
    await browser.submit(confirmation(browser), code=pyotp.TOTP(secret).now())
    return re.findall(r'<li><code class="nr-code">([^<]+)</code></li>', browser.text)


def confirmation(browser: Browser) -> str:
    found = re.search(rf'action="({NEW}/[^/]+/bestaetigen)"', browser.text)
    assert found is not None, browser.text
    return found[1]


async def test_a_second_factor_is_set_up_asked_for_and_removed(network: Network, browser: Browser) -> None:
    browser.http.headers["accept-language"] = "de"
    person = {"email": EMAIL, "name": "Ayşe Yılmaz", "institution": "Gesamtschule Haspe", "role": "member"}
    await network.coordinator.post(f"spaces/{network.space}/members", person)
    invitation = f"/einladung/{await network.mailbox.token(EMAIL, 'einladung')}"
    await browser.open(invitation)
    await browser.submit(invitation, password=PASSWORD)
    codes = await set_up(browser)
    assert len(set(codes)) == 10

    browser.http.cookies.clear()
    await browser.log_in(EMAIL, PASSWORD)
    assert "Bestätigen Sie" in browser.text
    assert PASSWORD not in browser.text
    assert PASSWORD not in str(browser.http.cookies)
    await browser.submit("/anmelden/code", code="abcd")
    assert browser.page.status_code == 401
    assert "Der Code stimmt nicht oder ist schon verbraucht." in browser.text
    await browser.submit("/anmelden/code", code=codes[0].upper())
    assert (browser.path, browser.page.status_code) == ("/", 200)

    await browser.open(SECURITY)
    assert "9 Wiederherstellungscodes sind noch übrig." in browser.text
    assert "Personenbezogenes bleibt Ihnen verschlossen" in browser.text, "what follows is said before it is removed"
    removal = re.search(rf'action="({NEW}/[^/]+/entfernen)"', browser.text)
    assert removal is not None
    await browser.submit(removal[1])
    assert "Der zweite Faktor ist entfernt." in browser.text
    browser.http.cookies.clear()
    await browser.log_in(EMAIL, PASSWORD)
    assert browser.path == "/"
