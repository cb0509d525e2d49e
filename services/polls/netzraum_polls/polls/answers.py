"""Whether a ballot answers what is asked. What is wrong with it is said without repeating what it says."""

from collections.abc import Callable, Sequence
from typing import Any

from pydantic import TypeAdapter, ValidationError

from netzraum_platform.errors import Unprocessable
from netzraum_platform.fields import ShortText
from netzraum_platform.validation_texts import field_error
from netzraum_polls.polls.questions import Kind, Question
from netzraum_polls.polls.schemas import Answer

Answers = dict[str, Any]
"""By question: an option's id, a list of them, a map of option to number, or a text. What is left out is not there."""

_text = TypeAdapter(ShortText)


class Wrong(Exception):
    """An answer that does not fit its question: the code, and what its text needs."""

    def __init__(self, code: str, **parameters: int) -> None:
        super().__init__(code)
        self.code = code
        self.parameters = parameters


def checked(questions: Sequence[Question], given: Sequence[Answer], language: str) -> Answers:
    """The answers as they are kept.

    Raises:
        Unprocessable: one entry per question that is not answered as it asks.
    """
    errors: dict[str, Wrong] = {}
    values: dict[str, Any] = {}
    known = {question.id for question in questions}
    for answer in given:
        name = str(answer.question)
        if name not in known:
            errors[name] = Wrong("unknown_question")
        elif name in values:
            errors[name] = Wrong("answered_twice")
        values[name] = answer.value
    kept: Answers = {}
    for question in questions:
        try:
            value = _answer(question, values.get(question.id))
        except Wrong as wrong:
            errors.setdefault(question.id, wrong)
        else:
            if value is not None:
                kept[question.id] = value
    if errors:
        raise Unprocessable(
            [field_error(f"answers.{name}", wrong.code, language, **wrong.parameters) for name, wrong in errors.items()]
        )
    return kept


def _answer(question: Question, value: Any) -> Any:
    if value is None or value in ("", [], {}):
        if question.required:
            raise Wrong("missing")
        return None
    return READ[question.kind](question, value)


def _one(question: Question, value: Any) -> str:
    if not isinstance(value, str):
        raise Wrong("choose_one")
    return _options(question, [value])[0]


def _options(question: Question, value: Any) -> list[str]:
    """Options of the question, each once."""
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise Wrong("list_type")
    if not set(value) <= set(question.option_ids) or len(set(value)) < len(value):
        raise Wrong("unknown_option")
    return value


def _some(question: Question, value: Any) -> list[str]:
    chosen = _in_order(question, value)
    return [option for option in question.option_ids if option in chosen]


def _in_order(question: Question, value: Any) -> list[str]:
    chosen = _options(question, value)
    least, most = question.min or 0, question.max or len(question.options)
    if not least <= len(chosen) <= most:
        raise Wrong("choose_between", min=least, max=most)
    return chosen


def _numbers(question: Question, value: Any, least: int) -> dict[str, int]:
    """A whole number for some of the options, from ``least`` to the question's points."""
    if not isinstance(value, dict):
        raise Wrong("dict_type")
    _options(question, list(value))
    most = question.points or 0
    if not all(type(number) is int and least <= number <= most for number in value.values()):
        raise Wrong("points_each", ge=least, le=most)
    return {option: value[option] for option in question.option_ids if option in value}


def _rating(question: Question, value: Any) -> dict[str, int]:
    return _numbers(question, value, least=1)


def _weighting(question: Question, value: Any) -> dict[str, int]:
    points = question.points or 0
    spread = _numbers(question, value, least=0)
    if sum(spread.values()) != points:
        raise Wrong("points_in_all", points=points)
    return {option: number for option, number in spread.items() if number}


def _written(_question: Question, value: Any) -> str | None:
    try:
        text = _text.validate_python(value, strict=True)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        raise Wrong(first["type"], **first.get("ctx", {})) from None
    if not text and _question.required:
        raise Wrong("missing")
    return text or None


READ: dict[Kind, Callable[[Question, Any], Any]] = {
    "single": _one,
    "motion": _one,
    "multiple": _some,
    "rating": _rating,
    "weighting": _weighting,
    "ranking": _in_order,
    "text": _written,
}
