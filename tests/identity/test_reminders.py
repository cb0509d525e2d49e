"""Members are reminded by mail of events and polls: once, and of nothing that they may not read by mail (any more)."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from netzraum_calendar.app import SERVICE as CALENDAR
from netzraum_contracts.calendar import EventReminderDue
from netzraum_contracts.items import ReminderDue
from netzraum_contracts.polls import PollReminderDue
from netzraum_identity.mails.models import ToldItem
from netzraum_identity.mails.wording import moment
from netzraum_items import access
from netzraum_items.items import Item
from netzraum_items.tables import AccessMembership, AccessSpace
from netzraum_platform.database import new_id, utc_now
from netzraum_platform.tables import InboxRow, JobRow, OutboxRow
from netzraum_polls.app import SERVICE as POLLS
from tests.harness import ServiceUnderTest, eventually, running, sqlite_url
from tests.identity.members import Network
from tests.identity.people import PASSWORD, Identity, MailServerAway, text_of, token_in

BERND = "bernd@kolleg.test"
TITLE = "Frühjahrstreffen"
TOMORROW = utc_now() + timedelta(days=1)


@dataclass
class Tool:
    """A service that owns items of one type, with one item in the network; what it tells goes over the bus."""

    service: ServiceUnderTest
    event: type[ReminderDue]
    space: uuid.UUID
    kind: str
    item: uuid.UUID

    @classmethod
    async def with_item(
        cls, service: ServiceUnderTest, event: type[ReminderDue], kind: str, network: Network
    ) -> "Tool":
        tool = cls(service, event, uuid.UUID(network.id), kind, new_id())
        await access.catch_up(service.app, tool.space)
        now = utc_now()
        row = {
            "id": tool.item, "space_id": tool.space, "tool": service.app.name, "type": kind, "excerpt": "",
            "classification": "internal", "author_id": new_id(), "title": TITLE, "state": "published",
            "pinned": False, "narrowed": False, "created_at": now, "updated_at": now, "news_at": now, "version": 1,
        }  # fmt: skip
        async with service.work() as work:
            await work.db.execute(insert(Item).values(row))
        return tool

    async def becomes(self, **values: Any) -> None:
        async with self.service.work() as work:
            await work.db.execute(update(Item).where(Item.id == self.item).values(**values))

    async def remind(self, *accounts: str, what: str, due: datetime | None = TOMORROW, kept: bool = True) -> uuid.UUID:
        """Publish the event; return its id."""
        tool = self.service.app.name
        body = {"item": self.item, "type": self.kind, "tool": tool, "what": what, "due": due, "kept": kept}
        async with self.service.work() as work:
            work.publish(self.event.model_validate({**body, "accounts": list(accounts)}), space=self.space)
            await work.db.flush()
            envelope = await work.db.scalar(select(OutboxRow.envelope).order_by(OutboxRow.sequence.desc()).limit(1))
            assert envelope is not None
        return uuid.UUID(envelope["id"])


async def _done(identity: Identity, event: uuid.UUID) -> bool:
    """Whether identity has handled the event and has nothing left to send."""
    async with identity.service.work() as work:
        handled = await work.db.get(InboxRow, ("identity.events", event)) is not None
        return (
            handled and await work.db.scalar(select(JobRow.id).where(JobRow.kind == "reminder_mail").limit(1)) is None
        )


def subjects(identity: Identity, address: str = BERND) -> list[str]:
    return [mail["Subject"] for mail in identity.mails_to(address) if TITLE in mail["Subject"]]


@pytest.fixture
async def calendar(network: Network, tmp_path: Path) -> AsyncIterator[Tool]:
    async with running(CALENDAR, sqlite_url(tmp_path, "calendar"), network.identity.around) as service:
        yield await Tool.with_item(service, EventReminderDue, "event", network)


@pytest.fixture
async def polls(network: Network, tmp_path: Path) -> AsyncIterator[Tool]:
    async with running(POLLS, sqlite_url(tmp_path, "polls"), network.identity.around) as service:
        yield await Tool.with_item(service, PollReminderDue, "poll", network)


@pytest.fixture
async def bernd(network: Network) -> dict[str, Any]:
    """A membership whose holder has accepted."""
    membership = await network.take_in(BERND)
    identity = network.identity
    token = token_in(await identity.mail_to(BERND, "Einladung"), "/einladung/")
    body = {"name": "Bernd Bach", "password": PASSWORD}
    assert (await identity.public.post(f"/api/v1/invitations/{token}/accept", json=body)).status_code == 201
    await identity.mail_to(BERND, "Willkommen")
    return membership


async def reminders(
    network: Network, tool: Tool, bernd: dict[str, Any], what: str = "attend", due: datetime | None = TOMORROW
) -> list[str]:
    """The subjects of what Bernd has got after one reminder."""
    event = await tool.remind(bernd["account"]["id"], what=what, due=due)
    await eventually(lambda: _done(network.identity, event))
    return subjects(network.identity)


async def test_invited_member_is_reminded_of_an_event(network: Network, calendar: Tool, bernd: dict[str, Any]) -> None:
    assert await reminders(network, calendar, bernd) == ["Termin: Frühjahrstreffen"]
    mail = await network.identity.mail_to(BERND, "Frühjahrstreffen")
    assert mail["List-Unsubscribe"] == "<http://netzraum.test/konto>"
    text = text_of(mail)
    assert moment(TOMORROW, "de", "Europe/Berlin") in text
    assert "„agentur mark GmbH“" in text
    assert f"http://netzraum.test/raum/{network.id}/kalender/{calendar.item}" in text
    assert "weil" in text, "a mail says why one got it"
    assert "http://netzraum.test/konto" in text, "and where to change that"


async def test_what_is_no_choice_offers_none(network: Network, bernd: dict[str, Any]) -> None:
    assert (await network.identity.mail_to(BERND, "Willkommen"))["List-Unsubscribe"] is None


async def test_who_owes_an_answer_is_asked_for_it(network: Network, calendar: Tool, bernd: dict[str, Any]) -> None:
    assert await reminders(network, calendar, bernd, "reply") == ["Bitte antworten: Frühjahrstreffen"]


async def test_who_has_not_voted_is_asked_for_the_vote(network: Network, polls: Tool, bernd: dict[str, Any]) -> None:
    assert await reminders(network, polls, bernd, "vote") == ["Bitte abstimmen: Frühjahrstreffen"]
    text = text_of(await network.identity.mail_to(BERND, "abstimmen"))
    assert f"offen bis: {moment(TOMORROW, 'de', 'Europe/Berlin')}" in text
    assert f"http://netzraum.test/raum/{network.id}/umfragen/{polls.item}" in text


@pytest.mark.parametrize("kept", [True, False])
async def test_who_was_reminded_of_a_secret_poll_is_not_noted(
    network: Network, polls: Tool, bernd: dict[str, Any], kept: bool
) -> None:
    """Who was reminded had not voted."""
    identity = network.identity
    event = await polls.remind(bernd["account"]["id"], what="vote", kept=kept)
    await eventually(lambda: _done(identity, event))
    assert len(subjects(identity)) == 1
    async with identity.service.work() as work:
        noted = (await work.db.scalars(select(ToldItem.item_id).where(ToldItem.item_id == polls.item))).all()
        heard = (await work.db.scalars(select(InboxRow.envelope).where(InboxRow.event_id == event))).all()
    assert (noted, heard) == ([polls.item] if kept else [], [None])


async def test_a_reminder_speaks_the_language_and_the_time_zone_of_its_reader(
    network: Network, polls: Tool, bernd: dict[str, Any]
) -> None:
    headers = await network.identity.headers_of(BERND)
    change = {"language": "en", "timezone": "Europe/Lisbon"}
    assert (await network.identity.public.patch("/api/v1/me", json=change, headers=headers)).status_code == 200
    assert await reminders(network, polls, bernd, "vote") == ["Please vote: Frühjahrstreffen"]
    text = text_of(await network.identity.mail_to(BERND, "vote"))
    assert f"open until: {moment(TOMORROW, 'en', 'Europe/Lisbon')}" in text


async def test_who_wants_no_mails_is_not_reminded(network: Network, calendar: Tool, bernd: dict[str, Any]) -> None:
    headers = await network.identity.headers_of(BERND)
    assert (await network.identity.public.patch("/api/v1/me", json={"mail": "never"}, headers=headers)).is_success
    assert await reminders(network, calendar, bernd) == []


async def test_an_account_that_is_named_twice_is_reminded_once(
    network: Network, calendar: Tool, bernd: dict[str, Any]
) -> None:
    account = bernd["account"]["id"]
    event = await calendar.remind(account, account, what="attend")
    await eventually(lambda: _done(network.identity, event))
    assert len(subjects(network.identity)) == 1


@pytest.mark.parametrize("classification", ["confidential", "personal"])
async def test_what_may_not_stand_in_mails_is_not_mailed(
    network: Network, calendar: Tool, bernd: dict[str, Any], classification: str
) -> None:
    """It was raised after the reminder was ordered: what counts is the item as it is now, for its coordinator too."""
    await calendar.becomes(classification=classification)
    assert await reminders(network, calendar, bernd) == []
    account = (await network.identity.public.get("/api/v1/me", headers=network.coordinator)).json()
    event = await calendar.remind(account["id"], what="attend")
    await eventually(lambda: _done(network.identity, event))
    assert subjects(network.identity, account["email"]) == []


@pytest.mark.parametrize(
    "values",
    [{"deleted_at": utc_now()}, {"state": "draft"}, {"visible_from": TOMORROW}],
    ids=["deleted", "draft", "coming"],
)
async def test_what_members_do_not_see_is_not_mailed(
    network: Network, calendar: Tool, bernd: dict[str, Any], values: dict[str, Any]
) -> None:
    await calendar.becomes(**values)
    assert await reminders(network, calendar, bernd) == []


async def test_what_is_gone_for_good_is_not_mailed(network: Network, calendar: Tool, bernd: dict[str, Any]) -> None:
    calendar.item = new_id()
    assert await reminders(network, calendar, bernd) == []


async def test_what_has_passed_is_not_mailed(network: Network, polls: Tool, bernd: dict[str, Any]) -> None:
    assert await reminders(network, polls, bernd, "vote", due=utc_now()) == []


async def test_former_member_is_not_reminded_even_of_what_is_public(
    network: Network, calendar: Tool, bernd: dict[str, Any]
) -> None:
    await calendar.becomes(classification="public")
    assert (await network.request("DELETE", f"members/{bernd['id']}", **{"if-match": "*"})).status_code == 204
    assert await reminders(network, calendar, bernd) == []


async def test_who_is_removed_while_the_mail_waits_gets_none(
    network: Network, calendar: Tool, bernd: dict[str, Any]
) -> None:
    """The mail server was away; when the mail is tried again, the membership has ended."""
    identity = network.identity
    mail_port, away = identity.service.app.mail, MailServerAway()
    identity.service.app.mail = away
    event = await calendar.remind(bernd["account"]["id"], what="attend")
    await eventually(lambda: BERND in away.tried)
    assert (await network.request("DELETE", f"members/{bernd['id']}", **{"if-match": "*"})).status_code == 204
    await eventually(lambda: _has_ended(identity, bernd["account"]["id"]))
    identity.service.app.mail = mail_port
    await eventually(lambda: _done(identity, event), limit_s=60)
    assert subjects(identity) == []


async def _has_ended(identity: Identity, account: str) -> bool:
    async with identity.service.work() as work:
        rows = select(AccessMembership.state).where(AccessMembership.account_id == uuid.UUID(account))
        return await work.db.scalar(rows) == "ended"


@pytest.mark.parametrize(("role", "told"), [("member", []), ("moderator", ["Termin: Frühjahrstreffen"])])
async def test_where_history_is_hidden_only_who_manages_the_tool_is_reminded_of_what_was_there_before(
    network: Network, calendar: Tool, bernd: dict[str, Any], role: str, told: list[str]
) -> None:
    identity, anything = network.identity, {"if-match": "*"}
    space = await network.spaces.public.patch(
        f"/api/v1/spaces/{network.id}",
        json={"newcomers_see_history": False},
        headers={**network.coordinator, **anything},
    )
    assert space.status_code == 200, space.text
    assert (await network.request("PATCH", f"members/{bernd['id']}", {"role": role}, **anything)).status_code == 200
    await calendar.becomes(news_at=utc_now() - timedelta(days=1))
    await eventually(lambda: _stands(identity, bernd["account"]["id"], role))
    assert await reminders(network, calendar, bernd) == told


async def _stands(identity: Identity, account: str, role: str) -> bool:
    """Whether identity has heard that history is hidden, and of the role."""
    async with identity.service.work() as work:
        found = select(AccessMembership.role).where(
            AccessMembership.account_id == uuid.UUID(account), ~AccessSpace.newcomers_see_history
        )
        return await work.db.scalar(found.join(AccessSpace, AccessSpace.space_id == AccessMembership.space_id)) == role


async def test_the_owner_tells_nobody_but_services_of_an_item(calendar: Tool) -> None:
    path = f"/internal/items/{calendar.item}"
    assert (await calendar.service.internal.get(path)).status_code == 401
    assert (await calendar.service.public.get(path)).status_code == 404


def test_a_moment_is_written_for_its_reader() -> None:
    at = datetime(2026, 11, 25, 13, 0, tzinfo=UTC)
    assert moment(at, "de", "Europe/Berlin") == "Mittwoch, 25. November 2026, 14:00 Uhr"
    assert moment(at, "de", "Europe/Paris") == "Mittwoch, 25. November 2026, 14:00 Uhr"
    assert moment(at, "en", "Europe/Lisbon") == "Wednesday, 25 November 2026, 13:00 (WET)"
