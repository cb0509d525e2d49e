"""What is refused says why, beside what was wanted, and what to do next."""

import re

from tests.end_to_end.people import Network
from tests.gateway.browser import Browser

GERMAN = {"accept_language": "de"}


async def test_who_changes_no_settings_is_told_so_before_anything_is_typed(network: Network, member: Browser) -> None:
    reply = await member.open(f"/raum/{network.space}/einstellungen", **GERMAN)
    assert reply.status_code == 403
    assert "keine Einstellungen" in member.text
    assert f'href="/raum/{network.space}"' in member.text


async def test_the_last_coordinator_is_told_why_leaving_is_refused(network: Network, coordinator: Browser) -> None:
    found = await network.coordinator.get(f"spaces/{network.space}/members?role=coordinator")
    page = f"/raum/{network.space}/mitglieder/{found['items'][0]['id']}/beenden"
    await coordinator.open(page, **GERMAN)
    assert f"Raum „{network.name}“ verlassen?" in coordinator.text
    coordinator.http.headers["accept-language"] = "de"
    reply = await coordinator.submit(page)
    assert reply.status_code == 403
    assert "Benennen Sie zuerst jemand anderen" in coordinator.text


async def test_a_search_that_is_too_long_says_what_is_wrong_and_opens_anew(coordinator: Browser) -> None:
    reply = await coordinator.open(f"/suche?q={'a' * 201}", **GERMAN)
    assert reply.status_code == 422
    assert "Höchstens 200 Zeichen." in coordinator.text
    assert 'href="/suche"' in coordinator.text


async def test_what_is_too_large_says_that_nothing_was_saved(coordinator: Browser) -> None:
    coordinator.http.headers["accept-language"] = "de"
    reply = await coordinator.send("/konto", [("name", "x" * 3_000_000)])
    assert reply.status_code == 413
    assert "Es wurde nichts gespeichert" in coordinator.text
    assert "Katrin Vossmann" in coordinator.text, "in the frame of who is logged in"


async def test_the_pages_of_operation_speak_of_no_space(coordinator: Browser) -> None:
    reply = await coordinator.open("/betrieb/zustand", **GERMAN)
    assert reply.status_code == 403
    assert "in diesem Raum" not in coordinator.text
    assert "Das dürfen Sie hier nicht." in coordinator.text


async def test_a_state_of_institutions_that_there_is_not_shows_those_that_wait(operator: Browser) -> None:
    reply = await operator.open("/betrieb?state=quatsch", **GERMAN)
    assert reply.status_code == 200
    assert re.search(r'href="/betrieb\?state=pending"[^>]*aria-current', operator.text)
