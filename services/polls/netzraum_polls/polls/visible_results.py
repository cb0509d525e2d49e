"""The one rule that says who sees a poll's results when: for the view, the results, exports and lists alike."""

from collections.abc import Collection

from netzraum_polls.polls.models import Poll, PollState

MANAGES_RESULTS = "manage_results"
NOT_OPENED, VOID, BEING_COUNTED = "not_opened", "void", "being_counted"
UNTIL_CLOSED, UNTIL_VOTED, MANAGERS_ONLY = "until_closed", "until_voted", "managers_only"


def why_hidden(poll: Poll, state: PollState, actions: Collection[str], *, voted: bool) -> list[str]:
    """Why the results are not to be seen by somebody who may do ``actions`` and has (not) ``voted``; else nothing."""
    if poll.opened_at is None:
        return [NOT_OPENED]
    if state == "void":
        return [VOID]
    if poll.results == "managers" and MANAGES_RESULTS not in actions:
        return [MANAGERS_ONLY]
    if poll.closed_at is not None:
        return []
    if poll.is_secret or poll.results == "after_close":
        return [BEING_COUNTED if state == "closed" else UNTIL_CLOSED]
    if poll.results == "after_vote" and not voted:
        return [UNTIL_VOTED]
    return []


def shows_names(poll: Poll, actions: Collection[str]) -> bool:
    """Whether the results say who chose what."""
    return poll.secrecy == "open" or (poll.secrecy == "confidential" and MANAGES_RESULTS in actions)
