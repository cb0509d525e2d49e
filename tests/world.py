"""Spaces, roles and people as content hears of them by events, and what they do over HTTP."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import httpx

from netzraum_contracts.identity import AccountChanged, InstitutionChanged
from netzraum_contracts.spaces import (
    AccessEvent,
    Membership,
    MembershipChanged,
    Role,
    RoleChanged,
    Space,
    SpaceChanged,
    SpaceKind,
)
from netzraum_platform.database import new_id, utc_now
from tests.harness import ServiceUnderTest, access_token

Json = dict[str, Any]
BUILT_IN = ("coordinator", "moderator", "member", "guest", "auditor")


@dataclass
class Person:
    """Somebody with an account, by the API of one service."""

    service: ServiceUnderTest
    name: str
    account: uuid.UUID = field(default_factory=new_id)
    institution: uuid.UUID = field(default_factory=new_id)
    token: Mapping[str, Any] = field(default_factory=dict)

    def with_token(self, **token: Any) -> "Person":
        """The same person, on another way in: second factor, scopes, channel, operator."""
        return Person(self.service, self.name, self.account, self.institution, {**self.token, **token})

    async def send(
        self, method: str, path: str, body: Json | None = None, headers: Mapping[str, str] | None = None, **query: Any
    ) -> httpx.Response:
        token = access_token(self.account, institution=self.institution, **self.token)
        return await self.service.public.request(
            method, f"/api/v1/{path}", json=body, params=query or None, headers={**token, **(headers or {})}
        )

    async def get(self, path: str, **query: Any) -> Any:
        reply = await self.send("GET", path, **query)
        assert reply.status_code == 200, reply.text
        return reply.json()

    async def status(self, method: str, path: str, body: Json | None = None, **headers: str) -> int:
        return (await self.send(method, path, body, headers)).status_code


@dataclass
class Place:
    """A space with its access version, told step by step as the service spaces would."""

    service: ServiceUnderTest
    kind: SpaceKind = "network"
    id: uuid.UUID = field(default_factory=new_id)
    version: int = 0
    state: Space | None = None

    @property
    def path(self) -> str:
        return f"spaces/{self.id}"

    @property
    def notices(self) -> str:
        return f"spaces/{self.id}/notices"

    async def found(self, creator: Person | None = None, tools: Sequence[str] = (), **state: Any) -> "Place":
        """Tell that the space came into being, or that its settings changed."""
        creator_id = creator.account if creator else None
        self.state = Space(kind=self.kind, creator=creator_id, tools=list(tools), **state)
        roles = [Role(name=name, base=name) for name in BUILT_IN]
        await self.tell(SpaceChanged(space=self.id, access_version=self.next(), state=self.state, roles=roles))
        return self

    async def define(self, role: Role, *, removed: bool = False) -> None:
        await self.tell(RoleChanged(space=self.id, access_version=self.next(), role=role, removed=removed))

    async def take_in(
        self, person: Person, role: str, since: datetime | None = None, until: datetime | None = None
    ) -> Person:
        await self.tell(self.membership(person, role, since, until))
        return person

    async def dismiss(self, person: Person, role: str) -> None:
        await self.tell(self.membership(person, role, until=utc_now() - timedelta(seconds=1)))

    def membership(
        self, person: Person, role: str, since: datetime | None = None, until: datetime | None = None
    ) -> MembershipChanged:
        membership = Membership(
            membership=new_id(),
            account=person.account,
            role=role,
            from_=since or utc_now() - timedelta(days=365),
            until=until,
            state="active" if until is None or until > utc_now() else "ended",
        )
        return MembershipChanged(space=self.id, access_version=self.next(), membership=membership)

    def next(self) -> int:
        self.version += 1
        return self.version

    async def tell(self, event: AccessEvent) -> None:
        await self.service.hear(event, space=self.id)


class World:
    """What the tests of one service begin with."""

    def __init__(self, service: ServiceUnderTest) -> None:
        self.service = service

    async def person(self, name: str, **token: Any) -> Person:
        """Somebody of whom the service knows name and institution."""
        somebody = Person(self.service, name, token=token)
        await self.service.hear(
            InstitutionChanged(
                institution=somebody.institution,
                name=f"Institution von {name}",
                town="Hagen",
                kind="school",
                state="approved",
                version=1,
            )
        )
        await self.service.hear(
            AccountChanged(
                account=somebody.account,
                name=name,
                institution=somebody.institution,
                state="active",
                version=1,
            )
        )
        return somebody

    async def erase(self, person: Person) -> None:
        """Tell that the account is gone and has lost its name."""
        await self.service.hear(
            AccountChanged(account=person.account, name="", institution=person.institution, state="erased", version=2)
        )

    def place(self, kind: SpaceKind = "network") -> Place:
        return Place(self.service, kind)

    async def board(self, kind: SpaceKind = "network", **state: Any) -> "Board":
        """A space with a notice board and one person in each built-in role."""
        place = await self.place(kind).found(**state)  # without a board, so that nothing greets
        await place.found(tools=["notices"], **state)
        people = {role: await self.person(role) for role in BUILT_IN}
        for role, person in people.items():
            await place.take_in(person, role)
        return Board(self, place, people)


@dataclass
class Board:
    """A notice board with people; the coordinator has a second factor."""

    world: World
    place: Place
    people: dict[str, Person]

    def __post_init__(self) -> None:
        self.people["coordinator"] = self.people["coordinator"].with_token(second_factor=True)

    def __getitem__(self, role: str) -> Person:
        return self.people[role]

    @property
    def coordinator(self) -> Person:
        return self.people["coordinator"]

    @property
    def path(self) -> str:
        return self.place.notices

    async def post(self, person: Person | None = None, headers: Mapping[str, str] | None = None, **notice: Any) -> Any:
        """Create a notice; by the coordinator where nobody else is named."""
        body = {"title": "Aushang", "text": "Text", **notice}
        reply = await (person or self.coordinator).send("POST", self.path, body, headers)
        assert reply.status_code == 201, reply.text
        return reply.json()

    async def change(self, notice: Json, person: Person | None = None, **changes: Any) -> Any:
        reply = await self.try_to_change(notice, person, **changes)
        assert reply.status_code == 200, reply.text
        return reply.json()

    async def try_to_change(self, notice: Json, person: Person | None = None, **changes: Any) -> httpx.Response:
        headers = {"If-Match": f'"{notice["version"]}"'}
        return await (person or self.coordinator).send("PATCH", f"{self.path}/{notice['id']}", changes, headers)

    async def titles(self, person: Person, **query: Any) -> list[str]:
        return [notice["title"] for notice in (await person.get(self.path, limit=200, **query))["items"]]


def personal(days: int = 30) -> Json:
    """What a personal notice needs beside its text."""
    return {
        "classification": "personal",
        "purpose": "Fallbesprechung",
        "delete_on": (utc_now() + timedelta(days=days)).date().isoformat(),
    }
