"""Figures of polls: reading one, a list of them, making one, and ballots per second, open and secret."""

from collections.abc import Iterable, Mapping
from itertools import cycle, islice
from typing import Any

from benchmarks.filling import author_of, items, write
from benchmarks.ground import WRITES, Compared, Ground, grown, token
from benchmarks.load import AT_ONCE, Call
from benchmarks.report import Report
from netzraum_platform.database import utc_now
from netzraum_polls.polls.models import Poll
from tests.end_to_end.people import Network

FEW, MANY = 50, 5_000
BALLOTS = 200
QUESTION = {"kind": "single", "title": "Wann?", "options": [{"title": "Montag"}, {"title": "Dienstag"}]}
POLL = {"title": "Takt", "questions": [QUESTION]}

Json = dict[str, Any]


async def measure(ground: Ground, report: Report) -> None:
    network = await ground.network()
    await report.filling(f"{AT_ONCE} voters", _take_in_voters(network))
    voters = [await token(somebody) for somebody in network.people.values()]
    for secrecy in ("open", "secret"):
        poll = await network.coordinator.post(f"spaces/{network.space}/polls", {**POLL, "secrecy": secrecy})
        if secrecy == "open":
            await report.row("one poll", ground.read("one poll", network, f"polls/{poll['id']}"))
        await report.row(f"{secrecy} ballots", _ballots(ground, network, poll, voters, f"{secrecy} ballots"))
    await report.row("write", _write(ground, network))
    await _long_list(ground, report)


async def _take_in_voters(network: Network) -> None:
    for number in range(AT_ONCE):
        await network.take_in("member", f"voter{number}")


async def _ballots(
    ground: Ground, network: Network, poll: Json, voters: list[Mapping[str, str]], what: str
) -> Compared:
    """Voters change their vote again and again, which writes as a first vote does."""
    (question,) = poll["questions"]
    url = ground.url(network, f"polls/{poll['id']}/ballot")
    bodies = [{"answers": [{"question": question["id"], "value": each["id"]}]} for each in question["options"]]

    def calls(_round: int) -> Iterable[Call]:
        every = (Call(url, voter, "PUT", body) for body in cycle(bodies) for voter in voters)
        return list(islice(every, BALLOTS))

    return await ground.write(what, calls)


async def _write(ground: Ground, network: Network) -> Compared:
    call = Call(ground.url(network, "polls"), await token(network.coordinator), "POST", POLL)
    return await ground.write("write of a poll", lambda _round: [call] * WRITES)


async def _long_list(ground: Ground, report: Report) -> None:
    """A list of 50 out of many polls, against one out of few."""
    network, path = await ground.network(), "polls?limit=50"
    await report.filling(f"{FEW} polls", _fill(ground, network, FEW))
    few = await report.row("list", ground.read(f"list of 50 out of {FEW} polls", network, path))
    await report.filling(f"{MANY:,} polls", _fill(ground, network, MANY - FEW))
    many = await report.row("list", ground.read(f"list of 50 out of {MANY:,} polls", network, path))
    report.add(grown(f"list of 50 out of {MANY:,} polls, p50 of one out of {FEW}", few, many))


async def _fill(ground: Ground, network: Network, count: int) -> None:
    asked = {"title": "Umfrage", "text": "", "questions": [], "opened_at": utc_now()}
    rules = {"secrecy": "open", "results": "after_close", "electorate": "members", "change_allowed": True}
    polls = items(Poll, network.space, await author_of(network), count, **asked, **rules)
    async with ground.database("polls") as database:
        await write(database, Poll, polls)
