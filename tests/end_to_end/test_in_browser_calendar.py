"""The calendar as people use it: Chromium against a whole installation, on a phone, by keyboard, without scripts."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import pytest
from playwright.async_api import Page, expect

from netzraum_gateway.formats import HOME_ZONE
from tests.chromium import check_accessible, complaints
from tests.end_to_end.people import Network
from tests.end_to_end.test_main_way import unique
from tests.end_to_end.visitor import LIVE, Visitor, reach

TODAY = datetime.now(ZoneInfo(HOME_ZONE)).date()
DAY = TODAY + timedelta(days=(8 - TODAY.weekday()) % 7 + 7)
"""A Tuesday, in a week or two."""
PHONE = {"width": 375, "height": 800}


@pytest.fixture
def calendar(network: Network) -> str:
    return f"/raum/{network.space}/kalender"


async def post_event(network: Network, day: date = DAY, **more: Any) -> dict[str, Any]:
    """An event of two hours, at ten o'clock (UTC)."""
    start = datetime(day.year, day.month, day.day, 10, tzinfo=UTC)
    body = {
        "title": unique("Sitzung"),
        "start": start.isoformat(),
        "end": (start + timedelta(hours=2)).isoformat(),
        **more,
    }
    made: dict[str, Any] = await network.coordinator.post(f"spaces/{network.space}/events", body)
    return made


async def asked(network: Network, **more: Any) -> dict[str, Any]:
    """An event to which all members of the network are asked."""
    return await post_event(network, attendees=[{"space": network.space}], **more)


async def fill(visitor: Visitor, calendar: str, title: str) -> None:
    """Begin with a new event."""
    await visitor.go(f"{calendar}/neu?tag={DAY.isoformat()}")
    await visitor.page.get_by_label("Titel").fill(title)
    await visitor.page.get_by_label("Uhrzeit des Beginns").fill("14:00")
    await visitor.page.get_by_label("Uhrzeit des Endes").fill("16:00")


async def test_an_event_is_entered_and_stands_in_month_week_and_list(coordinator: Visitor, calendar: str) -> None:
    page, title = coordinator.page, unique("Eingetragen")
    await fill(coordinator, calendar, title)
    await page.get_by_label("Ort").fill("Rathaus Hagen")
    await coordinator.press("Veröffentlichen")
    await coordinator.is_told("Der Termin steht im Kalender.")
    await coordinator.reads(title)
    await coordinator.sees("14:00–16:00 Uhr")
    for view, shown in (("monat", page.get_by_role("table")), ("woche", page.get_by_role("table"))):
        await coordinator.go(f"{calendar}?ansicht={view}&tag={DAY.isoformat()}")
        await expect(shown.get_by_role("link", name=title)).to_be_visible()
    await coordinator.go(f"{calendar}?ansicht=liste&tag={DAY.isoformat()}")
    await expect(page.get_by_role("region", name="Termine als Liste").get_by_role("link", name=title)).to_be_visible()
    await page.get_by_role("navigation", name="Ansicht").get_by_role("link", name="Alle meine Räume").click()
    await coordinator.reads("Termine aus allen meinen Räumen")
    await expect(page.get_by_role("link", name=title)).to_be_visible()


async def test_the_month_is_turned_and_today_leads_back(coordinator: Visitor, calendar: str) -> None:
    page = coordinator.page
    await coordinator.go(f"{calendar}?tag=2027-01-15")
    month = page.get_by_role("heading", level=2, name="2027")
    await expect(month).to_have_text("Januar 2027")
    await expect(page.get_by_role("columnheader")).to_have_count(8)
    await page.get_by_role("link", name="Später").click()
    await expect(month).to_have_text("Februar 2027")
    await page.get_by_role("link", name="Früher").click()
    await expect(month).to_have_text("Januar 2027")
    await page.get_by_role("link", name="Heute", exact=True).click()
    await expect(page.locator("td.nr-heute time")).to_contain_text("heute")


