"""The access projection: fed by events in order, healed by ``catch_up`` where one is missing.

The service spaces applies its own events to these tables within the transaction that causes them.
"""

import time
import uuid
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from operator import itemgetter
from typing import Any

import structlog
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm.util import identity_key

from netzraum_contracts.identity import AccountChanged, InstitutionChanged, SessionEnded
from netzraum_contracts.spaces import (
    AccessEvent,
    Heartbeat,
    Membership,
    MembershipChanged,
    Role,
    RoleChanged,
    Space,
    SpaceAccess,
    SpaceChanged,
)
from netzraum_items.tables import AccessMembership, AccessRole, AccessSpace, Institution, Person
from netzraum_platform import dialect, metrics
from netzraum_platform.context import App, WorkContext
from netzraum_platform.errors import NotFound, Unavailable
from netzraum_platform.inbox import Handlers, Together
from netzraum_platform.service import LiveHandlers

OWNER = "spaces"
SILENT_S = 8
"""Longer than a heartbeat and its way take."""
RETRY_S = 1.0

log = structlog.get_logger(__name__)


class AccessClock:
    """How old the access data may be, in seconds: the time since it was certain that nothing is missing.

    A heartbeat makes all spaces certain, a catching up one of them.
    """

    def __init__(self) -> None:
        self._confirmed = time.monotonic()
        self._caught_up: dict[uuid.UUID, float] = {}
        self._failed = -RETRY_S

    def confirm(self, space: uuid.UUID | None = None) -> None:
        if space is not None:
            self._caught_up[space] = time.monotonic()
            return
        self._confirmed = time.monotonic()
        self._caught_up.clear()

    def age_s(self, space: uuid.UUID | None = None) -> float:
        certain = self._confirmed if space is None else max(self._confirmed, self._caught_up.get(space, 0.0))
        return time.monotonic() - certain

    def fail(self) -> None:
        """The owner did not answer: leave it alone for a moment."""
        self._failed = time.monotonic()

    @property
    def may_ask(self) -> bool:
        return time.monotonic() - self._failed > RETRY_S


def clock_of(app: App) -> AccessClock:
    clock: AccessClock = app.state.setdefault("access_clock", AccessClock())
    return clock


def age_s(app: App, space: uuid.UUID | None = None) -> int:
    """For the policy; the owner's own data are never old."""
    if app.name == OWNER:
        return 0
    metrics.ACCESS_AGE.labels(app.name).set(clock_of(app).age_s())
    return int(clock_of(app).age_s(space))


async def refresh(app: App, spaces: Iterable[uuid.UUID]) -> bool:
    """Catch up with the spaces of which nothing was heard for too long; return whether their owner answered.

    Where the owner does not answer either, the data stay as old as they are, and the policy decides what that means.
    """
    clock = clock_of(app)
    old = [space for space in spaces if age_s(app, space) > SILENT_S]
    if not old or not clock.may_ask:
        return False
    try:
        for space in old:
            await catch_up(app, space)
    except (NotFound, Unavailable):
        clock.fail()
        return False
    return True


async def on_access_event(context: WorkContext, event: AccessEvent) -> None:
    """Apply the next step of a space's access data; heal a gap; ignore what is known."""
    known = await context.db.get(AccessSpace, event.space, with_for_update=True)
    version = known.version if known else 0
    if event.access_version <= version:
        return
    if event.access_version == version + 1:
        await apply(context.db, event)
        return
    log.warning("access_gap", service=context.app.name, space=str(event.space), known=version, got=event.access_version)
    await context.release()
    await apply_all(context.db, await fetch(context.app, event.space))


async def fetch(app: App, space: uuid.UUID) -> SpaceAccess:
    """All access data of a space, from its owner.

    Raises:
        NotFound: there is no such space.
        Unavailable: the owner does not answer.
    """
    return SpaceAccess.model_validate(await app.call(OWNER, "GET", f"/internal/access/{space}"))


async def catch_up(app: App, space: uuid.UUID) -> None:
    """Bring one space's projection to its owner's state: first fill, gap, restore, silent bus."""
    access = await fetch(app, space)
    async with app.database.transaction() as session:
        await apply_all(session, access)
    clock_of(app).confirm(space)


async def apply(db: AsyncSession, event: AccessEvent) -> None:
    """Apply one step; who calls holds the space's row, or its owner's."""
    match event:
        case SpaceChanged():
            await _put_space(db, event.space, event.access_version, event.state)
            for role in event.roles:
                await _put_role(db, event.space, role)
        case RoleChanged():
            await _raise_version(db, event)
            if event.removed:
                await db.execute(
                    delete(AccessRole).where(AccessRole.space_id == event.space, AccessRole.name == event.role.name)
                )
            else:
                await _put_role(db, event.space, event.role)
        case MembershipChanged():
            await _raise_version(db, event)
            await _put_membership(db, event.space, event.membership)
        case _:
            raise TypeError(f"{event.TYPE} is no step of access data")


