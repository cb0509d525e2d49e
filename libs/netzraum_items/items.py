"""What every item has, whatever the tool. A tool's model inherits from ``Item`` and adds its own columns only."""

import uuid
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, ClassVar, Final, TypeVar

from sqlalchemy import ColumnElement, Date, ForeignKey, Index, SQLColumnExpression, String, and_, false, or_
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column, validates

from netzraum_contracts.items import ItemChanged
from netzraum_items.authorize import Resource
from netzraum_items.tables import ItemsBase
from netzraum_platform.database import UtcDateTime, Uuid
from netzraum_platform.text import sort_key

DEFAULT_CLASSIFICATION: Final = "internal"
LONGEST_TITLE = 200
SortTitle = String(LONGEST_TITLE).with_variant(String(LONGEST_TITLE, collation="C"), "postgresql")
"""In order by code points, as SQLite always is: else PostgreSQL takes the order of the machine's locale."""


def sort_title_of(title: str) -> str:
    """By what lists by title are in order. A few letters become many, and an index takes no long keys."""
    return sort_key(title)[:LONGEST_TITLE]


def _sort_title_of_row(context: Any) -> str:  # SQLAlchemy gives the type of no context
    return sort_title_of(context.get_current_parameters()["title"])


class Item(ItemsBase):
    """An item of a tool.

    ``news_at`` is when it became news: published, and visible from then on. ``visible_from`` inclusive,
    ``visible_until`` exclusive. ``narrowed``: roles are named (``ItemRole``), and only these see it.
    ``several_authors``: others than its author wrote in it, so it is nobody's own any more. ``sort_title`` follows the
    title.
    """

    __tablename__ = "items"

    SERVICE: ClassVar[str]
    TOOL: ClassVar[str]
    TYPE: ClassVar[str]
    EVENT: ClassVar[type[ItemChanged]]
    NOT_LISTED: ClassVar[Sequence[str]] = ()
    """The columns that lists leave out, as they are long."""

    id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    space_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    tool: Mapped[str] = mapped_column(String(20))
    type: Mapped[str] = mapped_column(String(20))
    classification: Mapped[str] = mapped_column(String(20))
    author_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    institution_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    title: Mapped[str] = mapped_column(String(LONGEST_TITLE))
    sort_title: Mapped[str] = mapped_column(SortTitle, default=_sort_title_of_row)
    excerpt: Mapped[str] = mapped_column(String(250), default="")
    state: Mapped[str] = mapped_column(String(10))
    pinned: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    updated_at: Mapped[datetime] = mapped_column(UtcDateTime)
    news_at: Mapped[datetime] = mapped_column(UtcDateTime)
    visible_from: Mapped[datetime | None] = mapped_column(UtcDateTime)
    visible_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    deleted_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    purpose: Mapped[str | None] = mapped_column(String(200))
    delete_on: Mapped[date | None] = mapped_column(Date)
    narrowed: Mapped[bool] = mapped_column(default=False)
    several_authors: Mapped[bool] = mapped_column(default=False)
    version: Mapped[int] = mapped_column()

    __table_args__ = (
        Index("items_newest_first", "space_id", "tool", "pinned", "news_at", "id"),
        Index("items_by_change", "space_id", "tool", "updated_at", "id"),
        Index("items_by_title", "space_id", "tool", "sort_title", "id"),
        Index("items_by_author", "author_id", "state"),
        Index("items_by_news", "news_at", "id"),
    )
    __mapper_args__ = {"polymorphic_on": "type", "version_id_col": version}  # noqa: RUF012  # read once by SQLAlchemy

    @validates("title")
    def _put_in_order(self, _column: str, title: str) -> str:
        self.sort_title = sort_title_of(title)
        return title

    @classmethod
    def action(cls, verb: str) -> str:
        return f"{cls.SERVICE}.{cls.TYPE}.{verb}"

    def searchable(self) -> str:
        """The plain text that search finds the item by, beside its title."""
        return ""

    async def let_go(self, db: AsyncSession) -> None:
        """Before the item goes for good: see to what hangs on it and stays."""

    @classmethod
    def waiting(cls, account: uuid.UUID, now: datetime) -> Sequence["Waiting"]:
        """What of this type waits for an account, beside own drafts."""
        return ()

    @property
    def owner_id(self) -> uuid.UUID | None:
        """Whose own it is."""
        return None if self.several_authors else self.author_id

    def is_of(self, account: uuid.UUID | None) -> bool:
        return account is not None and self.owner_id == account

    def state_at(self, now: datetime) -> str:
        """The state in which the policy sees the item; what is past is still published."""
        return "deleted" if self.deleted_at is not None else state_of(self.state, self.visible_from, now)

    def resource(self, account: uuid.UUID | None, named: str, now: datetime) -> Resource:
        """The item as the policy sees it when this account asks."""
        return Resource(
            type=self.TYPE,
            state=self.state_at(now),
            own=self.is_of(account),
            classification=self.classification,
            named=named,
            id=self.id,
        )


