"""What no policy may break, whatever its data files and rules say. Changing this list is a change of the product."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from netzraum_standalone.policy.bundle import Engine
from netzraum_standalone.policy.samples import NOW, Question, Samples, with_context, with_subject

PROTECTED = ("confidential", "personal")
PERSONAL = ("personal",)
ABOVE_PUBLIC = ("internal", "confidential", "personal")
Answer = dict[str, Any]


@dataclass(frozen=True)
class Invariant:
    """A sentence, questions that try to break it, and what every answer to them has in common."""

    says: str
    questions: Callable[[Samples], Iterable[Question]]
    holds: Callable[[Answer], bool]


def nothing(answer: Answer) -> bool:
    return not answer.get("allow", False) and not answer.get("actions", [])


def allowed(answer: Answer) -> bool:
    return bool(answer.get("allow", False))


def refused(*reasons: str) -> Callable[[Answer], bool]:
    return lambda answer: not answer.get("allow", False) and set(reasons) <= set(answer.get("reasons", []))


def owes(*obligations: str) -> Callable[[Answer], bool]:
    return lambda answer: not answer.get("allow", False) or set(obligations) <= set(answer.get("obligations", []))


def only(*verbs: str) -> Callable[[Answer], bool]:
    return lambda answer: set(answer.get("actions", [])) <= set(verbs)


def _in_words(question: Question, answer: Answer) -> str:
    membership = question["subject"]["membership"]
    who = "the operator" if question["subject"]["operator"] else membership["base"] if membership else "a stranger"
    resource = question["resource"]
    what = [resource[part] for part in ("classification", "state", "space_kind") if resource.get(part)]
    result = ", ".join(answer.get("reasons", [])) or ", ".join(answer.get("actions", [])) or "nothing"
    return f"{question['action']} by {who} ({', '.join(what)}) gives {result}"


def _ended(samples: Samples) -> Iterator[Question]:
    ended = {**samples.highest("coordinator"), "until": NOW}
    yield from samples.about_items(ended, ABOVE_PUBLIC)
    yield from samples.about_items(ended, ("public",), states=("draft", "coming", "deleted"))


def _operator(samples: Samples) -> Iterator[Question]:
    for question in samples.about_items(samples.highest("coordinator")):
        yield with_subject(question, operator=True)


def _without_second_factor(samples: Samples) -> Iterator[Question]:
    for question in samples.about_items(samples.highest("coordinator"), PERSONAL):
        yield with_subject(question, second_factor=False)


def _by_mail_feed_and_push(samples: Samples) -> Iterator[Question]:
    for question in samples.about_items(samples.highest("coordinator"), PROTECTED):
        for channel in ("mail", "feed", "push"):
            yield with_context(question, channel=channel)


def _without_write(samples: Samples) -> Iterator[Question]:
    for question in samples.about_items(samples.highest("coordinator")):
        yield with_subject(question, scopes=["read"])


def _creating(samples: Samples, membership: dict[str, Any], classifications: tuple[str, ...]) -> Iterator[Question]:
    for name in samples.items:
        for classification in classifications:
            place = {"classification": classification, "own": True, "state": "new"}
            yield samples.question(samples.action(name, "create"), membership, **place)


def _members(samples: Samples, verb: str, membership: dict[str, Any] | None, **change: Any) -> Iterator[Question]:
    state = "new" if change.get("before") is None else "published"
    for space_kind in samples.space_kinds:
        question = samples.question(f"spaces.{verb}", membership, space_kind=space_kind, state=state)
        yield {**question, "change": {"remaining_coordinators": 1, **change}}


def _guest_beyond_ceiling(samples: Samples) -> Iterator[Question]:
    after = {"base": "guest", "levels": {}, "clearance": "confidential"}
    yield from _members(samples, "role.update", samples.membership("coordinator"), before=None, after=after)


def _granting_more(samples: Samples) -> Iterator[Question]:
    inviting = samples.membership("moderator", levels={"members": "contribute"})
    yield from _members(samples, "membership.create", inviting, before=None, after={"base": "coordinator"})


def _last_coordinator(samples: Samples) -> Iterator[Question]:
    coordinator = {"base": "coordinator"}
    for verb, after in (("membership.end", None), ("membership.update", {"base": "guest"})):
        yield from _members(
            samples,
            verb,
            samples.membership("coordinator"),
            before=coordinator,
            after=after,
            remaining_coordinators=0,
        )


def _moving_personal(samples: Samples) -> Iterator[Question]:
    coordinator = samples.membership("coordinator")
    target = {"space": "t", "space_kind": samples.space_kinds[0], "membership": coordinator}
    for name in samples.items:
        asked = samples.question(samples.action(name, "move"), coordinator, classification="personal", own=True)
        yield {**asked, "change": {"before": {"space": "s"}, "after": target, "gains": 0}}


def _approving(samples: Samples) -> Iterator[Question]:
    asked = samples.question("identity.institution.approve", None, state="pending")
    yield with_subject(asked, operator=True)


INVARIANTS = (
    Invariant(
        "A guest never sees what is confidential or personal",
        lambda s: s.about_items(s.highest("guest"), PROTECTED, own=(False,)),
        nothing,
    ),
    Invariant("The operator never has a part in content", _operator, nothing),
    Invariant("The auditor never has a part in content", lambda s: s.about_items(s.highest("auditor")), nothing),
    Invariant(
        "Whoever is no member has no part in what is not public", lambda s: s.about_items(None, ABOVE_PUBLIC), nothing
    ),
    Invariant(
        "Whoever is no member only reads what is public", lambda s: s.about_items(None, ("public",)), only("read")
    ),
    Invariant("Who has left has no part in anything any more", _ended, nothing),
    Invariant("Personal data need a second factor", _without_second_factor, nothing),
    Invariant("Nothing confidential or personal goes by mail, feed or push", _by_mail_feed_and_push, nothing),
    Invariant(
        "A token without `write` changes nothing",
        _without_write,
        only("read", "read_access", "read_history", "read_results", "export"),
    ),
    Invariant(
        "Drafts are their author's alone",
        lambda s: s.about_items(s.highest("coordinator"), own=(False,), states=("draft",)),
        nothing,
    ),
    Invariant(
        "Nobody creates above their own clearance",
        lambda s: _creating(s, s.membership("coordinator", clearance="internal"), PROTECTED),
        refused("clearance_too_low"),
    ),
    Invariant(
        "Reading personal data is audited",
        lambda s: s.about_items(s.highest("coordinator"), PERSONAL),
        owes("audit_read"),
    ),
    Invariant(
        "Personal data have a purpose and a day of deletion",
        lambda s: _creating(s, s.highest("coordinator"), PERSONAL),
        owes("needs_purpose", "needs_delete_on"),
    ),
    Invariant("Personal data never move to another space", _moving_personal, refused()),
    Invariant("No role gets more than its ceiling", _guest_beyond_ceiling, refused("ceiling_exceeded")),
    Invariant("No one grants more than they have", _granting_more, refused()),
    Invariant("The last coordinator stays", _last_coordinator, refused("last_coordinator")),
    Invariant(
        "A coordinator can take members in",
        lambda s: _members(s, "membership.create", s.membership("coordinator"), before=None, after={"base": "member"}),
        allowed,
    ),
    Invariant("The operator can approve institutions", _approving, allowed),
    Invariant(
        "What the policy does not know is refused",
        lambda s: [s.question("content.notice.unheard_of", s.highest("coordinator"), classification="public")],
        refused("unknown_action"),
    ),
)


def broken(engine: Engine, invariants: Iterable[Invariant] = INVARIANTS) -> list[str]:
    """The sentences that this policy breaks, each with the first question that shows it."""
    samples = Samples(engine.data)
    found = []
    for invariant in invariants:
        for question in invariant.questions(samples):
            answer = engine.ask("decision", question)
            if not invariant.holds(answer):
                found.append(f"{invariant.says}: {_in_words(question, answer)}")
                break
    return found
