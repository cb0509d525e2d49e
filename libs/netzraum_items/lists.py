"""What every list of a tool takes and answers."""

import uuid
from collections.abc import Callable, Iterable
from typing import Annotated, Any, Generic, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from netzraum_items.authorize import NEEDED_FIELDS
from netzraum_items.items import I
from netzraum_items.listing import Listed, ListQuery
from netzraum_items.on_item import Shown
from netzraum_items.schemas import Classification
from netzraum_items.visibility import Cell
from netzraum_platform.fields import printable_line
from netzraum_platform.paging import DEFAULT_LIMIT

View = TypeVar("View")
Phase = Literal["current", "coming", "past", "draft", "deleted"]


def parts(value: Any) -> Any:
    """``a,b`` in a query as a list; also where the parameter comes twice."""
    values = [value] if isinstance(value, str) else value
    if not isinstance(values, list):
        return values
    return [part.strip() for text in values for part in text.split(",") if part.strip()]


class ItemQuery(BaseModel):
    """The filters that all tools have. ``author`` is an account's id, or ``me``."""

    model_config = ConfigDict(extra="forbid")

    state: Annotated[list[Phase], BeforeValidator(parts)] = ["current"]
    q: Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(printable_line)] = ""
    unread: bool = False
    classification: Annotated[list[Classification], BeforeValidator(parts)] = []
    author: uuid.UUID | Literal["me"] | None = None
    sort: Literal["newest", "changed", "title", "ends", "institution"] = "newest"
    counts: bool = False
    render: Literal["html"] | None = None
    limit: int = Field(default=DEFAULT_LIMIT, ge=1, le=200)
    cursor: str | None = Field(default=None, max_length=1000)

    def of(self, account: uuid.UUID) -> ListQuery:
        return ListQuery(
            phases=self.state or ["current"],
            words=self.q or None,
            unread=self.unread,
            classifications=self.classification,
            author=account if self.author == "me" else self.author,
            order=self.sort,
            limit=self.limit,
            cursor=self.cursor or None,
            counts=self.counts,
        )


class Creatable(BaseModel):
    """A classification in which the caller may create here, and which fields it needs."""

    classification: str
    needs: list[str]


class ItemList(BaseModel, Generic[View]):
    """A page of a list. ``counts`` with ``?counts=true``: how many each view of the list holds for the caller."""

    items: list[View]
    next: str | None
    creatable: list[Creatable]
    counts: dict[str, int] | None = None


def answer(found: Listed[I], view: Callable[[Shown[I]], View]) -> ItemList[View]:
    """A list as it is answered, each item by the tool's own view."""
    return ItemList(
        items=[view(shown) for shown in found.items],
        next=found.next,
        creatable=creatable_of(found.creatable),
        counts=found.counts,
    )


def creatable_of(cells: Iterable[Cell]) -> list[Creatable]:
    return [
        Creatable(
            classification=classification,
            needs=[NEEDED_FIELDS[duty] for duty in cell.obligations if duty in NEEDED_FIELDS],
        )
        for cell in cells
        for classification in sorted(cell.classifications)
    ]
