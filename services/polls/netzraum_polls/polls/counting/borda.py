"""Borda's count (Jean-Charles de Borda, 1784).

Of n options the first gets n - 1 points, the next n - 2, …, the last none. Options that a ballot leaves out share
equally the points that are left, so that every ballot gives n (n - 1) / 2 points, however many it ranks.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from netzraum_polls.polls.counting.results import BordaPoints

WAY: Final = "last_gets_none_unranked_share"


def points(options: Sequence[str], ballots: Sequence[Sequence[str]]) -> dict[str, float]:
    """Points by option; half points are exact."""
    total = dict.fromkeys(options, 0.0)
    for ballot in ballots:
        left_out = [option for option in options if option not in ballot]
        for place, option in enumerate(ballot):
            total[option] += len(options) - 1 - place
        for option in left_out:
            total[option] += (len(left_out) - 1) / 2
    return total


def in_order(total: Mapping[str, float]) -> list[BordaPoints]:
    """The most points first; what has the same stays in the order in which it was asked."""
    return [BordaPoints(option=option, points=total[option]) for option in sorted(total, key=lambda each: -total[each])]
