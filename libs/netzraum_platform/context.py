"""What happens within one transaction: a request's, an event's or a job's."""

import asyncio
import hashlib
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol

from fastapi import Depends, Header, Request
from sqlalchemy import and_, case, not_, or_
from sqlalchemy.ext.asyncio import AsyncSession

from netzraum_platform import dialect
from netzraum_platform.calls import internal
from netzraum_platform.database import Database, as_json, begin_write, new_id, utc_now
from netzraum_platform.errors import (
    NotFound,
    Unauthenticated,
    Unavailable,
    Unprocessable,
    VersionMismatch,
    VersionMissing,
    language_of,
)
from netzraum_platform.events import Envelope, EventData
from netzraum_platform.policy import Policy
from netzraum_platform.tables import AuditRow, JobRow, OutboxRow
from netzraum_platform.telemetry import current_traceparent
from netzraum_platform.tokens import AccessTokens, Principal, ServiceTokens
from netzraum_platform.validation_texts import field_error

if TYPE_CHECKING:
    from netzraum_platform.blobs import Blobs
    from netzraum_platform.bus import Bus
    from netzraum_platform.calls import Calls
    from netzraum_platform.mail import Mail


def job_id(kind: str, key: str) -> uuid.UUID:
    """The id of the job that was scheduled with a ``key``."""
    return uuid.uuid5(uuid.NAMESPACE_OID, f"{kind}:{key}")


class Waker(Protocol):
    def wake(self) -> None: ...


class Publisher(Waker, Protocol):
    publishes: bool
    """Whether it is the one of all replicas that does."""


@dataclass
class App:
    """One running service: its name and the ports that it was composed with.

    ``keys_folder`` is for keys that no database and no backup of one may hold: those of secret polls, which must
    be gone once they are destroyed, and the one that seals second factors.
    ``state`` holds what a service's own start-up adds, by name. ``clock`` says what time it is for whatever is
    recorded; demo data are written with it turned back.
    """

    name: str
    database: Database
    bus: "Bus"
    policy: Policy
    calls: "Calls"
    tokens: AccessTokens
    service_tokens: ServiceTokens
    blobs: "Blobs"
    mail: "Mail"
    public_url: str
    mail_from: str = "netzraum@localhost"
    keys_folder: Path | None = None
    relays: list[Publisher] = field(default_factory=list)
    job_runners: list[Waker] = field(default_factory=list)
    state: dict[str, Any] = field(default_factory=dict)
    clock: Callable[[], datetime] = utc_now
    telling: set[asyncio.Task[None]] = field(default_factory=set)

    def tell(self, envelope: Envelope) -> None:
        """Publish something that may be lost; nobody waits for it, whatever the bus does."""
        task = asyncio.create_task(self.bus.publish_transient(envelope), name=f"{self.name} tells {envelope.type}")
        self.telling.add(task)
        task.add_done_callback(self.telling.discard)

    def wake(self, *, published: bool = True, scheduled: bool = True) -> None:
        """After a commit: let relay and job runner look for new rows."""
        for waker in (*(self.relays if published else ()), *(self.job_runners if scheduled else ())):
            waker.wake()

    async def call(self, service: str, method: str, path: str, *, json: Any = None) -> Any:
        """Call another service's ``/internal`` and return its JSON.

        Raises:
            NotFound: it has no such thing.
            Unavailable: it does not answer, or refuses.
        """
        headers = {"authorization": f"Bearer {self.service_tokens.for_peer(service)}"}
        reply = await self.calls.request(internal(service), method, path, json=json, headers=headers)
        if reply.status == 404:
            raise NotFound
        if reply.status >= 400:
            raise Unavailable(service)
        return reply.json()