async def test_a_phone_shows_the_list_instead_of_the_table(
    coordinator: Visitor, network: Network, calendar: str
) -> None:
    page, event = coordinator.page, await post_event(network)
    await page.set_viewport_size(PHONE)  # type: ignore[arg-type]  # a TypedDict of the library
    for view in ("monat", "woche"):
        await coordinator.go(f"{calendar}?ansicht={view}&tag={DAY.isoformat()}")
        await expect(page.locator("table.nr-cal")).to_be_hidden()
        await expect(page.locator(".nr-agenda").get_by_role("link", name=event["title"])).to_be_visible()
    assert await page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


async def test_the_form_shows_what_a_series_needs_without_scripts(
    page_without_scripts: Page, network: Network, calendar: str
) -> None:
    visitor, page = Visitor(page_without_scripts, network), page_without_scripts
    await visitor.log_in(network.coordinator)
    await fill(visitor, calendar, unique("Jourfixe"))
    weekdays = page.get_by_role("group", name="An diesen Wochentagen")
    await expect(weekdays).to_be_hidden()
    await page.get_by_label("Wöchentlich").check()
    await weekdays.get_by_label("Dienstag").check()
    await weekdays.get_by_label("Donnerstag").check()
    await page.get_by_label("nach einer Anzahl von Terminen").check()
    await page.get_by_label("Anzahl der Termine").fill("5")
    await visitor.press("Veröffentlichen")
    await visitor.is_told("Der Termin steht im Kalender.")
    await visitor.sees("jede Woche am Dienstag und Donnerstag, 5-mal")


async def test_what_lasts_all_day_asks_for_no_times(coordinator: Visitor, calendar: str) -> None:
    page = coordinator.page
    await coordinator.go(f"{calendar}/neu")
    await expect(page.get_by_label("Uhrzeit des Beginns")).to_be_visible()
    await page.get_by_label("Ganztägig").check()
    await expect(page.get_by_label("Uhrzeit des Beginns")).to_be_hidden()
    await page.get_by_label("Titel").fill(unique("Ferientag"))
    await coordinator.press("Veröffentlichen")
    await coordinator.sees("ganztägig")


async def test_one_date_of_a_series_is_moved_and_another_cancelled(
    coordinator: Visitor, network: Network, calendar: str
) -> None:
    page, event = coordinator.page, await post_event(network, rrule="FREQ=WEEKLY;COUNT=4")
    await coordinator.go(f"{calendar}/{event['id']}")
    await coordinator.choose("Bearbeiten")
    await coordinator.reads("Was wollen Sie ändern?")
    await coordinator.press("Weiter")
    await page.get_by_label("Uhrzeit des Beginns").fill("18:00")
    await page.get_by_label("Uhrzeit des Endes").fill("19:30")
    await coordinator.press("Speichern")
    await coordinator.is_told("Der Termin ist geändert.")
    await coordinator.sees("18:00–19:30 Uhr")
    dates = page.get_by_role("region", name="Termine der Reihe").get_by_role("link")
    await expect(dates).to_have_count(4)
    await dates.nth(1).click()
    await coordinator.choose("Termin absagen")
    await coordinator.press("Termin absagen")
    await coordinator.is_told("Der Termin ist abgesagt.")
    await expect(page.get_by_role("heading", name="Dieser Termin ist abgesagt")).to_be_visible()
    await coordinator.go(f"{calendar}?ansicht=liste&tag={DAY.isoformat()}")
    await expect(page.get_by_role("main").get_by_role("link", name=f"Abgesagt: {event['title']}")).to_have_count(1)
    await coordinator.sees("verschoben")


async def test_one_answers_by_keyboard_alone(page: Page, network: Network, calendar: str) -> None:
    event = await asked(network)
    visitor = Visitor(page, network)
    await visitor.log_in(network.people["member"])
    await visitor.go(f"{calendar}/{event['id']}")
    await reach(page, page.get_by_label("Ich komme", exact=True))
    await page.keyboard.press("ArrowDown")
    await expect(page.get_by_label("Vielleicht")).to_be_checked()
    await reach(page, page.get_by_label("Bemerkung"))
    await page.keyboard.type("Ich frage noch nach.")
    await reach(page, page.get_by_role("button", name="Antwort senden"))
    await page.keyboard.press("Enter")
    await visitor.is_told("Ihre Antwort ist gespeichert.")
    await expect(page.get_by_role("heading", name="Kommen Sie?")).to_contain_text("Ihre Antwort: vielleicht")
    await expect(page.get_by_role("table")).to_contain_text("Ich frage noch nach.")


