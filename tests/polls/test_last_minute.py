"""5,000 ballots in the last minute: each that was accepted is counted once, and none gets in after the close."""

import asyncio
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from netzraum_contracts.identity import AccountChanged
from netzraum_items.access import clock_of
from netzraum_items.tables import AccessMembership
from netzraum_platform.database import new_id, utc_now
from netzraum_polls.app import SERVICE
from netzraum_polls.polls.closing import close_due
from netzraum_polls.polls.models import Envelope, SecretBallot
from tests.harness import Surroundings, running
from tests.polls.rooms import PollRoom, later, options
from tests.world import Person

BALLOTS = 5_000
AT_ONCE = 24
CLOSE_AFTER = 3_500
EVERY = 10
"""So many vote twice, with another choice."""


async def crowd(room: PollRoom, count: int) -> list[Person]:
    """So many members, as rows: telling 5,000 events one by one is not what is tried here."""
    people = [Person(room.service, f"Person {number}") for number in range(count)]
    await room.service.hear(
        AccountChanged(account=people[0].account, name="Erste", institution=new_id(), state="active", version=1)
    )
    async with room.service.app.database.transaction() as session:
        session.add_all(
            AccessMembership(
                space_id=room.place.id,
                account_id=person.account,
                membership_id=new_id(),
                role="member",
                state="active",
                starts_at=utc_now() - timedelta(days=1),
            )
            for person in people
        )
    return people


async def test_each_accepted_ballot_counts_once_and_none_after_the_close(room: PollRoom) -> None:
    people = await crowd(room, BALLOTS)
    poll = await room.ask(secrecy="secret")
    days = list(options(poll).values())
    turn = iter([*people[:EVERY], *people])
    accepted: dict[Any, str] = {}
    refused: Counter[str] = Counter()
    closing: list[Any] = []

    async def voter() -> None:
        for number, person in enumerate(turn):
            day = days[(number + len(accepted)) % 2]
            reply = await room.vote(person, poll, day)
            if reply.status_code in (200, 201):
                accepted[person.account] = day
            else:
                refused[f"{reply.status_code} {reply.json()['code']}"] += 1
            if len(accepted) >= CLOSE_AFTER and not closing:
                closing.append(asyncio.create_task(room.close(poll)))

    await asyncio.gather(*(voter() for _ in range(AT_ONCE)))
    closed = await closing[0]
    assert len(accepted) >= CLOSE_AFTER
    assert set(refused) == {"409 closed"}
    assert sum(refused.values()) + len(accepted) in range(BALLOTS, BALLOTS + EVERY + 1)
    assert closed["turnout"]["voted"] == len(accepted)
    (result,) = (await room.results(poll))["questions"]
    counted = {option["id"]: option["count"] for option in result["options"]}
    assert counted == {day: list(accepted.values()).count(day) for day in days}
    async with room.service.app.database.session() as session:
        assert len((await session.scalars(select(SecretBallot))).all()) == len(accepted)
        assert (await session.scalars(select(Envelope))).all() == []


@pytest.mark.parametrize(
    ("secrecy", "change_allowed"), [("secret", True), ("secret", False), ("open", True), ("open", False)]
)
async def test_of_two_replicas_one_counts_what_both_took_until_the_clock_closed(
    room: PollRoom,
    database_url: str,
    around: Surroundings,
    monkeypatch: pytest.MonkeyPatch,
    secrecy: str,
    change_allowed: bool,
) -> None:
    poll = await room.ask(secrecy=secrecy, change_allowed=change_allowed, closes_at=later(hours=1))
    days = list(options(poll).values())
    people = await crowd(room, 200)
    accepted: dict[Any, str] = {}
    refused: Counter[str] = Counter()
    async with running(SERVICE, database_url, Surroundings(around.folder)) as second:
        replicas = (room.service, second)
        turn = iter([each for person in people for each in (person, replace(person, service=second))])

        async def voter() -> None:
            for number, person in enumerate(turn):
                clock_of(second.app).confirm()  # it hears no heartbeat
                day = days[number % 2]
                reply = await room.vote(person, poll, day)
                if reply.status_code in (200, 201):
                    accepted[person.account] = day
                else:
                    refused[reply.json()["code"]] += 1
                if sum(refused.values()) + len(accepted) == 150:
                    for replica in replicas:
                        monkeypatch.setattr(replica.app, "clock", lambda: utc_now() + timedelta(hours=2))

        async def close(replica: Any) -> None:
            async with replica.work() as context:
                await close_due(context, {"item": poll["id"]})

        await asyncio.gather(*(voter() for _ in range(8)))
        await asyncio.gather(*(close(replica) for replica in replicas))
    assert accepted
    assert set(refused) == ({"closed"} if change_allowed else {"closed", "already_voted"})
    view = await room.read(poll)
    assert (view["state"], view["turnout"]["voted"]) == ("closed", len(accepted))
    (result,) = (await room.results(poll))["questions"]
    counted = {option["id"]: option["count"] for option in result["options"]}
    assert counted == {day: list(accepted.values()).count(day) for day in days}