class WorkContext:
    """A transaction with what it leaves behind: rows, audit, events and jobs commit together."""

    def __init__(
        self,
        app: App,
        db: AsyncSession,
        *,
        envelope: Envelope | None = None,
        actor: uuid.UUID | None = None,
        before_commit: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        self.app = app
        self.db = db
        self.envelope = envelope
        self._before_commit = before_commit
        self.actor = actor or (envelope.actor if envelope else None)
        self.now: datetime = app.clock()
        self._published = False
        self._scheduled = False
        self._to_tell: list[Envelope] = []

    def hear(self, envelope: Envelope | None) -> None:
        """Let what follows be the work on this event, in the name of its actor; or on several, in nobody's."""
        self.envelope = envelope
        self.actor = envelope.actor if envelope else None

    def take_along(self, other: "WorkContext") -> None:
        """Let what another context on the same transaction leaves behind be told with this one's commit."""
        self._published |= other._published  # noqa: SLF001  # of the same class
        self._scheduled |= other._scheduled  # noqa: SLF001

    def audit(
        self,
        what: str,
        *,
        item: object = None,
        space: uuid.UUID | None = None,
        reason: str | None = None,
        **details: Any,
    ) -> None:
        """Note who did what (``subject:verb``), under which policy."""
        self.db.add(
            AuditRow(
                at=self.now,
                account_id=self.actor,
                what=what,
                space_id=space,
                reason=reason,
                details=as_json(details),
                item=None if item is None else str(item),
                policy_revision=self.app.policy.revision,
            )
        )

    def publish(
        self,
        event: EventData,
        *,
        subject: object = None,
        space: uuid.UUID | None = None,
        classification: str | None = None,
    ) -> None:
        """Let an event leave with this transaction; ids and states only, no texts."""
        envelope = self._envelope(event, subject, space, classification)
        self.db.add(OutboxRow(envelope=envelope.model_dump(mode="json", exclude_none=True)))
        self._published = True

    def tell(self, event: EventData, *, subject: object = None, space: uuid.UUID | None = None) -> None:
        """Say something that is of use now or never, once this transaction stands: in no outbox, and it may be lost.

        For those who hear with every replica (``live_handlers``, the gateway), not for ``handlers``.
        """
        self._to_tell.append(self._envelope(event, subject, space, None))

    def _envelope(
        self, event: EventData, subject: object, space: uuid.UUID | None, classification: str | None
    ) -> Envelope:
        if event.publisher() != self.app.name:
            raise ValueError(f"{self.app.name} cannot speak for {event.publisher()}")
        return Envelope(
            id=new_id(),
            source=f"/{self.app.name}",
            type=event.TYPE,
            time=self.now,
            spaceid=space,
            actor=self.actor,
            subject=None if subject is None else str(subject),
            classification=classification,
            data=event.model_dump(mode="json"),
            traceparent=current_traceparent(),
        )

    async def schedule(
        self,
        kind: str,
        payload: Mapping[str, Any],
        run_at: datetime | None = None,
        key: str | None = None,
        *,
        keep: bool = False,
    ) -> None:
        """Do something later (now by default). A second call with the same ``key`` moves the one that waits; with
        ``keep`` it lets that one be.

        Where that one runs just now, it ends as it would and then comes again, at the new time or later.
        """
        job = {
            "id": job_id(kind, key) if key else new_id(),
            "kind": kind,
            "key": key,
            "payload": as_json(dict(payload)),
            "run_at": run_at or self.now,
            "state": "waiting",
            "attempts": 0,
            "claimed_until": None,
            "error": None,
        }
        insert = dialect.inserting(self.app.database.dialect)(JobRow).values(**job)
        runs = JobRow.claimed_until.is_not(None)
        moved = {**job, "state": case((runs, "again"), else_="waiting"), "claimed_until": JobRow.claimed_until}
        waits = or_(JobRow.state == "again", and_(JobRow.state == "waiting", not_(runs)))
        moves = insert.on_conflict_do_update(
            index_elements=[JobRow.id], set_=moved, where=not_(waits) if keep else None
        )
        await self.db.execute(moves)
        self._scheduled = True

    async def begin_write(self) -> None:
        """End the read transaction, keeping what was loaded; the next statement begins a writing one."""
        if not self.db.info.get("write"):
            await begin_write(self.db)

    async def end_read(self) -> None:
        """End the read transaction, keeping what was loaded, before something slow is awaited."""
        if self._published or self._scheduled or self.db.new or self.db.dirty or self.db.deleted:
            raise RuntimeError("a mistake of ours: half a request would be committed; ask before the first write")
        await self.db.commit()

    async def release(self) -> None:
        """Commit what stands so far, so that no transaction is open while something slow is awaited."""
        await self.commit()

    async def commit(self) -> None:
        if self._before_commit is not None:
            await self._before_commit()
        if self._published and not any(relay.publishes for relay in self.app.relays):
            await dialect.wake_relay(self.db)  # where the relay of this process does, to wake that one is enough
        if self.db.in_transaction():  # not after a read that end_read() has ended
            await self.db.commit()
        self.app.wake(published=self._published, scheduled=self._scheduled)
        self._published = self._scheduled = False
        to_tell, self._to_tell = self._to_tell, []
        for envelope in to_tell:
            self.app.tell(envelope)

    async def rollback(self) -> None:
        """Undo what was not committed; what was loaded stays usable."""
        self.db.expunge_all()
        await self.db.rollback()
        self._published = self._scheduled = False
        self._to_tell = []


class RequestContext(WorkContext):
    """A request of somebody who is logged in (``principal``) or not."""

    def __init__(self, app: App, db: AsyncSession, request: Request, principal: Principal | None) -> None:
        super().__init__(app, db, actor=principal.account if principal else None)
        self.request = request
        self._principal = principal
        self.language = language_of(request)

    @property
    def policy(self) -> Policy:
        return self.app.policy

    @property
    def known_principal(self) -> Principal | None:
        """Who asks, or None for somebody who is not logged in."""
        return self._principal

    @property
    def principal(self) -> Principal:
        """
        Raises:
            Unauthenticated: nobody is logged in.
        """
        if self._principal is None:
            raise Unauthenticated
        return self._principal

    def invalid(self, field: str, code: str, **parameters: object) -> Unprocessable:
        """A field that only the service can find wrong; code and words are those of validation_texts."""
        return Unprocessable([field_error(field, code, self.language, **parameters)])


class ContinuedContext(RequestContext):
    """What a request began and a job goes on with, after it was answered: in the name of the same caller."""

    def __init__(self, work: WorkContext, principal: Principal, language: str) -> None:
        WorkContext.__init__(self, work.app, work.db, actor=principal.account)
        self._principal = principal
        self.language = language


def app_of(request: Request) -> App:
    app: App = request.app.state.app
    return app


async def _principal(request: Request, app: App) -> Principal | None:
    authorization = request.headers.get("authorization", "")
    if not authorization:
        return None
    if not authorization.startswith("Bearer "):
        raise Unauthenticated
    return await app.tokens.principal(authorization.removeprefix("Bearer "))


async def _request_context(request: Request) -> AsyncIterator[RequestContext]:
    """The edge: what a route did commits once, after it returned and before the answer leaves."""
    app = app_of(request)
    principal = await _principal(request, app)
    async with app.database.session() as session:
        context = RequestContext(app, session, request, principal)
        yield context
        await context.commit()


AnyRequest = Annotated[RequestContext, Depends(_request_context, scope="function")]


async def _logged_in(context: AnyRequest) -> RequestContext:
    context.principal  # noqa: B018  # raises where nobody is logged in
    return context


LoggedIn = Annotated[RequestContext, Depends(_logged_in, scope="function")]


def etag(version: object) -> str:
    return f'"{version}"'


def _if_match(if_match: Annotated[str | None, Header()] = None) -> str:
    if if_match is None:
        raise VersionMissing
    return if_match


IfMatch = Annotated[str, Depends(_if_match)]


def require_version(if_match: str, version: object) -> None:
    """
    Raises:
        VersionMismatch: the caller read another version than this one.
    """
    if if_match != "*" and etag(version) not in [part.strip().removeprefix("W/") for part in if_match.split(",")]:
        raise VersionMismatch


def digest(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()
