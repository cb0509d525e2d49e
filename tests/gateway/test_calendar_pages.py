"""The calendar by the page: events are entered, changed, cancelled and answered, without JavaScript."""

import re
import secrets
from datetime import UTC, date, datetime, timedelta
from typing import Any
from urllib.parse import quote, urlencode
from zoneinfo import ZoneInfo

import pytest

from netzraum_gateway.formats import HOME_ZONE
from tests.end_to_end.installations import PASSWORD
from tests.end_to_end.people import Network
from tests.gateway.browser import Browser
from tests.gateway.conftest import InProcess

TODAY = datetime.now(ZoneInfo(HOME_ZONE)).date()
"""Where the people are, which is what the page goes by."""
TOMORROW = TODAY + timedelta(days=1)
TUESDAY = TOMORROW + timedelta(days=(8 - TOMORROW.weekday()) % 7)
"""The next one that is not today."""


@pytest.fixture
def calendar(network: Network) -> str:
    return f"/raum/{network.space}/kalender"


async def enter(browser: Browser, calendar: str, title: str, day: date = TOMORROW, **typed: Any) -> str:
    """Enter an event by its form; its path."""
    await browser.open(f"{calendar}/neu?tag={day.isoformat()}")
    given = {"title": title, "start_time": "14:00", "end_time": "16:00", "state": "published", **typed}
    await browser.submit(f"{calendar}/neu", **given)
    assert browser.path.startswith(calendar), browser.text
    assert "Der Termin steht im Kalender." in browser.text, flat(browser)
    return browser.path


def page_of(path: str) -> str:
    """The address of an event, without the date that is looked at."""
    return path.partition("?")[0]


def flat(browser: Browser) -> str:
    """The text of the page, as one reads it."""
    return " ".join(re.sub(r"<[^>]+>", " ", browser.text).split())


async def events_named(network: Network, title: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await network.coordinator.get(f"spaces/{network.space}/events?q={title}"))["items"]
    return found


async def test_an_event_is_entered_and_stands_in_month_week_and_list(coordinator: Browser, calendar: str) -> None:
    await enter(coordinator, calendar, "Eingetragen", place="Rathaus Hagen", text="Mit **Tagesordnung**.")
    assert "14:00–16:00 Uhr" in coordinator.text
    assert "<strong>Tagesordnung</strong>" in coordinator.text
    for view in ("monat", "woche", "liste"):
        await coordinator.open(f"{calendar}?ansicht={view}&tag={TOMORROW.isoformat()}")
        assert "Eingetragen" in coordinator.text
    await coordinator.open(f"/termine?tag={TOMORROW.isoformat()}")
    assert "Eingetragen" in coordinator.text


async def test_what_is_wrong_is_said_and_what_was_typed_is_kept(coordinator: Browser, calendar: str) -> None:
    await coordinator.open(f"{calendar}/neu?tag={TOMORROW.isoformat()}")
    typed = {"title": "Rückwärts", "start_time": "16:00", "end_time": "14:00", "place": "Saal 3", "state": "published"}
    reply = await coordinator.submit(f"{calendar}/neu", **typed)
    assert reply.status_code == 422
    assert 'value="Saal 3"' in coordinator.text
    assert 'value="16:00"' in coordinator.text
    assert 'id="f-end-error"' in coordinator.text
    reply = await coordinator.submit(f"{calendar}/neu", **{**typed, "start_time": "", "end_time": "17:00"})
    assert reply.status_code == 422
    assert "Bitte Tag und Uhrzeit angeben." in coordinator.text
    assert 'id="f-start-error"' in coordinator.text


async def test_after_an_error_only_the_group_with_the_error_is_open(coordinator: Browser, calendar: str) -> None:
    await coordinator.open(f"{calendar}/neu?tag={TOMORROW.isoformat()}")
    invited = [f"space:{calendar.split('/')[2]}"]
    typed = {"title": "Rückwärts", "start_time": "16:00", "end_time": "14:00", "attendees": invited}
    await coordinator.submit(f"{calendar}/neu", state="published", **typed)
    assert re.findall(r'<details class="nr-fold"[^>]* open', coordinator.text) == []
    assert "1 ausgewählt" in coordinator.text
    nobody = ["account:01930000-0000-7000-8000-000000000000"]
    typed |= {"end_time": "17:00", "attendees": nobody}
    reply = await coordinator.submit(f"{calendar}/neu", state="published", **typed)
    assert reply.status_code == 422, flat(coordinator)
    (opened,) = re.findall(r'<details class="nr-fold"[^>]* open>(.*?)</summary>', coordinator.text)
    assert "Wer wird um Antwort gebeten" in opened


