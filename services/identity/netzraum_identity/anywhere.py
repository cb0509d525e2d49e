"""Questions that concern no one space: whoever may do it in one of their spaces may do it."""

import uuid

from sqlalchemy import select

from netzraum_items.authorize import Decision, Resource, Standing, ask, refuse, standing
from netzraum_items.tables import AccessMembership, AccessRole, AccessSpace
from netzraum_platform.context import RequestContext
from netzraum_platform.errors import NotFound


async def decide_anywhere(
    context: RequestContext, action: str, resource: Resource, space_id: uuid.UUID | None = None
) -> None:
    """Ask for this space, or without one: first for the caller alone, then for each distinct standing of theirs.

    Raises:
        NotFound, Forbidden: refused everywhere.
    """
    if space_id is not None:
        place = await standing(context.db, space_id, context.principal.account)
        if place is None:
            raise NotFound
        refuse(await ask(context, action, resource, place))
        return
    refuse(await _first_allowed(context, action, resource))


async def _first_allowed(context: RequestContext, action: str, resource: Resource) -> Decision:
    decision = await ask(context, action, resource)
    for place in await _distinct_standings(context):
        if decision.allow:
            break
        decision = await ask(context, action, resource, place)
    return decision


async def _distinct_standings(context: RequestContext) -> list[Standing]:
    """One of the caller's running memberships for each kind of space and role as it stands: others decide alike."""
    rows = await context.db.execute(
        select(AccessSpace, AccessMembership, AccessRole)
        .join(AccessMembership, AccessMembership.space_id == AccessSpace.space_id)
        .join(AccessRole, (AccessRole.space_id == AccessSpace.space_id) & (AccessRole.name == AccessMembership.role))
        .where(AccessMembership.account_id == context.principal.account)
        .where((AccessMembership.ends_at.is_(None)) | (AccessMembership.ends_at > context.now))
    )
    standings = (Standing(*row) for row in rows)
    return list({_decided_by(place): place for place in standings}.values())


def _decided_by(place: Standing) -> str:
    role = place.role
    return repr((place.space.kind, role and (role.base, sorted(role.levels.items()), role.clearance)))
