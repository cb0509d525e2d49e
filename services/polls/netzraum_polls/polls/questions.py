"""The questions of a poll: what each kind asks for, and how they are kept."""

import uuid
from collections.abc import Sequence
from typing import Any, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from netzraum_platform.fields import Line, RequestBody

Kind = Literal["single", "multiple", "rating", "weighting", "ranking", "motion", "text"]
Majority = Literal["simple", "absolute", "two_thirds"]
MOTION_OPTIONS = ("yes", "no", "abstain")
MOST_QUESTIONS, MOST_OPTIONS = 30, 40
LONGEST_TEXT = 2_000
FEWEST_OPTIONS: dict[Kind, int] = {"single": 2, "multiple": 2, "rating": 1, "weighting": 2, "ranking": 2}
"""The kinds that have options of their own."""
POINTS: dict[Kind, tuple[int, int, int]] = {"rating": (2, 10, 5), "weighting": (1, 1_000, 100)}
"""Least, most and usual: the top of the scale that begins at 1; the points to be spread."""
BOUNDED: frozenset[Kind] = frozenset({"multiple", "ranking"})
Given = TypeVar("Given")
_NOT_FOR_THIS_KIND = PydanticCustomError("not_for_this_kind", "not for this kind of question")


class NewOption(RequestBody):
    id: uuid.UUID | None = None
    title: Line


class NewQuestion(RequestBody):
    """A question as it is asked for. ``min`` and ``max``: how many options may be chosen (``multiple``) or put in
    order (``ranking``). ``points``: the top of the scale (``rating``), or what is to be spread (``weighting``).
    ``quorum``: percent of those entitled that must take part in a ``motion``."""

    id: uuid.UUID | None = None
    kind: Kind
    title: Line
    options: list[NewOption] = Field(default=[], max_length=MOST_OPTIONS, validate_default=True)
    required: bool = True
    min: int | None = Field(default=None, ge=0, le=MOST_OPTIONS)
    max: int | None = Field(default=None, ge=1, le=MOST_OPTIONS)
    points: int | None = Field(default=None, ge=1, le=1_000)
    quorum: int | None = Field(default=None, ge=0, le=100)
    majority: Majority | None = None

    # Field by field: a check of the whole would wait until every field is right by itself.
    @field_validator("options")
    @classmethod
    def _options_fit(cls, options: list[NewOption], info: ValidationInfo) -> list[NewOption]:
        if "kind" not in info.data:
            return options
        fewest = FEWEST_OPTIONS.get(info.data["kind"])
        if fewest is None and options:
            raise _NOT_FOR_THIS_KIND
        if fewest is not None and len(options) < fewest:
            raise PydanticCustomError("too_few_options", "too few options", {"least": fewest})
        if len({option.title.casefold() for option in options}) < len(options):
            raise PydanticCustomError("same_options", "two options are the same")
        return options

    @field_validator("min", "max")
    @classmethod
    def _bound_fits(cls, bound: int | None, info: ValidationInfo) -> int | None:
        """``max`` is compared with ``min``, which stands before it."""
        if bound is None or "kind" not in info.data:
            return bound
        if info.data["kind"] not in BOUNDED:
            raise _NOT_FOR_THIS_KIND
        if "options" in info.data and not (info.data.get("min") or 0) <= bound <= len(info.data["options"]):
            raise PydanticCustomError("wrong_bounds", "the bounds do not fit the options")
        return bound

    @field_validator("points")
    @classmethod
    def _points_fit(cls, points: int | None, info: ValidationInfo) -> int | None:
        if points is None or "kind" not in info.data:
            return points
        if info.data["kind"] not in POINTS:
            raise _NOT_FOR_THIS_KIND
        lowest, highest, _usual = POINTS[info.data["kind"]]
        if not lowest <= points <= highest:
            raise PydanticCustomError("wrong_points", "too few or too many", {"ge": lowest, "le": highest})
        return points

    @field_validator("quorum", "majority")
    @classmethod
    def _for_a_motion(cls, given: Given, info: ValidationInfo) -> Given:
        if given is not None and info.data.get("kind", "motion") != "motion":
            raise _NOT_FOR_THIS_KIND
        return given


class Option(BaseModel):
    """An option; those of a motion are ``yes``, ``no`` and ``abstain``."""

    model_config = ConfigDict(frozen=True)

    id: str
    title: str


class Question(BaseModel):
    """A question of a poll, with ids, and with the defaults of its kind filled in."""

    model_config = ConfigDict(frozen=True)

    id: str
    kind: Kind
    title: str
    options: list[Option]
    required: bool
    min: int | None
    max: int | None
    points: int | None
    quorum: int | None
    majority: Majority | None

    @classmethod
    def of(cls, new: NewQuestion) -> Self:
        options = [Option(id=str(option.id or uuid.uuid4()), title=option.title) for option in new.options]
        if new.kind == "motion":
            options = [Option(id=name, title=name) for name in MOTION_OPTIONS]
        bounded, motion = new.kind in BOUNDED, new.kind == "motion"
        usual = POINTS[new.kind][2] if new.kind in POINTS else None
        return cls(
            id=str(new.id or uuid.uuid4()),
            options=options,
            min=(1 if new.min is None else new.min) if bounded else None,
            max=(new.max or len(options)) if bounded else None,
            points=new.points or usual,
            quorum=(new.quorum or 0) if motion else None,
            majority=(new.majority or "simple") if motion else None,
            **new.model_dump(include={"kind", "title", "required"}),
        )

    @property
    def titles(self) -> list[str]:
        """The titles of its own options."""
        return [option.title for option in self.options] if self.kind != "motion" else []

    @property
    def option_ids(self) -> list[str]:
        return [option.id for option in self.options]


_questions = TypeAdapter(list[Question])


def read_questions(kept: Sequence[dict[str, Any]]) -> list[Question]:
    return _questions.validate_python(kept)


def kept_questions(new: Sequence[NewQuestion]) -> list[dict[str, Any]]:
    """The questions as they are kept, each with an id of its own."""
    return [Question.of(question).model_dump() for question in new]


def all_distinct(questions: list[NewQuestion]) -> list[NewQuestion]:
    """Questions of which no two, and no two options, have the same id."""
    for named in (questions, [option for question in questions for option in question.options]):
        ids = [one.id for one in named if one.id is not None]
        if len(set(ids)) < len(ids):
            raise PydanticCustomError("same_ids", "two have the same id")
    return questions
