"""Who takes part in a poll, and how far: for one poll, and for a list of them at once."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sqlalchemy import Integer, cast, func, select, union_all

from netzraum_items.audience import Audience, audience_of
from netzraum_items.authorize import InSpace
from netzraum_items.on_item import Shown
from netzraum_items.tables import AccessMembership, AccessSpace
from netzraum_platform.context import RequestContext, WorkContext
from netzraum_polls.polls import key_loss
from netzraum_polls.polls.models import ONE_ROLE, Ballot, Envelope, Poll, PollState
from netzraum_polls.polls.visible_results import why_hidden

VOTE = "vote"


@dataclass(frozen=True)
class Participation:
    """What is shown beside a poll. ``mine``: whether the reader, or the reader's institution, has voted."""

    state: PollState
    void: str | None
    voted: int
    entitled: int | None
    mine: bool | None
    may_vote: bool
    results_hidden: list[str]


@dataclass(frozen=True)
class Voter:
    """Somebody who may vote. ``id``: the account, or the institution that it speaks for."""

    id: uuid.UUID
    account: uuid.UUID


async def electorate(context: WorkContext, space: AccessSpace, poll: Poll, roles: Sequence[str]) -> list[Voter]:
    """All who may vote once it is open: whom the policy lets, of those whom the poll asks. Of an institution several
    may."""
    return _voters(poll, await audience_of(context, space, poll, roles, state="published"))


def _voters(poll: Poll, found: Audience) -> list[Voter]:
    members = [sight.member for sight in found.sights if VOTE in sight.actions]
    if poll.by_institution:
        return [
            Voter(member.institution_id, member.who.account) for member in members if member.institution_id is not None
        ]
    return [Voter(member.who.account, member.who.account) for member in members if belongs(poll, member.membership)]


def belongs(poll: Poll, membership: AccessMembership | None) -> bool:
    """Whether a member is of those whom the poll asks; whether they may vote, the policy says."""
    named = poll.electorate.removeprefix(ONE_ROLE) if poll.electorate.startswith(ONE_ROLE) else None
    return membership is not None and named in (None, membership.role)


def voter_of(context: RequestContext, poll: Poll) -> uuid.UUID | None:
    """Whose voice the caller's is; None for somebody without an institution where institutions vote."""
    return context.principal.institution if poll.by_institution else context.principal.account


async def completed(room: InSpace, shown: Shown[Poll]) -> Shown[Poll]:
    """A poll with its turnout, and with whether the reader votes; asks who is entitled while it is not closed."""
    poll = shown.item
    if poll.closed_at is not None:
        return (await all_completed(room, [shown]))[0]
    await room.context.release()
    voters = await electorate(room.context, room.place.space, poll, shown.roles)
    (one,) = await all_completed(room, [shown])
    return replace(one, beside=replace(one.beside, entitled=len({voter.id for voter in voters})))


async def all_completed(room: InSpace, found: Sequence[Shown[Poll]]) -> list[Shown[Poll]]:
    """As ``completed``, for a list, in one statement; of open polls it is not known there how many are entitled."""
    votes = await _votes(room, [shown.item.id for shown in found])
    await key_loss.report(room.context, [shown.item for shown in found])
    return [replace(shown, beside=_part(room, shown, *votes.get(shown.item.id, (0, False)))) for shown in found]


async def _votes(room: InSpace, polls: Sequence[uuid.UUID]) -> Mapping[uuid.UUID, tuple[int, bool]]:
    """How many have voted in each poll, and whether the caller or the caller's institution has."""
    if not polls:
        return {}
    principal = room.context.known_principal
    me = [principal.account, principal.institution] if principal else []
    kept = union_all(
        *(
            select(table.poll_id, cast(table.voter_id.in_(me), Integer).label("mine")).where(table.poll_id.in_(polls))
            for table in (Ballot, Envelope)
        )
    ).subquery()
    rows = await room.context.db.execute(
        select(kept.c.poll_id, func.count(), func.max(kept.c.mine)).group_by(kept.c.poll_id)
    )
    return {poll: (count, bool(mine)) for poll, count, mine in rows}


def _part(room: InSpace, shown: Shown[Poll], voted: int, mine: bool) -> Participation:
    poll, context = shown.item, room.context
    state, void = standing_of(context, poll)
    known_for_good = poll.closed_at is not None and poll.is_secret
    entitled_here = belongs(poll, room.place.membership) and VOTE in shown.actions
    return Participation(
        state=state,
        void=void,
        voted=voted if poll.voted is None else poll.voted,
        entitled=poll.entitled,
        mine=None if known_for_good else mine,
        may_vote=state == "open" and entitled_here and (poll.change_allowed or not mine),
        results_hidden=why_hidden(poll, state, shown.actions, voted=mine),
    )


def standing_of(context: WorkContext, poll: Poll) -> tuple[PollState, str | None]:
    """Where the poll stands, and why it is void. An open secret poll whose key is lost can never be counted."""
    state = poll.stands(context.now)
    fault = key_loss.fault_of(context.app, poll) if state == "open" else None
    return ("void", fault) if fault is not None else (state, poll.void if state == "void" else None)
