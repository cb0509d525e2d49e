"""A space with a wiki and one person in each built-in role, and what they do over HTTP."""

from dataclasses import dataclass
from typing import Any

import httpx

from netzraum_contracts.spaces import SpaceKind
from tests.world import BUILT_IN, Person, Place, World


@dataclass
class WikiRoom:
    """The coordinator has a second factor."""

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
        return f"spaces/{self.place.id}/wiki"

    def page(self, slug: str) -> str:
        return f"{self.path}/pages/{slug}"

    async def try_to_write(self, slug: str, person: Person | None = None, /, **page: Any) -> httpx.Response:
        body = {"title": slug, "text": "Text", **page}
        return await (person or self["member"]).send("PUT", self.page(slug), body)

    async def write(self, slug: str, person: Person | None = None, /, **page: Any) -> Any:
        """Create a page or save one; by the member where nobody else is named."""
        reply = await self.try_to_write(slug, person, **page)
        assert reply.status_code in (200, 201), reply.text
        return reply.json()

    async def read(self, slug: str, person: Person | None = None, /, **query: Any) -> Any:
        return await (person or self["member"]).get(self.page(slug), **query)

    async def try_to_change(self, slug: str, person: Person | None = None, /, **changes: Any) -> httpx.Response:
        return await (person or self["member"]).send("PATCH", self.page(slug), changes, {"If-Match": "*"})

    async def change(self, slug: str, person: Person | None = None, /, **changes: Any) -> Any:
        reply = await self.try_to_change(slug, person, **changes)
        assert reply.status_code == 200, reply.text
        return reply.json()

    async def listed(self, person: Person | None = None, **query: Any) -> Any:
        return (await (person or self["member"]).get(f"{self.path}/pages", limit=200, **query))["items"]


async def wiki_room(world: World, kind: SpaceKind = "network", **state: Any) -> WikiRoom:
    place = await world.place(kind).found(tools=["wiki"], **state)
    people = {role: await world.person(role) for role in BUILT_IN}
    for role, person in people.items():
        await place.take_in(person, role)
    people["coordinator"] = people["coordinator"].with_token(second_factor=True)
    return WikiRoom(world, place, people)
