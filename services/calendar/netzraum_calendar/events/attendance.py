"""Who is invited, and what they answer."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import aliased

from netzraum_calendar.events.conditions import invited, invites, runs
from netzraum_calendar.events.facts import names_of
from netzraum_calendar.events.models import Event
from netzraum_calendar.events.schemas import AttendeeReply, AttendeeView, NewReply, moment
from netzraum_calendar.events.series import Series
from netzraum_calendar.events.tables import WHOLE_SERIES, Attendee, Reminded, Reply
from netzraum_items.authorize import InSpace
from netzraum_items.on_item import OnItem, Shown
from netzraum_items.tables import AccessMembership, AccessRole
from netzraum_platform.context import WorkContext
from netzraum_platform.dialect import inserting
from netzraum_platform.errors import DomainError

ToThis = aliased(Reply)
ToAll = aliased(Reply)


class NotInvited(DomainError):
    status, code = 403, "not_invited"
    de = "Zu diesem Termin sind Sie nicht eingeladen."
    en = "You are not invited to this event."


async def checked(room: InSpace, wanted: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Those who are to be invited, each once.

    Raises:
        Unprocessable: an account that is no member here, a role that is none here, a space that the caller is not in.
    """
    once = list({tuple(each.items()): dict(each) for each in wanted}.values())
    accounts = {each["account"] for each in once if "account" in each}
    roles = {each["role"] for each in once if "role" in each}
    spaces = {each["space"] for each in once if "space" in each}
    if accounts - await _members_among(room, accounts):
        raise room.context.invalid("attendees", "not_a_member")
    if roles - await _roles_among(room, roles):
        raise room.context.invalid("attendees", "unknown_role")
    if spaces - await _own_spaces_among(room, spaces):
        raise room.context.invalid("attendees", "not_your_space")
    return once


async def _members_among(room: InSpace, accounts: set[uuid.UUID]) -> set[uuid.UUID]:
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


async def reply(on: OnItem[Event], new: NewReply, original: datetime) -> Shown[Event]:
    """Answer an invitation; a later answer takes the place of an earlier one. The event itself does not change.

    Raises:
        NotInvited: nobody asked the caller.
        Unprocessable: the deputy is no member of the space.
    """
    context, account = on.context, on.context.principal.account
    await on.may("reply")
    if not await _is_invited(on, account):
        raise NotInvited
    if new.deputy is not None and new.deputy not in await _members_among(on, {new.deputy}):
        raise context.invalid("deputy", "not_a_member")
    actions = (await on.may("read")).actions
    await context.begin_write()
    keys = {"event_id": on.item.id, "account_id": account, "original": original}
    values = {"answer": new.answer, "comment": new.comment or None, "deputy_id": new.deputy, "at": context.now}
    row = inserting(context.app.database.dialect)(Reply).values(**keys, **values)
    await context.db.execute(row.on_conflict_do_update(index_elements=list(keys), set_=values))
    return on.shown(actions)


async def _is_invited(on: OnItem[Event], account: uuid.UUID) -> bool:
    found = await on.context.db.scalar(
        select(Attendee.id)
        .join(AccessMembership, and_(AccessMembership.space_id == on.space_id, AccessMembership.account_id == account))
        .where(Attendee.event_id == on.item.id, runs(AccessMembership, on.context.now))
        .where(invites(account, AccessMembership.role, on.context.now))
        .limit(1)
    )
    return found is not None


async def replies(on: OnItem[Event], original: datetime) -> list[AttendeeReply]:
    """What each of the invited answered to an occurrence, or else to the whole series."""
    series, db = Series.of(on.item), on.context.db
    those = invited([on.item.id], on.context.now)
    rows = (
        await db.execute(
            select(those.c.account_id, ToThis, ToAll)
            .outerjoin(ToThis, _of(ToThis, those, original))
            .outerjoin(ToAll, _of(ToAll, those, WHOLE_SERIES))
        )
    ).all()
    given = {account: this or to_all for account, this, to_all in rows}
    deputies = {each.deputy_id for each in given.values() if each is not None and each.deputy_id}
    names = await names_of(on.context, {*given, *deputies})
    found = [_view(series, account, answer, names) for account, answer in given.items()]
    return sorted(found, key=lambda each: (each.name or "", str(each.account)))


