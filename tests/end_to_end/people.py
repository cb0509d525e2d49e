"""Somebody who uses the API, and a whole network made through it."""

import secrets
import time
from dataclasses import dataclass, field
from typing import Any

import httpx

from netzraum_standalone.demo.client import Mailbox, until
from tests.end_to_end.installations import PASSWORD, Installation

Json = dict[str, Any]
RENEW_AFTER_S = 120.0


class Somebody:
    """One account by the API; ``of`` logs in."""

    def __init__(self, http: httpx.AsyncClient, email: str, tokens: Json) -> None:
        self.http = http
        self.email = email
        self.tokens = tokens
        self._renew_at = time.monotonic() + RENEW_AFTER_S

    @classmethod
    async def of(cls, http: httpx.AsyncClient, email: str) -> "Somebody":
        reply = await http.post("/api/v1/session", json={"email": email, "password": PASSWORD})
        assert reply.status_code == 201, reply.text
        return cls(http, email, reply.json())

    async def send(self, method: str, path: str, body: Json | None = None, **headers: str) -> httpx.Response:
        if time.monotonic() > self._renew_at:
            await self.renew()
        sent = {"authorization": f"Bearer {self.tokens['access_token']}"}
        sent.update({name.replace("_", "-"): value for name, value in headers.items()})
        return await self.http.request(method, f"/api/v1/{path}", json=body, headers=sent)

    async def renew(self) -> None:
        """An access token lives 5 minutes, a run of the tests longer. While identity is down the old one still goes."""
        self._renew_at = time.monotonic() + RENEW_AFTER_S
        reply = await self.http.post("/api/v1/session/refresh", json={"refresh_token": self.tokens["refresh_token"]})
        if reply.status_code >= 500:
            self._renew_at = time.monotonic()
            return
        assert reply.status_code == 200, f"{self.email} may not renew the session: {reply.text}"
        self.tokens = reply.json()

    async def renew_if_due_within(self, seconds: float) -> None:
        """So that for so long nothing is renewed amid something else."""
        if time.monotonic() + seconds > self._renew_at:
            await self.renew()

    async def get(self, path: str) -> Any:
        reply = await self.send("GET", path)
        assert reply.status_code == 200, reply.text
        return reply.json()

    async def post(self, path: str, body: Json | None = None, **headers: str) -> Any:
        reply = await self.send("POST", path, body or {}, **headers)
        assert reply.status_code < 300, reply.text
        return reply.json() if reply.content else None

    async def change(self, path: str, body: Json, method: str = "PATCH") -> Any:
        reply = await self.send(method, path, body, if_match="*")
        assert reply.status_code < 300, reply.text
        return reply.json()

    async def status(self, method: str, path: str, body: Json | None = None) -> int:
        return (await self.send(method, path, body)).status_code

    async def titles(self, space: str) -> set[str]:
        return {notice["title"] for notice in (await self.get(f"spaces/{space}/notices?limit=200"))["items"]}


@dataclass
class Network:
    """An approved institution with its network space and one member of each role."""

    installation: Installation
    http: httpx.AsyncClient
    name: str
    operator: Somebody
    coordinator: Somebody
    space: str
    people: dict[str, Somebody] = field(default_factory=dict)
    memberships: dict[str, str] = field(default_factory=dict)

    @property
    def mailbox(self) -> Mailbox:
        return Mailbox(self.installation.mails)

    def mails_about(self, item: str, person: Somebody) -> list[str]:
        """What this person has got by mail with a link to the item."""
        mails = [file.read_text(encoding="utf-8", errors="replace") for file in self.installation.mails.glob("*.eml")]
        return [mail for mail in mails if f"To: {person.email}" in mail and item in mail.replace("=\n", "")]

    async def take_in(self, role: str, key: str | None = None) -> Somebody:
        """Invite somebody by address, name and institution; accept; log in."""
        key = key or role
        email = f"{key}-{secrets.token_hex(4)}@netzraum.example"
        membership = await self.coordinator.post(
            f"spaces/{self.space}/members",
            {
                "email": email,
                "name": f"Person {key}",
                "role": role,
                "institution": {"name": "Gesamtschule Haspe", "town": "Hagen", "kind": "school"},
            },
        )
        token = await self.mailbox.token(email, "einladung")
        accepted = {"name": f"Person {key}", "password": PASSWORD}
        reply = await self.http.post(f"/api/v1/invitations/{token}/accept", json=accepted)
        assert reply.status_code == 201, reply.text
        somebody = await Somebody.of(self.http, email)
        await until(lambda: _is_in(somebody, self.space), f"{key} to be in the space")
        self.people[key], self.memberships[key] = somebody, membership["id"]
        return somebody

    async def post_notice(self, author: Somebody, title: str, classification: str = "internal", **more: Any) -> Json:
        body = {"title": title, "text": "Text", "classification": classification, **more}
        notice: Json = await author.post(f"spaces/{self.space}/notices", body)
        return notice


async def _is_in(somebody: Somebody, space: str) -> bool:
    return any(each["id"] == space for each in (await somebody.get("spaces"))["items"])


async def found_network(installation: Installation, http: httpx.AsyncClient) -> Network:
    """Register an institution, confirm its address, approve it; wait for its network space."""
    name = f"agentur mark GmbH {secrets.token_hex(3)}"
    registrant = f"koordination-{secrets.token_hex(4)}@netzraum.example"
    reply = await http.post(
        "/api/v1/institutions",
        json={
            "name": name,
            "town": "Hagen",
            "kind": "training_provider",
            "registrant": {"name": "Katrin Vossmann", "email": registrant, "password": PASSWORD},
        },
    )
    assert reply.status_code == 202, reply.text
    token = await Mailbox(installation.mails).token(registrant, "registrieren/bestaetigen")
    assert (await http.post(f"/api/v1/institutions/confirm/{token}")).status_code < 300
    operator = await Somebody.of(http, installation.operator)
    pending = (await operator.get("institutions?state=pending&limit=200"))["items"]
    (institution,) = [each for each in pending if each["name"] == name]
    await operator.post(f"institutions/{institution['id']}/approve")
    coordinator = await Somebody.of(http, registrant)
    space = await until(lambda: _own_network(coordinator), "the network space")
    await until(lambda: _is_known(coordinator, space), "every service to have heard of the network space")
    return Network(installation, http, name, operator, coordinator, space)


async def _own_network(coordinator: Somebody) -> str | None:
    spaces = (await coordinator.get("spaces?kind=network"))["items"]
    return spaces[0]["id"] if spaces else None


async def _is_known(coordinator: Somebody, space: str) -> bool:
    """By each service that keeps items: one that has not heard of a space answers as if there were none."""
    answers = [await coordinator.status("GET", f"spaces/{space}/{name}") for name in ("notices", "events", "polls")]
    return answers == [200, 200, 200]
