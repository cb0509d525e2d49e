"""A space with a calendar and one person in each built-in role, and what is done with events there."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from netzraum_platform.database import utc_now
from tests.world import BUILT_IN, Json, Person, Place, World

BERLIN = ZoneInfo("Europe/Berlin")


def at(days: int, hour: int = 10, minute: int = 0) -> datetime:
    """A time of the day so many days from today, in Berlin."""
    day = utc_now().astimezone(BERLIN) + timedelta(days=days)
    return day.replace(hour=hour, minute=minute, second=0, microsecond=0)


def text(when: datetime) -> str:
    return when.isoformat()


def monday_in(weeks: int, hour: int = 10) -> datetime:
    """A Monday at least ``weeks`` weeks ahead."""
    start = at(7 * weeks, hour)
    return start + timedelta(days=(7 - start.weekday()) % 7)


@dataclass
class Agenda:
    """A calendar with people; the coordinator has a second factor."""

    world: World
    place: Place
    people: dict[str, Person]

    def __getitem__(self, role: str) -> Person:
        return self.people[role]

    @property
    def coordinator(self) -> Person:
        return self.people["coordinator"]

    @property
    def path(self) -> str:
        return f"{self.place.path}/events"

    async def try_to_create(
        self, person: Person | None = None, headers: Mapping[str, str] | None = None, **event: Any
    ) -> httpx.Response:
        start = event.pop("start", at(7))
        body = {"title": "Steuerkreis", "start": text(start), "end": text(start + timedelta(hours=1)), **event}
        return await (person or self.coordinator).send("POST", self.path, body, headers)

    async def create(self, person: Person | None = None, **event: Any) -> Json:
        reply = await self.try_to_create(person, **event)
        assert reply.status_code == 201, reply.text
        created: Json = reply.json()
        return created

    async def try_to_change(
        self, event: Json, person: Person | None = None, query: Mapping[str, str] | None = None, **changes: Any
    ) -> httpx.Response:
        headers = {"If-Match": f'"{event["version"]}"'}
        path = f"{self.path}/{event['id']}"
        return await (person or self.coordinator).send("PATCH", path, changes, headers, **(query or {}))

    async def change(
        self, event: Json, person: Person | None = None, query: Mapping[str, str] | None = None, **changes: Any
    ) -> Json:
        reply = await self.try_to_change(event, person, query, **changes)
        assert reply.status_code == 200, reply.text
        changed: Json = reply.json()
        return changed

    async def read(self, event: Json, person: Person | None = None) -> Json:
        found: Json = await (person or self.coordinator).get(f"{self.path}/{event['id']}")
        return found

    async def categories(self, person: Person) -> list[str]:
        window: Json = {"from": text(at(0)), "until": text(at(1))}
        found: list[str] = (await person.get(f"{self.place.path}/occurrences", **window))["categories"]
        return found

    async def window(
        self, since: datetime, until: datetime, person: Person | None = None, everywhere: bool = False, **query: Any
    ) -> list[Json]:
        path = "occurrences" if everywhere else f"{self.place.path}/occurrences"
        query = {"from": text(since), "until": text(until), **query}
        found: list[Json] = (await (person or self.coordinator).get(path, **query))["items"]
        return found


async def agenda_of(world: World, **state: Any) -> Agenda:
    place = await world.place().found(tools=["calendar"], **state)
    people = {role: await world.person(role) for role in BUILT_IN}
    for role, person in people.items():
        await place.take_in(person, role)
    people["coordinator"] = people["coordinator"].with_token(second_factor=True)
    return Agenda(world, place, people)
