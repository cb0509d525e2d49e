"""An item as its owner has it now, for a service that is about to tell somebody of it."""

import uuid
from datetime import datetime
from typing import Self

from fastapi import APIRouter
from pydantic import BaseModel
from sqlalchemy import select

from netzraum_items.authorize import Resource, Standing
from netzraum_items.items import Item, ItemRole, state_of
from netzraum_items.on_item import naming
from netzraum_items.tables import AccessSpace
from netzraum_platform.context import App
from netzraum_platform.errors import NotFound
from netzraum_platform.internal import InternalRequest

router = APIRouter()
"""For ``internal_routers`` of every service with items."""


class CurrentItem(BaseModel):
    """What a mail may say of an item, and what the policy has to know before one is written.

    ``access_version`` is the newest of its space that the service knows: who asks the policy knows as much first.
    ``owner`` is the account whose own it is.
    """

    space: uuid.UUID
    access_version: int
    type: str
    tool: str
    title: str
    state: str
    classification: str
    owner: uuid.UUID | None
    roles: list[str]
    news_at: datetime

    @classmethod
    async def of(cls, app: App, service: str, item_id: uuid.UUID) -> Self:
        """Ask the owner, with no transaction open.

        Raises:
            NotFound: it is gone for good.
            Unavailable: the owner does not answer.
        """
        return cls.model_validate(await app.call(service, "GET", f"/internal/items/{item_id}"))

    def resource(self, account: uuid.UUID, place: Standing) -> Resource:
        """The item as the policy sees it when this account, who stands there, asks."""
        return Resource(
            self.type,
            state=self.state,
            own=self.owner == account,
            classification=self.classification,
            named=naming(place, self.roles),
        )


@router.get("/items/{item_id}")
async def read_current_item(item_id: uuid.UUID, context: InternalRequest) -> CurrentItem:
    columns = (Item.space_id, Item.type, Item.tool, Item.title, Item.classification, Item.author_id, Item.news_at)
    states = (Item.several_authors, Item.state, Item.visible_from, Item.deleted_at, AccessSpace.version)
    statement = select(*columns, *states).join(AccessSpace, AccessSpace.space_id == Item.space_id)
    row = (await context.db.execute(statement.where(Item.id == item_id))).one_or_none()
    if row is None:
        raise NotFound
    roles = select(ItemRole.role).where(ItemRole.item_id == item_id).order_by(ItemRole.role)
    return CurrentItem(
        space=row.space_id,
        access_version=row.version,
        type=row.type,
        tool=row.tool,
        title=row.title,
        state="deleted" if row.deleted_at else state_of(row.state, row.visible_from, context.now),
        classification=row.classification,
        owner=None if row.several_authors else row.author_id,
        roles=list(await context.db.scalars(roles)),
        news_at=row.news_at,
    )