async def apply_all(db: AsyncSession, access: SpaceAccess) -> None:
    """Replace what is known of a space, unless something newer is known."""
    known = await _put_space(db, access.space, access.access_version, access.state)
    if known.version > access.access_version:
        return
    await db.execute(delete(AccessRole).where(AccessRole.space_id == access.space))
    await db.execute(delete(AccessMembership).where(AccessMembership.space_id == access.space))
    db.expire_all()
    for role in access.roles:
        await _put_role(db, access.space, role)
    for membership in access.memberships:
        await _put_membership(db, access.space, membership)


async def _raise_version(db: AsyncSession, event: AccessEvent) -> None:
    space = await db.get(AccessSpace, event.space)
    if space is None:
        raise NotFound
    space.version = event.access_version


async def _put_space(db: AsyncSession, space_id: uuid.UUID, version: int, state: Space) -> AccessSpace:
    """Keep this state of a space unless a newer one is known; return the one that is kept, locked. In one statement: of
    two who learn of a space at once, the second one waits."""
    row = {
        "space_id": space_id,
        "version": version,
        "kind": state.kind,
        "parent_id": state.parent,
        "institution_id": state.institution,
        "creator_id": state.creator,
        "tools": state.tools,
        "newcomers_see_history": state.newcomers_see_history,
        "archived": state.archived,
    }
    await db.execute(_upsert(AccessSpace, db.get_bind().dialect.name), [row])
    return await db.get_one(AccessSpace, space_id, populate_existing=True)


async def _put_role(db: AsyncSession, space_id: uuid.UUID, role: Role) -> None:
    await db.merge(
        AccessRole(
            space_id=space_id, name=role.name, base=role.base, levels=dict(role.levels), clearance=role.clearance
        )
    )


async def _put_membership(db: AsyncSession, space_id: uuid.UUID, membership: Membership) -> None:
    await db.merge(
        AccessMembership(
            space_id=space_id,
            account_id=membership.account,
            membership_id=membership.membership,
            role=membership.role,
            function=membership.function,
            state=membership.state,
            starts_at=membership.from_,
            ends_at=membership.until,
        )
    )


async def on_heartbeat(app: App, event: Heartbeat) -> None:
    """Compare versions; catch up where a last event was lost; then the data are as fresh as the heartbeat."""
    known = await _known_versions(app, event.versions) if event.versions else {}
    for space, version in event.versions.items():
        if known.get(space, 0) < version:
            await catch_up(app, space)
    clock_of(app).confirm()


async def _known_versions(app: App, spaces: Iterable[uuid.UUID]) -> dict[uuid.UUID, int]:
    async with app.database.session() as session:
        rows = await session.execute(
            select(AccessSpace.space_id, AccessSpace.version).where(AccessSpace.space_id.in_(list(spaces)))
        )
        return {row.space_id: row.version for row in rows}


async def on_accounts(context: WorkContext, events: Sequence[AccountChanged]) -> None:
    """Keep how accounts are shown; older news never overwrites newer."""
    shown = [
        {
            "account_id": event.account,
            "name": event.name,
            "function": event.function,
            "institution_id": event.institution,
            "state": event.state,
            "version": event.version,
        }
        for event in events
    ]
    await _keep_newer(context.db, Person, "account_id", shown)


async def on_institutions(context: WorkContext, events: Sequence[InstitutionChanged]) -> None:
    """Keep institutions' names and kinds."""
    shown = [
        {
            "institution_id": event.institution,
            "name": event.name,
            "town": event.town,
            "kind": event.kind,
            "state": event.state,
            "version": event.version,
        }
        for event in events
    ]
    await _keep_newer(context.db, Institution, "institution_id", shown)


async def _keep_newer(
    db: AsyncSession, model: type[Person | Institution], key: str, rows: Sequence[Mapping[str, Any]]
) -> None:
    """In one statement, so that a directory is filled fast; in the order of the keys, so that of two who learn the same
    at once none holds what the other waits for."""
    newest = {row[key]: row for row in sorted(rows, key=itemgetter("version"))}
    await db.execute(_upsert(model, db.get_bind().dialect.name), [newest[each] for each in sorted(newest)])
    for each in newest:
        if (loaded := db.identity_map.get(identity_key(model, each))) is not None:
            db.expire(loaded)


@cache
def _upsert(model: type[AccessSpace | Person | Institution], dialect_name: str) -> Any:  # Any: see dialect.inserting
    table = model.__table__
    statement = dialect.inserting(dialect_name)(table)
    newer = {column.name: statement.excluded[column.name] for column in table.columns if not column.primary_key}
    return statement.on_conflict_do_update(
        index_elements=list(table.primary_key), set_=newer, where=table.c.version < statement.excluded.version
    )


async def on_session_ended(app: App, event: SessionEnded) -> None:
    """Refuse the access tokens of an ended session for what is left of their life."""
    app.tokens.end_session(event.session)


ACCESS_HANDLERS: Handlers = {
    SpaceChanged: on_access_event,
    RoleChanged: on_access_event,
    MembershipChanged: on_access_event,
}
DIRECTORY_HANDLERS: Handlers = {AccountChanged: Together(on_accounts), InstitutionChanged: Together(on_institutions)}
LIVE_HANDLERS: LiveHandlers = {Heartbeat: on_heartbeat, SessionEnded: on_session_ended}
