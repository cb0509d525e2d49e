"""Answers of the API about polls, as examples for the pages."""

from typing import Any

from tests.gateway.answers import AUTHOR, notice

TOPICS = (
    "Praktikumsplätze in Mangelberufen",
    "Übergangsbilanz und Daten",
    "Eltern früher einbinden",
    "Internationale Förderklassen",
    "Qualität der Berufsfelderkundung",
    "Digitale Formate",
)
ACTIONS = [
    *("read", "update", "delete", "lower", "raise", "read_access", "open", "close", "remind", "vote"),
    *("read_results", "manage_results", "export", "write_outcome"),
]


def question(number: int, kind: str, title: str, *titles: str, **changes: object) -> dict[str, Any]:
    return {
        "id": f"0193-q{number}",
        "kind": kind,
        "title": title,
        "options": [{"id": f"0193-o{number}{place}", "title": words} for place, words in enumerate(titles, start=1)],
        "required": True,
        "min": None,
        "max": None,
        "points": None,
        "quorum": None,
        "majority": None,
        **changes,
    }


WEIGHTING = question(1, "weighting", "Welche Themen bestimmen das Jahresprogramm?", *TOPICS, points=100)
SINGLE = question(2, "single", "Wann treffen wir uns?", "Vormittags", "Nachmittags", "Abends")
MULTIPLE = question(
    3, "multiple", "Welche Orte passen?", "Rathaus", "Berufskolleg", "Kammer", min=1, max=2, required=False
)
RATING = question(4, "rating", "Wie war das Jahr?", "Zusammenarbeit", "Unterlagen", points=5)
RANKING = question(5, "ranking", "In welcher Reihenfolge gehen wir vor?", *TOPICS[:3], min=1, max=3)
MOTION_OPTIONS = [{"id": name, "title": name} for name in ("yes", "no", "abstain")]
MOTION = question(
    6,
    "motion",
    "Das Netzwerk tritt der Landesvereinbarung bei.",
    options=MOTION_OPTIONS,
    quorum=50,
    majority="two_thirds",
)
FREE_TEXT = question(7, "text", "Was fehlt Ihnen?", required=False)
ALL_KINDS = [SINGLE, MULTIPLE, RATING, WEIGHTING, RANKING, MOTION, FREE_TEXT]


def poll(number: int, title: str, *questions: dict[str, Any], **changes: object) -> dict[str, Any]:
    own = {
        "state": "open",
        "excerpt": "Die Ergebnisse gehen in den Arbeitsplan ein.",
        "text": "Die Ergebnisse gehen in den **Arbeitsplan** ein.",
        "html": "<p>Die Ergebnisse gehen in den <strong>Arbeitsplan</strong> ein.</p>",
        "questions": list(questions) or [WEIGHTING],
        "secrecy": "open",
        "results": "after_close",
        "electorate": "members",
        "change_allowed": True,
        "opens_at": None,
        "closes_at": "2026-11-24T18:00:00+01:00",
        "opened_at": "2026-11-10T09:00:00+01:00",
        "closed_at": None,
        "turnout": {"voted": 11, "entitled": 14},
        "mine": False,
        "may_vote": True,
        "results_hidden": ["until_closed"],
        "void": None,
        "outcome": None,
        "outcome_html": None,
        "sha256": None,
        "actions": ACTIONS,
    }
    return {**notice(number, title), "id": f"0193-p{number}", **own, **changes}


CLOSED = {
    "state": "closed",
    "closed_at": "2026-11-24T18:00:03+01:00",
    "results_hidden": [],
    "may_vote": False,
    "sha256": "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
}
PROGRAMME = poll(
    1, "Welche Themen sollen das Jahresprogramm 2027 bestimmen?", electorate="institutions", results="always"
)
SECRET = poll(2, "Wahl der Sprecherin", SINGLE, FREE_TEXT, secrecy="secret", turnout={"voted": 3, "entitled": 14})
EVERYTHING = poll(3, "Rückblick und Ausblick", *ALL_KINDS)
DRAFT = poll(4, "Entwurf", *ALL_KINDS, state="draft", opened_at=None, results_hidden=["not_opened"])
COMING = poll(
    5,
    "Im Dezember",
    SINGLE,
    state="coming",
    opened_at=None,
    opens_at="2026-12-01T08:00:00+01:00",
    closes_at=None,
    results_hidden=["not_opened"],
)
DONE = poll(
    6,
    "Rückblick 2025",
    *ALL_KINDS,
    **CLOSED,
    mine=True,
    outcome="Wir beginnen mit den Praktikumsplätzen.",
    outcome_html="<p>Wir beginnen mit den Praktikumsplätzen.</p>",
)
VOID = poll(7, "Nach der Wiederherstellung", SINGLE, secrecy="secret", state="void", void="key_missing", may_vote=False)
POLLS = [PROGRAMME, SECRET, DRAFT, COMING, DONE, VOID]


