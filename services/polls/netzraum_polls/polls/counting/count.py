"""One question at a time: its answers in, its result out."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from netzraum_polls.polls.counting import borda, schulze
from netzraum_polls.polls.counting.motion import decided
from netzraum_polls.polls.counting.results import OptionResult, QuestionResult, rounded
from netzraum_polls.polls.questions import Kind, Question

Values = Sequence[Any]
"""The answers to one question, of those who answered it: their type is the question's."""


def count(questions: Sequence[Question], ballots: Sequence[Mapping[str, Any]], entitled: int) -> list[QuestionResult]:
    """The result of every question; ``ballots`` map a question to its answer, ``entitled`` might have voted."""
    return [
        COUNT[question.kind](question, [ballot[question.id] for ballot in ballots if question.id in ballot], entitled)
        for question in questions
    ]


def _result(question: Question, values: Values, options: list[OptionResult], **more: Any) -> QuestionResult:
    named = {name: getattr(question, name) for name in ("id", "kind", "title")}
    return QuestionResult(**named, answered=len(values), options=options, **more)


def _chosen(question: Question, values: Values) -> list[OptionResult]:
    """How often each option was chosen; ``values`` are lists of options."""
    times = Counter(option for value in values for option in value)
    return [
        OptionResult(**option.model_dump(), count=times[option.id], share=rounded(times[option.id], len(values)))
        for option in question.options
    ]


def _single(question: Question, values: Values, _entitled: int) -> QuestionResult:
    return _result(question, values, _chosen(question, [[value] for value in values]))


def _multiple(question: Question, values: Values, _entitled: int) -> QuestionResult:
    return _result(question, values, _chosen(question, values))


def _motion(question: Question, values: Values, entitled: int) -> QuestionResult:
    options = _chosen(question, [[value] for value in values])
    votes = {option.id: option.count for option in options}
    return _result(question, values, options, motion=decided(question, votes, entitled))


def _rating(question: Question, values: Values, _entitled: int) -> QuestionResult:
    scale = range(1, (question.points or 0) + 1)
    options = []
    for option in question.options:
        given = [value[option.id] for value in values if option.id in value]
        times = Counter(given)
        mean = rounded(sum(given), len(given))
        numbers = [times[number] for number in scale]
        options.append(OptionResult(**option.model_dump(), count=len(given), score=mean, numbers=numbers))
    return _result(question, values, options)


def _weighting(question: Question, values: Values, _entitled: int) -> QuestionResult:
    """An option that somebody gave nothing counts as zero for its mean."""
    options = []
    for option in question.options:
        given = [value[option.id] for value in values if option.id in value]
        share = rounded(sum(given), len(values) * (question.points or 0))
        mean = rounded(sum(given), len(values))
        options.append(OptionResult(**option.model_dump(), count=len(given), share=share, score=mean))
    return _result(question, values, options)


def _ranking(question: Question, values: Values, _entitled: int) -> QuestionResult:
    points = borda.points(question.option_ids, values)
    firsts = Counter(value[0] for value in values)
    options = [
        OptionResult(
            **option.model_dump(),
            count=firsts[option.id],
            score=points[option.id],
            share=rounded(points[option.id], sum(points.values())),
        )
        for option in question.options
    ]
    return _result(
        question,
        values,
        options,
        borda=borda.in_order(points),
        borda_way=borda.WAY,
        schulze=schulze.schulze(question.option_ids, values),
    )


def _text(question: Question, values: Values, _entitled: int) -> QuestionResult:
    return _result(question, values, [], texts=sorted(values, key=lambda text: (text.casefold(), text)))


COUNT: dict[Kind, Callable[[Question, Values, int], QuestionResult]] = {
    "single": _single,
    "multiple": _multiple,
    "rating": _rating,
    "weighting": _weighting,
    "ranking": _ranking,
    "motion": _motion,
    "text": _text,
}
