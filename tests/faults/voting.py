"""People who vote in a poll while a part of Netzraum dies, and what is counted in the end."""

import asyncio
import itertools
from collections import Counter
from collections.abc import Sequence
from typing import Any

import httpx

from netzraum_standalone.demo.client import until
from tests.end_to_end.installations import DistributedInstallation
from tests.end_to_end.people import Network, Somebody
from tests.end_to_end.test_polls import ask, path_of

AT_ONCE = 5
LONGEST_S = 60.0
"""So long it takes at most: a session that is renewed while its service dies may be lost."""
OPTIONS = ("Montag", "Dienstag", "Mittwoch")
QUESTION = {"kind": "single", "title": "Wann?", "options": [{"title": title} for title in OPTIONS]}
Json = dict[str, Any]


class Voting:
    """A poll in which each of the voters votes until the ballot is taken.

    ``taken``: the option that the ballot of a voter says which was taken last, by the voter's name. ``unsure``: who was
    told nothing of what became of a ballot, and votes ``again`` when that is set.
    """

    def __init__(self, network: Network, poll: Json, voters: Sequence[Somebody]) -> None:
        self.network = network
        self.poll = poll
        self.voters = voters
        self.taken: dict[str, str] = {}
        self.unsure: set[str] = set()
        self.again = asyncio.Event()

    @classmethod
    async def begin(cls, network: Network, voters: Sequence[Somebody], secrecy: str) -> "Voting":
        """Each may change an open ballot; a secret one is final."""
        await asyncio.gather(*(each.renew_if_due_within(LONGEST_S) for each in (network.coordinator, *voters)))
        poll = await ask(network, questions=[QUESTION], secrecy=secrecy, change_allowed=secrecy == "open")
        return cls(network, poll, voters)

    def path(self, what: str = "") -> str:
        return path_of(self.network, self.poll, what)

    def ballot(self, option: int) -> Json:
        return {"answers": [{"question": self.poll["questions"][0]["id"], "value": self.option(option)}]}

    def option(self, number: int) -> str:
        options = self.poll["questions"][0]["options"]
        return str(options[number % len(options)]["id"])

    async def view(self) -> Json:
        seen: Json = await self.network.coordinator.get(self.path())
        return seen

    async def closed_at(self) -> str | None:
        """When it was closed, once it is counted."""
        view = await self.view()
        return str(view["closed_at"]) if view["closed_at"] else None

    async def of_all(self) -> None:
        """All vote, some at a time."""
        turn = iter(range(len(self.voters)))

        async def some() -> None:
            for number in turn:
                await self.of(number)

        await asyncio.gather(*(some() for _ in range(AT_ONCE)))

    async def of(self, number: int) -> None:
        """One votes until the ballot is taken; who may change a ballot has changed their mind at each further try."""
        email = self.voters[number].email
        changed = itertools.count(number + 1 if email in self.unsure else number)
        tries = changed if self.poll["change_allowed"] else itertools.repeat(number)

        async def is_taken() -> bool:
            return await self._try(number, next(tries))

        if not await is_taken():
            self.unsure.add(email)
            await self.again.wait()
            await until(is_taken, f"the ballot of voter {number} to be taken")

    async def _try(self, number: int, option: int) -> bool:
        voter = self.voters[number]
        try:
            reply = await voter.send("PUT", self.path("ballot"), self.ballot(option))
        except httpx.TransportError:
            return False
        if reply.status_code >= 500:
            return False
        if reply.status_code == 409:  # the one that nothing was told of had been taken
            assert reply.json()["code"] == "already_voted"
            assert voter.email in self.unsure
        else:
            assert reply.status_code in (200, 201), reply.text
        self.taken[voter.email] = self.option(option)
        return True

    async def closes(self) -> None:
        """The coordinator closes it."""
        assert (await self.network.coordinator.post(self.path("close")))["state"] == "closed"

    async def takes_no_ballot(self) -> None:
        """Neither of who has voted nor of who has not."""
        late = (*self.voters[:2], self.network.coordinator, self.network.people["member"])
        for voter in late:
            reply = await voter.send("PUT", self.path("ballot"), self.ballot(0))
            assert (reply.status_code, reply.json().get("code")) == (409, "closed"), reply.text

    async def counted_each_once(self, installation: DistributedInstallation) -> None:
        """What was taken, and nothing else."""
        turnout = (await self.view())["turnout"]
        assert turnout["voted"] == len(self.taken), f"{turnout} of {len(self.taken)} that were taken"
        results = await self.network.coordinator.get(self.path("results"))
        (question,) = results["questions"]
        counted = {option["id"]: option["count"] for option in question["options"] if option["count"]}
        taken = Counter(self.taken.values())
        assert counted == taken, f"{counted} of {taken}"
        kept = await self._kept(installation)
        if self.poll["secrecy"] == "secret":
            assert results["ballots"] is None
            assert kept == {"ballots": 0, "envelopes": 0, "secret_ballots": len(self.taken)}, kept
        else:
            named = [(ballot["voter"]["account"], ballot["answers"][0]["value"]) for ballot in results["ballots"]]
            accounts = {(await voter.get("me"))["id"]: voter.email for voter in self.voters}
            said = sorted((accounts[account], value) for account, value in named)
            assert said == sorted(self.taken.items()), f"{said} of {sorted(self.taken.items())}"
            assert kept == {"ballots": len(self.taken), "envelopes": 0, "secret_ballots": 0}, kept

    async def _kept(self, installation: DistributedInstallation) -> dict[str, int]:
        """The rows of this poll."""
        async with installation.servers.postgres.cluster.connection("polls") as database:
            return {
                table: await database.fetchval(
                    f"SELECT count(*) FROM {table} WHERE poll_id = $1",
                    self.poll["id"],
                )
                for table in ("ballots", "envelopes", "secret_ballots")
            }
