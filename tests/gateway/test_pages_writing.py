"""Writing by the page: forms keep what was typed, a double click creates once, what was done can be undone."""

import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import httpx
import pytest

from netzraum_gateway.items.writing import Writing
from netzraum_gateway.page import Page
from netzraum_gateway.sessions import csrf_of
from tests.end_to_end.installations import PASSWORD
from tests.end_to_end.items_of_tools import KINDS
from tests.end_to_end.people import Network
from tests.gateway.browser import Browser
from tests.gateway.conftest import InProcess, client_of, second_gateway
from tests.harness import eventually


@pytest.fixture
def board(network: Network) -> str:
    return f"/raum/{network.space}/brett"


async def write(browser: Browser, board: str, title: str, **typed: str) -> str:
    """Publish a notice by its form; its path."""
    await browser.open(f"{board}/neu")
    await browser.submit(
        f"{board}/neu", **{"title": title, "text": "Text", "classification": "internal", "state": "published", **typed}
    )
    assert browser.path.startswith(board), browser.text
    return browser.path


async def test_a_notice_is_written_and_shown(coordinator: Browser, board: str) -> None:
    path = await write(coordinator, board, "Neue Termine", text="Die **Zeitfenster** stehen.")
    assert "<strong>Zeitfenster</strong>" in coordinator.text
    assert "Der Aushang ist veröffentlicht." in coordinator.text
    await coordinator.open(path)
    assert "Der Aushang ist veröffentlicht." not in coordinator.text
    await coordinator.open(board)
    assert "Neue Termine" in coordinator.text


async def test_a_double_click_creates_once(network: Network, coordinator: Browser, board: str) -> None:
    await coordinator.open(f"{board}/neu")
    fields = [*coordinator.form(f"{board}/neu").fields, ("text", "x"), ("classification", "internal")]
    fields = [(name, value) for name, value in fields if name != "title"] + [("title", "Nur einmal")]
    first = await coordinator.send(f"{board}/neu", fields, follow=False)
    second = await coordinator.send(f"{board}/neu", fields, follow=False)
    assert first.headers["location"] == second.headers["location"]
    notices = (await network.coordinator.get(f"spaces/{network.space}/notices?q=einmal"))["items"]
    assert len(notices) == 1


async def test_what_is_wrong_stands_beside_the_field_and_what_was_typed_is_kept(
    coordinator: Browser, board: str
) -> None:
    await coordinator.open(f"{board}/neu")
    reply = await coordinator.submit(
        f"{board}/neu", title="Namen von Jugendlichen", text="Ein langer Text", classification="personal"
    )
    assert reply.status_code in (403, 422)
    assert "Namen von Jugendlichen" in coordinator.text
    assert "Ein langer Text" in coordinator.text


async def test_a_deleted_notice_comes_back_by_the_undo_link(coordinator: Browser, board: str) -> None:
    path = await write(coordinator, board, "Versehen")
    await coordinator.submit(f"{path}/loeschen")
    assert coordinator.path == board
    assert "Versehen" not in re.sub(r"<div class=\"nr-live\".*", "", coordinator.text, flags=re.DOTALL)
    await coordinator.submit(f"{path}/wiederherstellen")
    assert coordinator.path == path
    assert "Versehen" in coordinator.text


async def test_who_was_slower_keeps_the_text_and_sees_the_newer_one(
    network: Network, coordinator: Browser, board: str
) -> None:
    path = await write(coordinator, board, "Erste Fassung")
    await coordinator.open(f"{path}/bearbeiten")
    api = f"spaces/{network.space}/notices/{path.rpartition('/')[2]}"
    await network.coordinator.change(api, {"title": "Von jemand anderem"})
    reply = await coordinator.submit(f"{path}/bearbeiten", title="Meine Fassung")
    assert reply.status_code == 412
    assert "Von jemand anderem" in coordinator.text
    assert "Meine Fassung" in coordinator.text
    await coordinator.submit(f"{path}/bearbeiten", title="Meine Fassung")
    assert "Meine Fassung" in coordinator.text
    assert (await network.coordinator.get(api))["title"] == "Meine Fassung"


async def test_a_form_without_a_session_is_sent_once_more_after_the_log_in(
    network: Network, coordinator: Browser, board: str
) -> None:
    await coordinator.open(f"{board}/neu")
    form = coordinator.form(f"{board}/neu")
    coordinator.http.cookies.clear()
    fields = [(n, v) for n, v in form.fields if n not in ("title", "text")]
    typed = [("title", "Nicht verloren"), ("text", "Zeile"), ("classification", "internal")]
    reply = await coordinator.send(f"{board}/neu", fields + typed)
    assert reply.status_code == 401
    await coordinator.submit("/anmelden", email=network.coordinator.email, password=PASSWORD)
    assert "Nicht verloren" in coordinator.text
    await coordinator.submit(f"{board}/neu")
    assert coordinator.path.startswith(f"{board}/")
    assert "Nicht verloren" in coordinator.text