async def test_one_answers_without_scripts_and_names_who_comes_instead(
    page_without_scripts: Page, network: Network, calendar: str
) -> None:
    event, page = await asked(network), page_without_scripts
    visitor = Visitor(page, network)
    await visitor.log_in(network.people["member"])
    await expect(page.locator(".nr-todo").get_by_role("link", name=event["title"])).to_be_visible()
    await visitor.go(f"{calendar}/{event['id']}")
    await visitor.press("Antwort senden")
    await expect(page.get_by_role("alert")).to_be_visible()
    await page.get_by_label("Ich komme nicht").check()
    await page.get_by_label("Wer kommt an Ihrer Stelle").select_option("Person moderator")
    await visitor.press("Antwort senden")
    await visitor.is_told("Ihre Antwort ist gespeichert.")
    await expect(page.get_by_role("table")).to_contain_text("In Vertretung: Person moderator")
    await visitor.go("/")
    await expect(page.locator(".nr-todo").get_by_role("link", name=event["title"])).to_have_count(0)


async def answers(visitor: Visitor, answer: str, comment: str, deputy: str = "niemand") -> None:
    """With this deputy, and this comment, which the page says beside the answer then."""
    page = visitor.page
    await page.get_by_label(answer, exact=True).check()
    await page.get_by_label("Bemerkung").fill(comment)
    await page.get_by_label("Wer kommt an Ihrer Stelle").select_option(deputy)
    await visitor.press("Antwort senden")
    await visitor.is_told("Ihre Antwort ist gespeichert.")


async def test_each_answer_is_given_and_changed_without_scripts(
    page_without_scripts: Page, network: Network, calendar: str
) -> None:
    event, page = await asked(network), page_without_scripts
    visitor = Visitor(page, network)
    await visitor.log_in(network.people["member"])
    await visitor.go(f"{calendar}/{event['id']}")
    row = page.get_by_role("row", name="Person member")
    for answer, said, comment in (
        ("Ich komme", "zugesagt", "Gern."),
        ("Vielleicht", "vielleicht", "Ich frage <b>noch</b> nach."),
        ("Ich komme nicht", "abgesagt", ""),
    ):
        await answers(visitor, answer, comment)
        await expect(page.get_by_role("heading", name="Kommen Sie?")).to_contain_text(f"Ihre Antwort: {said}")
        await expect(row).to_contain_text(said)
        await expect(row.get_by_role("cell").last).to_have_text(comment)
        await visitor.sees(f"{said}: 1")
        await expect(page.get_by_label(answer, exact=True)).to_be_checked()


async def test_one_date_of_a_series_is_answered_apart_from_the_others_without_scripts(
    page_without_scripts: Page, network: Network, calendar: str
) -> None:
    event, page = await asked(network, rrule="FREQ=WEEKLY;COUNT=3"), page_without_scripts
    visitor, answered = Visitor(page, network), page.get_by_role("heading", name="Kommen Sie?")
    whole = page.get_by_label("Diese Antwort gilt für die ganze Reihe")
    await visitor.log_in(network.people["member"])
    await visitor.go(f"{calendar}/{event['id']}")
    await whole.check()
    await answers(visitor, "Ich komme", "")
    dates = page.get_by_role("region", name="Termine der Reihe").get_by_role("link")
    await dates.nth(1).click()
    await expect(answered).to_contain_text("Ihre Antwort: zugesagt")
    await expect(whole).to_be_checked()
    await whole.uncheck()
    await answers(visitor, "Ich komme nicht", "An dem Tag nicht.", "Person moderator")
    await expect(answered).to_contain_text("Ihre Antwort: abgesagt")
    await expect(page.get_by_role("table")).to_contain_text("In Vertretung: Person moderator")
    await expect(whole).not_to_be_checked()
    await visitor.go(f"{calendar}/{event['id']}?{urlencode({'termin': event['start']})}")
    await expect(answered).to_contain_text("Ihre Antwort: zugesagt")
    await expect(page.get_by_role("table")).not_to_contain_text("An dem Tag nicht.")


