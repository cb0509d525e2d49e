"""Mails about what is new, by choice: soon, in the morning, on Monday, never; and nothing that no mail may hold."""

import uuid
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import select, update

from netzraum_calendar.app import SERVICE as CALENDAR
from netzraum_content.app import SERVICE as CONTENT
from netzraum_contracts.calendar import EventReminderDue
from netzraum_contracts.items import ItemChanged
from netzraum_identity.mails import news
from netzraum_identity.mails.news import ITEM_EVENTS
from netzraum_identity.mails.rhythm import next_morning
from netzraum_identity.mails.tools import NAMES
from netzraum_items.items import Item
from netzraum_items.tables import AccessMembership, AccessSpace
from netzraum_platform.database import new_id, utc_now
from netzraum_platform.tokens import AccessTokens
from netzraum_polls.app import SERVICE as POLLS
from tests.harness import ServiceUnderTest, eventually, running, service_token, sqlite_url
from tests.identity.members import COORDINATOR, Network
from tests.identity.newspaper import Newspaper
from tests.identity.people import MailServerAway, text_of
from tests.identity.test_reminders import Tool

TITLE = "Protokoll <b>der</b> Sitzung"


@pytest.fixture
async def newspaper(network: Network, tmp_path: Path) -> AsyncIterator[Newspaper]:
    """The reader has chosen a mail for each."""
    async with AsyncExitStack() as stack:

        async def start(service: Any) -> ServiceUnderTest:
            url = sqlite_url(tmp_path, service.name)
            started = await stack.enter_async_context(running(service, url, network.identity.around))
            started.app.tokens = AccessTokens(lambda: started.app.call("identity", "GET", "/internal/keys"))
            return started

        made = Newspaper(network, await start(CONTENT), await start(CALENDAR))
        await start(POLLS)
        made.membership = await made.take_in(made.reader, mail="each")
        await made.time_comes()
        yield made


async def test_what_is_new_is_mailed_with_title_link_author_and_place_but_without_its_text(
    newspaper: Newspaper,
) -> None:
    notice = await newspaper.post(TITLE)
    (mail,) = await newspaper.time_comes()
    assert mail["Subject"] == f"Neu für Sie: {TITLE}"
    assert mail["List-Unsubscribe"] == "<http://netzraum.test/konto>"
    text = text_of(mail)
    assert "agentur mark GmbH – Schwarzes Brett" in text
    assert f"http://netzraum.test/raum/{newspaper.network.id}/brett/{notice['id']}" in text
    assert "Anna Arndt (agentur mark GmbH), " in text
    assert "weil" in text, "a mail says why one got it"
    assert "http://netzraum.test/konto" in text, "and where to change that"
    html = mail.get_body(("html",))
    assert html is not None
    assert "Protokoll &lt;b&gt;der&lt;/b&gt; Sitzung" in html.get_content()
    assert "Geheimer Text" not in mail.as_string() + text + html.get_content()


async def test_what_comes_within_some_minutes_is_one_mail(newspaper: Newspaper) -> None:
    await newspaper.post("Erster Aushang")
    waits = await newspaper.waiting("news_in_space")
    await newspaper.post("Zweiter Aushang")
    assert await newspaper.waiting("news_in_space") == waits, "the second one does not put the first one off"
    assert len(waits) == 1
    (mail,) = await newspaper.time_comes()
    assert mail["Subject"] == "Neu für Sie: 2 Einträge"
    assert text_of(mail).index("Zweiter Aushang") < text_of(mail).index("Erster Aushang"), "the newest first"


async def test_nothing_is_told_twice(newspaper: Newspaper) -> None:
    notice = await newspaper.post(TITLE)
    assert len(await newspaper.time_comes()) == 1
    assert len(await newspaper.ask_again()) == 1
    await newspaper.send("PATCH", f"notices/{notice['id']}", {"text": "Anderer Text"})
    assert len(await newspaper.time_comes()) == 1, "a change is no news"
    await newspaper.post("Noch einer")
    assert len(await newspaper.time_comes()) == 2
    assert newspaper.subjects()[-1] == "Neu für Sie: Noch einer"


