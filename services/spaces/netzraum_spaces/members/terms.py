"""How memberships begin, change and end. The space is locked by whoever calls this; nothing is decided here."""

import uuid

from sqlalchemy import ColumnElement, func, select

from netzraum_contracts.identity import AccountState
from netzraum_items.tables import Institution, Person
from netzraum_platform.context import WorkContext
from netzraum_platform.errors import Conflict
from netzraum_spaces.access.service import lock, look_for_coordinators, record_membership
from netzraum_spaces.members.models import Membership, State, acting
from netzraum_spaces.roles.models import Role
from netzraum_spaces.spaces.models import Space

END_MEMBERSHIP = "end_membership"

STATE_OF_ACCOUNT: dict[AccountState, State] = {
    "invited": "invited",
    "active": "active",
    "suspended": "suspended",
    "erased": "ended",
}


class AlreadyMember(Conflict):
    code = "already_member"
    de, en = "Diese Person gehört schon zum Raum.", "This person already belongs to the space."


async def begin(context: WorkContext, space: Space, membership: Membership) -> None:
    """Let a membership begin.

    Raises:
        AlreadyMember: the account has one here that has not ended.
    """
    former = await held_by(context, space.id, membership.account_id)
    if former is not None and former.has_ended(context.now):
        await end(context, space, former)
    elif former is not None:
        raise AlreadyMember
    context.db.add(membership)
    await tell(context, space, membership, more=True)


async def held_by(context: WorkContext, space_id: uuid.UUID, account: uuid.UUID) -> Membership | None:
    """The account's membership that was not ended yet, its date notwithstanding."""
    return await context.db.scalar(
        select(Membership)
        .where(Membership.space_id == space_id, Membership.account_id == account, Membership.state != "ended")
        .execution_options(populate_existing=True)
    )


async def tell(context: WorkContext, space: Space, membership: Membership, *, more: bool = False) -> None:
    """Make a change of a membership known, and watch over its end.

    ``more``: nobody acts less than before by it, so nobody who coordinates can have been lost.
    """
    await context.db.flush()
    await record_membership(context, space, membership)
    if not more or space.without_coordinator_since is not None:
        await look_for_coordinators(context, space)
    if membership.ends_at is not None and membership.state != "ended":
        payload = {"membership": membership.id}
        await context.schedule(END_MEMBERSHIP, payload, run_at=membership.ends_at, key=str(membership.id))


async def end(context: WorkContext, space: Space, membership: Membership, reason: str | None = None) -> None:
    """End a membership at once, and those in the space's bodies: who leaves the parent leaves its bodies."""
    membership.state = "ended"
    membership.ends_at = min(membership.ends_at or context.now, context.now)
    membership.suspended_at = None
    membership.version += 1
    await tell(context, space, membership)
    context.audit("membership:end", item=membership.id, space=space.id, reason=reason, account=membership.account_id)
    for body_id in await context.db.scalars(select(Space.id).where(Space.parent_id == space.id).order_by(Space.id)):
        body = await lock(context, body_id)
        held = await held_by(context, body_id, membership.account_id)
        if held is not None:
            await end(context, body, held, reason)


async def follow_account(context: WorkContext, space: Space, membership: Membership, state: State) -> None:
    """Bring a membership to what its account and institution allow: active, suspended, ended."""
    if membership.state in (state, "ended"):
        return
    if state == "ended":
        await end(context, space, membership)
        return
    membership.state = state
    membership.suspended_at = context.now if state == "suspended" else None
    membership.version += 1
    await tell(context, space, membership, more=state == "active")
    context.audit(f"membership:{state}", item=membership.id, space=space.id, account=membership.account_id)


async def state_for(context: WorkContext, account: uuid.UUID) -> State | None:
    """The state of a membership of this account, as the directory knows it; None for an unknown account.

    Locks the directory's row, so that news of the account waits until this transaction has ended.
    """
    person = await context.db.get(Person, account, with_for_update=True, populate_existing=True)
    if person is None:
        return None
    institution = await context.db.get(Institution, person.institution_id)
    if institution is not None and institution.state == "suspended" and person.state == "active":
        return "suspended"
    return STATE_OF_ACCOUNT[person.state]  # type: ignore[index]  # written from the event, which has these states only


async def others_acting(
    context: WorkContext,
    space_id: uuid.UUID,
    base: str,
    *,
    besides: uuid.UUID | None = None,
    besides_role: str | None = None,
) -> int:
    """How many members act in a role of this base, besides one membership or all of one role."""
    found = select(func.count()).select_from(Membership).join(Role, _role_held())
    found = found.where(Membership.space_id == space_id, Role.base == base, acting(context.now))
    if besides is not None:
        found = found.where(Membership.id != besides)
    if besides_role is not None:
        found = found.where(Membership.role != besides_role)
    return await context.db.scalar(found) or 0


def _role_held() -> ColumnElement[bool]:
    return (Role.space_id == Membership.space_id) & (Role.name == Membership.role)
