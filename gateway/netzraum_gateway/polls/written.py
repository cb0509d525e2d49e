"""The form of a poll: its questions as fields with numbers, and as the API takes them.

A question's fields are ``questions.<n>.<field>``, ``count`` says how many there are. Buttons named ``act`` add, remove,
move and turn questions without saving anything, so that the form needs no script.
"""

import re
from collections.abc import Mapping
from typing import Any

from netzraum_gateway.api import ApiProblem
from netzraum_gateway.days import moment
from netzraum_gateway.items.tool import Values
from netzraum_gateway.page import Page

MOST_QUESTIONS = 30
WITHOUT_OPTIONS = ("motion", "text")
NUMBERS = {
    "multiple": ("min", "max"),
    "rating": ("points",),
    "weighting": ("points",),
    "ranking": ("max",),
    "motion": ("quorum",),
}
POINTS = {"rating": "5", "weighting": "100"}
"""What a new question of this kind begins with."""
OPTION = re.compile(r"(questions\.(\d+)\.options)\.(\d+)\.")
OF_OPTION = {"de": "Antwort {number} („{title}“): {message}", "en": "Answer {number} (“{title}”): {message}"}
LONGEST_NAMED = 40
"""Characters by which an option is named."""
NEW = {"secrecy": "open", "results": "after_close", "electorate": "members", "change_allowed": "1"}

Question = dict[str, str]
"""The fields of a question, as they are typed."""


def new_question(kind: str) -> Question:
    return {"kind": kind, "required": "1", "points": POINTS.get(kind, "")}


def started() -> dict[str, Any]:
    """What the form of a new poll begins with."""
    return {**NEW, "classification": "internal", **_flat([new_question("single")])}


def written(page: Page, timezone: str | None) -> dict[str, Any]:
    """What was typed, as the API takes it. Once a poll was opened, its form has neither questions nor rules; once it is
    closed, no end either."""
    body: dict[str, Any] = {"text": page.text("text")}
    if "closes_at" in page.sent:
        body["closes_at"] = moment(page.text("closes_at"), timezone)
    if not page.text("count"):
        return body
    return {
        **body,
        "opens_at": moment(page.text("opens_at"), timezone),
        "secrecy": page.text("secrecy"),
        "results": page.text("results"),
        "electorate": page.text("electorate"),
        "change_allowed": page.checked("change_allowed"),
        "questions": [_as_api(question) for question in _typed(page)],
    }


def values(poll: Values) -> dict[str, Any]:
    """A poll as its form holds it."""
    questions = [_as_typed(question) for question in poll["questions"]]
    return {**poll, "change_allowed": "1" if poll["change_allowed"] else "", **_flat(questions)}


def reshaped(page: Page) -> dict[str, Any] | None:
    """What the form holds after a button that changes its questions; None where another one was pressed."""
    act, _, at = page.text("act").partition(":")
    if not act:
        return None
    questions = _typed(page)
    place = int(at) if at.isdecimal() and int(at) < len(questions) else 0
    focus = _change(questions, act, place, page.text("add_kind"))
    others = {name: value for name, value in page.typed(("roles",)).items() if not name.startswith("questions.")}
    return {**others, **_flat(questions), "focus": focus}


def beside_its_fields(page: Page, problem: ApiProblem) -> ApiProblem:
    """All options of a question stand in one field: what is wrong with them is said there, and names each."""
    questions = _typed(page)
    told: dict[str, dict[str, Any]] = {}
    for error in problem.document.get("errors", []):
        field, message = error["field"], error["message"]
        if place := OPTION.match(field):
            field, message = place[1], _of_option(page, questions[int(place[2])], int(place[3]), message)
        before = told.get(field)
        told[field] = {**error, "field": field, "message": f"{before['message']} {message}" if before else message}
    return ApiProblem(problem.status, {**problem.document, "errors": list(told.values())}, problem.headers)


def _of_option(page: Page, question: Question, number: int, message: str) -> str:
    title = _options(question)[number]
    short = title if len(title) <= LONGEST_NAMED else f"{title[:LONGEST_NAMED]}…"
    return OF_OPTION[page.language].format(number=number + 1, title=short, message=message)


def _change(questions: list[Question], act: str, place: int, kind: str) -> str:
    """Do what the button says; which question is to be looked at then, by its number, "" for none."""
    match act:
        case "add" if len(questions) < MOST_QUESTIONS:
            questions.append(new_question(kind))
            return str(len(questions) - 1)
        case "remove" if len(questions) > 1:
            del questions[place]
            return str(max(place - 1, 0))
        case "up" if place > 0:
            questions.insert(place - 1, questions.pop(place))
            return str(place - 1)
        case "down":
            questions.insert(place + 1, questions.pop(place))
            return str(min(place + 1, len(questions) - 1))
        case "kind":
            questions[place]["points"] = POINTS.get(questions[place]["kind"], "")
            return f"kind:{place}"
    return ""


def _typed(page: Page) -> list[Question]:
    count = min(int(page.text("count")), MOST_QUESTIONS) if page.text("count").isdecimal() else 0
    typed = page.typed()
    return [_part(typed, f"questions.{number}.") for number in range(count)]


def _part(typed: Mapping[str, str], start: str) -> Question:
    """The fields of one question; a text keeps the line ends that the API takes."""
    return {
        name.removeprefix(start): value.replace("\r\n", "\n") for name, value in typed.items() if name.startswith(start)
    }


def _flat(questions: list[Question]) -> dict[str, str]:
    fields = {
        f"questions.{number}.{name}": value
        for number, question in enumerate(questions)
        for name, value in question.items()
    }
    return {"count": str(len(questions)), **fields}


def _as_api(question: Question) -> dict[str, Any]:
    """A question as the API takes it: of what was typed only what belongs to its kind."""
    kind = question.get("kind", "")
    body: dict[str, Any] = {
        "kind": kind,
        "title": question.get("title", "").strip(),
        "required": question.get("required") == "1",
    }
    if kind not in WITHOUT_OPTIONS:
        body["options"] = [{"title": title} for title in _options(question)]
    if kind == "motion":
        body["majority"] = question.get("majority") or "simple"
    numbers = {name: _number(question.get(name, "")) for name in NUMBERS.get(kind, ())}
    return {**body, **{name: number for name, number in numbers.items() if number is not None}}


def _options(question: Question) -> list[str]:
    return [line.strip() for line in question.get("options", "").split("\n") if line.strip()]


def _number(typed: str) -> int | str | None:
    """A whole number; what is none goes to the API as it is, which says so."""
    typed = typed.strip()
    return int(typed) if typed.isdecimal() and len(typed) < 10 else typed or None


def _as_typed(question: Mapping[str, Any]) -> Question:
    numbers = {name: str(question[name]) for name in ("min", "max", "points", "quorum") if question[name] is not None}
    if question["max"] == len(question["options"]):
        del numbers["max"]  # all of them, also when there are more or fewer
    return {
        "kind": question["kind"],
        "title": question["title"],
        "options": "\n".join(option["title"] for option in question["options"]),
        "required": "1" if question["required"] else "",
        "majority": question["majority"] or "simple",
        **numbers,
    }