async def test_who_wants_no_mails_gets_none_and_costs_no_job(newspaper: Newspaper) -> None:
    await newspaper.choose(mail="never")
    await newspaper.choose(COORDINATOR, mail="never")
    await newspaper.post(TITLE)
    assert await newspaper.time_comes() == []
    assert await newspaper.ask_again() == []


@pytest.mark.parametrize(("rhythm", "days"), [("daily", 1), ("weekly", 7)])
async def test_a_digest_waits_for_the_morning_and_holds_all(newspaper: Newspaper, rhythm: str, days: int) -> None:
    await newspaper.choose(COORDINATOR, mail="never")
    await newspaper.choose(mail=rhythm)
    await newspaper.time_comes()
    asked = utc_now()
    for title in ("Erster Aushang", "Zweiter Aushang"):
        await newspaper.post(title)
        async with newspaper.identity.service.work() as work:
            await work.schedule("news_in_space", {"space": newspaper.network.id}, key=newspaper.network.id)
        await eventually(lambda: newspaper.waiting("news_mail"))
    (waits,) = await newspaper.waiting("news_mail")
    mornings = {next_morning(newspaper.account, ZoneInfo("Europe/Berlin"), days, at) for at in (asked, utc_now())}
    assert waits in mornings
    assert [mail["Subject"] for mail in await newspaper.time_comes()] == ["Neu für Sie: 2 Einträge"]


async def test_a_new_account_gets_a_digest_each_day(newspaper: Newspaper) -> None:
    headers = await newspaper.identity.headers_of(COORDINATOR)
    assert (await newspaper.identity.public.get("/api/v1/me", headers=headers)).json()["mail"] == "daily"


async def test_what_waits_comes_at_the_time_that_is_chosen_now(newspaper: Newspaper) -> None:
    await newspaper.choose(COORDINATOR, mail="never")
    await newspaper.choose(mail="weekly")
    (weekly,) = await newspaper.waiting("news_mail")
    await newspaper.choose(mail="each")
    (soon,) = await newspaper.waiting("news_mail")
    assert soon < utc_now() + timedelta(minutes=5)
    await newspaper.choose(mail="weekly", timezone="Pacific/Auckland")
    (elsewhere,) = await newspaper.waiting("news_mail")
    assert elsewhere != weekly


async def test_who_wanted_nothing_is_not_told_what_came_meanwhile(newspaper: Newspaper) -> None:
    await newspaper.choose(mail="never")
    await newspaper.post("Von früher")
    await newspaper.choose(mail="each")
    assert await newspaper.time_comes() == []
    await newspaper.post("Von jetzt")
    await newspaper.time_comes()
    assert newspaper.subjects() == ["Neu für Sie: Von jetzt"]


async def test_ones_own_and_what_was_seen_is_not_news(newspaper: Newspaper) -> None:
    await newspaper.post("Von mir", by=newspaper.reader)
    seen = await newspaper.post("Schon gesehen")
    await newspaper.send("POST", "seen", {"item": seen["id"]}, by=newspaper.reader)
    assert await newspaper.time_comes() == []


async def test_what_a_reminder_told_is_not_told_again(newspaper: Newspaper) -> None:
    event = await Tool.with_item(newspaper.calendar, EventReminderDue, "event", newspaper.network)
    await event.remind(newspaper.membership["account"]["id"], what="attend")
    await newspaper.identity.mail_to(newspaper.reader, "Termin: Frühjahrstreffen")
    await newspaper.post("Etwas anderes")
    assert [mail["Subject"] for mail in await newspaper.time_comes()] == ["Neu für Sie: Etwas anderes"]


async def test_all_tools_stand_in_one_mail_in_the_language_of_its_reader(newspaper: Newspaper) -> None:
    await Tool.with_item(newspaper.calendar, EventReminderDue, "event", newspaper.network)
    await newspaper.post("Etwas anderes")
    await newspaper.choose(language="en")
    await newspaper.time_comes()
    mail = await newspaper.identity.mail_to(newspaper.reader, "New for you: 2 items")
    text = text_of(mail)
    assert text.index("agentur mark GmbH – Notice board") < text.index("agentur mark GmbH – Calendar")
    assert "Frühjahrstreffen" in text


