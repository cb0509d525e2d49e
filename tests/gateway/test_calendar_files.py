"""Calendars come in as a file, and go out to whom subscribes, by the page."""

import re
import secrets
from datetime import UTC, date, datetime, timedelta

import httpx
import pytest

from netzraum_gateway.imports import LARGEST_FORM, MOST_SHOWN
from netzraum_platform.limits import LARGEST_IMPORT
from tests.end_to_end.people import Network
from tests.gateway.browser import Browser

DAY = datetime.now(UTC).date() + timedelta(days=3)


@pytest.fixture
def calendar(network: Network) -> str:
    return f"/raum/{network.space}/kalender"


def calendar_file(*events: str) -> str:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Probe//DE", *events, "END:VCALENDAR", ""])


def event(title: str, *more: str, uid: str = "", day: date = DAY) -> str:
    uid = uid or secrets.token_hex(8)
    start = f"DTSTART:{day:%Y%m%d}T090000Z"
    lines = ["BEGIN:VEVENT", f"UID:{uid}", f"DTSTAMP:{day:%Y%m%d}T000000Z", start, "DURATION:PT1H", f"SUMMARY:{title}"]
    return "\r\n".join([*lines, *more, "END:VEVENT"])


async def send(browser: Browser, calendar: str, content: bytes) -> httpx.Response:
    """Choose a file on the page and send it."""
    await browser.open(f"{calendar}/einfuhr")
    csrf = dict(browser.form(f"{calendar}/einfuhr").fields)["csrf"]
    files = {"file": ("kalender.ics", content, "text/calendar")}
    browser.page = await browser.http.post(f"{calendar}/einfuhr", data={"csrf": csrf}, files=files)
    return browser.page


async def take_over(browser: Browser, calendar: str) -> httpx.Response:
    """Press the button at the preview."""
    shown = browser.text.partition('name="confirmed"')[0].rpartition("<form")[2]
    content = re.search(r'name="content" value="([^"]*)"', shown)
    csrf = re.search(r'name="csrf" value="([^"]*)"', shown)
    assert content is not None
    assert csrf is not None
    data = {"csrf": csrf[1], "content": content[1], "confirmed": "1"}
    browser.page = await browser.http.post(f"{calendar}/einfuhr", data=data, follow_redirects=True)
    return browser.page


async def test_a_file_is_looked_at_first_and_then_taken_over(
    network: Network, coordinator: Browser, calendar: str
) -> None:
    uid, title = secrets.token_hex(8), f"Übernommen {secrets.token_hex(3)}"
    endless = event("Zu oft", "RRULE:FREQ=SECONDLY")
    content = calendar_file(event(title, "RRULE:FREQ=WEEKLY;COUNT=3", uid=uid), endless).encode()
    reply = await send(coordinator, calendar, content)
    assert reply.status_code == 200
    assert title in reply.text
    assert "1 Termin übernehmen" in reply.text
    assert "nicht übernehmbar" in reply.text
    assert (await network.coordinator.get(f"spaces/{network.space}/events?q={title}"))["items"] == []
    await take_over(coordinator, calendar)
    assert coordinator.path.startswith(f"{calendar}/einfuhr/")
    assert "Die Datei ist übernommen" in coordinator.text
    assert "Nicht alles konnte übernommen werden" in coordinator.text
    told = coordinator.path
    await coordinator.open(f"{calendar}/einfuhr")
    assert told in coordinator.text
    (made,) = (await network.coordinator.get(f"spaces/{network.space}/events?q={title}"))["items"]
    assert (made["uid"], made["rrule"]) == (uid, "FREQ=WEEKLY;COUNT=3")
    again = await send(
        coordinator, calendar, calendar_file(event(title, "RRULE:FREQ=WEEKLY;COUNT=3", uid=uid)).encode()
    )
    assert "schon vorhanden: 1" in again.text
    assert "Es gibt nichts zu übernehmen." in again.text


async def test_a_long_preview_is_cut_and_has_its_button_above_and_below(coordinator: Browser, calendar: str) -> None:
    sound = [event(f"Probe {number}") for number in range(MOST_SHOWN)]
    reply = await send(coordinator, calendar, calendar_file(*sound, event("Zu oft", "RRULE:FREQ=SECONDLY")).encode())
    above, _, rest = reply.text.partition("<tbody")
    rows, _, below = rest.partition("</tbody>")
    assert "500 von 501 werden gezeigt" in above
    assert rows.count("<tr") == MOST_SHOWN
    assert rows.index("Zu oft") < rows.index("Probe 0")
    assert "500 Termine übernehmen" in above
    assert "500 Termine übernehmen" in below
    assert '<form class="nr-form nr-gap" id="uebernahme"' in above
    assert 'type="submit" form="uebernahme"' in below
    assert reply.text.count('name="content"') == 1


