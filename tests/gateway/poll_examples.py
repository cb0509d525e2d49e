"""An example of every page of polls: each kind of question, before and after voting, closed, void."""

from typing import Any

from netzraum_gateway.polls.ballot import fields_of
from netzraum_gateway.polls.written import started, values
from tests.gateway.answers import ACCESS, AUTHOR, CLASSES, CREATABLE, EMPTY, FILTER, ROLES, typed
from tests.gateway.example import Example, in_space
from tests.gateway.poll_answers import (
    ALL_KINDS,
    COMING,
    DONE,
    DRAFT,
    EVERYTHING,
    MINE,
    MULTIPLE,
    POLLS,
    PROGRAMME,
    RESULTS,
    SECRET,
    TOO_FEW,
    VOID,
    WEIGHTING,
    WITH_NAMES,
    polls,
)


def of_polls(template: str, name: str = "", /, **context: object) -> Example:
    return in_space(f"polls/{template}", "polls", name, **context)


def shown(poll: dict[str, Any], name: str, /, **context: object) -> Example:
    """The page of a poll, as somebody sees it who has not voted."""
    usual = {"access": ACCESS, "form": EMPTY, "mine": None, "cast_by": None, "results": None}
    return of_polls("poll", name, poll=poll, **{**usual, **context})


def form(name: str, values: dict[str, Any], **context: object) -> Example:
    usual = {"poll": None, "creatable": CREATABLE, "roles": ROLES, "preview": None, "conflict": None, "gone": False}
    return of_polls("form", name, **{**usual, "form": values, **context})


WRONG = typed(
    {**fields_of(ALL_KINDS, MINE), f"answers.{WEIGHTING['id']}.{WEIGHTING['options'][0]['id']}": "15"},
    (f"answers.{WEIGHTING['id']}", "Verteilen Sie genau 100 Punkte."),
    (f"answers.{MULTIPLE['id']}", "Wählen Sie 1 bis 2."),
)
ONLY_WEIGHTING = {**RESULTS, "questions": RESULTS["questions"][3:4], "sha256": None}
POLL_PAGES = [
    of_polls("list", polls=polls(*POLLS), next="/weiter", filter=FILTER),
    of_polls("list", "empty", polls=polls(), next=None, filter=FILTER),
    of_polls("list", "no-hit", polls=polls(creatable=False), next=None, filter={**FILTER, "q": "Wohnheim"}),
    of_polls("list", "no-drafts", polls=polls(), next=None, filter={**FILTER, "view": "draft"}),
    of_polls("list", "trash", polls=polls(DONE), next=None, filter={**FILTER, "view": "deleted"}),
    of_polls("list", "trash-empty", polls=polls(), next=None, filter={**FILTER, "view": "deleted"}),
    shown(PROGRAMME, "weighting", results=ONLY_WEIGHTING),
    shown(
        {**PROGRAMME, "mine": True},
        "voted",
        mine=MINE,
        cast_by=AUTHOR,
        form=typed(fields_of([WEIGHTING], MINE)),
        results=ONLY_WEIGHTING,
        flash={"code": "ballot_cast", "undo": None},
    ),
    shown(EVERYTHING, "all-kinds"),
    shown(EVERYTHING, "wrong", form=WRONG),
    shown({**EVERYTHING, "secrecy": "confidential", "electorate": "role:berufsberatung"}, "confidential"),
    shown(SECRET, "secret"),
    shown({**SECRET, "mine": True}, "secret-voted"),
    shown({**SECRET, "mine": True, "change_allowed": False, "access": None}, "final"),
    shown({**EVERYTHING, "may_vote": False, "actions": ["read"]}, "reader", access=None),
    shown(
        {**EVERYTHING, "state": "closed"},
        "too-late",
        form=typed(problem={"title": "Diese Umfrage ist geschlossen.", "detail": ""}),
    ),
    shown(DRAFT, "draft"),
    shown(COMING, "coming"),
    shown(DONE, "closed", mine=MINE, results=RESULTS),
    shown({**DONE, "secrecy": "secret", "mine": None}, "too-few", results=TOO_FEW),
    shown(VOID, "void"),
    shown({**DONE, "state": "deleted", "actions": ["read", "restore"]}, "deleted"),
    of_polls("results", poll=DONE, mine=MINE, results=WITH_NAMES),
    of_polls("results", "too-few", poll={**DONE, "secrecy": "secret"}, mine=None, results=TOO_FEW),
    of_polls("results", "hidden", poll=PROGRAMME, mine=None, results=None),
    form("", typed(started())),
    form("all-kinds", typed(values(DRAFT)), poll=DRAFT),
    form("opened", typed(values(EVERYTHING)), poll=EVERYTHING, preview="<p>Worum es geht</p>"),
    form("conflict", typed(values(DRAFT)), poll=DRAFT, conflict=DRAFT),
    form("gone", typed(values(DRAFT)), gone=True),
    in_space("items/access", "polls", "polls", item=PROGRAMME, own="/", access=ACCESS),
    in_space("items/reclassify", "polls", "polls", item=PROGRAMME, own="/", form=EMPTY, classifications=CLASSES),
    form(
        "errors",
        typed(
            {**started(), "closes_at": "morgen"},
            ("title", "Geben Sie einen Titel ein."),
            ("questions.0.options", "Geben Sie mindestens zwei Antworten an."),
            ("questions.0.title", "Bitte ausfüllen."),
            ("closes_at", "Das ist kein gültiger Zeitpunkt. Bitte Tag und Uhrzeit angeben."),
        ),
    ),
    of_polls("confirm", "open", poll=DRAFT, step="open", form=EMPTY),
    of_polls("confirm", "close", poll=PROGRAMME, step="close", form=EMPTY),
    of_polls(
        "confirm",
        "remind",
        poll=PROGRAMME,
        step="remind",
        form=typed(problem={"title": "Heute wurde schon erinnert.", "detail": ""}),
    ),
    of_polls("outcome", poll=DONE, form=typed({"text": "Wir beginnen."}, ("text", "Höchstens 100.000 Zeichen."))),
]
