"""Schulze's method: beatpaths by winning votes (Markus Schulze, Social Choice and Welfare 36, 2011, sections 2.2, 2.3).

On a ballot, what is ranked is preferred to what is left out; what is left out is not compared.
"""

from collections.abc import Mapping, Sequence
from itertools import permutations

from netzraum_polls.polls.counting.results import Schulze

Matrix = dict[str, dict[str, int]]


def schulze(options: Sequence[str], ballots: Sequence[Sequence[str]]) -> Schulze:
    preferred = pairwise(options, ballots)
    strongest = strengths(options, preferred)
    return Schulze(order=order(options, strongest), pairwise=preferred, strengths=strongest)


def pairwise(options: Sequence[str], ballots: Sequence[Sequence[str]]) -> Matrix:
    """How many ballots prefer the one to the other."""
    preferred = _nothing(options)
    for ballot in ballots:
        below = set(options)
        for option in ballot:
            below.discard(option)
            for other in below:
                preferred[option][other] += 1
    return preferred


def strengths(options: Sequence[str], preferred: Matrix) -> Matrix:
    """The strength of the strongest path between any two: its weakest link, found as Floyd and Warshall do."""
    strongest = _nothing(options)
    for one, other in permutations(options, 2):
        if preferred[one][other] > preferred[other][one]:
            strongest[one][other] = preferred[one][other]
    for over in options:
        for start in options:
            first = strongest[start].get(over, 0)
            if not first:
                continue
            for end, second in strongest[over].items():
                if end != start and min(first, second) > strongest[start][end]:
                    strongest[start][end] = min(first, second)
    return strongest


def order(options: Sequence[str], strongest: Mapping[str, Mapping[str, int]]) -> list[list[str]]:
    """Places, the best first: those that none of the rest beats share one."""
    left, places = list(options), []
    while left:
        unbeaten = [
            one
            for one in left
            if not any(strongest[other][one] > strongest[one][other] for other in left if other != one)
        ]
        places.append(unbeaten)
        left = [option for option in left if option not in unbeaten]
    return places


def _nothing(options: Sequence[str]) -> Matrix:
    return {one: {other: 0 for other in options if other != one} for one in options}
