"""People and spaces for the tests of this service: known by identity's events, acting by its API."""

import uuid
from dataclasses import dataclass, field
from typing import Any

import httpx

from netzraum_contracts.identity import AccountChanged, AccountState, InstitutionApproved, InstitutionChanged
from netzraum_contracts.spaces import SpaceAccess
from netzraum_platform.database import new_id
from tests.harness import ServiceUnderTest, access_token, eventually, service_token

Json = dict[str, Any]


@dataclass
class Somebody:
    """An account that uses the API."""

    region: "Region"
    name: str
    institution: uuid.UUID
    id: uuid.UUID = field(default_factory=new_id)
    version: int = 0
    second_factor: bool = True

    async def send(self, method: str, path: str, body: Json | None = None, **headers: str) -> httpx.Response:
        sent = access_token(self.id, institution=self.institution, second_factor=self.second_factor)
        sent.update({name.replace("_", "-"): value for name, value in headers.items()})
        return await self.region.service.public.request(method, f"/api/v1/{path}", json=body, headers=sent)

    async def get(self, path: str) -> Any:
        reply = await self.send("GET", path)
        assert reply.status_code == 200, reply.text
        return reply.json()

    async def post(self, path: str, body: Json, **headers: str) -> Any:
        reply = await self.send("POST", path, body, **headers)
        assert reply.status_code == 201, reply.text
        return reply.json()

    async def change(self, path: str, body: Json, method: str = "PATCH") -> Any:
        reply = await self.send(method, path, body, if_match="*")
        assert reply.status_code == 200, reply.text
        return reply.json()

    async def becomes(self, state: AccountState) -> None:
        """Identity tells of the account's new state."""
        self.version += 1
        await self.region.service.hear(
            AccountChanged(
                account=self.id, name=self.name, institution=self.institution, state=state, version=self.version
            )
        )


@dataclass
class Region:
    """One institution with its network space, and whoever acts in it."""

    service: ServiceUnderTest
    institution: uuid.UUID = field(default_factory=new_id)

    async def institution_becomes(
        self, state: str, version: int, institution: uuid.UUID | None = None, name: str = "agentur mark GmbH"
    ) -> None:
        await self.service.hear(
            InstitutionChanged.model_validate(
                {
                    "institution": institution or self.institution,
                    "name": name,
                    "town": "Hagen",
                    "kind": "training_provider",
                    "state": state,
                    "version": version,
                }
            )
        )

    async def somebody(
        self, name: str, state: AccountState = "active", institution: uuid.UUID | None = None
    ) -> Somebody:
        """An account that identity has told of."""
        person = Somebody(self, name, institution or self.institution)
        await person.becomes(state)
        return person

    async def approved(self, registrant: Somebody) -> str:
        """The network space of the registrant's institution, after its approval."""
        await self.institution_becomes("approved", 1)
        await self.service.hear(
            InstitutionApproved(institution=self.institution, name="agentur mark GmbH", registrant=registrant.id)
        )
        spaces = (await registrant.get("spaces?kind=network"))["items"]
        assert len(spaces) == 1
        return str(spaces[0]["id"])

    async def take_in(self, by: Somebody, space: str, role: str, name: str = "", **more: Any) -> tuple[Somebody, Json]:
        """A new person as a member; the person and the membership."""
        person = await self.somebody(name or f"Person {role}")
        return person, await self.add(by, space, person, role, **more)

    async def add(self, by: Somebody, space: str, person: Somebody, role: str, **more: Any) -> Json:
        body = {"account": str(person.id), "role": role, **more}
        added: Json = await by.post(f"spaces/{space}/members", body)
        return added

    async def access(self, space: str) -> SpaceAccess:
        """What other services are told when they ask."""
        headers = service_token("content", "spaces")
        reply = await self.service.internal.get(f"/internal/access/{space}", headers=headers)
        assert reply.status_code == 200, reply.text
        return SpaceAccess.model_validate(reply.json())

    async def flagged(self, space: str, *, expected: bool = True) -> None:
        """Wait until the space is (not) known to have nobody who coordinates it."""
        operator = access_token(operator=True)

        async def is_flagged() -> bool:
            reply = await self.service.public.get("/api/v1/operator/spaces", headers=operator)
            assert reply.status_code == 200, reply.text
            return (space in [each["id"] for each in reply.json()["items"]]) == expected

        await eventually(is_flagged)

    async def gone(self, space: str, person: Somebody) -> None:
        """Wait until the person holds no membership of the space."""

        async def is_gone() -> bool:
            return person.id not in [held.account for held in (await self.access(space)).memberships]

        await eventually(is_gone)
