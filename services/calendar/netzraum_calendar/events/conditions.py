"""What is asked about events in SQL, over items joined with the caller's memberships."""

import uuid
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import aliased

from netzraum_calendar.events.tables import WHOLE_SERIES, Attendee, OccurrenceRow, Reply
from netzraum_items.items import Item
from netzraum_items.tables import AccessMembership

Elsewhere = aliased(AccessMembership)
"""The membership in a space that is invited as a whole."""
Coming = aliased(OccurrenceRow)
ToThis = aliased(Reply)
ToAll = aliased(Reply)


def runs(membership: Any, now: datetime) -> ColumnElement[bool]:  # Any: a table or an alias of it
    """A membership that has begun and not ended."""
    return and_(membership.starts_at <= now, or_(membership.ends_at.is_(None), membership.ends_at > now))


def invites(account: Any, role: Any, now: datetime) -> ColumnElement[bool]:  # Any: columns or values
    """A row of attendees means this account, which has this role in the event's space.

    Roles and bodies are looked up here, at every request, so that a change of membership counts at once.
    """
    in_body = exists(
        select(Elsewhere.account_id).where(
            Elsewhere.space_id == Attendee.space_id, Elsewhere.account_id == account, runs(Elsewhere, now)
        )
    ).correlate(Attendee, AccessMembership)
    return or_(Attendee.account_id == account, Attendee.role == role, in_body)


def is_invited(account: uuid.UUID, now: datetime) -> ColumnElement[bool]:
    """The account is invited to the item."""
    meant = invites(account, AccessMembership.role, now)
    return exists(select(Attendee.id).where(Attendee.event_id == Item.id, meant)).correlate(Item, AccessMembership)


def invited(events: Iterable[uuid.UUID], now: datetime) -> Any:  # a subquery, whose columns have no types
    """All accounts that are invited to these events, each once: ``event_id``, ``account_id``.

    Only members of the event's space are; nobody else can see it.
    """
    return (
        select(Attendee.event_id, AccessMembership.account_id)
        .distinct()
        .join(Item, Item.id == Attendee.event_id)
        .join(AccessMembership, AccessMembership.space_id == Item.space_id)
        .where(Attendee.event_id.in_(list(events)), runs(AccessMembership, now))
        .where(invites(AccessMembership.account_id, AccessMembership.role, now))
        .subquery()
    )


def next_start(now: datetime) -> Any:  # a scalar subquery, whose type SQLAlchemy does not name shortly
    """When the item's next occurrence begins."""
    return (
        select(func.min(Coming.starts_at))
        .where(Coming.event_id == Item.id, Coming.starts_at > now, Coming.cancelled.is_(False))
        .correlate(Item)
        .scalar_subquery()
    )


def next_original(now: datetime) -> Any:  # likewise
    """Which of its occurrences the item's next one is."""
    return (
        select(Coming.original)
        .where(Coming.event_id == Item.id, Coming.starts_at > now, Coming.cancelled.is_(False))
        .order_by(Coming.starts_at)
        .limit(1)
        .correlate(Item)
        .scalar_subquery()
    )


def answer_to(original: Any, account: uuid.UUID) -> Any:  # a column or a value; a scalar expression
    """What the account answered to an occurrence, or else to the whole series."""

    def answer(reply: Any, to: Any) -> Any:  # an alias, and a column or a value
        return (
            select(reply.answer)
            .where(reply.event_id == Item.id, reply.account_id == account, reply.original == to)
            .correlate(Item, OccurrenceRow)
            .scalar_subquery()
        )

    return func.coalesce(answer(ToThis, original), answer(ToAll, WHOLE_SERIES))
