"""Lists in pages: ``?limit=`` and an opaque ``?cursor=``; answers ``{"items": […], "next": "…" | null}``."""

import base64
import uuid
from typing import Annotated, Any, Generic, TypeVar

import orjson
from fastapi import Query
from pydantic import BaseModel

from netzraum_platform.errors import DomainError

T = TypeVar("T")
Limit = Annotated[int, Query(ge=1, le=200)]
DEFAULT_LIMIT = 50


class Page(BaseModel, Generic[T]):
    items: list[T]
    next: str | None = None


class BadCursor(DomainError):
    status, code = 422, "cursor"
    de, en = "Diese Seite der Liste gibt es nicht.", "There is no such page of the list."


def cursor_of(*position: Any) -> str:
    """The position after which the next page starts; times as ISO text, ids as text."""
    return base64.urlsafe_b64encode(orjson.dumps([_plain(part) for part in position])).decode().rstrip("=")


def position_of(cursor: str, length: int) -> list[Any]:
    """
    Raises:
        BadCursor: not a cursor of ours.
    """
    try:
        position = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        position = None
    if not isinstance(position, list) or len(position) != length or not all(map(_is_plain, position)):
        raise BadCursor
    return position


def texts_of(cursor: str, length: int) -> list[str]:
    """A position that is made of texts only.

    Raises:
        BadCursor: not a cursor of ours.
    """
    position = position_of(cursor, length)
    if not all(isinstance(part, str) for part in position):
        raise BadCursor
    return position


def id_of(cursor: str) -> uuid.UUID:
    """A position that is one id.

    Raises:
        BadCursor: not a cursor of ours.
    """
    try:
        return uuid.UUID(texts_of(cursor, 1)[0])
    except ValueError:
        raise BadCursor from None


def _plain(value: Any) -> Any:
    return value if _is_plain(value) else str(value)


def _is_plain(value: Any) -> bool:
    return value is None or isinstance(value, bool | int | float | str)
