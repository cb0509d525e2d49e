"""The ballot: its fields, ``answers.<question>`` and ``answers.<question>.<option>``, and the answers of the API."""

from collections.abc import Iterable, Mapping
from typing import Any

from netzraum_gateway.page import Page
from netzraum_platform.errors import DomainError

NUMBERS_PER_OPTION = ("rating", "weighting")
Question = Mapping[str, Any]


class SamePlaceTwice(DomainError):
    """In a ranking; ``field`` is that of the question."""

    status, code = 422, "same_place_twice"
    de = "Zwei Antworten haben denselben Platz. Vergeben Sie jeden Platz nur einmal."
    en = "Two answers have the same place. Give each place only once."

    def __init__(self, field: str) -> None:
        super().__init__()
        self.field = field


def several_of(questions: Iterable[Question]) -> list[str]:
    """The fields that may come several times."""
    return [f"answers.{question['id']}" for question in questions if question["kind"] == "multiple"]


def answers_of(page: Page, questions: Iterable[Question]) -> list[dict[str, Any]]:
    """What was chosen, as the API takes it; questions that were left out are not among it.

    Raises:
        SamePlaceTwice: two answers have the same place.
    """
    answers = [{"question": question["id"], "value": _value(page, question)} for question in questions]
    return [answer for answer in answers if answer["value"]]


def fields_of(questions: Iterable[Question], mine: Mapping[str, Any]) -> dict[str, Any]:
    """A ballot that was cast (question: value), as its form holds it."""
    fields: dict[str, Any] = {}
    for question in questions:
        name, value = f"answers.{question['id']}", mine.get(question["id"])
        if value is None:
            continue
        if question["kind"] == "ranking":
            fields |= {f"{name}.{option}": str(place) for place, option in enumerate(value, start=1)}
        elif question["kind"] in NUMBERS_PER_OPTION:
            fields |= {f"{name}.{option}": str(number) for option, number in value.items()}
        else:
            fields[name] = value
    return fields


def _value(page: Page, question: Question) -> Any:
    name = f"answers.{question['id']}"
    match question["kind"]:
        case "multiple":
            return page.texts(name)
        case "ranking":
            return _in_order(name, _per_option(page, name, question))
        case "rating" | "weighting":
            return _per_option(page, name, question)
    return page.text(name)


def _per_option(page: Page, name: str, question: Question) -> dict[str, int | str]:
    typed = {option["id"]: page.text(f"{name}.{option['id']}") for option in question["options"]}
    return {option: _number(text) for option, text in typed.items() if text and text != "0"}


def _number(typed: str) -> int | str:
    """A whole number; what is none goes to the API as it is, which says so."""
    return int(typed) if typed.isdecimal() and len(typed) < 10 else typed


def _in_order(name: str, places: Mapping[str, int | str]) -> list[str]:
    if len(set(places.values())) < len(places):
        raise SamePlaceTwice(name)
    return sorted(places, key=lambda option: (isinstance(places[option], str), places[option]))