async def test_those_who_can_be_asked_are_filtered_without_a_script(
    network: Network, coordinator: Browser, calendar: str
) -> None:
    """Nothing is saved by that, what was typed stays, and so does who is ticked."""
    await coordinator.open(f"{calendar}/neu?tag={TOMORROW.isoformat()}")
    for words, found in (("haspe person", True), ("zollverein", False)):
        await coordinator.submit(f"{calendar}/neu", title="Noch nicht fertig", find=words, filter="1")
        assert coordinator.page.status_code == 200
        assert 'value="Noch nicht fertig"' in coordinator.text
        assert ("Person member" in coordinator.text, "Niemand passt." in coordinator.text) == (found, not found)
    members = (await network.coordinator.get(f"spaces/{network.space}/members"))["items"]
    (person,) = [each["account"]["id"] for each in members if each["account"]["name"] == "Person member"]
    await coordinator.submit(f"{calendar}/neu", find="zollverein", filter="1", attendees=[f"account:{person}"])
    assert "Person member" in coordinator.text
    assert await events_named(network, "Noch nicht fertig") == []


async def test_what_lasts_all_day_has_no_times(coordinator: Browser, calendar: str) -> None:
    until = TOMORROW + timedelta(days=2)
    path = await enter(
        coordinator, calendar, "Projekttage", start_time="", end_time="", end=until.isoformat(), all_day="1"
    )
    assert "ganztägig" in flat(coordinator)
    await coordinator.open(f"{path}/bearbeiten")
    fields = dict(coordinator.form(f"{path}/bearbeiten").fields)
    assert (fields["start"], fields["end"]) == (TOMORROW.isoformat(), until.isoformat())
    await coordinator.open(f"{calendar}?ansicht=liste&tag={TOMORROW.isoformat()}")
    assert coordinator.text.count(">Projekttage<") == 3


async def test_a_series_is_said_in_words_and_comes_back_into_its_form(
    network: Network, coordinator: Browser, calendar: str
) -> None:
    path = await enter(
        coordinator,
        calendar,
        "Jourfixe",
        TUESDAY,
        repeat="weekly",
        interval="2",
        weekdays=["TU", "TH"],
        ends="count",
        repeat_count="6",
    )
    assert "alle 2 Wochen am Dienstag und Donnerstag, 6-mal" in flat(coordinator)
    (event,) = await events_named(network, "Jourfixe")
    assert event["rrule"] == "FREQ=WEEKLY;INTERVAL=2;BYDAY=TU,TH;COUNT=6"
    await coordinator.open(f"{page_of(path)}/bearbeiten?umfang=all")
    fields = coordinator.form(f"{page_of(path)}/bearbeiten").fields
    assert {("repeat", "weekly"), ("weekdays", "TU"), ("weekdays", "TH"), ("repeat_count", "6")} <= set(fields)


