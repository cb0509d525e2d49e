"""Polls in the API."""

import uuid
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, StringConstraints

from netzraum_items.on_item import Shown
from netzraum_items.schemas import AuthorView, ItemChange, ItemView, NewItem
from netzraum_platform.fields import Markdown, RequestBody, printable_line
from netzraum_platform.text import to_html
from netzraum_polls.polls.counting.results import OptionResult, QuestionResult
from netzraum_polls.polls.models import Poll, PollState, ResultsShown, Secrecy
from netzraum_polls.polls.participation import Participation
from netzraum_polls.polls.questions import MOST_QUESTIONS, NewQuestion, Question, all_distinct

Electorate = Annotated[
    str,
    StringConstraints(pattern=r"^(members|institutions|role:.{1,100})$"),
    AfterValidator(printable_line),
]
Questions = Annotated[list[NewQuestion], Field(min_length=1, max_length=MOST_QUESTIONS), AfterValidator(all_distinct)]


class NewPoll(NewItem):
    """``opens_at`` inclusive, ``closes_at`` exclusive; without them it opens when it is published, and stays open."""

    text: Markdown = ""
    questions: Questions
    secrecy: Secrecy = "open"
    results: ResultsShown = "after_close"
    electorate: Electorate = "members"
    change_allowed: bool = True
    opens_at: AwareDatetime | None = None
    closes_at: AwareDatetime | None = None


class PollChange(ItemChange):
    """Once the poll was opened, what was said to voters before their first click stays as it is."""

    text: Markdown = ""
    questions: Questions = Field(default=[])
    secrecy: Secrecy = "open"
    results: ResultsShown = "after_close"
    electorate: Electorate = "members"
    change_allowed: bool = True
    opens_at: AwareDatetime | None = None
    closes_at: AwareDatetime | None = None


class Answer(RequestBody):
    """``value``: an option's id (single; motion: ``yes``, ``no``, ``abstain``), a list of them (multiple; ranking: the
    best first), a map of option to whole number (rating, weighting), or a text."""

    question: uuid.UUID
    value: Any  # what it has to be depends on the question


class NewBallot(RequestBody):
    answers: list[Answer] = Field(max_length=MOST_QUESTIONS)


class BallotCast(BaseModel):
    """That a ballot was taken; never what it says. ``changed``: it replaced one that was there."""

    changed: bool


class AnswerView(BaseModel):
    question: str
    value: str | list[str] | dict[str, int]


class BallotView(BaseModel):
    """The own ballot, or that of the own institution; ``cast_by``: who spoke for it, in open polls."""

    answers: list[AnswerView]
    cast_by: AuthorView | None


class Outcome(RequestBody):
    text: Markdown


class Turnout(BaseModel):
    """``entitled`` is None in lists while a poll is open: there nobody counts them."""

    voted: int
    entitled: int | None


class PollView(ItemView):
    """A poll as its reader gets it.

    ``mine``: whether the caller (or, with one voice each, the institution) has voted; None where nobody can know any
    more. ``results_hidden``: why the caller does not see the results now; empty where they are seen. ``void``: why
    there will never be a result. ``sha256``: the seal of the results, once closed.
    """

    state: PollState  # type: ignore[assignment]  # a poll's states say more than an item's
    text: str | None
    html: str | None = None
    questions: list[Question] | None
    secrecy: Secrecy
    results: ResultsShown
    electorate: str
    change_allowed: bool
    opens_at: AwareDatetime | None
    closes_at: AwareDatetime | None
    opened_at: AwareDatetime | None
    closed_at: AwareDatetime | None
    turnout: Turnout
    mine: bool | None
    may_vote: bool
    results_hidden: list[str]
    void: str | None
    outcome: str | None
    outcome_html: str | None = None
    sha256: str | None

    @classmethod
    def own_fields(cls, shown: Shown[Poll], render: Literal["html"] | None) -> dict[str, Any]:
        poll, hidden, part = shown.item, shown.withheld, shown.beside
        if not isinstance(part, Participation):
            raise TypeError("a mistake of ours: a poll is shown with its turnout (participation.completed)")
        text, outcome = (None, None) if hidden else (poll.text, poll.outcome)
        as_it_is = ("secrecy", "results", "electorate", "change_allowed", "opened_at", "closed_at", "sha256")
        return {
            **{name: getattr(poll, name) for name in as_it_is},
            "state": part.state,
            "void": part.void,
            "text": text,
            "html": to_html(text) if render and text is not None else None,
            "questions": None if hidden else poll.asked,
            "opens_at": poll.visible_from,
            "closes_at": poll.visible_until,
            "turnout": Turnout(voted=part.voted, entitled=part.entitled),
            "mine": part.mine,
            "may_vote": part.may_vote,
            "results_hidden": part.results_hidden,
            "outcome": outcome,
            "outcome_html": to_html(outcome) if render and outcome is not None else None,
        }


class NamedBallot(BaseModel):
    """A ballot with who cast it; where institutions vote, who spoke for one of them."""

    voter: AuthorView
    answers: list[AnswerView]

    def chose(self, question: str, option: str) -> bool:
        """Whether it chose an option of a question, alone or among others."""
        return any(
            answer.question == question and (answer.value == option or option in answer.value)
            for answer in self.answers
        )


class OptionResultView(OptionResult):
    """``voters``: who chose it; None where names are not shown."""

    voters: list[AuthorView] | None


class QuestionResultView(QuestionResult):
    options: list[OptionResultView]  # type: ignore[assignment]  # as counted, with names


class ResultsView(BaseModel):
    """The results as their reader may see them.

    ``too_few_ballots``: so few secret ballots that nothing but the turnout is shown, and kept. ``ballots``: by name,
    where names are shown. ``sha256``: of the document that was sealed at the close.
    """

    state: PollState
    closed_at: AwareDatetime | None
    turnout: Turnout
    too_few_ballots: bool
    questions: list[QuestionResultView]
    ballots: list[NamedBallot] | None
    sha256: str | None
