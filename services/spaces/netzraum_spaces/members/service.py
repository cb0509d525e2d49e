"""Who belongs to a space: seen, taken in, changed, ended. The policy decides; what follows is in terms.py."""

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy import select

from netzraum_items.authorize import InSpace, Resource, ask, refuse, standing
from netzraum_platform.context import RequestContext, require_version
from netzraum_platform.database import new_id
from netzraum_platform.errors import Conflict, NotFound
from netzraum_spaces.access.service import lock
from netzraum_spaces.members import invitations, terms
from netzraum_spaces.members.models import Membership
from netzraum_spaces.members.schemas import MemberChange, MemberView, NewMember, Who
from netzraum_spaces.roles.models import Role
from netzraum_spaces.spaces.models import Space


async def role_of(context: RequestContext, space_id: uuid.UUID, name: str) -> Role:
    """
    Raises:
        Unprocessable: the space has no such role.
    """
    role = await context.db.get(Role, (space_id, name))
    if role is None:
        raise context.invalid("role", "unknown_role")
    return role


def weighed(role: Role) -> dict[str, Any]:
    """A role as the policy weighs it."""
    return {"base": role.base, "levels": role.levels, "clearance": role.clearance}


async def membership_of(room: InSpace, membership_id: uuid.UUID) -> Membership:
    """
    Raises:
        NotFound: the space has no such membership.
    """
    membership = await room.context.db.get(Membership, membership_id)
    if membership is None or membership.space_id != room.space_id:
        raise NotFound
    return membership


def as_resource(room: InSpace, membership: Membership) -> Resource:
    return Resource(
        "membership",
        state=membership.policy_state(room.context.now),
        own=membership.account_id == room.context.principal.account,
        id=membership.id,
    )


async def add(room: InSpace, new: NewMember) -> uuid.UUID:
    """Take somebody in; an address is turned into an account by identity before anything is written.

    Raises:
        AlreadyMember: that person belongs to the space.
    """
    context = room.context
    role = await role_of(context, room.space_id, new.role)
    change = {"before": None, "after": weighed(role)}
    await room.decide("spaces.membership.create", Resource("membership", state="new", own=False), change=change)
    _require_future(context, new.until)
    found = await invitations.account_of_address(context, new) if new.account is None else None
    await context.begin_write()
    if found is not None:
        await invitations.learn(context, found)
    account = found.account if found is not None else new.account
    state = await terms.state_for(context, account) if account is not None else None
    if account is None or state in (None, "ended"):
        raise context.invalid("account", "unknown_account")
    space = await lock(context, room.space_id)
    await _unchanged(context, role)
    membership = Membership(
        id=new_id(),
        space_id=room.space_id,
        account_id=account,
        role=role.name,
        function=new.function,
        state=state,
        starts_at=context.now,
        ends_at=new.until,
        suspended_at=context.now if state == "suspended" else None,
        welcome=new.welcome,
        invited_by=context.principal.account,
    )
    await terms.begin(context, space, membership)
    context.audit("membership:create", item=membership.id, space=space.id, account=account, role=role.name)
    return membership.id


def _require_future(context: RequestContext, until: datetime | None) -> None:
    if until is not None and until <= context.now:
        raise context.invalid("until", "in_the_past")


async def _unchanged(context: RequestContext, role: Role) -> None:
    """That the policy was asked about the role as it still stands, now that the space is locked.

    Raises:
        Conflict: it was changed or deleted in between.
    """
    weighed_before, found = (
        weighed(role),
        await context.db.get(Role, (role.space_id, role.name), populate_existing=True),
    )
    if found is None or weighed(found) != weighed_before:
        raise Conflict


