"""The fields that all items have in the API."""

import uuid
from datetime import date, datetime
from typing import Annotated, Any, Literal, Self, TypeVar

from fastapi import Query
from pydantic import AfterValidator, AwareDatetime, BaseModel, Field, StringConstraints

from netzraum_items import on_item
from netzraum_items.items import DEFAULT_CLASSIFICATION, Item
from netzraum_items.on_item import Shown
from netzraum_platform.fields import Line, RequestBody, printable_line

Classification = Literal["public", "internal", "confidential", "personal"]
State = Literal["draft", "published"]
Render = Annotated[Literal["html"] | None, Query()]
"""``?render=html``: the text also as HTML."""
WithAccess = Annotated[bool, Query()]
"""``?access=true``: also how many see the item, by which roles, and why the caller does."""
DEFAULT: Classification = DEFAULT_CLASSIFICATION
RoleName = Annotated[str, StringConstraints(min_length=1, max_length=100), AfterValidator(printable_line)]


class NewItem(RequestBody):
    """What every item may be created with. ``roles`` narrows who sees it to these roles of the space."""

    title: Line
    classification: Classification = DEFAULT
    state: State = "published"
    purpose: Line | None = None
    delete_on: date | None = None
    roles: list[RoleName] = Field(default=[], max_length=50)


class ItemChange(RequestBody):
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


class Reason(RequestBody):
    reason: Line | None = None


class AuthorView(BaseModel):
    account: uuid.UUID
    name: str | None
    institution: str | None

    @classmethod
    def of(cls, author: on_item.Author | None) -> Self | None:
        return cls(**vars(author)) if author is not None else None


class SightView(BaseModel):
    """One member. ``reasons``: why the item is not visible."""

    account: AuthorView
    role: str
    function: str | None
    is_author: bool
    visible: bool
    actions: list[str]
    reasons: list[str]


class RoleSightView(BaseModel):
    """A role that somebody has: its effective level for the tool and its clearance say why it sees the item or not."""

    role: str
    members: int
    visible: bool
    level: str
    clearance: str
    reasons: list[str]


class RuleView(BaseModel):
    """What decides: the classification, the roles that the item names, the second factor."""

    classification: Classification
    roles: list[str]
    second_factor_needed: bool


class AudienceView(BaseModel):
    """``people`` and ``institutions`` count those who see it, whatever ``?account=`` chooses.

    Who may not read the members of the space gets counts and roles, and no names but the own one: ``named`` is false.
    """

    items: list[SightView]
    named: bool
    next: None = None
    people: int
    institutions: int
    roles: list[RoleSightView]
    rule: RuleView


class ItemView(BaseModel):
    """What every item answers with; texts are None in lists where reading is audited.

    ``access`` with ``?access=true``, where the caller may see who sees the item: what ``…/access`` says of the caller.
    """

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
    access: AudienceView | None = None

    @classmethod
    def of(cls, shown: Shown[Any], now: datetime, render: Literal["html"] | None = None) -> Self:
        """An item as its reader gets it."""
        return cls(**{**cls.fields_of(shown, now), **cls.own_fields(shown, render)})

    @classmethod
    def own_fields(cls, shown: Shown[Any], render: Literal["html"] | None) -> dict[str, Any]:
        """The fields that a tool adds; where ``shown.withheld`` says so, without its texts."""
        return {}

    @staticmethod
    def fields_of(shown: Shown[Any], now: datetime) -> dict[str, Any]:
        """The fields that all items have."""
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
            "access": shown.access,
        }


V = TypeVar("V", bound=ItemView)
