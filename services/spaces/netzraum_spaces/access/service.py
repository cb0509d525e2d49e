"""Each change of who may do what in a space is one step: version, own projection and event in one transaction."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from fastapi import Response
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from netzraum_contracts import spaces as contract
from netzraum_items import access
from netzraum_items.authorize import ACCESS_HEADER
from netzraum_platform.context import WorkContext
from netzraum_platform.database import utc_now
from netzraum_platform.errors import NotFound
from netzraum_spaces.members.models import Membership, not_ended
from netzraum_spaces.roles.models import Role
from netzraum_spaces.spaces.models import Space

RECENT = timedelta(minutes=10)
CHECK_COORDINATORS = "check_coordinators"


async def lock(context: WorkContext, space_id: uuid.UUID) -> Space:
    """The space, changed by nobody else until this transaction ends. Several are locked by growing id.

    Raises:
        NotFound: there is no such space.
    """
    await context.begin_write()
    space = await context.db.scalar(
        select(Space).where(Space.id == space_id).with_for_update().execution_options(populate_existing=True)
    )
    if space is None:
        raise NotFound
    return space


async def record(
    context: WorkContext, space: Space, step: type[contract.AccessEvent], *, subject: object, **state: Any
) -> None:
    """Raise the locked space's access version by one, apply the step to this service's projection, and tell it."""
    space.access_version += 1
    space.access_changed_at = utc_now()
    event = step(space=space.id, access_version=space.access_version, **state)
    await access.apply(context.db, event)
    context.publish(event, subject=subject, space=space.id)
    context.db.info.setdefault("access_versions", {})[space.id] = space.access_version


async def record_space(context: WorkContext, space: Space) -> None:
    """Tell the space's settings, with its roles."""
    roles = await context.db.scalars(select(Role).where(Role.space_id == space.id).order_by(Role.position))
    known = [role.as_contract() for role in roles]
    await record(context, space, contract.SpaceChanged, subject=space.id, state=space.as_contract(), roles=known)


async def record_role(context: WorkContext, space: Space, role: Role, *, removed: bool = False) -> None:
    known = role.as_contract()
    await record(context, space, contract.RoleChanged, subject=role.name, role=known, removed=removed)


async def record_membership(context: WorkContext, space: Space, membership: Membership) -> None:
    known = membership.as_contract()
    await record(context, space, contract.MembershipChanged, subject=membership.id, membership=known)


async def look_for_coordinators(context: WorkContext, space: Space) -> None:
    """Have it looked at afterwards whether somebody still coordinates the space: that is a question to the policy."""
    await context.schedule(CHECK_COORDINATORS, {"space": space.id}, key=str(space.id))


def show_versions(response: Response, context: WorkContext) -> None:
    """Tell the writer the versions from which on it sees what it wrote."""
    versions: dict[uuid.UUID, int] = context.db.info.get("access_versions", {})
    if versions:
        response.headers[ACCESS_HEADER] = ", ".join(f"{space}={version}" for space, version in versions.items())


async def access_of(db: AsyncSession, space_id: uuid.UUID) -> contract.SpaceAccess:
    """All access data of a space. Read after its version, so they are at least as new as that.

    Raises:
        NotFound: there is no such space.
    """
    space = await db.get(Space, space_id)
    if space is None:
        raise NotFound
    roles = await db.scalars(select(Role).where(Role.space_id == space_id).order_by(Role.position))
    memberships = await db.scalars(
        select(Membership).where(Membership.space_id == space_id, Membership.state != "ended").order_by(Membership.id)
    )
    return contract.SpaceAccess(
        space=space_id,
        access_version=space.access_version,
        state=space.as_contract(),
        roles=[role.as_contract() for role in roles],
        memberships=[membership.as_contract() for membership in memberships],
    )


async def versions(db: AsyncSession, since: datetime | None = None) -> dict[uuid.UUID, int]:
    """The access versions of all spaces, or of those that changed ``since`` then."""
    rows = select(Space.id, Space.access_version)
    if since is not None:
        rows = rows.where(Space.access_changed_at >= since)
    return {row.id: row.access_version for row in await db.execute(rows)}


async def welcome_of(context: WorkContext, space_id: uuid.UUID, account: uuid.UUID) -> str:
    """The words that an account was taken in with; empty where there were none, or it is no member."""
    held = (Membership.space_id == space_id) & (Membership.account_id == account) & not_ended(context.now)
    return await context.db.scalar(select(Membership.welcome).where(held)) or ""
