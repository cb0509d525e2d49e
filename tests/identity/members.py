"""A network space for the tests that need memberships: made and kept by the real service spaces."""

from dataclasses import dataclass
from typing import Any, Self

import httpx

from netzraum_platform.tokens import AccessTokens
from tests.harness import ServiceUnderTest, eventually
from tests.identity.people import Identity

COORDINATOR = "anna@agentur.test"


@dataclass
class Network:
    """A network space, its coordinator and what the coordinator does there."""

    identity: Identity
    spaces: ServiceUnderTest
    coordinator: dict[str, str]
    id: str

    @classmethod
    async def found(cls, identity: Identity, spaces: ServiceUnderTest) -> Self:
        spaces.app.tokens = AccessTokens(lambda: spaces.app.call("identity", "GET", "/internal/keys"))
        await identity.approved(COORDINATOR)
        coordinator = await identity.headers_of(COORDINATOR)

        async def first_space() -> str | None:
            reply = await spaces.public.get("/api/v1/spaces", headers=coordinator)
            items = reply.json()["items"] if reply.status_code == 200 else []  # 503 on a busy machine
            return items[0]["id"] if items else None

        return cls(identity, spaces, coordinator, await eventually(first_space))

    async def take_in(
        self, address: str, name: str = "Bernd Bach", role: str = "member", welcome: str = ""
    ) -> dict[str, Any]:
        """Take somebody in by address; return the membership."""
        body = {"email": address, "name": name, "institution": "Berufskolleg Hagen", "role": role, "welcome": welcome}
        reply = await self.request("POST", "members", body)
        assert reply.status_code == 201, reply.text
        return dict(reply.json())

    async def request(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        """As the coordinator."""
        url = f"/api/v1/spaces/{self.id}/{path}"
        return await self.spaces.public.request(method, url, json=body, headers={**self.coordinator, **headers})

    async def state_of(self, membership: str) -> str:
        reply = await self.request("GET", f"members/{membership}")
        return str(reply.json()["state"])
