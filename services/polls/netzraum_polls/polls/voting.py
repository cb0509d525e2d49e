"""Casting a ballot. It leaves one row and nothing else: no audit, no event, no activity, no new version."""

import uuid
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import structlog
from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from netzraum_items.on_item import OnItem
from netzraum_items.schemas import AuthorView
from netzraum_items.tables import Institution, Person
from netzraum_platform import dialect
from netzraum_platform.dialect import inserting
from netzraum_platform.errors import DomainError, NotFound, Unavailable
from netzraum_polls.polls import key_loss
from netzraum_polls.polls.answers import checked
from netzraum_polls.polls.envelopes import seal, size_of
from netzraum_polls.polls.errors import AlreadyVoted, BallotIsSecret, BallotNotTaken, Closed, NotEntitled, NotOpen, Void
from netzraum_polls.polls.models import Ballot, Envelope, Poll
from netzraum_polls.polls.participation import VOTE, belongs, standing_of, voter_of
from netzraum_polls.polls.schemas import Answer, AnswerView, BallotView

log = structlog.get_logger(__name__)


def lock_of(poll: Poll) -> str:
    """The lock that voters hold together, and the close alone."""
    return f"poll:{poll.id}"


async def cast(on: OnItem[Poll], given: Sequence[Answer]) -> bool:
    """Take the caller's ballot; return whether it replaced one.

    Raises:
        NotFound, Forbidden, NotEntitled: the caller may not vote.
        NotOpen, Closed, Void, AlreadyVoted: not (any more) in this poll.
        Unprocessable: one entry per question that is not answered as it asks.
    """
    poll, context = on.item, on.context
    await on.may(VOTE)
    voter = voter_of(context, poll)
    if voter is None or not belongs(poll, on.place.membership):
        raise NotEntitled
    await _must_be_open(on)
    async with _nothing_gets_out():
        answers = checked(poll.asked, given, context.language)
        row: dict[str, Any] = {"poll_id": poll.id, "voter_id": voter}
        if poll.public_key is not None:
            row["envelope"] = seal(answers, poll.public_key, size_of(poll.asked))
        else:
            row |= {"account_id": context.principal.account, "answers": answers}
        async with context.app.database.turn():
            await context.begin_write()
            changed = await _put(context.db, on, row)
            await context.release()
        return changed


async def _must_be_open(on: OnItem[Poll]) -> None:
    """
    Raises:
        NotOpen, Closed, Void: by the clock of this request, whether or not a job has opened or closed it.
    """
    state, _void = standing_of(on.context, on.item)
    if state == "void":
        await key_loss.report(on.context, [on.item])
        await on.context.release()
        raise Void
    if state == "closed":
        raise Closed
    if state != "open":
        raise NotOpen


async def _put(db: AsyncSession, on: OnItem[Poll], row: dict[str, Any]) -> bool:
    """Write the row, unless the poll was closed since: who closes waits for who writes, and the other way round."""
    poll = on.item
    table = Envelope if "envelope" in row else Ballot
    await dialect.lock_together(db, lock_of(poll))
    there = exists().where(table.poll_id == poll.id, table.voter_id == row["voter_id"])
    still_open = select(there).select_from(Poll).where(Poll.id == poll.id, Poll.takes_ballots(on.context.now))
    changed = await db.scalar(still_open)
    if changed is None:
        raise Closed
    insert = inserting(db.get_bind().dialect.name)(table).values(row)
    keys = ["poll_id", "voter_id"]
    if poll.change_allowed:
        new = {name: value for name, value in row.items() if name not in keys}
        insert = insert.on_conflict_do_update(index_elements=keys, set_=new)
    else:
        insert = insert.on_conflict_do_nothing(index_elements=keys)
    if await db.scalar(insert.returning(table.voter_id)) is None:
        raise AlreadyVoted
    return bool(changed)


@asynccontextmanager
async def _nothing_gets_out() -> AsyncIterator[None]:
    """With a ballot in hand, an error of ours says nothing but that there was one: logs and traces keep errors."""
    try:
        yield
    except DomainError:
        raise
    except Exception as error:
        log.error("ballot_not_taken", error=type(error).__name__)
        raise (Unavailable("database") if dialect.is_gone(error) else BallotNotTaken()) from None


async def own(on: OnItem[Poll]) -> BallotView:
    """The caller's ballot, or that of the caller's institution.

    Raises:
        BallotIsSecret: nobody can read one.
        NotFound: there is none.
    """
    poll, db = on.item, on.context.db
    await on.may("read")
    if poll.is_secret:
        raise BallotIsSecret
    voter = voter_of(on.context, poll)
    ballot = await db.get(Ballot, (poll.id, voter)) if voter is not None else None
    if ballot is None:
        raise NotFound
    names = await names_of(db, [ballot.account_id]) if poll.secrecy == "open" else {}
    return BallotView(
        answers=[AnswerView(question=question, value=value) for question, value in ballot.answers.items()],
        cast_by=names.get(ballot.account_id),
    )


async def names_of(db: AsyncSession, accounts: Iterable[uuid.UUID]) -> dict[uuid.UUID, AuthorView]:
    """How accounts are shown."""
    rows = await db.execute(
        select(Person.account_id, Person.name, Institution.name)
        .outerjoin(Institution, Institution.institution_id == Person.institution_id)
        .where(Person.account_id.in_(list(accounts)))
    )
    return {
        account: AuthorView(account=account, name=name, institution=institution) for account, name, institution in rows
    }