async def test_reading_a_notice_takes_it_off_the_unread_ones(
    network: Network, netzraum: InProcess, coordinator: Browser, board: str
) -> None:
    path = await write(coordinator, board, "Ungelesen bis jetzt")
    async with netzraum.client() as http:
        reader = Browser(http)
        await reader.log_in(network.people["member"].email, PASSWORD)
        unread = await network.people["member"].get("unread")
        await reader.open(path)
        assert reader.page.status_code == 200
        after = await network.people["member"].get("unread")
    count = unread[network.space]["notices"]
    assert after.get(network.space, {}).get("notices", 0) == count - 1


async def test_a_member_is_told_why_not_and_whom_to_ask(network: Network, browser: Browser, board: str) -> None:
    await browser.log_in(network.people["member"].email, PASSWORD)
    reply = await browser.open(f"/raum/{network.space}/protokoll")
    assert reply.status_code == 403
    assert "Ihre Rolle in diesem Raum" in browser.text


async def test_what_is_hidden_looks_as_if_it_did_not_exist(
    network: Network, coordinator: Browser, netzraum: InProcess, board: str
) -> None:
    path = await write(coordinator, board, "Vertrauliches", classification="confidential")
    async with netzraum.client() as http:
        reader = Browser(http)
        await reader.log_in(network.people["member"].email, PASSWORD)
        hidden = await reader.open(path)
        missing = await reader.open(f"{board}/01a20d18-885e-732a-8cfd-bbefe254339e")
    assert hidden.status_code == missing.status_code == 404
    strip = re.compile(r'(value="[0-9a-f]{64}\.[^"]*"|[0-9a-f-]{36})')
    assert strip.sub("", hidden.text) == strip.sub("", missing.text)


async def test_an_invitation_by_the_page_leads_into_the_space(
    network: Network, coordinator: Browser, netzraum: InProcess
) -> None:
    members = f"/raum/{network.space}/mitglieder"
    await coordinator.open(f"{members}/neu")
    email = "neu-eingeladen@netzraum.example"
    await coordinator.submit(
        f"{members}/neu", email=email, name="Ayşe Yılmaz", institution="Gesamtschule Haspe", role="member"
    )
    assert (coordinator.path, coordinator.page.status_code) == (members, 200), coordinator.text
    assert "Ayşe Yılmaz" in coordinator.text
    token = await network.mailbox.token(email, "einladung")
    async with netzraum.client() as http:
        invited = Browser(http)
        await invited.open(f"/einladung/{token}")
        assert network.name in invited.text
        await invited.submit(f"/einladung/{token}", name="Ayşe Yılmaz", password="ein-neues-kennwort")
        assert invited.path == "/"
        assert "Sie sind angemeldet" in invited.text

        async def is_in() -> bool:
            await invited.open(f"/raum/{network.space}")
            return invited.page.status_code == 200

        await eventually(is_in)


async def test_all_that_an_invitation_lacks_is_said_at_once_beside_the_fields(
    network: Network, coordinator: Browser
) -> None:
    new = f"/raum/{network.space}/mitglieder/neu"
    await coordinator.open(new)
    reply = await coordinator.submit(new, name="Ayşe Yılmaz", function="Schulleitung", until="2020-01-01")
    assert reply.status_code == 422
    for field in ("email", "institution", "role"):
        assert f'id="f-{field}-error"' in coordinator.text
    assert 'id="f-name-error"' not in coordinator.text
    typed = dict(coordinator.form(new).fields)
    assert (typed["name"], typed["function"]) == ("Ayşe Yılmaz", "Schulleitung")


async def test_a_body_is_founded_with_its_settings_and_roles(network: Network, coordinator: Browser) -> None:
    root = f"/raum/{network.space}"
    await coordinator.open(f"{root}/gremien/neu")
    await coordinator.submit(f"{root}/gremien/neu", name="Steuerkreis", description="Lenkt", template="graded")
    assert coordinator.path.startswith("/raum/")
    assert coordinator.path != root
    assert "Steuerkreis" in coordinator.text
    body = coordinator.path
    await coordinator.open(f"{body}/einstellungen")
    await coordinator.submit(f"{body}/einstellungen", contact="Katrin Vossmann", tools=["notices", "members"])
    assert "Katrin Vossmann" in coordinator.text
    await coordinator.open(f"{body}/rollen/neu")
    await coordinator.submit(f"{body}/rollen/neu", title="Berufsberatung", base="member", clearance="confidential")
    assert coordinator.page.status_code == 200, coordinator.text
    assert "Berufsberatung" in coordinator.text


