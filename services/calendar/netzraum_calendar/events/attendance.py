"""Who is invited. Roles and bodies are looked up at every request, so that a change of membership counts at once."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, or_, select, update
from sqlalchemy.orm import aliased

from netzraum_calendar.events.models import WHOLE_SERIES, Attendee, Reminded, Reply
from netzraum_items import life
from netzraum_items.authorize import InSpace
from netzraum_items.items import Item
from netzraum_items.tables import AccessMembership, AccessRole
from netzraum_platform.context import WorkContext

Elsewhere = aliased(AccessMembership)
"""The membership in a space that is invited as a whole."""


def runs(membership: Any, now: Any) -> ColumnElement[bool]:  # Any: a table or an alias of it
    """A membership that has begun and not ended, as SQL."""
    return and_(membership.starts_at <= now, or_(membership.ends_at.is_(None), membership.ends_at > now))


def invites(account: Any, role: Any, now: Any) -> ColumnElement[bool]:  # Any: columns or values
    """Whether a row of attendees means this account, which has this role in the event's space."""
    in_body = exists(
        select(Elsewhere.account_id).where(
            Elsewhere.space_id == Attendee.space_id, Elsewhere.account_id == account, runs(Elsewhere, now)
        )
    ).correlate(Attendee, AccessMembership)
    return or_(Attendee.account_id == account, Attendee.role == role, in_body)


def is_invited(account: uuid.UUID, now: Any) -> ColumnElement[bool]:
    """Whether the account is invited to an item, over items joined with its membership."""
    meant = invites(account, AccessMembership.role, now)
    return exists(select(Attendee.id).where(Attendee.event_id == Item.id, meant)).correlate(Item, AccessMembership)


async def checked(room: InSpace, wanted: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Those who are to be invited, each once.

    Raises:
        Unprocessable: an account that is no member here, a role that is none here, a space that the caller is not in.
    """
    once = list({tuple(each.items()): dict(each) for each in wanted}.values())
    accounts = {each["account"] for each in once if "account" in each}
    roles = {each["role"] for each in once if "role" in each}
    spaces = {each["space"] for each in once if "space" in each}
    if accounts - await members_among(room, accounts):
        raise life.invalid(room.context, "attendees", "not_a_member")
    if roles - await _roles_among(room, roles):
        raise life.invalid(room.context, "attendees", "unknown_role")
    if spaces - await _own_spaces_among(room, spaces):
        raise life.invalid(room.context, "attendees", "not_your_space")
    return once


async def members_among(room: InSpace, accounts: set[uuid.UUID]) -> set[uuid.UUID]:
    if not accounts:
        return set()
    found = select(AccessMembership.account_id).where(
        AccessMembership.space_id == room.space_id,
        AccessMembership.account_id.in_(accounts),
        runs(AccessMembership, room.context.now),
    )
    return set(await room.context.db.scalars(found))


async def _roles_among(room: InSpace, roles: set[str]) -> set[str]:
    if not roles:
        return set()
    found = select(AccessRole.name).where(AccessRole.space_id == room.space_id, AccessRole.name.in_(roles))
    return set(await room.context.db.scalars(found))


async def _own_spaces_among(room: InSpace, spaces: set[uuid.UUID]) -> set[uuid.UUID]:
    if not spaces:
        return set()
    found = select(AccessMembership.space_id).where(
        AccessMembership.account_id == room.context.principal.account,
        AccessMembership.space_id.in_(spaces),
        runs(AccessMembership, room.context.now),
    )
    return set(await room.context.db.scalars(found))


async def move(context: WorkContext, event: uuid.UUID, shift: timedelta) -> None:
    """Let replies to single occurrences, and who was reminded of them, go along when their series moves."""
    if not shift:
        return
    tables: tuple[type[Reply] | type[Reminded], ...] = (Reply, Reminded)
    for table in tables:
        single = (table.event_id == event, table.original != WHOLE_SERIES)
        dates = sorted(
            set(await context.db.scalars(select(table.original).where(*single))), reverse=shift > timedelta()
        )
        for original in dates:  # those first into whose place no other one has yet to go
            there = update(table).where(table.event_id == event, table.original == original)
            await context.db.execute(there.values(original=original + shift))
