"""Whatever dies while people vote: a ballot that was taken counts once, one that was not counts once voted again."""

import asyncio
import json
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import pytest

from netzraum_platform.database import utc_now
from netzraum_standalone.demo.client import until
from netzraum_standalone.servers.native import NativeServer
from tests.end_to_end.installations import DistributedInstallation
from tests.end_to_end.people import Network, Somebody
from tests.faults.voting import AT_ONCE, Voting

VOTERS = 16
TAKEN_IN_AT_ONCE = 4
SECRECY = ("open", "secret")
CLOSES_IN = timedelta(seconds=8)


@pytest.fixture(scope="module")
async def voters(network: Network) -> list[Somebody]:
    turn = iter(range(VOTERS))

    async def some() -> list[Somebody]:
        return [await network.take_in("member", f"voter-{number}") for number in turn]

    found = await asyncio.gather(*(some() for _ in range(TAKEN_IN_AT_ONCE)))
    return [voter for each in found for voter in each]


def part_of(installation: DistributedInstallation, name: str) -> NativeServer:
    servers = installation.servers
    return {"service": servers.services["polls"], "database": servers.postgres, "policy": servers.sidecars["polls"]}[
        name
    ]


@pytest.mark.parametrize("secrecy", SECRECY)
@pytest.mark.parametrize("part", ["service", "database", "policy"])
async def test_a_ballot_counts_once_though_this_dies_amid_the_votes(
    installation: DistributedInstallation, network: Network, voters: list[Somebody], part: str, secrecy: str
) -> None:
    voting = await Voting.begin(network, voters, secrecy)
    dying = part_of(installation, part)
    votes = asyncio.create_task(voting.of_all())

    async def have_some() -> bool:
        return len(voting.taken) >= AT_ONCE

    async def are_all_stuck() -> bool:
        return len(voting.unsure) >= AT_ONCE

    await until(have_some, "some ballots to be taken")
    await dying.kill()
    try:
        await until(are_all_stuck, "ballots to be refused")
        assert len(voting.taken) < VOTERS
    finally:
        await dying.start()
        voting.again.set()
    await votes
    assert len(voting.taken) == VOTERS
    await voting.closes()
    await voting.takes_no_ballot()
    await voting.counted_each_once(installation)


@pytest.mark.parametrize("secrecy", SECRECY)
async def test_who_hears_no_answer_votes_again_and_counts_once(
    installation: DistributedInstallation, network: Network, voters: list[Somebody], secrecy: str
) -> None:
    voting = await Voting.begin(network, voters[:AT_ONCE], secrecy)
    for number, voter in enumerate(voting.voters):
        await _vote_and_hang_up(installation, voting, number)
        voting.unsure.add(voter.email)
    voting.again.set()
    await voting.of_all()
    await voting.closes()
    await voting.takes_no_ballot()
    await voting.counted_each_once(installation)


async def _vote_and_hang_up(installation: DistributedInstallation, voting: Voting, number: int) -> None:
    """Go as soon as the ballot is there, without reading what the answer is."""
    address = urlsplit(installation.address)
    body = json.dumps(voting.ballot(number)).encode()
    lines = [
        f"PUT /api/v1/{voting.path('ballot')} HTTP/1.1",
        f"Host: {address.netloc}",
        f"Authorization: Bearer {voting.voters[number].tokens['access_token']}",
        "Content-Type: application/json",
        f"Content-Length: {len(body)}",
    ]

    async def is_there() -> bool:
        return bool((await voting.view())["turnout"]["voted"] == number + 1)

    _, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write("\r\n".join([*lines, "", ""]).encode() + body)
    await until(is_there, "the ballot to be there")
    writer.close()
    await writer.wait_closed()


async def test_polls_whose_end_comes_while_the_service_is_dead_are_closed_after_its_start(
    installation: DistributedInstallation, network: Network, voters: list[Somebody]
) -> None:
    votings = [await Voting.begin(network, voters, secrecy) for secrecy in SECRECY]
    await asyncio.gather(*(voting.of_all() for voting in votings))
    ends = utc_now() + CLOSES_IN
    for voting in votings:
        await network.coordinator.change(voting.path(), {"closes_at": ends.isoformat()})

    async def is_over() -> bool:
        return utc_now() >= ends

    service = installation.servers.services["polls"]
    await service.kill()
    try:
        assert await _open(installation, votings) == len(votings)
        await until(is_over, "the end of the polls")
    finally:
        await service.start()
    for voting in votings:
        await voting.takes_no_ballot()
        closed_at = datetime.fromisoformat(await until(voting.closed_at, "the poll to be counted"))
        assert closed_at == ends
        await voting.takes_no_ballot()
        await voting.counted_each_once(installation)


async def _open(installation: DistributedInstallation, votings: list[Voting]) -> int:
    """How many of the polls nobody has closed."""
    async with installation.servers.postgres.cluster.connection("polls") as database:
        ids = [voting.poll["id"] for voting in votings]
        return int(await database.fetchval("SELECT count(*) FROM polls WHERE closed_at IS NULL AND id = ANY($1)", ids))
