"""What the operator does for spaces that nobody coordinates any more; it reads nothing of what is in them."""

import uuid

from sqlalchemy import select

from netzraum_items.authorize import Resource, ask, decide, standing
from netzraum_platform.context import RequestContext, WorkContext
from netzraum_platform.database import new_id
from netzraum_platform.errors import Conflict, Forbidden, NotFound
from netzraum_platform.paging import Page, cursor_of, id_of
from netzraum_spaces.access.service import lock
from netzraum_spaces.members import terms
from netzraum_spaces.members.models import Membership
from netzraum_spaces.spaces.models import Space
from netzraum_spaces.spaces.schemas import SpaceWithoutCoordinator
from netzraum_spaces.spaces.templates import TEMPLATES

APPOINTING = "spaces.membership.appoint"


class NotAppointable(Conflict):
    code = "account_cannot_act"
    de, en = "Dieses Konto kann gerade nicht handeln.", "This account cannot act at present."


async def without_coordinator(context: RequestContext, limit: int, cursor: str | None) -> Page[SpaceWithoutCoordinator]:
    """Spaces that lost their last coordinator, the oldest space first.

    Raises:
        Forbidden: the caller may not appoint anybody.
    """
    decision = await ask(context, APPOINTING, Resource("membership", state="new"))
    if APPOINTING.rpartition(".")[2] not in decision.actions:
        raise Forbidden(decision.reasons)
    rows = select(Space).where(Space.without_coordinator_since.is_not(None)).order_by(Space.id).limit(limit + 1)
    if cursor is not None:
        rows = rows.where(Space.id > id_of(cursor))
    spaces = list(await context.db.scalars(rows))
    return Page(
        items=[
            SpaceWithoutCoordinator(
                id=space.id,
                kind=space.kind,
                name=space.name,
                parent=space.parent_id,
                since=space.without_coordinator_since,
            )
            for space in spaces[:limit]
        ],
        next=cursor_of(spaces[limit - 1].id) if len(spaces) > limit else None,
    )


async def appoint(context: RequestContext, space_id: uuid.UUID, account: uuid.UUID) -> None:
    """Let an account coordinate a space that has nobody left who does.

    Raises:
        NotAppointable: the account is invited, suspended or erased.
    """
    place = await standing(context.db, space_id, context.principal.account)
    if place is None:
        raise NotFound
    role, there = TEMPLATES.founder, await _acting_founders(context, space_id)
    change = {"before": None, "after": {"base": role}, "remaining_coordinators": there}
    await decide(context, APPOINTING, Resource("membership", state="new"), place, change)
    await context.begin_write()
    state = await terms.state_for(context, account)
    space = await lock(context, space_id)
    if state is None:
        raise context.invalid("account", "unknown_account")
    if state != "active":
        raise NotAppointable
    if await _acting_founders(context, space_id) != there:
        raise Conflict
    await _give_role(context, space, account, role)
    space.without_coordinator_since = None
    context.audit("membership:appoint", item=account, space=space_id, role=role)


async def _acting_founders(context: RequestContext, space_id: uuid.UUID) -> int:
    return await terms.others_acting(context, space_id, TEMPLATES.founder)


async def _give_role(context: WorkContext, space: Space, account: uuid.UUID, role: str) -> None:
    held = await terms.held_by(context, space.id, account)
    if held is None or held.has_ended(context.now):
        new = Membership(
            id=new_id(),
            space_id=space.id,
            account_id=account,
            role=role,
            state="active",
            starts_at=context.now,
            invited_by=context.actor,
        )
        await terms.begin(context, space, new)
        return
    held.role, held.ends_at = role, None
    held.version += 1
    await terms.tell(context, space, held)