async def test_a_series_on_a_weekday_of_the_month_ends_on_its_day(
    network: Network, coordinator: Browser, calendar: str
) -> None:
    last = TUESDAY + timedelta(days=300)
    ordinal = ("ersten", "zweiten", "dritten", "vierten", "fünften")[(TUESDAY.day - 1) // 7]
    await enter(
        coordinator,
        calendar,
        "Beiratssitzung",
        TUESDAY,
        repeat="monthly_weekday",
        ends="until",
        repeat_until=last.isoformat(),
    )
    assert f"jeden Monat am {ordinal} Dienstag, bis {last:%d.%m.%Y}" in flat(coordinator)
    (event,) = await events_named(network, "Beiratssitzung")
    assert event["rrule"].startswith(f"FREQ=MONTHLY;BYDAY={(TUESDAY.day - 1) // 7 + 1}TU;UNTIL=")


async def test_a_rule_that_the_form_cannot_show_stays_as_it_is(
    network: Network, coordinator: Browser, calendar: str
) -> None:
    start = datetime(TUESDAY.year, TUESDAY.month, TUESDAY.day, 9, tzinfo=UTC)
    body = {
        "title": "Nach eigener Regel",
        "start": start.isoformat(),
        "end": (start + timedelta(hours=1)).isoformat(),
        "rrule": f"FREQ=YEARLY;BYWEEKNO={TUESDAY.isocalendar().week};BYDAY=TU",
    }
    made = await network.coordinator.post(f"spaces/{network.space}/events", body)
    edit = f"{calendar}/{made['id']}/bearbeiten"
    await coordinator.open(f"{edit}?umfang=all")
    await coordinator.submit(edit, title="Neuer Name", state="published")
    assert "Der Termin ist geändert." in coordinator.text
    (event,) = await events_named(network, "Neuer")
    assert event["rrule"] == body["rrule"]


async def test_a_deleted_event_comes_back_by_the_undo_link(coordinator: Browser, calendar: str) -> None:
    path = await enter(coordinator, calendar, "Versehentlich")
    await coordinator.submit(f"{path}/loeschen")
    assert coordinator.path == calendar
    await coordinator.submit(f"{path}/wiederherstellen")
    assert "Der Termin ist wieder da." in coordinator.text


async def test_who_may_enter_nothing_reads_so(network: Network, netzraum: InProcess, calendar: str) -> None:
    guest = network.people.get("guest") or await network.take_in("guest")
    async with netzraum.client() as http:
        reader = Browser(http)
        await reader.log_in(guest.email, PASSWORD)
        reply = await reader.open(f"{calendar}/neu")
        assert (reply.status_code, "keine Termine eintragen" in reader.text) == (403, True)
        await reader.open(calendar)
        assert "Neuer Termin" not in reader.text


async def test_the_next_dates_stand_on_the_start_page_and_in_the_space(
    network: Network, coordinator: Browser, calendar: str
) -> None:
    await enter(coordinator, calendar, "Steht gleich an", TODAY, all_day="1", start_time="", end_time="")
    for path in ("/", f"/raum/{network.space}"):
        await coordinator.open(path)
        panel = coordinator.text.partition("Nächste Termine")[2]
        assert "Steht gleich an" in panel


@pytest.fixture
async def series(network: Network) -> dict[str, Any]:
    """A weekly series of four dates, to which all members of the network are asked."""
    start = datetime(TUESDAY.year, TUESDAY.month, TUESDAY.day, 9, tzinfo=UTC)
    body = {
        "title": f"Reihe {secrets.token_hex(3)}",
        "start": start.isoformat(),
        "end": (start + timedelta(hours=1)).isoformat(),
        "rrule": "FREQ=WEEKLY;COUNT=4",
        "attendees": [{"space": network.space}],
    }
    made: dict[str, Any] = await network.coordinator.post(f"spaces/{network.space}/events", body)
    return made


@pytest.fixture
async def dates(network: Network, series: dict[str, Any]) -> list[str]:
    """The original starts of the series, as the API names them."""
    return [each["occurrence"] for each in await dates_named(network, series["title"])]


async def dates_named(network: Network, title: str) -> list[dict[str, Any]]:
    window = (
        f"from={quote(datetime.now(UTC).isoformat())}&until={quote((datetime.now(UTC) + timedelta(60)).isoformat())}"
    )
    found = await network.coordinator.get(f"spaces/{network.space}/occurrences?{window}")
    return [each for each in found["items"] if each["title"] == title]


async def test_of_a_series_one_says_first_which_dates_are_meant(
    coordinator: Browser, calendar: str, series: dict[str, Any], dates: list[str]
) -> None:
    own = f"{calendar}/{series['id']}"
    await coordinator.open(f"{own}/bearbeiten?{urlencode({'termin': dates[1]})}")
    assert "Was wollen Sie ändern?" in coordinator.text
    form = coordinator.form(f"{own}/bearbeiten")
    assert (form.method, form.fields) == ("get", [("termin", dates[1]), ("umfang", "this")])


async def test_one_date_is_moved_and_the_others_stay(
    network: Network, coordinator: Browser, calendar: str, series: dict[str, Any], dates: list[str]
) -> None:
    edit = f"{calendar}/{series['id']}/bearbeiten"
    await coordinator.open(f"{edit}?{urlencode({'termin': dates[1], 'umfang': 'this'})}")
    assert "Wiederholung" not in coordinator.text
    await coordinator.submit(edit, start_time="18:00", end_time="19:00", place="Ausweichraum", state="published")
    assert "Der Termin ist geändert." in coordinator.text, flat(coordinator)
    assert "18:00–19:00 Uhr" in coordinator.text
    assert "Ausweichraum" in coordinator.text
    assert "Verlegt" in coordinator.text
    found = await dates_named(network, series["title"])
    assert [each["moved"] for each in found] == [False, True, False, False]
    assert [each["place"] for each in found] == [None, "Ausweichraum", None, None]


async def test_from_a_date_on_the_rest_of_a_series_is_changed(
    network: Network, coordinator: Browser, calendar: str, series: dict[str, Any], dates: list[str]
) -> None:
    edit = f"{calendar}/{series['id']}/bearbeiten"
    await coordinator.open(f"{edit}?{urlencode({'termin': dates[2], 'umfang': 'following'})}")
    await coordinator.submit(edit, title="Neue Reihe", place="Neuer Saal", state="published")
    assert "Der Termin ist geändert." in coordinator.text, flat(coordinator)
    assert series["id"] not in coordinator.path
    assert len(await dates_named(network, series["title"])) == 2
    assert [each["place"] for each in await dates_named(network, "Neue Reihe")] == ["Neuer Saal", "Neuer Saal"]


async def test_a_whole_series_is_changed(
    network: Network, coordinator: Browser, calendar: str, series: dict[str, Any], dates: list[str]
) -> None:
    edit = f"{calendar}/{series['id']}/bearbeiten"
    await coordinator.open(f"{edit}?{urlencode({'termin': dates[2], 'umfang': 'all'})}")
    await coordinator.submit(edit, place="Immer hier", state="published")
    found = await dates_named(network, series["title"])
    assert [each["place"] for each in found] == ["Immer hier"] * 4
    assert [each["occurrence"] for each in found] == dates


async def test_a_cancelled_date_stays_to_be_seen_and_can_take_place_after_all(
    network: Network, coordinator: Browser, calendar: str, series: dict[str, Any], dates: list[str]
) -> None:
    own = f"{calendar}/{series['id']}"
    await coordinator.open(f"{own}/absagen?{urlencode({'termin': dates[1]})}")
    await coordinator.submit(f"{own}/absagen")
    assert "Dieser Termin ist abgesagt" in coordinator.text, flat(coordinator)
    await coordinator.open(f"{calendar}?ansicht=liste&tag={TUESDAY.isoformat()}")
    assert f"Abgesagt:</span> <s>{series['title']}</s>" in coordinator.text
    await coordinator.open(f"{own}?{urlencode({'termin': dates[1]})}")
    await coordinator.submit(f"{own}/absagen/zuruecknehmen")
    assert "Der Termin findet doch statt." in coordinator.text
    assert [each["cancelled"] for each in await dates_named(network, series["title"])] == [False] * 4


async def test_a_series_ends_before_a_date_or_goes_as_a_whole(
    network: Network, coordinator: Browser, calendar: str, series: dict[str, Any], dates: list[str]
) -> None:
    own = f"{calendar}/{series['id']}"
    await coordinator.open(f"{own}/absagen?{urlencode({'termin': dates[2]})}")
    await coordinator.submit(f"{own}/absagen", scope="following")
    assert [each["occurrence"] for each in await dates_named(network, series["title"])] == dates[:2]
    await coordinator.open(f"{own}/absagen?{urlencode({'termin': dates[0]})}")
    await coordinator.submit(f"{own}/absagen", scope="all")
    assert coordinator.path == calendar
    assert await dates_named(network, series["title"]) == []
    await coordinator.submit(f"{own}/wiederherstellen")
    assert len(await dates_named(network, series["title"])) == 2


async def test_a_single_event_is_cancelled_and_stays_to_be_seen(coordinator: Browser, calendar: str) -> None:
    path = await enter(coordinator, calendar, "Fällt aus")
    await coordinator.open(f"{path}/absagen")
    await coordinator.submit(f"{path}/absagen")
    assert "Dieser Termin ist abgesagt" in coordinator.text, flat(coordinator)
    await coordinator.open(f"{calendar}?ansicht=liste&tag={TOMORROW.isoformat()}")
    assert "Abgesagt:</span> <s>Fällt aus</s>" in coordinator.text


async def test_an_answer_with_comment_and_deputy_is_given_and_changed(
    network: Network, netzraum: InProcess, calendar: str, series: dict[str, Any], dates: list[str]
) -> None:
    me = await network.coordinator.get("me")
    own, at = f"{calendar}/{series['id']}", {"termin": dates[1]}
    async with netzraum.client() as http:
        member = Browser(http)
        await member.log_in(network.people["member"].email, PASSWORD)
        await member.open(f"{own}?{urlencode(at)}")
        reply = await member.submit(f"{own}/antworten")
        assert (reply.status_code, "f-answer-error" in member.text) == (422, True)
        reply = await member.submit(f"{own}/antworten", answer="declined", comment="x" * 2001, deputy=me["id"])
        assert (reply.status_code, "f-comment-error" in member.text) == (422, True)
        assert "Ihre Antwort:" not in flat(member), "nothing was answered yet"
        kept = dict(member.form(f"{own}/antworten").fields)
        assert (kept["answer"], kept["comment"].strip(), kept["deputy"]) == ("declined", "x" * 2001, me["id"])
        await member.submit(f"{own}/antworten", answer="declined", comment="Bin in Urlaub.", deputy=me["id"])
        assert "Ihre Antwort ist gespeichert." in member.text
        assert "Ihre Antwort: abgesagt" in flat(member)
        assert dict(member.form(f"{own}/antworten").fields)["deputy"] == me["id"]
        assert f"In Vertretung: {me['name']}" in flat(member)
        await member.open(f"{own}?{urlencode({'termin': dates[2]})}")
        assert "Ihre Antwort:" not in flat(member)
        await member.submit(f"{own}/antworten", answer="accepted", whole="1")
        assert "Ihre Antwort: zugesagt" in flat(member)
    replies = await network.coordinator.get(f"spaces/{network.space}/events/{series['id']}/replies")
    assert [each["answer"] for each in replies["items"] if each["name"] == "Person member"] == ["accepted"]


async def test_an_open_answer_waits_on_the_start_page(
    network: Network, netzraum: InProcess, calendar: str, series: dict[str, Any]
) -> None:
    async with netzraum.client() as http:
        member = Browser(http)
        await member.log_in(network.people["member"].email, PASSWORD)
        waiting = member.text.partition('class="nr-todo"')[2].partition("</ul>")[0]
    assert series["title"] in waiting
    assert f"{calendar}/{series['id']}" in waiting


async def test_a_busy_day_is_cut_short_in_the_month_and_whole_in_its_week(
    network: Network, coordinator: Browser, calendar: str
) -> None:
    day = datetime(2027, 9, 15, 8, tzinfo=UTC)
    titles = [f"Beratung {number}" for number in range(1, 9)]
    for hour, title in enumerate(titles):
        at = (day + timedelta(hours=hour)).isoformat()
        await network.coordinator.post(f"spaces/{network.space}/events", {"title": title, "start": at, "end": at})
    await coordinator.open(f"{calendar}?ansicht=monat&tag=2027-09-01")
    table = coordinator.text.partition("<table")[2].partition("</table>")[0]
    assert [title for title in titles if title in table] == titles[:4]
    assert "+4 weitere" in table
    week = f"{calendar}?ansicht=woche&tag=2027-09-15"
    assert week.replace("&", "&amp;") in table
    await coordinator.open(week)
    table = coordinator.text.partition("<table")[2].partition("</table>")[0]
    assert [title for title in titles if title in table] == titles


async def test_a_month_with_more_dates_than_a_page_shows_says_so(
    network: Network, coordinator: Browser, calendar: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With the way to the rest."""
    day = datetime(2027, 8, 2, 10, tzinfo=UTC)
    body = {"title": "Sprechstunde", "start": day.isoformat(), "end": day.isoformat(), "rrule": "FREQ=DAILY;COUNT=6"}
    await network.coordinator.post(f"spaces/{network.space}/events", body)
    month = f"{calendar}?ansicht=monat&tag=2027-08-02"
    await coordinator.open(month)
    assert "Nicht alles ist zu sehen" not in coordinator.text
    monkeypatch.setattr("netzraum_gateway.calendar.dates.MOST_SHOWN", 4)
    await coordinator.open(month)
    assert "Nicht alles ist zu sehen" in coordinator.text
    # What the space holds beside this series is shown first, so that the cut may come some days earlier.
    link = re.escape(f"{calendar}?ansicht=woche&amp;tag=") + r"2027-0(7-\d\d|8-0[1-5])"
    assert re.search(link, coordinator.text)