def _of(reply: Any, those: Any, original: datetime) -> Any:  # aliases and columns of a subquery
    return and_(reply.event_id == those.c.event_id, reply.account_id == those.c.account_id, reply.original == original)


def _view(series: Series, account: uuid.UUID, answer: Reply | None, names: Mapping[Any, Any]) -> AttendeeReply:
    unknown = {"name": None, "institution": None}
    who = {"account": account, **names.get(account, unknown)}
    if answer is None:
        return AttendeeReply(**who, answer=None, comment=None, deputy=None, at=None, occurrence=None)
    deputy = answer.deputy_id
    return AttendeeReply(
        **who,
        answer=answer.answer,
        comment=answer.comment,
        deputy=AttendeeView(account=deputy, **names.get(deputy, unknown)) if deputy else None,
        at=answer.at,
        occurrence=None if answer.original == WHOLE_SERIES else moment(series, answer.original),
    )


async def to_be_reminded(
    context: WorkContext, event: Event, original: datetime, starts_at: datetime, minutes: int
) -> dict[str, list[Any]]:
    """Whom to remind of an occurrence: by ``attend`` those who come, by ``reply`` those who owe an answer.

    Left out is who declined, and who was reminded of it at this time so shortly before, or even closer to it.
    """
    those = invited([event.id], context.now)
    reminded = (
        select(Reminded.account_id)
        .where(Reminded.event_id == event.id, Reminded.original == original)
        .where(Reminded.starts_at == starts_at, Reminded.minutes <= minutes)
        .scalar_subquery()
    )
    answer = func.coalesce(ToThis.answer, ToAll.answer)
    rows = await context.db.execute(
        select(those.c.account_id, answer)
        .outerjoin(ToThis, _of(ToThis, those, original))
        .outerjoin(ToAll, _of(ToAll, those, WHOLE_SERIES))
        .where(those.c.account_id.not_in(reminded), or_(answer.is_(None), answer != "declined"))
        .order_by(those.c.account_id)
    )
    found: dict[str, list[Any]] = {"attend": [], "reply": []}
    for account, answered in rows:
        found["attend" if answered else "reply"].append(account)
    return {what: accounts for what, accounts in found.items() if accounts}


async def move(context: WorkContext, event: uuid.UUID, shift: timedelta) -> None:
    """Let replies to single occurrences, and who was reminded of them, go along when their series moves."""
    if not shift:
        return
    tables: tuple[type[Reply] | type[Reminded], ...] = (Reply, Reminded)
    for table in tables:
        single = (table.event_id == event, table.original != WHOLE_SERIES)
        dates = set(await context.db.scalars(select(table.original).where(*single)))
        for original in sorted(dates, reverse=shift > timedelta()):
            # Those first into whose place no other one has yet to go.
            there = update(table).where(table.event_id == event, table.original == original)
            await context.db.execute(there.values(original=original + shift))


async def hand_over(context: WorkContext, first: uuid.UUID, second: uuid.UUID, since: datetime) -> None:
    """When a series is split, what was answered to its later part goes with that; what goes for all, for both."""
    tables: tuple[type[Reply] | type[Reminded], ...] = (Reply, Reminded)
    for table in tables:
        later = update(table).where(table.event_id == first, table.original >= since)
        await context.db.execute(later.values(event_id=second))
    to_all = select(Reply).where(Reply.event_id == first, Reply.original == WHOLE_SERIES)
    names = ("account_id", "original", "answer", "comment", "deputy_id", "at")
    for each in (await context.db.scalars(to_all)).all():
        context.db.add(Reply(event_id=second, **{name: getattr(each, name) for name in names}))
