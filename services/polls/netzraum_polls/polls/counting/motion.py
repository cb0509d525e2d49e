"""Whether a motion is carried.

* ``simple``: more yes than no; abstentions count for neither.
* ``absolute``: yes from more than half of all votes cast, abstentions among them.
* ``two_thirds``: yes from at least two thirds of the yes and no votes.

The quorum is a percentage of those entitled that must have taken part; whoever abstains takes part.
"""

from collections.abc import Mapping

from netzraum_polls.polls.counting.results import Motion
from netzraum_polls.polls.questions import Question


def decided(question: Question, votes: Mapping[str, int], entitled: int) -> Motion:
    majority, quorum = question.majority or "simple", question.quorum or 0
    yes, no, abstain = (votes[name] for name in ("yes", "no", "abstain"))
    of = yes + no + abstain if majority == "absolute" else yes + no
    needed = -(-2 * of // 3) if majority == "two_thirds" else of // 2 + 1
    quorum_votes = -(-quorum * entitled // 100)
    reached = yes + no + abstain >= quorum_votes
    carried = yes >= max(needed, 1)
    return Motion(
        outcome=("accepted" if carried else "rejected") if reached else "no_quorum",
        yes=yes,
        no=no,
        abstain=abstain,
        majority=majority,
        basis="cast" if majority == "absolute" else "yes_and_no",
        of=of,
        needed=max(needed, 1),
        quorum=quorum,
        quorum_votes=quorum_votes,
        quorum_reached=reached,
        entitled=entitled,
    )
