"""The fields that all items have in the API, and what is accepted as text."""

import unicodedata
import uuid
from collections.abc import Iterable
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self

from fastapi import Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from netzraum_items import on_item
from netzraum_items.items import DEFAULT_CLASSIFICATION, Item
from netzraum_items.on_item import Shown

Classification = Literal["public", "internal", "confidential", "personal"]
State = Literal["draft", "published"]
Render = Annotated[Literal["html"] | None, Query()]
"""``?render=html``: the text also as HTML."""
DEFAULT: Classification = DEFAULT_CLASSIFICATION
LONGEST_TEXT = 100_000
_DIRECTIONS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")
_BREAKS = frozenset("\t\n\r")


def _no_control_characters(text: str, allowed: Iterable[str]) -> str:
    if any((unicodedata.category(sign) == "Cc" or sign in _DIRECTIONS) and sign not in allowed for sign in text):
        raise PydanticCustomError("control_characters", "control characters")
    return text


def line(text: str) -> str:
    return _no_control_characters(text, ())


def _lines(text: str) -> str:
    return _no_control_characters(text.replace("\r\n", "\n"), _BREAKS | _DIRECTIONS)


Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(line)]
Markdown = Annotated[str, StringConstraints(max_length=LONGEST_TEXT), AfterValidator(_lines)]
RoleName = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(line)]


class Strict(BaseModel):
    """Input: a field that is not there is an error, not a wish that is passed over."""

    model_config = ConfigDict(extra="forbid")


class NewItem(Strict):
    """What every item may be created with. ``roles`` narrows who sees it to these roles of the space."""

    title: Line
    classification: Classification = DEFAULT
    state: State = "published"
    purpose: Line | None = None
    delete_on: date | None = None
    roles: list[RoleName] = Field(default=[], max_length=50)


class ItemChange(Strict):
    """What changes; a field that is left out stays as it is. ``reason`` is needed where more people would see it."""

    title: Line = ""
    classification: Classification = DEFAULT
    state: State = "published"
    purpose: Line | None = None
    delete_on: date | None = None
    roles: list[RoleName] = Field(default=[], max_length=50)
    reason: Line | None = None

    def given(self) -> dict[str, Any]:
        """The fields that were sent, without the reason."""
        return self.model_dump(include=self.model_fields_set - {"reason"})


class Reason(Strict):
    reason: Line | None = None


class AuthorView(BaseModel):
    account: uuid.UUID
    name: str | None
    institution: str | None

    @classmethod
    def of(cls, author: on_item.Author | None) -> Self | None:
        return cls(**vars(author)) if author is not None else None


class ItemView(BaseModel):
    """What every item answers with; texts are None in lists where reading is audited."""

    id: uuid.UUID
    space: uuid.UUID
    type: str
    title: str
    excerpt: str | None
    classification: Classification
    state: Literal["draft", "coming", "published", "deleted"]
    author: AuthorView | None
    created_at: AwareDatetime
    updated_at: AwareDatetime
    version: int
    actions: list[str]
    unread: bool
    purpose: str | None
    delete_on: date | None
    roles: list[str]
    deleted_at: AwareDatetime | None

    @staticmethod
    def fields_of(shown: Shown[Any], now: datetime) -> dict[str, Any]:
        """The common fields of an item; a tool's view adds its own."""
        item: Item = shown.item
        names = (
            "id",
            "title",
            "excerpt",
            "classification",
            "created_at",
            "updated_at",
            "version",
            "purpose",
            "delete_on",
        )
        return {
            **{name: getattr(item, name) for name in (*names, "deleted_at", "type")},
            "excerpt": None if shown.withheld else item.excerpt,
            "space": item.space_id,
            "state": item.state_at(now),
            "author": AuthorView.of(shown.author),
            "actions": shown.actions,
            "unread": shown.unread,
            "roles": shown.roles,
        }
