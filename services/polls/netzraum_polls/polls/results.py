"""The results of a poll, for whom they are to be seen."""

import asyncio
import json
import uuid
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from netzraum_items.on_item import OnItem
from netzraum_items.schemas import AuthorView
from netzraum_polls.polls.counting.count import count
from netzraum_polls.polls.counting.results import QuestionResult
from netzraum_polls.polls.errors import ResultsHidden
from netzraum_polls.polls.models import Ballot, Poll, Seal
from netzraum_polls.polls.participation import Participation, completed
from netzraum_polls.polls.schemas import (
    AnswerView,
    NamedBallot,
    OptionResultView,
    QuestionResultView,
    ResultsView,
    Turnout,
)
from netzraum_polls.polls.visible_results import MANAGES_RESULTS, shows_names
from netzraum_polls.polls.voting import names_of

WITH_VOTERS = frozenset({"single", "multiple", "motion"})


@dataclass(frozen=True)
class Seen:
    """The results as one reader sees them; ``manages``: the reader sees the sealed document too."""

    view: ResultsView
    manages: bool


async def results(on: OnItem[Poll], verb: str = "read_results") -> Seen:
    """The results: those sealed at the close, or, where they are shown before, as they are now.

    Raises:
        NotFound, Forbidden: the caller may not.
        ResultsHidden: not (yet) to be seen; carries the reasons.
    """
    poll = on.item
    decision = await on.may(verb)
    part: Participation = (await completed(on, on.shown(decision.actions))).beside
    if part.results_hidden:
        raise ResultsHidden(part.results_hidden)
    named = await _named(on.context.db, poll) if shows_names(poll, decision.actions) else None
    found = await _counted(on, part)
    view = ResultsView(
        state=part.state,
        closed_at=poll.closed_at,
        turnout=Turnout(voted=part.voted, entitled=part.entitled),
        too_few_ballots=found is None,
        questions=[_with_voters(question, named) for question in found or []],
        ballots=named,
        sha256=poll.sha256,
    )
    return Seen(view, manages=MANAGES_RESULTS in decision.actions)


async def _counted(on: OnItem[Poll], part: Participation) -> list[QuestionResult] | None:
    """None where there were too few secret ballots to keep them."""
    poll, db = on.item, on.context.db
    if poll.closed_at is not None:
        sealed = json.loads(await document(db, poll))["results"]
        return [QuestionResult.model_validate(result) for result in sealed] if sealed is not None else None
    ballots = list(await db.scalars(select(Ballot.answers).where(Ballot.poll_id == poll.id)))
    return await asyncio.to_thread(count, poll.asked, ballots, part.entitled or 0)


async def document(db: AsyncSession, poll: Poll) -> str:
    """What was sealed, to the letter."""
    return (await db.get_one(Seal, poll.id)).document


async def _named(db: AsyncSession, poll: Poll) -> list[NamedBallot]:
    """Who voted what, by name."""
    ballots = list(await db.scalars(select(Ballot).where(Ballot.poll_id == poll.id)))
    names = await names_of(db, [ballot.account_id for ballot in ballots])
    found = [
        NamedBallot(
            voter=names.get(ballot.account_id) or _unknown(ballot.account_id),
            answers=[AnswerView(question=name, value=value) for name, value in ballot.answers.items()],
        )
        for ballot in ballots
    ]
    return sorted(found, key=lambda each: (each.voter.name or "", str(each.voter.account)))


def _unknown(account: uuid.UUID) -> AuthorView:
    return AuthorView(account=account, name=None, institution=None)


def _with_voters(question: QuestionResult, named: list[NamedBallot] | None) -> QuestionResultView:
    """Each option with those who chose it, where they are shown and the kind of question has them."""
    shown = named if question.kind in WITH_VOTERS else None
    return QuestionResultView(
        **question.model_dump(exclude={"options"}),
        options=[
            OptionResultView(
                **option.model_dump(),
                voters=[ballot.voter for ballot in shown if ballot.chose(question.id, option.id)]
                if shown is not None
                else None,
            )
            for option in question.options
        ],
    )