async def test_all_members_are_told_however_many_they_are(
    newspaper: Newspaper, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news, "TOGETHER", 1)
    await newspaper.take_in("dora@kolleg.test", mail="each")
    await newspaper.post(TITLE)
    await newspaper.time_comes()
    for address in (newspaper.reader, "dora@kolleg.test"):
        assert newspaper.subjects(address) == [f"Neu für Sie: {TITLE}"]


async def test_a_mail_that_was_not_taken_comes_once_the_server_is_back(newspaper: Newspaper) -> None:
    identity = newspaper.identity
    mail_port, away = identity.service.app.mail, MailServerAway()
    identity.service.app.mail = away
    await newspaper.post(TITLE)
    await newspaper.hurry("news_in_space")
    await eventually(lambda: newspaper.waiting("news_mail"))
    await newspaper.hurry("news_mail")
    await eventually(lambda: newspaper.reader in away.tried)
    identity.service.app.mail = mail_port
    await eventually(newspaper.mails)
    assert len(await newspaper.time_comes()) == 1


# Leaks: digests (each a test that tries)


@pytest.mark.parametrize("classification", ["confidential", "personal"])
async def test_leak_a_digest_holds_nothing_protected_not_even_as_a_count(
    newspaper: Newspaper, classification: str
) -> None:
    """The reader may see it in the page, but no mail may hold it."""
    hidden = await newspaper.post("Fallbesprechung")
    async with newspaper.content.work() as work:
        item = update(Item).where(Item.id == uuid.UUID(hidden["id"]))
        await work.db.execute(item.values(classification=classification))
    assert await newspaper.time_comes() == []
    await newspaper.post("Internes")
    (mail,) = await newspaper.time_comes()
    assert mail["Subject"] == "Neu für Sie: Internes"
    assert "Fallbesprechung" not in text_of(mail)
    assert hidden["id"] not in text_of(mail)


async def test_leak_what_was_raised_before_the_mail_went_out_is_not_in_it(newspaper: Newspaper) -> None:
    notice = await newspaper.post(TITLE)
    await newspaper.send("PATCH", f"notices/{notice['id']}", {"classification": "confidential"})
    assert await newspaper.time_comes() == []


async def test_leak_a_digest_holds_no_draft_nothing_to_come_and_nothing_deleted(newspaper: Newspaper) -> None:
    await newspaper.post("Entwurf", state="draft")
    await newspaper.post("Kommt erst", valid_from=(utc_now() + timedelta(days=1)).isoformat())
    deleted = await newspaper.post("Gelöscht")
    await newspaper.send("DELETE", f"notices/{deleted['id']}")
    assert await newspaper.time_comes() == []


async def test_leak_a_digest_holds_nothing_from_before_one_came(newspaper: Newspaper) -> None:
    await newspaper.post("Von früher")
    await newspaper.time_comes()
    await newspaper.take_in("dora@kolleg.test", mail="each")
    await newspaper.post("Von jetzt")
    await newspaper.time_comes()
    assert newspaper.subjects("dora@kolleg.test") == ["Neu für Sie: Von jetzt"]


async def test_leak_no_mail_is_sent_after_leaving(newspaper: Newspaper) -> None:
    """Not of what came before, and not of what is public."""
    await newspaper.post("Internes")
    await newspaper.post("Öffentliches", classification="public")
    await _end_membership(newspaper)
    assert await newspaper.time_comes() == []
    assert await newspaper.ask_again() == []