@dataclass(frozen=True)
class Waiting:
    """What items of a type wait for: that the caller does ``verb``, which the policy lets them, by ``due``."""

    verb: str
    condition: ColumnElement[bool]
    due: SQLColumnExpression[datetime | None]


I = TypeVar("I", bound=Item)  # noqa: E741  # an item of any type


class ItemRole(ItemsBase):
    """A role that an item names: of all who might see it, these only."""

    __tablename__ = "item_roles"

    item_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    role: Mapped[str] = mapped_column(String(100), primary_key=True)


def tools_of(service: str) -> list[str]:
    """The tools that a service owns: those of its models."""
    return sorted({model.TOOL for model in models_of(service)})


def models_of(service: str) -> list[type[Item]]:
    return [model for model in Item.__subclasses__() if service == model.SERVICE]


def state_of(state: str, visible_from: datetime | None, now: datetime) -> str:
    if state == "draft":
        return "draft"
    return "coming" if visible_from is not None and visible_from > now else "published"


_DELETED, _KEPT = Item.deleted_at.is_not(None), Item.deleted_at.is_(None)
_DRAFT, _PUBLISHED = Item.state == "draft", Item.state == "published"
_FROM_THE_START = Item.visible_from.is_(None)


def is_of(account: uuid.UUID) -> ColumnElement[bool]:
    """``Item.is_of`` as SQL; never NULL."""
    return and_(Item.several_authors.is_(False), Item.author_id.is_not_distinct_from(account))


def in_states(
    states: Iterable[str], now: datetime | ColumnElement[datetime], *, till_deleted: bool = False
) -> ColumnElement[bool]:
    """``Item.state_at`` as SQL: the item is in one of these states (``new`` is in none).

    ``till_deleted``: it is in the trash, and was in one of these states before that.
    """
    kept, at = (_DELETED, Item.deleted_at) if till_deleted else (_KEPT, now)
    conditions: dict[str, Callable[[], ColumnElement[bool]]] = {
        "draft": lambda: and_(kept, _DRAFT),
        "coming": lambda: and_(kept, _PUBLISHED, Item.visible_from > at),
        "published": lambda: and_(kept, _PUBLISHED, or_(_FROM_THE_START, Item.visible_from <= at)),
        **({} if till_deleted else {"deleted": lambda: _DELETED}),
    }
    return or_(false(), *(conditions[state]() for state in states if state in conditions))


def not_past(now: datetime | ColumnElement[datetime]) -> ColumnElement[bool]:
    return or_(Item.visible_until.is_(None), Item.visible_until > now)


def in_phase(phase: str, now: ColumnElement[datetime]) -> ColumnElement[bool]:
    """As ``in_states``, with what is published split into ``current`` and ``past``."""
    if phase == "current":
        return and_(in_states(["published"], now), not_past(now))
    if phase == "past":
        return and_(in_states(["published"], now), Item.visible_until <= now)
    return in_states([phase], now)
