"""Closing a poll: in one transaction its ballots are counted and sealed. Those of a secret poll leave their envelopes
first, and its key is destroyed afterwards."""

import asyncio
import hashlib
import json
import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from nacl.public import PrivateKey
from sqlalchemy import delete, insert, select

from netzraum_contracts.polls import PollReminderDue
from netzraum_items import timed
from netzraum_items.on_item import OnItem, Shown, roles_of
from netzraum_items.tables import AccessSpace
from netzraum_items.traces import leave_traces
from netzraum_platform import dialect, outbox
from netzraum_platform.context import App, WorkContext
from netzraum_polls.polls.answers import Answers
from netzraum_polls.polls.counting.count import count
from netzraum_polls.polls.envelopes import UnreadableEnvelope, open_all
from netzraum_polls.polls.errors import Closed, NotOpen
from netzraum_polls.polls.models import Ballot, Envelope, Poll, Seal, SecretBallot
from netzraum_polls.polls.participation import electorate
from netzraum_polls.polls.secret_keys import KEY_DOES_NOT_FIT, keys_of
from netzraum_polls.polls.voting import lock_of

FEWEST_SECRET = 5
"""Of fewer secret ballots nothing is kept but how many they were."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Cast:
    """What the ballots of a poll say: how many, and their answers where they may be counted; or why it is void."""

    voted: int
    answers: list[Answers] | None
    void: str | None = None


async def close_now(on: OnItem[Poll]) -> Shown[Poll]:
    """Close a poll by hand, or count one whose time has passed.

    Raises:
        NotOpen, Closed: there is nothing to close.
    """
    poll, context = on.item, on.context
    await on.may("close")
    if poll.closed_at is not None:
        raise Closed
    if poll.opened_at is None:
        raise NotOpen
    if not await _close(context, on.place.space, poll, on.roles):
        raise Closed
    return on.shown((await on.may("read")).actions)


async def close_due(context: WorkContext, payload: dict[str, Any]) -> None:
    """Close a poll whose time has come; a later time has a job of its own."""
    poll = await context.db.get(Poll, uuid.UUID(payload["item"]))
    if poll is None or poll.opened_at is None or poll.closed_at is not None or not poll.is_over(context.now):
        return
    space = await context.db.get_one(AccessSpace, poll.space_id)
    roles = (await roles_of(context.db, [poll])).get(poll.id, [])
    await _close(context, space, poll, roles)


async def _close(context: WorkContext, space: AccessSpace, poll: Poll, roles: Sequence[str]) -> bool:
    """Return whether this closed it: somebody else may have been faster.

    The policy is asked who is entitled before the transaction begins; no ballot gets in while it runs.
    """
    entitled = len({voter.id for voter in await electorate(context, space, poll, roles)})
    async with context.app.database.turn():
        await context.begin_write()
        await dialect.lock_alone(context.db, lock_of(poll))
        await context.db.refresh(poll)
        closes = poll.closed_at is None
        if closes:
            await _write(context, poll, await _take_out(context, poll), entitled)
        await context.release()
    if closes and poll.is_secret:
        await asyncio.to_thread(keys_of(context.app).destroy, poll.id)
    return closes


async def _write(context: WorkContext, poll: Poll, cast: Cast, entitled: int) -> None:
    by_clock = poll.visible_until if poll.is_over(context.now) else None
    poll.closed_at = poll.visible_until = by_clock or context.now
    poll.updated_at = context.now
    poll.voted, poll.entitled, poll.void = cast.voted, max(entitled, cast.voted), cast.void
    if cast.void is None:
        document = await asyncio.to_thread(_document, poll, cast, poll.closed_at)
        poll.sha256 = hashlib.sha256(document.encode()).hexdigest()
        context.db.add(Seal(poll_id=poll.id, document=document))
    await leave_traces(context, poll, "updated", verb="void" if cast.void else "close", void=cast.void)


async def _take_out(context: WorkContext, poll: Poll) -> Cast:
    if poll.is_secret:
        return await _open_envelopes(context, poll)
    answers = list(await context.db.scalars(select(Ballot.answers).where(Ballot.poll_id == poll.id)))
    return Cast(len(answers), answers)


async def _open_envelopes(context: WorkContext, poll: Poll) -> Cast:
    """Open, shuffle, write with random ids, delete the envelopes, and who was reminded."""
    keys = keys_of(context.app)
    envelopes = list(await context.db.scalars(select(Envelope.envelope).where(Envelope.poll_id == poll.id)))
    await context.db.execute(delete(Envelope).where(Envelope.poll_id == poll.id))
    await outbox.forget(context.db, PollReminderDue.TYPE, poll.id)  # who was reminded had not voted
    key = keys.private_key(poll.id, poll.public_key or "")
    if key is None:
        return Cast(len(envelopes), None, keys.fault(poll.id, poll.public_key or ""))
    if len(envelopes) < FEWEST_SECRET:
        return Cast(len(envelopes), None)
    try:
        answers = await asyncio.to_thread(_shuffled, envelopes, key)
    except UnreadableEnvelope:
        return Cast(len(envelopes), None, KEY_DOES_NOT_FIT)
    rows = [{"poll_id": poll.id, "id": uuid.uuid4(), "answers": each} for each in answers]
    await context.db.execute(insert(SecretBallot), rows)
    return Cast(len(answers), answers)


def _shuffled(envelopes: Sequence[bytes], key: PrivateKey) -> list[Answers]:
    answers = open_all(envelopes, key)
    secrets.SystemRandom().shuffle(answers)
    return answers


def _document(poll: Poll, cast: Cast, closed_at: datetime) -> str:
    """The JSON that is sealed. Ballots are sorted by what they say, so that their order says nothing."""
    entitled = poll.entitled or 0
    ballots = cast.answers or []
    results = count(poll.asked, ballots, entitled) if cast.answers is not None else None
    return _canonical(
        {
            "poll": str(poll.id),
            "closed_at": closed_at.isoformat(),
            "questions": poll.questions,
            "turnout": {"voted": cast.voted, "entitled": entitled},
            "results": [result.model_dump() for result in results] if results is not None else None,
            "ballots": sorted(ballots, key=_canonical),
        }
    )


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


async def erase_due(context: WorkContext, payload: dict[str, Any]) -> None:
    """Delete a poll for good if its time has come, and with it the key that it may still have."""
    await timed.erase_due(context, payload)
    await context.release()
    poll = uuid.UUID(payload["item"])
    if await context.db.scalar(select(Poll.id).where(Poll.id == poll)) is None:
        await asyncio.to_thread(keys_of(context.app).destroy, poll)


async def destroy_leftovers(app: App) -> None:
    """At the start: destroy the keys of polls that are closed, where the process ended before it could."""
    keys = keys_of(app)
    there = await asyncio.to_thread(keys.all)
    if not there:
        return
    async with app.database.session() as session:
        closed = await session.scalars(select(Poll.id).where(Poll.id.in_(there), Poll.closed_at.is_not(None)))
        for poll in closed.all():
            await asyncio.to_thread(keys.destroy, poll)