async def test_leak_who_leaves_while_a_mail_waits_for_the_server_gets_none(newspaper: Newspaper) -> None:
    identity = newspaper.identity
    mail_port, away = identity.service.app.mail, MailServerAway()
    identity.service.app.mail = away
    await newspaper.post(TITLE)
    await newspaper.hurry("news_in_space")
    await eventually(lambda: newspaper.waiting("news_mail"))
    await newspaper.hurry("news_mail")
    await eventually(lambda: newspaper.reader in away.tried)
    await _end_membership(newspaper)
    identity.service.app.mail = mail_port
    assert await newspaper.time_comes() == []


async def test_leak_an_owner_that_has_not_heard_of_the_end_learns_it_before_it_answers(newspaper: Newspaper) -> None:
    await newspaper.post(TITLE)
    space = uuid.UUID(newspaper.network.id)
    async with newspaper.content.work() as work:
        before = (await work.db.get_one(AccessSpace, space)).version
    assert await _titles(newspaper, before) == [TITLE]
    await _end_membership(newspaper)
    async with newspaper.content.work() as work:  # as if the event were still on its way
        await work.db.execute(update(AccessSpace).where(AccessSpace.space_id == space).values(version=before))
        runs = update(AccessMembership).where(AccessMembership.account_id == newspaper.account)
        await work.db.execute(runs.values(state="active", ends_at=None))
    assert await _titles(newspaper, before + 1) == []


async def _titles(newspaper: Newspaper, version: int) -> list[str]:
    """What content says is new to the reader, to somebody who knows the space at this access version."""
    headers, since = service_token("identity", "content"), utc_now() - timedelta(hours=1)
    who = {"account": str(newspaper.account), "institution": None, "since": since.isoformat()}
    question = {**who, "access": {newspaper.network.id: version}}
    reply = await newspaper.content.internal.post("/internal/news", json=question, headers=headers)
    assert reply.status_code == 200, reply.text
    return [item["title"] for item in reply.json()["items"]]


async def test_leak_the_owners_tell_nobody_but_services_what_is_new(newspaper: Newspaper) -> None:
    body: dict[str, Any] = {"account": str(new_id()), "institution": None, "access": {}, "since": utc_now().isoformat()}
    assert (await newspaper.content.internal.post("/internal/news", json=body)).status_code == 401
    assert (await newspaper.content.public.post("/internal/news", json=body)).status_code == 404


def test_mornings_are_those_of_the_time_zone_and_each_account_has_its_minute() -> None:
    berlin, account = ZoneInfo("Europe/Berlin"), new_id()
    for now in (datetime(2026, 3, 28, 12, tzinfo=UTC), datetime(2026, 10, 24, 12, tzinfo=UTC)):  # the clocks change
        at = next_morning(account, berlin, 1, now).astimezone(berlin)
        assert (at.date(), 5 <= at.hour < 7) == (now.date() + timedelta(days=1), True)
    night = datetime(2026, 11, 24, 1, tzinfo=UTC)
    assert next_morning(account, berlin, 1, night).date() == night.date(), "this morning is still to come"
    monday = next_morning(account, berlin, 7, night)
    assert (monday.weekday(), monday.date()) == (0, date(2026, 11, 30))
    assert next_morning(account, berlin, 7, monday) == monday + timedelta(days=7)
    assert len({next_morning(new_id(), berlin, 1, night).minute for _ in range(1000)}) > 50


def test_mails_know_every_tool_that_is_built() -> None:
    models = [model for model in Item.__subclasses__() if model.EVENT in _events()]
    assert {model.TOOL for model in models} == set(NAMES)
    assert _events() == set(ITEM_EVENTS), "identity hears of all items"


def _events() -> set[type[ItemChanged]]:
    return {event for event in ItemChanged.__subclasses__() if event.__module__.startswith("netzraum_contracts")}


async def _end_membership(newspaper: Newspaper) -> None:
    path = f"members/{newspaper.membership['id']}"
    assert (await newspaper.network.request("DELETE", path, **{"if-match": "*"})).status_code == 204

    async def has_ended() -> bool:
        async with newspaper.identity.service.work() as work:
            state = select(AccessMembership.state).where(AccessMembership.account_id == newspaper.account)
            return await work.db.scalar(state) == "ended"

    await eventually(has_ended)
