"""What the tests of identity do again and again: register, log in, read mails, hear events."""

import email
import email.policy
import re
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import httpx

from netzraum_identity.accounts.service import create_operator
from netzraum_platform.bus import Subscription
from netzraum_platform.errors import Unavailable
from netzraum_platform.events import Envelope, EventData
from tests.harness import ServiceUnderTest, Surroundings, eventually, service_token

PASSWORD = "correct horse battery"
INSTITUTION = {"name": "agentur mark GmbH", "town": "Hagen", "kind": "other"}
GERMAN = {"accept-language": "de"}


def read_mail(path: Path) -> EmailMessage:
    return email.message_from_bytes(path.read_bytes(), policy=email.policy.SMTP)


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def token_in(mail: EmailMessage, page: str) -> str:
    """The token of the link to ``page`` in a mail."""
    found = re.search(rf"http://netzraum\.test{page}(\S+)", text_of(mail))
    assert found, f"no link to {page} in:\n{text_of(mail)}"
    return found.group(1)


@dataclass
class Identity:
    """The service with its surroundings, in the words of its users."""

    service: ServiceUnderTest
    around: Surroundings
    heard: list[Envelope] = field(default_factory=list)

    @property
    def public(self) -> httpx.AsyncClient:
        return self.service.public

    def at(self, moment: datetime) -> None:
        """Let it be this time for what the service records and compares."""
        self.service.app.clock = lambda: moment

    async def listen(self, *events: type[EventData]) -> None:
        """Keep the events of these types in ``heard``."""

        async def keep(envelope: Envelope) -> None:
            self.heard.append(envelope)

        types = tuple(event.TYPE for event in events)
        await self.service.app.bus.subscribe(Subscription("test.events", types, transient=True), keep)

    async def told(self, event: type[EventData], **data: Any) -> dict[str, Any]:
        """Wait for an event with these data."""

        def found() -> dict[str, Any] | None:
            wanted = {name: str(value) if isinstance(value, uuid.UUID) else value for name, value in data.items()}
            return next(
                (one.data for one in self.heard if one.type == event.TYPE and wanted.items() <= one.data.items()),
                None,
            )

        result: dict[str, Any] = await eventually(found)
        return result

    def mails_to(self, address: str) -> list[EmailMessage]:
        mails = [read_mail(path) for path in self.around.mails]
        return [mail for mail in mails if mail["To"] == address]

    async def mail_to(self, address: str, subject: str) -> EmailMessage:
        """The newest mail to an address whose subject holds these words; waits for it."""

        def found() -> EmailMessage | None:
            return next((mail for mail in reversed(self.mails_to(address)) if subject in mail["Subject"]), None)

        mail: EmailMessage = await eventually(found)
        return mail

    async def log_in(self, address: str, password: str = PASSWORD, **more: Any) -> dict[str, Any]:
        reply = await self.try_log_in(address, password, **more)
        assert reply.status_code == 201, reply.text
        return dict(reply.json())

    async def try_log_in(self, address: str, password: str = PASSWORD, **more: Any) -> httpx.Response:
        headers = more.pop("headers", {})
        body = {"email": address, "password": password, **more}
        return await self.public.post("/api/v1/session", json=body, headers=headers)

    async def headers_of(self, address: str, password: str = PASSWORD, **more: Any) -> dict[str, str]:
        return bearer((await self.log_in(address, password, **more))["access_token"])

    async def operator(self) -> dict[str, str]:
        """The headers of a logged-in operator."""
        await create_operator(self.service.app, "operator@netzraum.test", "Olga Opitz", PASSWORD)
        return await self.headers_of("operator@netzraum.test")

    async def register(self, address: str = "anna@agentur.test", **institution: str) -> str:
        """Register an institution and confirm the address; return its id."""
        registrant = {"name": "Anna Arndt", "email": address, "password": PASSWORD}
        body = {**INSTITUTION, **institution, "registrant": registrant}
        reply = await self.public.post("/api/v1/institutions", json=body, headers=GERMAN)
        assert reply.status_code == 202, reply.text
        token = token_in(await self.mail_to(address, "bestätigen"), "/registrieren/bestaetigen/")
        reply = await self.public.post(f"/api/v1/institutions/confirm/{token}")
        assert reply.status_code == 200, reply.text
        return str(reply.json()["id"])

    async def approved(self, address: str = "anna@agentur.test", **institution: str) -> str:
        """An institution that the operator has let in; its registrant can log in."""
        institution_id = await self.register(address, **institution)
        operator = await self.operator()
        reply = await self.public.post(f"/api/v1/institutions/{institution_id}/approve", headers=operator)
        assert reply.status_code == 200, reply.text
        return institution_id

    async def internal(self, method: str, path: str, body: Any = None, caller: str = "spaces") -> httpx.Response:
        headers = service_token(caller, "identity")
        return await self.service.internal.request(method, f"/internal/{path}", json=body, headers=headers)

    async def address(self, address: str, name: str = "Bernd Bach", institution: str = "Berufskolleg Hagen") -> Any:
        """What spaces does when it takes somebody in by address."""
        body = {"email": address, "name": name, "institution": institution}
        reply = await self.internal("POST", "addresses", body)
        assert reply.status_code == 200, reply.text
        return reply.json()


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


class MailServerAway:
    """A mail server that takes nothing; ``tried`` names the addresses."""

    def __init__(self) -> None:
        self.tried: list[str] = []

    async def send(self, message: EmailMessage) -> None:
        self.tried.append(message["To"])
        raise Unavailable("mail")
