"""What polls call things."""

from dataclasses import dataclass

from netzraum_gateway.labels import Label, msg


@dataclass(frozen=True)
class PollStep:
    """What is asked once before it is done; `path` is its part of the address of a poll."""

    title: str
    text: str
    button: str
    path: str


QUESTION_KINDS = {
    "single": Label(msg("One answer"), icon="radio_button_checked", hint=msg("Choose one answer.")),
    "multiple": Label(msg("Several answers"), icon="check_box", hint=msg("Choose what applies.")),
    "rating": Label(msg("Rating"), icon="star", hint=msg("Each answer gets points on a scale.")),
    "weighting": Label(msg("Spread points"), icon="balance", hint=msg("All points are spread over the answers.")),
    "ranking": Label(msg("Ranking"), icon="format_list_numbered", hint=msg("The answers are put in order.")),
    "motion": Label(msg("Motion"), icon="gavel", hint=msg("Yes, no or abstention, with quorum and majority.")),
    "text": Label(msg("Free text"), icon="notes", hint=msg("An answer in one's own words.")),
}

SECRECIES = {
    "open": Label(msg("Open"), icon="visibility", hint=msg("Everyone who sees the result sees who voted for what.")),
    "confidential": Label(
        msg("Confidential"), icon="lock", hint=msg("Only those who manage polls see who voted for what.")
    ),
    "secret": Label(msg("Secret"), icon="how_to_vote", hint=msg("Nobody can find out who voted for what.")),
}

RESULTS_SHOWN = {
    "after_close": Label(msg("After the end")),
    "always": Label(msg("At any time")),
    "after_vote": Label(msg("To everyone who has voted")),
    "managers": Label(msg("Only to those who manage polls")),
}

ELECTORATES = {
    "members": Label(msg("Everyone who may contribute here")),
    "institutions": Label(msg("One vote for each institution")),
}

MAJORITIES = {
    "simple": Label(msg("Simple majority"), hint=msg("More yes than no; abstentions do not count.")),
    "absolute": Label(
        msg("Absolute majority"), hint=msg("Yes from more than half of all votes, abstentions among them.")
    ),
    "two_thirds": Label(msg("Two-thirds majority"), hint=msg("At least twice as many yes as no.")),
}

POLL_STATES = {
    "draft": Label(msg("Draft"), icon="edit"),
    "coming": Label(msg("Coming"), icon="schedule"),
    "open": Label(msg("Open"), icon="how_to_vote"),
    "closed": Label(msg("Closed"), icon="task_alt"),
    "void": Label(msg("Void"), icon="block"),
    "deleted": Label(msg("Deleted"), icon="delete"),
}

MOTION_ANSWERS = {"yes": Label(msg("Yes")), "no": Label(msg("No")), "abstain": Label(msg("Abstention"))}

MOTION_OUTCOMES = {
    "accepted": Label(msg("Accepted"), icon="task_alt"),
    "rejected": Label(msg("Rejected"), icon="block"),
    "no_quorum": Label(msg("No quorum"), icon="warning"),
}

POLL_STEPS = {
    "open": PollStep(
        msg("Open the poll now"),
        msg("From then on its questions, its secrecy and who may vote can no longer be changed."),
        button=msg("Open it"),
        path="oeffnen",
    ),
    "close": PollStep(
        msg("Close the poll"),
        msg("From then on no more votes are taken, and the result is sealed. This cannot be undone."),
        button=msg("Close for good"),
        path="schliessen",
    ),
    "remind": PollStep(
        msg("Remind those who have not voted"),
        msg("They get a mail, at most once a day. You do not learn who they are."),
        button=msg("Remind"),
        path="erinnern",
    ),
}

FIELDS = {
    "secrecy": msg("Secrecy"),
    "results": msg("Who sees the result, and when"),
    "electorate": msg("Who may vote"),
    "opens_at": msg("Opens on"),
    "closes_at": msg("Closes on"),
    "questions": msg("Questions"),
}

SUBJECTS = {
    "poll": msg("Poll"),
}

VERBS = {
    "open": msg("opened"),
    "close": msg("closed"),
    "void": msg("void"),
    "key_found": msg("key found again"),
    "write_outcome": msg("the outcome stated"),
}

MESSAGES = {
    "poll_published": msg("The poll is published."),
    "poll_draft_saved": msg("The draft is saved. Only you see it."),
    "poll_updated": msg("The poll is changed."),
    "poll_deleted": msg("The poll is deleted."),
    "poll_restored": msg("The poll is back."),
    "poll_reclassified": msg("The protection level is changed."),
    "poll_opened": msg("The poll is open. Everyone who may vote finds it among what waits for them."),
    "poll_closed": msg("The poll is closed. No more votes are taken."),
    "poll_reminded": msg("Everyone who has not voted yet is reminded."),
    "poll_outcome_saved": msg("The statement on the outcome is published."),
    "ballot_cast": msg("Thank you. Your vote is counted."),
    "ballot_changed": msg("Your vote is changed. Only the new one counts."),
}