def polls(*items: dict[str, Any], creatable: bool = True) -> dict[str, Any]:
    """The answer of a list of polls."""
    counts = {"current": 4, "unread": 1, "mine": 2, "coming": 1, "past": 3, "draft": 1, "deleted": 0}
    offered: list[dict[str, Any]] = (
        [{"classification": name, "needs": []} for name in ("public", "internal")] if creatable else []
    )
    return {"items": list(items), "next": None, "creatable": offered, "counts": counts}


MINE: dict[str, Any] = {
    WEIGHTING["id"]: {
        option["id"]: points for option, points in zip(WEIGHTING["options"], (30, 20, 20, 15, 15, 0), strict=True)
    },
    SINGLE["id"]: SINGLE["options"][1]["id"],
    MULTIPLE["id"]: [MULTIPLE["options"][0]["id"]],
    RATING["id"]: {option["id"]: 4 for option in RATING["options"]},
    RANKING["id"]: [option["id"] for option in RANKING["options"]],
    MOTION["id"]: "yes",
    FREE_TEXT["id"]: "Mehr Zeit für Gespräche.",
}


def result(asked: dict[str, Any], options: list[dict[str, Any]], **more: object) -> dict[str, Any]:
    named = {name: asked[name] for name in ("id", "kind", "title")}
    of_kinds = dict.fromkeys(("borda", "borda_way", "schulze", "motion", "texts"))
    return {**named, "answered": 11, "options": options, **of_kinds, **more}


def counted(asked: dict[str, Any], *counts: int) -> list[dict[str, Any]]:
    """The options of a question with how often each was chosen."""
    return [
        {**option, "count": count, "share": count / 11, "score": None, "voters": None}
        for option, count in zip(asked["options"], counts, strict=True)
    ]


def scored(asked: dict[str, Any], *scores: float | None) -> list[dict[str, Any]]:
    return [
        {**option, "count": 11, "share": None, "score": score, "voters": None}
        for option, score in zip(asked["options"], scores, strict=True)
    ]


FIRST, SECOND, THIRD = (option["id"] for option in RANKING["options"])
BORDA = {FIRST: 17.0, SECOND: 12.5, THIRD: 3.5}
PAIRS = {FIRST: {SECOND: 7, THIRD: 10}, SECOND: {FIRST: 4, THIRD: 5}, THIRD: {FIRST: 1, SECOND: 5}}
RESULTS: dict[str, Any] = {
    "state": "closed",
    "closed_at": CLOSED["closed_at"],
    "turnout": {"voted": 11, "entitled": 14},
    "too_few_ballots": False,
    "questions": [
        result(SINGLE, counted(SINGLE, 3, 7, 1)),
        result(MULTIPLE, counted(MULTIPLE, 5, 8, 0)),
        result(RATING, scored(RATING, 4.25, None)),
        result(WEIGHTING, scored(WEIGHTING, 29, 22, 19, 17, 8, 5)),
        result(
            RANKING,
            scored(RANKING, *BORDA.values()),
            borda=[{"option": option, "points": points} for option, points in BORDA.items()],
            borda_way="last_gets_none_unranked_share",
            schulze={"order": [[FIRST], [SECOND, THIRD]], "pairwise": PAIRS, "strengths": PAIRS},
        ),
        result(
            MOTION,
            counted(MOTION, 8, 2, 1),
            motion={
                "outcome": "accepted",
                "yes": 8,
                "no": 2,
                "abstain": 1,
                "majority": "two_thirds",
                "basis": "yes_and_no",
                "of": 10,
                "needed": 7,
                "quorum": 50,
                "quorum_votes": 7,
                "quorum_reached": True,
                "entitled": 14,
            },
        ),
        result(FREE_TEXT, [], texts=["Ein Verteiler für die Praktika.\nUnd Kaffee.", "Mehr Zeit für Gespräche."]),
    ],
    "ballots": None,
    "sha256": CLOSED["sha256"],
}
VOTERS = [AUTHOR, {"account": "0193-x", "name": None, "institution": None}]
CAST = [{"question": question, "value": value} for question, value in MINE.items()]
WITH_NAMES = {
    **RESULTS,
    "questions": [
        {**question, "options": [{**option, "voters": VOTERS} for option in question["options"]]}
        if question["kind"] in ("single", "multiple", "motion")
        else question
        for question in RESULTS["questions"]
    ],
    "ballots": [{"voter": voter, "answers": CAST} for voter in VOTERS],
}
TOO_FEW = {**RESULTS, "questions": [], "too_few_ballots": True}
