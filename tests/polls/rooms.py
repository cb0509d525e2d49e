"""A space with polls, and what its people do with them over HTTP."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from netzraum_platform.database import utc_now
from netzraum_platform.jobs import JobHandler
from netzraum_polls.polls.models import Poll
from tests.harness import ServiceUnderTest
from tests.world import BUILT_IN, Json, Person, Place, World


@dataclass
class PollRoom:
    """The coordinator has a second factor; each person is of an institution of their own."""

    world: World
    place: Place
    people: dict[str, Person]

    @classmethod
    async def furnished(cls, world: World, **state: Any) -> "PollRoom":
        place = await world.place().found(tools=["polls"], **state)
        people = {role: await world.person(role, second_factor=role == "coordinator") for role in BUILT_IN}
        for role, person in people.items():
            await place.take_in(person, role)
        return cls(world, place, people)

    def __getitem__(self, role: str) -> Person:
        return self.people[role]

    @property
    def service(self) -> ServiceUnderTest:
        return self.world.service

    @property
    def coordinator(self) -> Person:
        return self.people["coordinator"]

    @property
    def path(self) -> str:
        return f"{self.place.path}/polls"

    async def members(self, count: int, role: str = "member") -> list[Person]:
        """So many more people."""
        return [await self.place.take_in(await self.world.person(f"{role} {n}"), role) for n in range(count)]

    async def ask(self, person: Person | None = None, **poll: Any) -> Any:
        """Create a poll: by the coordinator, with one question of two options, open at once, where not said else."""
        body = {"title": "Umfrage", "questions": [single()], **poll}
        reply = await (person or self.coordinator).send("POST", self.path, body)
        assert reply.status_code == 201, reply.text
        return reply.json()

    async def read(self, poll: Json, person: Person | None = None) -> Any:
        return await (person or self.coordinator).get(f"{self.path}/{poll['id']}")

    async def send(self, method: str, poll: Json, what: str = "", body: Any = None, **more: Any) -> httpx.Response:
        person = more.pop("person", self.coordinator)
        path = f"{self.path}/{poll['id']}" + (f"/{what}" if what else "")
        reply: httpx.Response = await person.send(method, path, body, **more)
        return reply

    async def change(self, poll: Json, person: Person | None = None, **changes: Any) -> httpx.Response:
        return await self.send("PATCH", poll, "", changes, headers={"If-Match": "*"}, person=person or self.coordinator)

    async def vote(self, person: Person, poll: Json, *values: Any) -> httpx.Response:
        """Answer the poll's questions in their order; None leaves one out."""
        answers = [
            {"question": question["id"], "value": value}
            for question, value in zip(poll["questions"], values, strict=False)
            if value is not None
        ]
        return await self.send("PUT", poll, "ballot", {"answers": answers}, person=person)

    async def close(self, poll: Json) -> Any:
        reply = await self.send("POST", poll, "close")
        assert reply.status_code == 200, reply.text
        return reply.json()

    async def results(self, poll: Json, person: Person | None = None) -> Any:
        reply = await self.send("GET", poll, "results", person=person or self.coordinator)
        assert reply.status_code == 200, reply.text
        return reply.json()

    async def when(self, job: JobHandler, poll: Json, monkeypatch: pytest.MonkeyPatch, **delta: float) -> None:
        """What a job does with the poll when so much time has passed."""
        with monkeypatch.context() as then:
            then.setattr(self.service.app, "clock", lambda: utc_now() + timedelta(**delta))
            async with self.service.work() as context:
                await job(context, {"item": poll["id"]})

    async def row(self, poll: Json) -> Poll:
        """The poll as it stands in the database."""
        async with self.service.app.database.session() as session:
            return await session.get_one(Poll, uuid.UUID(poll["id"]))


def single(title: str = "Wann?", options: tuple[str, ...] = ("Montag", "Dienstag"), **more: Any) -> Json:
    return question("single", title, options, **more)


def question(kind: str, title: str = "Frage", options: tuple[str, ...] = (), **more: Any) -> Json:
    return {"kind": kind, "title": title, "options": [{"title": option} for option in options], **more}


def options(poll: Json, number: int = 0) -> dict[str, str]:
    """The ids of a question's options by title."""
    return {option["title"]: option["id"] for option in poll["questions"][number]["options"]}


def later(**delta: float) -> str:
    return (utc_now() + timedelta(**delta)).isoformat()


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
