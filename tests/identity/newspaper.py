"""What the tests of mails about what is new do: write on the board of a network, and let the time for a mail come."""

import uuid
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from typing import Any

import httpx
from sqlalchemy import select, update

from netzraum_platform.database import utc_now
from netzraum_platform.tables import InboxRow, JobRow, OutboxRow
from tests.harness import ServiceUnderTest, eventually
from tests.identity.members import Network
from tests.identity.people import PASSWORD, Identity, token_in

JOBS = ("news_in_space", "news_mail")
NEWS = "Neu für Sie"


@dataclass
class Newspaper:
    """A network with the services that own its items; ``reader`` is a member who may see what is confidential."""

    network: Network
    content: ServiceUnderTest
    calendar: ServiceUnderTest
    reader: str = "clara@kolleg.test"
    membership: dict[str, Any] = field(default_factory=dict)

    @property
    def identity(self) -> Identity:
        return self.network.identity

    @property
    def account(self) -> uuid.UUID:
        """The reader's."""
        return uuid.UUID(self.membership["account"]["id"])

    async def take_in(self, address: str, **choice: str) -> dict[str, Any]:
        """Take a moderator in, who accepts and chooses; return the membership."""
        membership = await self.network.take_in(address, "Clara Cramer", role="moderator")
        token = token_in(await self.identity.mail_to(address, "Einladung"), "/einladung/")
        body = {"name": "Clara Cramer", "password": PASSWORD}
        reply = await self.identity.public.post(f"/api/v1/invitations/{token}/accept", json=body)
        assert reply.status_code == 201, reply.text
        await self.identity.mail_to(address, "Willkommen")
        await self.choose(address, **choice)
        return membership

    async def choose(self, address: str | None = None, **choice: str) -> None:
        headers = await self.identity.headers_of(address or self.reader)
        reply = await self.identity.public.patch("/api/v1/me", json=choice, headers=headers)
        assert reply.status_code == 200, reply.text

    async def post(self, title: str, by: str | None = None, **more: Any) -> dict[str, Any]:
        """Put a notice on the board and wait until identity has heard of it; by the coordinator if by nobody else."""
        headers = await self.identity.headers_of(by) if by else self.network.coordinator
        body = {"title": title, "text": "Geheimer Text", **more}
        reply = await self.content.public.post(self.board, json=body, headers=headers)
        assert reply.status_code == 201, reply.text
        await self.heard(self.content)
        return dict(reply.json())

    async def send(self, method: str, path: str, body: Any = None, by: str | None = None) -> httpx.Response:
        """To content, within the space; by the coordinator if by nobody else."""
        headers = await self.identity.headers_of(by) if by else self.network.coordinator
        url = f"/api/v1/spaces/{self.network.id}/{path}"
        reply = await self.content.public.request(method, url, json=body, headers={**headers, "if-match": "*"})
        assert reply.status_code < 300, reply.text
        await self.heard(self.content)
        return reply

    @property
    def board(self) -> str:
        return f"/api/v1/spaces/{self.network.id}/notices"

    async def heard(self, teller: ServiceUnderTest) -> None:
        """Wait until identity has handled the last event of a service."""
        async with teller.work() as work:
            envelope = await work.db.scalar(select(OutboxRow.envelope).order_by(OutboxRow.sequence.desc()).limit(1))
        assert envelope is not None

        async def handled() -> bool:
            async with self.identity.service.work() as work:
                row = await work.db.get(InboxRow, ("identity.events", uuid.UUID(envelope["id"])))
                return row is not None and row.state == "done"

        await eventually(handled)

    async def waiting(self, kind: str) -> list[datetime]:
        """When the jobs of a kind are to run."""
        async with self.identity.service.work() as work:
            return list(await work.db.scalars(select(JobRow.run_at).where(JobRow.kind == kind)))

    async def time_comes(self) -> list[EmailMessage]:
        """Let the time come for all that waits; return all mails about news that the reader has."""
        for kind in JOBS:

            async def none_waits(kind: str = kind) -> bool:
                return not await self.waiting(kind)

            await self.hurry(kind)
            await eventually(none_waits)
        return self.mails()

    async def hurry(self, kind: str) -> None:
        """Let the time come for what waits of this kind."""
        async with self.identity.service.work() as work:
            await work.db.execute(update(JobRow).where(JobRow.kind == kind).values(run_at=utc_now()))
        self.identity.service.app.wake()

    async def ask_again(self) -> list[EmailMessage]:
        """Let the reader be asked about once more, whether there is news or not; return all mails."""
        account = self.account
        async with self.identity.service.work() as work:
            await work.schedule("news_mail", {"account": account, "key": str(account)}, key=str(account))
        return await self.time_comes()

    def mails(self, address: str | None = None) -> list[EmailMessage]:
        return [mail for mail in self.identity.mails_to(address or self.reader) if NEWS in mail["Subject"]]

    def subjects(self, address: str | None = None) -> list[str]:
        return [str(mail["Subject"]) for mail in self.mails(address)]