@pytest.mark.parametrize("content", [b"", b"Sehr geehrte Damen und Herren", b"\xff\xfe\x00"])
async def test_what_is_no_calendar_file_is_refused_in_words(
    coordinator: Browser, calendar: str, content: bytes
) -> None:
    reply = await send(coordinator, calendar, content)
    assert reply.status_code in (400, 413, 415, 422)
    assert "Datei wählen" in reply.text
    assert 'role="alert"' in reply.text


async def test_a_file_that_is_too_large_is_said_beside_the_field(coordinator: Browser, calendar: str) -> None:
    for size, status in ((LARGEST_IMPORT + 1, 422), (LARGEST_FORM + 1, 413)):
        reply = await send(coordinator, calendar, b"0" * size)
        assert reply.status_code == status
        assert "zu groß" in reply.text
        assert ('id="f-file-error"' in reply.text) is (status == 422)


async def test_page_and_api_take_files_of_the_same_size(coordinator: Browser, calendar: str) -> None:
    """Sent, and sent again with the confirmation."""
    content = calendar_file(event("Zum Schluss"))
    padding = "X" * (LARGEST_IMPORT - len(content) - 2)
    reply = await send(coordinator, calendar, content.replace("END:VCALENDAR", f"{padding}\r\nEND:VCALENDAR").encode())
    assert (reply.status_code, "1 Termin übernehmen" in reply.text) == (200, True)
    await take_over(coordinator, calendar)
    assert "Die Datei ist übernommen" in coordinator.text


async def test_a_subscription_is_shown_once_reads_the_calendar_and_ends_when_revoked(
    network: Network, coordinator: Browser, calendar: str
) -> None:
    title, name = f"Im Abonnement {secrets.token_hex(3)}", f"Telefon {secrets.token_hex(3)}"
    secret = f"Vertraulich {secrets.token_hex(3)}"
    day = {"start": DAY.isoformat(), "end": DAY.isoformat(), "all_day": True}
    await network.coordinator.post(f"spaces/{network.space}/events", {"title": title, **day})
    hidden = {"title": secret, "classification": "confidential", **day}
    await network.coordinator.post(f"spaces/{network.space}/events", hidden)
    for page in (f"{calendar}/abonnieren", "/termine/abonnieren"):
        await coordinator.open(page)
        await coordinator.submit(page, name=name)
        address = re.search(r'<code class="nr-code">([^<]+)</code>', coordinator.text)
        assert address is not None
        feed = await coordinator.http.get(address[1])
        assert (feed.status_code, title in feed.text, secret in feed.text) == (200, True, False)
        await coordinator.open(page)
        assert address[1] not in coordinator.text
        assert name in coordinator.text
        await end(coordinator, page, name)
        assert (await coordinator.http.get(address[1])).status_code == 404


async def end(browser: Browser, page: str, name: str) -> None:
    """End a subscription where they are listed."""
    await browser.open(page)
    row = browser.text.partition(f"<strong>{name}</strong>")[2]
    action = re.search(r'action="(/konto/zugriff/[^"]+)"', row)
    assert action is not None
    await browser.submit(action[1])
    assert browser.path == "/konto/zugriff"
    assert name not in browser.text


async def test_a_subscription_needs_a_name(coordinator: Browser, calendar: str) -> None:
    await coordinator.open(f"{calendar}/abonnieren")
    reply = await coordinator.submit(f"{calendar}/abonnieren", name="")
    assert (reply.status_code, "f-name-error" in reply.text) == (422, True)


async def test_the_chosen_state_is_remembered_and_its_holidays_show(coordinator: Browser, calendar: str) -> None:
    await coordinator.open(f"{calendar}?tag=2027-01-06&land=BY")
    assert "Heilige Drei Könige" in coordinator.text
    await coordinator.open(f"{calendar}?tag=2027-01-06")
    assert "Heilige Drei Könige" in coordinator.text
    await coordinator.open("/termine?tag=2027-01-06&land=NW")
    assert "Heilige Drei Könige" not in coordinator.text
    assert "Neujahr" in coordinator.text
    await coordinator.open(f"{calendar}?tag=2027-01-06&land=-")
    assert "Neujahr" not in coordinator.text


async def test_it_says_up_to_when_school_holidays_are_on_file(coordinator: Browser, calendar: str) -> None:
    await coordinator.open(f"{calendar}?tag=2027-07-19&land=NW")
    assert ("Sommerferien" in coordinator.text, "noch nicht bekannt" in coordinator.text) == (True, False)
    await coordinator.open(f"{calendar}?tag=2035-07-19&land=NW")
    assert ("Sommerferien" in coordinator.text, "noch nicht bekannt" in coordinator.text) == (False, True)