async def update(room: InSpace, membership_id: uuid.UUID, change: MemberChange, if_match: str) -> None:
    """Change role, function or end of a membership."""
    context = room.context
    membership = await membership_of(room, membership_id)
    changes = change.model_dump(exclude_unset=True)
    if changes.get("role", "") is None:
        raise context.invalid("role", "missing")
    before = await role_of(context, room.space_id, membership.role)
    after = await role_of(context, room.space_id, changes.get("role", before.name))
    others = await terms.others_acting(context, room.space_id, before.base, besides=membership.id)
    weighing = {"before": weighed(before), "after": weighed(after), "remaining_coordinators": others}
    await room.decide("spaces.membership.update", as_resource(room, membership), change=weighing)
    _require_future(context, changes.get("until"))
    space = await _lock_as_asked(room, membership, before, others)
    await _unchanged(context, after)
    require_version(if_match, membership.version)
    membership.role = after.name
    membership.function = changes.get("function", membership.function)
    membership.ends_at = changes.get("until", membership.ends_at)
    membership.version += 1
    await terms.tell(context, space, membership)
    context.audit(
        "membership:update",
        item=membership.id,
        space=space.id,
        account=membership.account_id,
        fields=sorted(changes),
        role={"before": before.name, "after": after.name},
    )


async def end(room: InSpace, membership_id: uuid.UUID) -> None:
    """End a membership; ending one's own is leaving. In a network, memberships of its bodies end with it."""
    context = room.context
    membership = await membership_of(room, membership_id)
    role = await role_of(context, room.space_id, membership.role)
    others = await terms.others_acting(context, room.space_id, role.base, besides=membership.id)
    weighing = {"before": weighed(role), "after": None, "remaining_coordinators": others}
    resource = as_resource(room, membership)
    await room.decide("spaces.membership.end", resource, change=weighing)
    if resource.own:
        await _may_leave_bodies(room)
    space = await _lock_as_asked(room, membership, role, others)
    if membership.state == "ended":
        raise NotFound
    await terms.end(context, space, membership)


async def _may_leave_bodies(room: InSpace) -> None:
    """Who leaves a network leaves its bodies, which must be allowed to leave too: nobody abandons a body by it."""
    context, account = room.context, room.context.principal.account
    held = select(Membership).join(Space, Space.id == Membership.space_id)
    held = held.where(Space.parent_id == room.space_id, Membership.account_id == account, Membership.state != "ended")
    for membership in list(await context.db.scalars(held.order_by(Membership.space_id))):
        if membership.has_ended(context.now):
            continue
        place = await standing(context.db, membership.space_id, account)
        role = await role_of(context, membership.space_id, membership.role)
        others = await terms.others_acting(context, membership.space_id, role.base, besides=membership.id)
        weighing = {"before": weighed(role), "after": None, "remaining_coordinators": others}
        refuse(await ask(context, "spaces.membership.end", as_resource(room, membership), place, weighing))


async def _lock_as_asked(room: InSpace, membership: Membership, role: Role, others: int) -> Space:
    """Lock the space, and see that what the policy was told still holds.

    Raises:
        Conflict: the membership has another role now, or somebody else has come or gone who counts.
    """
    context = room.context
    space = await lock(context, room.space_id)
    await context.db.refresh(membership)
    now_others = await terms.others_acting(context, room.space_id, role.base, besides=membership.id)
    if membership.role != role.name or now_others != others:
        raise Conflict
    return space


async def resend(room: InSpace, membership_id: uuid.UUID) -> None:
    """Let identity send the invitation once more.

    Raises:
        Conflict: the invitation was accepted, or has ended.
    """
    membership = await membership_of(room, membership_id)
    await room.decide("spaces.membership.resend", as_resource(room, membership))
    if membership.state_at(room.context.now) != "invited":
        raise Conflict
    await invitations.send_again(room.context, membership)
    await room.context.begin_write()
    room.context.audit("membership:resend", item=membership.id, space=room.space_id, account=membership.account_id)


async def made_before(item: str) -> uuid.UUID:
    """What a repeated creation made the first time."""
    return uuid.UUID(item)


def as_typed(view: MemberView, new: NewMember) -> MemberView:
    """The answer to who took in an address: what was typed, so that it does not tell whether the address is known."""
    if new.email is None:
        return view
    who = Who(id=view.account.id, name=new.name or "", institution=new.partner().name)
    return view.model_copy(update={"account": who, "function": new.function, "state": "invited"})
