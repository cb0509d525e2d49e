"""Secret polls whose key is lost: each is void from when that is noticed, and asks nobody for a ballot in vain.

A key folder that comes back, as it was only not mounted, brings its polls back. What is final is said at the close.
"""

import uuid
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import select

from netzraum_items.traces import leave_traces
from netzraum_platform.context import App, WorkContext
from netzraum_polls.polls.models import Poll
from netzraum_polls.polls.secret_keys import keys_of

CHECK_KEY: Final = "polls.check_key"


def fault_of(app: App, poll: Poll) -> str | None:
    """Why the ballots of a poll that is not closed cannot be counted; None where they can."""
    return None if poll.public_key is None else keys_of(app).fault(poll.id, poll.public_key)


async def report(context: WorkContext, polls: Iterable[Poll]) -> None:
    """Where a poll that runs and the key folder disagree, let the poll say it from now on, whoever looks at it."""
    differ = [poll for poll in polls if _runs(poll) and poll.void != fault_of(context.app, poll)]
    if differ:
        await context.begin_write()
    for poll in differ:
        await context.schedule(CHECK_KEY, {"item": poll.id}, key=str(poll.id))


def _runs(poll: Poll) -> bool:
    return poll.opened_at is not None and poll.closed_at is None


async def check_key(context: WorkContext, payload: dict[str, Any]) -> None:
    """Make a poll void whose key is lost, or let it go on where the key is back. Its readers are told."""
    poll = await context.db.get(Poll, uuid.UUID(payload["item"]), with_for_update=True, populate_existing=True)
    if poll is None or not _runs(poll):
        return
    fault = fault_of(context.app, poll)
    if fault != poll.void:
        poll.void, poll.updated_at = fault, context.now
        await leave_traces(context, poll, "updated", verb="void" if fault else "key_found", void=fault)


async def check_all(app: App) -> None:
    """At the start: what was lost, or came back, while nothing ran."""
    running = select(Poll).where(Poll.public_key.is_not(None), Poll.closed_at.is_(None))
    async with app.database.session() as session:
        context = WorkContext(app, session)
        await report(context, await session.scalars(running))
        await context.commit()
