"""Counting, by published examples and for any ballots: their order never matters, and sums hold."""

import random
from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netzraum_polls.polls.counting import borda, schulze
from netzraum_polls.polls.counting.count import count
from netzraum_polls.polls.questions import NewQuestion, Question
from tests.polls.rooms import question

LETTERS = "ABCDE"
# Markus Schulze's example of 45 voters (Social Choice and Welfare 36, 2011, section 3.1; also in Wikipedia).
FORTY_FIVE = {"ACBED": 5, "ADECB": 5, "BEDAC": 8, "CABED": 3, "CAEBD": 7, "CBADE": 2, "DCEBA": 7, "EBADC": 8}
STRENGTHS = {
    "A": {"B": 28, "C": 28, "D": 30, "E": 24},
    "B": {"A": 25, "C": 28, "D": 33, "E": 24},
    "C": {"A": 25, "B": 29, "D": 29, "E": 24},
    "D": {"A": 25, "B": 28, "C": 28, "E": 24},
    "E": {"A": 25, "B": 28, "C": 28, "D": 31},
}
# The capital of Tennessee, percent of voters (Wikipedia, Borda count).
TENNESSEE = {
    ("Memphis", "Nashville", "Chattanooga", "Knoxville"): 42,
    ("Nashville", "Chattanooga", "Knoxville", "Memphis"): 26,
    ("Chattanooga", "Knoxville", "Nashville", "Memphis"): 15,
    ("Knoxville", "Chattanooga", "Nashville", "Memphis"): 17,
}


def ballots_of(example: dict[Any, int]) -> list[list[str]]:
    return [list(ballot) for ballot, times in example.items() for _ in range(times)]


def test_schulze_finds_what_its_author_found() -> None:
    found = schulze.schulze(list(LETTERS), ballots_of(FORTY_FIVE))
    assert found.pairwise["A"] == {"B": 20, "C": 26, "D": 30, "E": 22}
    assert found.pairwise["D"] == {"A": 15, "B": 12, "C": 28, "E": 14}
    assert found.strengths == STRENGTHS
    assert found.order == [["E"], ["A"], ["C"], ["B"], ["D"]]


def test_schulze_lets_what_is_not_decided_share_a_place() -> None:
    assert schulze.schulze(["A", "B", "C"], [["A", "B", "C"], ["B", "A", "C"]]).order == [["A", "B"], ["C"]]
    assert schulze.schulze(["A", "B"], []).order == [["A", "B"]]


def test_borda_finds_the_capital_of_tennessee() -> None:
    points = borda.points(["Memphis", "Nashville", "Chattanooga", "Knoxville"], ballots_of(TENNESSEE))
    assert points == {"Memphis": 126, "Nashville": 194, "Chattanooga": 173, "Knoxville": 107}
    assert [each.option for each in borda.in_order(points)] == ["Nashville", "Chattanooga", "Memphis", "Knoxville"]


def test_borda_shares_what_is_left_among_what_is_left_out() -> None:
    assert borda.points(["A", "B", "C", "D"], [["C"]]) == {"A": 1, "B": 1, "C": 3, "D": 1}


@pytest.mark.parametrize(
    ("rules", "votes", "entitled", "outcome", "needed"),
    [
        ({}, {"yes": 5, "no": 4, "abstain": 20}, 30, "accepted", 5),
        ({}, {"yes": 5, "no": 5, "abstain": 0}, 10, "rejected", 6),
        ({}, {"yes": 0, "no": 0, "abstain": 3}, 10, "rejected", 1),
        ({"majority": "absolute"}, {"yes": 5, "no": 3, "abstain": 2}, 10, "rejected", 6),
        ({"majority": "absolute"}, {"yes": 6, "no": 3, "abstain": 2}, 20, "accepted", 6),
        ({"majority": "two_thirds"}, {"yes": 6, "no": 3, "abstain": 5}, 20, "accepted", 6),
        ({"majority": "two_thirds"}, {"yes": 7, "no": 4, "abstain": 0}, 20, "rejected", 8),
        ({"quorum": 50}, {"yes": 4, "no": 0, "abstain": 0}, 9, "no_quorum", 3),
        ({"quorum": 50}, {"yes": 4, "no": 0, "abstain": 1}, 9, "accepted", 3),
    ],
)
def test_a_motion_by_quorum_and_majority(
    rules: dict[str, Any], votes: dict[str, int], entitled: int, outcome: str, needed: int
) -> None:
    motion = asked("motion", 0, **rules)
    ballots = [{motion.id: vote} for vote, times in votes.items() for _ in range(times)]
    (result,) = count([motion], ballots, entitled)
    assert result.motion is not None
    assert (result.motion.outcome, result.motion.needed) == (outcome, needed)


