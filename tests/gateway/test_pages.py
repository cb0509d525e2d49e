"""The pages, as people use them: a browser without JavaScript in front of the whole of Netzraum."""

import pytest

from tests.end_to_end.people import Network
from tests.gateway.browser import Browser

IN_A_SPACE = (
    "",
    "/aktivitaet",
    "/protokoll",
    "/einstellungen",
    "/gremien/neu",
    "/gruppen/neu",
    "/mitglieder",
    "/mitglieder/neu",
    "/rollen",
    "/rollen/neu",
    "/rollen/member",
    "/brett",
    "/brett?view=unread",
    "/brett?view=draft",
    "/brett?view=deleted",
    "/brett?q=Willkommen&sort=ends&classification=internal",
    "/brett/neu",
    "/kalender",
    "/umfragen",
)
OF_ONES_OWN = ("/", "/aktivitaet", "/suche", "/suche?q=Willkommen", "/konto", "/konto/sicherheit", "/konto/zugriff")
FOR_ALL = ("/anmelden", "/registrieren", "/passwort", "/impressum", "/datenschutz", "/hilfe", "/barrierefreiheit")
OF_THE_OPERATOR = ("/betrieb", "/betrieb?state=approved", "/betrieb/konten", "/betrieb/raeume", "/betrieb/zustand")


@pytest.mark.parametrize("path", IN_A_SPACE)
async def test_the_coordinator_sees_every_page_of_the_space(network: Network, coordinator: Browser, path: str) -> None:
    reply = await coordinator.open(f"/raum/{network.space}{path}")
    assert reply.status_code == 200, reply.text
    assert f"{network.space}" in coordinator.text


@pytest.mark.parametrize("path", OF_ONES_OWN)
async def test_who_is_logged_in_sees_their_own_pages(coordinator: Browser, path: str) -> None:
    assert (await coordinator.open(path)).status_code == 200
    assert coordinator.path == path


@pytest.mark.parametrize("path", FOR_ALL)
async def test_nobody_has_to_log_in_for_the_ways_in_and_the_footer(browser: Browser, path: str) -> None:
    assert (await browser.open(path)).status_code == 200
    assert (await browser.open(path, accept_language="en")).status_code == 200
    assert 'lang="en"' in browser.text


@pytest.mark.parametrize("path", OF_THE_OPERATOR)
async def test_the_operator_sees_the_pages_of_operation(operator: Browser, path: str) -> None:
    assert (await operator.open(path)).status_code == 200


@pytest.mark.parametrize("path", OF_THE_OPERATOR)
async def test_nobody_else_sees_the_pages_of_operation(coordinator: Browser, path: str) -> None:
    assert (await coordinator.open(path)).status_code == 403
