"""Reminding those who may vote and have not: a day before the close, and by hand once a day."""

import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select, update

from netzraum_contracts.polls import PollReminderDue
from netzraum_items.on_item import OnItem, Shown, roles_of
from netzraum_items.tables import AccessSpace
from netzraum_platform import dialect
from netzraum_platform.context import WorkContext
from netzraum_polls.polls.errors import Closed, NobodyToRemind, NotOpen, RemindedAlready, Void
from netzraum_polls.polls.models import Ballot, Envelope, Poll
from netzraum_polls.polls.participation import electorate, standing_of
from netzraum_polls.polls.voting import lock_of

PAUSE = timedelta(hours=24)


async def remind_now(on: OnItem[Poll]) -> Shown[Poll]:
    """Remind by hand.

    Raises:
        NotOpen, Closed, Void: nobody can vote now.
        RemindedAlready: within the last 24 hours, by hand or by the clock.
        NobodyToRemind: all have voted.
    """
    poll, context = on.item, on.context
    decision = await on.may("remind")
    state, _void = standing_of(context, poll)
    if state != "open":
        raise {"closed": Closed, "void": Void}.get(state, NotOpen)
    if poll.reminded_at is not None and context.now - poll.reminded_at < PAUSE:
        wait = PAUSE - (context.now - poll.reminded_at)
        raise RemindedAlready(headers={"Retry-After": str(int(wait.total_seconds()) + 1)})
    if not await _remind(context, on.place.space, poll, on.roles):
        raise NobodyToRemind
    return on.shown(decision.actions)


async def remind_due(context: WorkContext, payload: dict[str, Any]) -> None:
    """Remind a day before the close, unless that moved, or somebody reminded since."""
    poll = await context.db.get(Poll, uuid.UUID(payload["item"]))
    if poll is None or standing_of(context, poll)[0] != "open" or poll.visible_until is None:
        return
    if poll.visible_until - context.now > PAUSE:
        return
    if poll.reminded_at is not None and context.now - poll.reminded_at < PAUSE:
        return
    space = await context.db.get_one(AccessSpace, poll.space_id)
    await _remind(context, space, poll, (await roles_of(context.db, [poll])).get(poll.id, []))


async def _remind(context: WorkContext, space: AccessSpace, poll: Poll, roles: Sequence[str]) -> bool:
    """Tell who has not voted yet; return whether there is anybody.

    Raises:
        Closed: since it was looked at.
    """
    voters = await electorate(context, space, poll, roles)
    voted = {voter for table in (Ballot, Envelope) for voter in await _voters(context, table, poll)}
    late = sorted({voter.account for voter in voters if voter.id not in voted})
    if not late:
        return False
    await context.begin_write()
    await dialect.lock_together(context.db, lock_of(poll))  # after the close nothing may be told of who has not voted
    # By a plain update: what readers know of the poll stays as it is, so its version does too.
    reminded = update(Poll).where(Poll.id == poll.id, Poll.closed_at.is_(None)).values(reminded_at=context.now)
    if await context.db.scalar(reminded.returning(Poll.id)) is None:
        raise Closed
    context.audit("poll:remind", item=poll.id, space=poll.space_id)
    context.publish(
        PollReminderDue(
            item=poll.id,
            type=poll.TYPE,
            tool=poll.TOOL,
            what="vote",
            accounts=late,
            due=poll.visible_until,
            kept=not poll.is_secret,
        ),
        subject=poll.id,
        space=poll.space_id,
        classification=poll.classification,
    )
    return True


async def _voters(context: WorkContext, table: type[Ballot] | type[Envelope], poll: Poll) -> Sequence[uuid.UUID]:
    return (await context.db.scalars(select(table.voter_id).where(table.poll_id == poll.id))).all()
