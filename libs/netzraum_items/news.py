"""What is new to an account, for a service that is about to tell of it by mail.

An item that the account wrote itself, has seen, or may not be told of by mail is not new to it, and not counted.
"""

import uuid
from datetime import datetime
from typing import Self

from fastapi import APIRouter
from pydantic import AwareDatetime, BaseModel
from sqlalchemy import select

from netzraum_items import access
from netzraum_items.everywhere import READ, in_all_spaces
from netzraum_items.items import Item, tools_of
from netzraum_items.seen import unread
from netzraum_items.visibility import Rows, Visibility, look
from netzraum_platform.context import App, RequestContext
from netzraum_platform.errors import Unavailable
from netzraum_platform.internal import InternalRequest
from netzraum_platform.tokens import Principal

MOST = 50
CHANNEL = "mail"

router = APIRouter()
"""For ``internal_routers`` of every service with items."""


class NewsQuestion(BaseModel):
    """What became news after ``since``? ``access``: the access versions of the account's spaces that are known to who
    asks, also where the membership has ended; the answer knows as much."""

    account: uuid.UUID
    institution: uuid.UUID | None
    since: AwareDatetime
    access: dict[uuid.UUID, int]


class NewItem(BaseModel):
    space: uuid.UUID
    tool: str
    item: uuid.UUID
    title: str
    author: uuid.UUID | None
    at: AwareDatetime


class News(BaseModel):
    """The newest first; ``more``: there are others beside these."""

    items: list[NewItem]
    more: bool

    @classmethod
    async def of(cls, app: App, service: str, question: NewsQuestion) -> Self:
        """Ask an owner of items, with no transaction open.

        Raises:
            Unavailable: it does not answer, or cannot know who may be told.
        """
        body = question.model_dump(mode="json")
        return cls.model_validate(await app.call(service, "POST", "/internal/news", json=body))


@router.post("/news")
async def read_news(question: NewsQuestion, context: InternalRequest) -> News:
    reader = RequestContext(context.app, context.db, context.request, _by_mail(question))
    visibility = await _look(reader, question)
    rows = (await reader.db.execute(_new(visibility, question.since))).all()
    items = [NewItem.model_validate(row._asdict()) for row in rows[:MOST]]
    return News(items=items, more=len(rows) > MOST)


def _by_mail(question: NewsQuestion) -> Principal:
    """Who reads a mail has not logged in: may read at most, without a second factor."""
    return Principal(
        account=question.account,
        institution=question.institution,
        operator=False,
        second_factor=False,
        session="",
        scopes=frozenset(READ),
        channel=CHANNEL,
    )


async def _look(reader: RequestContext, question: NewsQuestion) -> Visibility:
    """
    Raises:
        Unavailable: the access data are too old to know; what is left out of a mail would never be told.
    """
    everywhere = await in_all_spaces(reader, question.access)
    if any(access.age_s(reader.app, place.space.space_id) > access.SILENT_S for place in everywhere.places):
        raise Unavailable("access")
    return await look(reader, everywhere.places, tools_of(reader.app.name), READ)


def _new(visibility: Visibility, since: datetime) -> Rows:
    columns = (Item.tool, Item.title, Item.space_id.label("space"), Item.id.label("item"))
    more = (Item.author_id.label("author"), Item.news_at.label("at"))
    statement = visibility.visible(select(*columns, *more))
    is_new = unread(visibility.account, visibility.now) & (Item.news_at > since)
    return statement.where(is_new).order_by(Item.news_at.desc(), Item.id.desc()).limit(MOST + 1)
