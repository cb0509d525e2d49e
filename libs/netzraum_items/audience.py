"""Who can see an item: one question about the distinct roles of its space, whatever the number of members."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from netzraum_items.authorize import Standing, audience_input, role_input
from netzraum_items.items import Item
from netzraum_items.on_item import Author, OnItem
from netzraum_items.tables import AccessMembership, AccessRole, AccessSpace, Institution, Person
from netzraum_items.visibility import READ_HISTORY, part_of_history
from netzraum_platform.context import WorkContext

BEFORE_MEMBERSHIP = "before_membership"


@dataclass(frozen=True)
class Member:
    """A running membership with its role, and how the account is shown."""

    membership: AccessMembership
    role: AccessRole
    who: Author
    institution_id: uuid.UUID | None


@dataclass(frozen=True)
class Sight:
    """What one member may do with the item, and why not see it."""

    member: Member
    visible: bool
    actions: list[str]
    reasons: list[str]


@dataclass(frozen=True)
class Audience:
    """``by_role`` holds the policy's answer for each role that somebody has."""

    sights: list[Sight]
    by_role: Mapping[str, Mapping[str, Any]]
    second_factor_needed: bool


async def members(db: AsyncSession, space_id: uuid.UUID, at: datetime) -> list[Member]:
    """All whose membership runs, by name, in one SELECT."""
    rows = await db.execute(
        select(AccessMembership, AccessRole, Person.name, Institution.name, Person.institution_id)
        .join(
            AccessRole,
            and_(AccessRole.space_id == AccessMembership.space_id, AccessRole.name == AccessMembership.role),
        )
        .outerjoin(Person, Person.account_id == AccessMembership.account_id)
        .outerjoin(Institution, Institution.institution_id == Person.institution_id)
        .where(AccessMembership.space_id == space_id, AccessMembership.starts_at <= at)
        .where(or_(AccessMembership.ends_at.is_(None), AccessMembership.ends_at > at))
        .order_by(Person.name, AccessMembership.account_id)
    )
    return [
        Member(membership, role, Author(membership.account_id, name, institution), institution_id)
        for membership, role, name, institution, institution_id in rows
    ]


async def ask(
    context: WorkContext,
    space: AccessSpace,
    item: Item,
    roles: Sequence[AccessRole],
    classification: str,
    named: Sequence[str],
    state: str | None = None,
) -> tuple[dict[str, Mapping[str, Any]], bool]:
    """What each role may do with the item if it had this classification (and state), and named these roles."""
    await context.end_read()
    question = audience_input(
        context,
        [role_input(role) for role in roles],
        {
            "type": item.TYPE,
            "space_kind": space.kind,
            "classification": classification,
            "state": state or item.state_at(context.now),
            "roles": list(named),
        },
    )
    answer = await context.app.policy.evaluate("audience", question)
    entries = {entry["role"]: entry for entry in answer.get("roles", [])}
    return entries, bool(answer.get("second_factor_needed", False))


def _distinct_roles(found: Sequence[Member]) -> list[AccessRole]:
    return list({member.role.name: member.role for member in found}.values())


async def audience(on: OnItem[Any]) -> Audience:
    """Who of the space sees the item, and why the others do not."""
    return await audience_of(on.context, on.place.space, on.item, on.roles)


async def audience_of(
    context: WorkContext, space: AccessSpace, item: Item, named: Sequence[str], state: str | None = None
) -> Audience:
    """As ``audience``, also where nobody asks (a job): ``named`` are the roles that the item names, ``state`` is
    another one than it has."""
    found = await members(context.db, space.space_id, context.now)
    roles = _distinct_roles(found)
    entries, second_factor = await ask(context, space, item, roles, item.classification, named, state)
    return Audience([_sight(space, item, member, entries) for member in found], entries, second_factor)


def _sight(space: AccessSpace, item: Item, member: Member, entries: Mapping[str, Mapping[str, Any]]) -> Sight:
    entry = _entry(item, member, entries)
    place = Standing(space, member.membership, member.role)
    if READ_HISTORY not in entry.get("actions", []) and part_of_history(place, item.owner_id, item.news_at):
        return Sight(member, visible=False, actions=[], reasons=[BEFORE_MEMBERSHIP])
    return Sight(member, entry.get("visible", False), entry.get("actions", []), entry.get("reasons", []))


def _entry(item: Item, member: Member, entries: Mapping[str, Mapping[str, Any]]) -> Mapping[str, Any]:
    entry = entries.get(member.role.name, {})
    author: Mapping[str, Any] = entry.get("author", {})
    return author if item.is_of(member.membership.account_id) else entry


async def gains(on: OnItem[Any], classification: str, named: Sequence[str]) -> int:
    """How many would newly see the item if it had this classification and named these roles."""
    found = await members(on.context.db, on.space_id, on.context.now)
    roles = _distinct_roles(found)
    place = (on.context, on.place.space, on.item, roles)
    before, _ = await ask(*place, on.item.classification, on.roles)
    after, _ = await ask(*place, classification, named)
    return sum(
        1
        for member in found
        if _entry(on.item, member, after).get("visible") and not _entry(on.item, member, before).get("visible")
    )