def asked(kind: str, options: int, **more: Any) -> Question:
    titles = tuple(LETTERS[:options])
    return Question.of(NewQuestion.model_validate(question(kind, options=titles, **more)))


MULTIPLE, RATING, WEIGHTING, RANKING = (asked(kind, 5) for kind in ("multiple", "rating", "weighting", "ranking"))
SINGLE, MOTION, TEXT = asked("single", 5), asked("motion", 0), asked("text", 0)


def _spread(cuts: Sequence[int], ids: Sequence[str]) -> dict[str, int]:
    """100 points parted at these places."""
    edges = [0, *sorted(cuts), 100]
    return {name: end - start for name, start, end in zip(ids, edges, edges[1:], strict=False) if end > start}


def some_of(of: Question) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(of.option_ids), min_size=1, unique=True)


ANY_BALLOT = st.fixed_dictionaries(
    {},
    optional={
        SINGLE.id: st.sampled_from(SINGLE.option_ids),
        MOTION.id: st.sampled_from(MOTION.option_ids),
        MULTIPLE.id: some_of(MULTIPLE),
        RATING.id: st.dictionaries(st.sampled_from(RATING.option_ids), st.integers(1, 5), min_size=1),
        WEIGHTING.id: st.lists(st.integers(0, 100), min_size=4, max_size=4).map(
            lambda cuts: _spread(cuts, WEIGHTING.option_ids)
        ),
        RANKING.id: some_of(RANKING),
        TEXT.id: st.text(LETTERS, min_size=1, max_size=5),
    },
)
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
"""How long a busy machine takes is not what is tried here."""
ALL = [SINGLE, MOTION, MULTIPLE, RATING, WEIGHTING, RANKING, TEXT]


@unhurried
@given(st.lists(ANY_BALLOT, max_size=25), st.randoms(use_true_random=False))
def test_the_order_of_ballots_never_matters(ballots: list[dict[str, Any]], chance: random.Random) -> None:
    shuffled = chance.sample(ballots, len(ballots))
    assert count(ALL, shuffled, 30) == count(ALL, ballots, 30)


@unhurried
@given(st.lists(ANY_BALLOT, max_size=25))
def test_sums_hold(ballots: list[dict[str, Any]]) -> None:
    single, motion, _multiple, rating, weighting, ranking, text = count(ALL, ballots, 30)
    for result in (single, motion):
        assert sum(option.count for option in result.options) == result.answered
    assert all(sum(option.numbers or []) == option.count for option in rating.options)
    given_points = sum(sum(ballot[WEIGHTING.id].values()) for ballot in ballots if WEIGHTING.id in ballot)
    assert given_points == 100 * weighting.answered
    if weighting.answered:
        assert sum(option.share or 0 for option in weighting.options) == pytest.approx(1, abs=0.001)
        assert sum(option.score or 0 for option in weighting.options) == pytest.approx(100, abs=0.001)
    assert sum(each.points for each in ranking.borda or []) == 10 * ranking.answered
    assert sorted(option for place in ranking.schulze.order for option in place) == sorted(RANKING.option_ids)  # type: ignore[union-attr]
    assert len(text.texts or []) == text.answered


@unhurried
@given(st.lists(some_of(RANKING), min_size=1, max_size=15))
def test_who_wins_against_everybody_wins(ballots: list[list[str]]) -> None:
    """Schulze's method finds the Condorcet winner where there is one, and no stronger path is left out."""
    found = schulze.schulze(RANKING.option_ids, ballots)
    for one in RANKING.option_ids:
        rest = [other for other in RANKING.option_ids if other != one]
        if all(found.pairwise[one][other] > found.pairwise[other][one] for other in rest):
            assert found.order[0] == [one]
        for other in rest:
            for over in (each for each in rest if each != other):
                assert found.strengths[one][other] >= min(found.strengths[one][over], found.strengths[over][other])