async def test_who_defines_no_roles_is_told_so_before_anything_is_typed(network: Network, member: Browser) -> None:
    for path in ("/rollen/neu", "/rollen/guest"):
        reply = await member.open(f"/raum/{network.space}{path}")
        assert reply.status_code == 403
        assert "keine Rollen und Rechte" in member.text


async def test_a_notice_is_not_lost_when_its_service_is_gone(
    netzraum: InProcess, network: Network, session_of_coordinator: httpx.Cookies, board: str
) -> None:
    typed = [("title", "Gerettet"), ("text", "Langer Text"), ("classification", "internal"), ("state", "published")]
    for missing in ("content", "identity"):
        async with client_of(second_gateway(netzraum, missing)) as http:
            http.cookies.update(session_of_coordinator)
            browser = Browser(http)
            csrf = csrf_of(session_of_coordinator["netzraum"])
            reply = await browser.send(f"{board}/neu", [*typed, ("csrf", csrf)])
            assert reply.status_code == 503
            assert "Gerettet" in browser.text
            assert "Langer Text" in browser.text
            assert (await browser.open(board)).status_code == 503


async def test_the_start_page_stands_when_a_service_is_gone(
    netzraum: InProcess, session_of_coordinator: httpx.Cookies
) -> None:
    async with client_of(second_gateway(netzraum, "polls", "calendar")) as http:
        http.cookies.update(session_of_coordinator)
        reply = await Browser(http).open("/")
    assert reply.status_code == 200
    assert "Katrin Vossmann" in reply.text


async def test_the_slot_of_the_board_says_how_many_notices_are_new(
    network: Network, netzraum: InProcess, board: str
) -> None:
    async with netzraum.client() as http:
        reader = Browser(http)
        await reader.log_in(network.people["member"].email, PASSWORD)
        since = quote(datetime.now(UTC).isoformat())
        before = await reader.open(f"{board}/neues?since={since}", hx_request="true")
        await network.post_notice(network.coordinator, "Eins von zweien")
        await network.post_notice(network.coordinator, "Zwei von zweien")
        after = await reader.open(f"{board}/neues?since={since}", hx_request="true")
    assert before.text.strip() == "" or "neu" not in before.text
    assert "2 neue" in after.text


async def test_who_takes_nobody_in_reads_so_instead_of_an_empty_form(network: Network, netzraum: InProcess) -> None:
    await network.take_in("guest", "guest-reader")
    for key in ("member", "guest-reader"):
        async with netzraum.client() as http:
            reader = Browser(http)
            await reader.log_in(network.people[key].email, PASSWORD)
            reply = await reader.open(f"/raum/{network.space}/mitglieder/neu")
        assert reply.status_code == 403
        assert "niemanden aufnehmen" in reply.text
        assert "<textarea" not in reply.text


async def test_who_may_write_nothing_reads_so_instead_of_an_empty_form(
    network: Network, netzraum: InProcess, board: str
) -> None:
    async with netzraum.client() as http:
        reader = Browser(http)
        await reader.log_in(network.people["member"].email, PASSWORD)
        reply = await reader.open(f"{board}/neu")
    assert reply.status_code == 403
    assert "keine Aushänge schreiben" in reply.text
    assert "<textarea" not in reply.text


@pytest.mark.parametrize("tool", KINDS)
@pytest.mark.parametrize("between", [False, True], ids=["before", "amid"])
async def test_what_was_written_outlives_the_item_that_was_closed_meanwhile(
    netzraum: InProcess, network: Network, monkeypatch: pytest.MonkeyPatch, tool: str, between: bool
) -> None:
    """``amid``: between the look at the item and the saving of it."""
    moderator = network.people.get("moderator") or await network.take_in("moderator")
    kind = KINDS[tool]
    item = await kind.made(network, "Bald fort")
    home, edit = kind.home(network), f"{kind.home(network, item)}/bearbeiten"

    async def close() -> None:
        await network.coordinator.change(kind.api(network, item), {"roles": ["coordinator"]})

    async with netzraum.client() as http:
        browser = Browser(http)
        await browser.log_in(moderator.email, PASSWORD)
        await browser.open(edit)
        if between:
            look = Writing.still_there

            async def and_then_it_closes(writing: Writing, page: Page) -> Any:
                found = await look(writing, page)
                await close()
                return found

            monkeypatch.setattr(Writing, "still_there", and_then_it_closes)
        else:
            await close()
        reply = await browser.submit(edit, text="Mühsam geschrieben", state="published")
        assert reply.status_code == 409
        assert "Diesen Eintrag gibt es nicht mehr" in browser.text
        assert dict(browser.form(f"{home}/neu").fields)["text"].strip() == "Mühsam geschrieben"
        await browser.submit(f"{home}/neu", title="Neuer Ort", state="published", **kind.typed)
        assert browser.page.status_code == 200, browser.text
        assert "Mühsam geschrieben" in browser.text
        assert browser.path.split("?")[0] != f"{home}/neu"