async def test_one_date_of_a_series_is_declined_by_keyboard_alone_and_somebody_else_named(
    page: Page, network: Network, calendar: str
) -> None:
    event, visitor = await asked(network, rrule="FREQ=WEEKLY;COUNT=3"), Visitor(page, network)
    answered = page.get_by_role("heading", name="Kommen Sie?")
    await visitor.log_in(network.people["member"])
    await visitor.go(f"{calendar}/{event['id']}")
    dates = page.get_by_role("region", name="Termine der Reihe").get_by_role("link")
    await reach(page, dates.nth(1))
    await page.keyboard.press("Enter")
    await expect(dates.first).to_have_attribute("aria-current", "true")
    await reach(page, page.get_by_label("Ich komme", exact=True))
    await page.keyboard.press("ArrowUp")
    await expect(page.get_by_label("Ich komme nicht")).to_be_checked()
    await reach(page, page.get_by_label("Wer kommt an Ihrer Stelle"))
    await page.keyboard.type("Person mod")
    await reach(page, page.get_by_role("button", name="Antwort senden"))
    await page.keyboard.press("Enter")
    await visitor.is_told("Ihre Antwort ist gespeichert.")
    await expect(answered).to_contain_text("Ihre Antwort: abgesagt")
    await expect(page.get_by_role("table")).to_contain_text("In Vertretung: Person moderator")
    await visitor.go(f"{calendar}/{event['id']}")
    await expect(answered).not_to_contain_text("Ihre Antwort")


async def test_what_is_at_the_same_time_is_said(page: Page, network: Network, calendar: str) -> None:
    day = DAY + timedelta(days=1)
    first, second = await asked(network, day=day), await asked(network, day=day)
    visitor = Visitor(page, network)
    await visitor.log_in(network.people["member"])
    await visitor.go(f"{calendar}/{first['id']}")
    warning = page.locator(".kern-alert--warning")
    await expect(warning).to_contain_text("Sie haben zu dieser Zeit schon etwas anderes")
    await expect(warning.get_by_role("link", name=second["title"])).to_be_visible()
    await visitor.go(f"{calendar}?ansicht=liste&tag={day.isoformat()}")
    await visitor.sees("Überschneidung mit einem anderen Termin")


async def test_the_filter_shows_one_category_without_leaving_the_page(
    coordinator: Visitor, network: Network, calendar: str
) -> None:
    page, word = coordinator.page, unique("Frist")
    wanted, other = await post_event(network, categories=[word]), await post_event(network, categories=["Sonst"])
    await coordinator.go(f"{calendar}?ansicht=liste&tag={DAY.isoformat()}")
    await page.evaluate("window.stays = true")
    await page.get_by_label("Kategorie", exact=True).select_option(word)
    await expect(page.get_by_role("main").get_by_role("link", name=other["title"])).to_have_count(0)
    await expect(page.get_by_role("main").get_by_role("link", name=wanted["title"])).to_be_visible()
    assert await page.evaluate("window.stays")


@pytest.mark.parametrize(
    "path",
    [
        "{calendar}?{day}",
        "{calendar}?ansicht=woche&{day}",
        "{calendar}?ansicht=liste&{day}",
        "{calendar}/neu",
        "/termine",
    ],
)
async def test_live_pages_of_the_calendar_are_accessible(
    coordinator: Visitor, network: Network, axe: str, calendar: str, path: str
) -> None:
    await asked(network, categories=["Sitzung"], rrule="FREQ=WEEKLY;COUNT=3")
    errors = complaints(coordinator.page, unless=LIVE)
    await coordinator.go(path.format(calendar=calendar, day=urlencode({"tag": DAY.isoformat(), "land": "NW"})))
    await check_accessible(coordinator.page, axe)
    assert errors == []


async def test_a_live_event_is_accessible(coordinator: Visitor, network: Network, axe: str, calendar: str) -> None:
    event = await asked(network, categories=["Sitzung"], rrule="FREQ=WEEKLY;COUNT=3")
    await coordinator.go(f"{calendar}/{event['id']}")
    await check_accessible(coordinator.page, axe)
