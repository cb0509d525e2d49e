"""The pages, as people use them: a browser without JavaScript in front of the whole of Netzraum."""

import re
from dataclasses import replace
from pathlib import Path

import pytest

from netzraum_gateway.footer.pages import text_of
from netzraum_gateway.operator.labels import PARTS_OF_THE_PLATFORM
from netzraum_gateway.templating import CONTENT_SECURITY_POLICY
from netzraum_platform.settings import SERVICES
from tests.end_to_end.people import Network
from tests.gateway.browser import Browser
from tests.gateway.conftest import InProcess

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
    "/wiki",
    "/wiki?view=unread",
    "/wiki?view=deleted",
    "/wiki?q=Willkommen&sort=title&classification=internal",
    "/wiki/neu?titel=Neu&eltern=&vorlage=protokoll",
    "/wiki/einfuhr",
    "/kalender",
    "/kalender?ansicht=woche&tag=2026-11-24",
    "/kalender?ansicht=liste&tag=kein-tag&land=NW&kategorie=Sitzung",
    "/kalender/alle",
    "/kalender/alle?view=deleted&q=Sitzung",
    "/kalender/neu",
    "/kalender/neu?tag=2026-12-01",
    "/kalender/einfuhr",
    "/kalender/abonnieren",
    "/umfragen",
    "/umfragen?view=past",
    "/umfragen/neu",
)
OF_ONES_OWN = (
    "/",
    "/aktivitaet",
    "/suche",
    "/suche?q=Willkommen",
    "/termine",
    "/termine?ansicht=woche",
    "/termine?ansicht=liste",
    "/termine/abonnieren",
    "/konto",
    "/konto/sicherheit",
    "/konto/zugriff",
)
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


async def test_the_parts_of_the_platform_are_named_in_the_readers_language(operator: Browser) -> None:
    await operator.open("/betrieb/zustand", accept_language="de")
    for name in PARTS_OF_THE_PLATFORM:
        assert f"<strong>{name}</strong>" not in operator.text
    assert "<strong>Räume, Mitgliedschaften und Rollen</strong>" in operator.text


@pytest.mark.parametrize("service", SERVICES)
def test_each_part_of_the_platform_has_a_name(service: str) -> None:
    assert service in PARTS_OF_THE_PLATFORM


@pytest.mark.parametrize("path", OF_THE_OPERATOR)
async def test_nobody_else_sees_the_pages_of_operation(coordinator: Browser, path: str) -> None:
    assert (await coordinator.open(path)).status_code == 403


async def test_the_operators_own_footer_pages_come_first(netzraum: InProcess, browser: Browser, tmp_path: Path) -> None:
    (tmp_path / "impressum.md").write_text("## Anbieter\n\nagentur mark <script>alert(1)</script>", encoding="utf-8")
    (tmp_path / "hilfe.en.md").write_text("Call us.", encoding="utf-8")
    house = netzraum.standalone.gateway.house
    assert await text_of(house, "impressum", "de") == ""
    own = replace(house, settings=house.settings.model_copy(update={"footer": tmp_path}))
    imprint = await text_of(own, "impressum", "en")
    assert "<h2>Anbieter</h2>" in imprint
    assert "<script" not in imprint
    assert "Call us." in await text_of(own, "hilfe", "en")
    assert "Papierkorb" in await text_of(own, "hilfe", "de")


async def test_a_report_of_a_barrier_reaches_the_operator(netzraum: InProcess, browser: Browser) -> None:
    await browser.open("/barrierefreiheit")
    reply = await browser.submit("/barrierefreiheit", page="/suche", barrier="", email="")
    assert (reply.status_code, "/suche" in browser.text) == (422, True)
    await browser.submit(
        "/barrierefreiheit", page="/suche", barrier="Der Fokus ist nicht zu sehen.", email="a@b.example"
    )
    letter = netzraum.reports()[-1]
    assert "Der Fokus ist nicht zu sehen." in letter
    assert "a@b.example" in letter


async def test_a_page_that_is_not_there_says_so_in_the_frame(coordinator: Browser) -> None:
    reply = await coordinator.open("/gibt-es-nicht")
    assert reply.status_code == 404
    assert "Katrin Vossmann" in coordinator.text


async def test_pages_allow_nothing_but_our_own_files(browser: Browser) -> None:
    headers = (await browser.open("/anmelden")).headers
    assert headers["content-security-policy"] == CONTENT_SECURITY_POLICY
    assert (headers["x-content-type-options"], headers["cache-control"]) == ("nosniff", "no-store")
    assert not re.search(r"(src|href)=\"https?://", browser.text)
    (style_sheet,) = re.findall(r'rel="stylesheet" href="([^"]+)"', browser.text)
    file = await browser.http.get(style_sheet)
    assert (file.status_code, file.headers["cache-control"]) == (200, "public, max-age=31536000, immutable")
