"""What counting finds, as it is sealed and answered."""

from typing import Literal

from pydantic import BaseModel

from netzraum_polls.polls.questions import Kind, Majority

MotionOutcome = Literal["accepted", "rejected", "no_quorum"]


class OptionResult(BaseModel):
    """An option's part.

    ``count``: how many chose, rated or gave points to it; in a ranking, put it first. ``share``: of those who
    answered; in a weighting of all points, in a ranking of all Borda points. ``score``: the mean of the ratings, the
    mean weight, or the Borda points. ``numbers``: how many rated it 1, 2, …
    """

    id: str
    title: str
    count: int
    share: float | None = None
    score: float | None = None
    numbers: list[int] | None = None


class BordaPoints(BaseModel):
    option: str
    points: float


class Schulze(BaseModel):
    """``order``: the best first; options that share a place stand together. ``pairwise[a][b]``: how many prefer a to
    b. ``strengths[a][b]``: of the strongest path from a to b, by winning votes."""

    order: list[list[str]]
    pairwise: dict[str, dict[str, int]]
    strengths: dict[str, dict[str, int]]


class Motion(BaseModel):
    """``needed`` yes votes ``of`` so many are enough for the majority; ``basis`` says which votes these are.

    ``quorum``: percent of ``entitled`` that must take part; ``quorum_votes``: how many that are.
    """

    outcome: MotionOutcome
    yes: int
    no: int
    abstain: int
    majority: Majority
    basis: Literal["yes_and_no", "cast"]
    of: int
    needed: int
    quorum: int
    quorum_votes: int
    quorum_reached: bool
    entitled: int


class QuestionResult(BaseModel):
    """``answered``: by how many. ``texts`` are sorted, so that their order says nothing."""

    id: str
    kind: Kind
    title: str
    answered: int
    options: list[OptionResult]
    borda: list[BordaPoints] | None = None
    borda_way: Literal["last_gets_none_unranked_share"] | None = None
    schulze: Schulze | None = None
    motion: Motion | None = None
    texts: list[str] | None = None


def rounded(part: float, whole: float) -> float | None:
    """A part of a whole, to four digits; None of nothing."""
    return round(part / whole, 4) if whole else None
