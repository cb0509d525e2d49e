"""Forms of other sites do nothing, whoever is logged in; and a form of ours is good once more after the log-in."""

import pytest

from netzraum_gateway.sessions import csrf_of
from tests.end_to_end.people import Network
from tests.gateway.browser import Browser


async def titles(network: Network) -> set[str]:
    return await network.coordinator.titles(network.space)


def notice(title: str, csrf: str) -> list[tuple[str, str]]:
    return [("title", title), ("text", "x"), ("classification", "internal"), ("state", "published"), ("csrf", csrf)]


@pytest.mark.parametrize("csrf", ["", "x", "ü", csrf_of("another browser"), csrf_of("another browser") + ".abc"])
async def test_a_form_without_our_token_does_nothing(network: Network, coordinator: Browser, csrf: str) -> None:
    reply = await coordinator.send(f"/raum/{network.space}/brett/neu", notice("Gefälscht", csrf))
    assert reply.status_code == 403
    assert "Gefälscht" not in await titles(network)


@pytest.mark.parametrize(
    "headers",
    [
        {"sec-fetch-site": "cross-site"},
        {"sec-fetch-site": "same-site"},
        {"origin": "https://evil.example"},
        {"origin": "null"},
    ],
)
async def test_another_site_cannot_send_our_forms(
    network: Network, coordinator: Browser, headers: dict[str, str]
) -> None:
    csrf = csrf_of(coordinator.http.cookies["netzraum"])
    coordinator.http.headers.update(headers)
    reply = await coordinator.send(f"/raum/{network.space}/brett/neu", notice("Von fremder Hand", csrf))
    assert reply.status_code == 403
    assert "Von fremder Hand" not in await titles(network)


async def test_another_site_cannot_have_a_form_kept_for_after_the_log_in(network: Network, browser: Browser) -> None:
    browser.http.headers["sec-fetch-site"] = "cross-site"
    reply = await browser.send(f"/raum/{network.space}/brett/neu", notice("Untergeschoben", ""))
    assert reply.status_code == 403
    assert "Untergeschoben" not in browser.text


async def test_the_log_in_takes_no_form_of_another_site(browser: Browser) -> None:
    await browser.open("/anmelden")
    reply = await browser.send("/anmelden", [("email", "a@b.example"), ("password", "x"), ("csrf", "forged")])
    assert reply.status_code == 403


async def test_what_was_typed_before_logging_in_anew_is_kept_and_sent_once_more(
    network: Network, coordinator: Browser
) -> None:
    new = f"/raum/{network.space}/brett/neu"
    coordinator.http.headers.update({"sec-fetch-site": "same-origin", "referer": f"http://netzraum.test{new}?titel=x"})
    reply = await coordinator.send(new, notice("In einem anderen Fenster begonnen", "of the session before"))
    assert reply.status_code == 403
    assert "In einem anderen Fenster begonnen" not in await titles(network)
    assert f'href="{new}?titel=x"' in coordinator.text
    await coordinator.submit(new)
    assert "In einem anderen Fenster begonnen" in await titles(network)


async def test_nothing_of_a_secret_ballot_is_kept_for_another_session(network: Network, coordinator: Browser) -> None:
    coordinator.http.headers["sec-fetch-site"] = "same-origin"
    ballot = [("unkept", "1"), ("answers.1", "Geheim gewählt"), ("csrf", "of the session before")]
    reply = await coordinator.send(f"/raum/{network.space}/umfragen/neu", ballot)
    assert reply.status_code == 403
    assert "Geheim gewählt" not in coordinator.text


async def test_the_token_says_nothing_about_the_session(coordinator: Browser) -> None:
    await coordinator.open("/")
    assert coordinator.http.cookies["netzraum"] not in coordinator.text
