"""A request about one item: the item, its author and where the caller stands come out of one SELECT."""

import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Annotated, Any, Generic

from fastapi import Header, Response
from sqlalchemy import and_, bindparam, inspect, select
from sqlalchemy.ext.asyncio import AsyncSession

from netzraum_items.authorize import (
    ACCESS_HEADER,
    Decision,
    InSpace,
    Resource,
    Standing,
    account_of,
    at_least,
)
from netzraum_items.items import DEFAULT_CLASSIFICATION, I, Item, ItemRole, state_of
from netzraum_items.seen import unread
from netzraum_items.tables import AccessMembership, AccessRole, AccessSpace, Institution, Person
from netzraum_items.visibility import READ_HISTORY, Rows, part_of_history
from netzraum_platform import dialect
from netzraum_platform.context import AnyRequest, RequestContext
from netzraum_platform.database import UtcDateTime, Uuid
from netzraum_platform.errors import NotFound

if TYPE_CHECKING:
    from netzraum_items.schemas import AudienceView


NOTHING = uuid.UUID(int=0)
"""The id of no item."""


@dataclass(frozen=True)
class Author:
    """Who wrote an item, and for which institution; names are None where they are not known (any more)."""

    account: uuid.UUID
    name: str | None
    institution: str | None


@dataclass(frozen=True)
class Shown(Generic[I]):
    """An item as one reader gets it. ``withheld``: its texts stay out of a list, as each reading is audited.

    ``beside``: what its tool looked up beside the item, for the tool's own view.
    """

    item: I
    author: Author | None
    roles: list[str]
    unread: bool
    actions: list[str]
    withheld: bool = False
    beside: Any = None  # each tool has its own
    access: "AudienceView | None" = None


class OnItem(InSpace, Generic[I]):
    """A request about one item. Whether the caller may know of it, only ``decide`` says.

    ``with_access``: the reader wants to know who else sees it.
    """

    with_access: bool = False

    def __init__(
        self,
        context: RequestContext,
        place: Standing,
        item: I,
        author: Author | None,
        roles: list[str],
        unread: bool,
    ) -> None:
        super().__init__(context, place)
        self.item = item
        self.author = author
        self.roles = roles
        self.unread = unread

    async def look_back(self) -> None:
        """Where the space hides from newcomers what was there before them, that is to them what it is to somebody
        outside, unless they may look back. Asked about every item there, so that the time does not tell which it was.
        """
        if _hides_history(self.place):
            decision = await self.ask(self.item.action(READ_HISTORY), self.resource)
            if not decision.allow and part_of_history(self.place, self.item.owner_id, self.item.news_at):
                self.place = replace(self.place, membership=None)

    @property
    def resource(self) -> Resource:
        return self.item.resource(account_of(self.context), self.naming(self.roles), self.context.now)

    def naming(self, roles: Iterable[str]) -> str:
        return naming(self.place, roles)

    def resource_with(self, changes: Mapping[str, Any], roles: Iterable[str]) -> Resource:
        """The item as the policy will see it once the changes are made."""
        changed = {name: changes.get(name, getattr(self.item, name)) for name in ("state", "visible_from")}
        return replace(
            self.resource,
            state=state_of(**changed, now=self.context.now),
            classification=changes.get("classification", self.item.classification),
            named=self.naming(roles),
        )

    async def must_be_known(self) -> None:
        """To be asked before anything is worked out of what was sent: else a complaint about that would tell that the
        item is there.

        Raises:
            NotFound: the caller may not know of it.
        """
        decision = await self.ask(self.item.action("read"), self.resource)
        if decision.hide and not decision.allow:
            raise NotFound

    async def may(self, verb: str, **more: Any) -> Decision:
        """Decide about this item (authorize.decide); purpose and day of deletion are those that it has."""
        fields = {"purpose": self.item.purpose, "delete_on": self.item.delete_on}
        return await self.decide(self.item.action(verb), self.resource, **{"fields": fields, **more})

    def shown(self, actions: list[str]) -> Shown[I]:
        return Shown(self.item, self.author, self.roles, self.unread, actions)


def _hides_history(place: Standing) -> bool:
    return place.membership is not None and not place.space.newcomers_see_history


def naming(place: Standing, roles: Iterable[str]) -> str:
    """Whether an item that names these roles names the caller's."""
    named = set(roles)
    if not named:
        return "none"
    return "mine" if place.membership is not None and place.membership.role in named else "others"


def with_author(statement: Rows) -> Rows:
    """Add the author's name and institution to a statement over items."""
    return (
        statement.add_columns(Person.name, Institution.name)
        .outerjoin(Person, Person.account_id == Item.author_id)
        .outerjoin(Institution, Institution.institution_id == Item.institution_id)
    )


def author_of(item: Item, name: str | None, institution: str | None) -> Author | None:
    return Author(item.author_id, name, institution) if item.author_id is not None else None


async def roles_of(db: AsyncSession, items: Iterable[Item]) -> dict[uuid.UUID, list[str]]:
    """The roles that items name; asks the database only where one does."""
    narrowed = [item.id for item in items if item.narrowed]
    roles: dict[uuid.UUID, list[str]] = {}
    if narrowed:
        rows = await db.execute(select(ItemRole).where(ItemRole.item_id.in_(narrowed)).order_by(ItemRole.role))
        for named in rows.scalars():
            roles.setdefault(named.item_id, []).append(named.role)
    return roles


@cache
def _candidates(model: type[Item], dialect_name: str) -> Rows:
    """Space, membership, role, item, unread, author: a row for each item, and one where there is none of them.

    Built once for each kind of item, as that takes longer than to run it; ``space``, ``items``, ``account`` and
    ``now`` are its parameters.
    """
    account = bindparam("account", type_=Uuid)
    return with_author(
        select(AccessSpace, AccessMembership, AccessRole, model, unread(account, bindparam("now", type_=UtcDateTime)))
        .outerjoin(
            AccessMembership,
            and_(AccessMembership.space_id == AccessSpace.space_id, AccessMembership.account_id == account),
        )
        .outerjoin(
            AccessRole,
            and_(AccessRole.space_id == AccessSpace.space_id, AccessRole.name == AccessMembership.role),
        )
        .outerjoin(
            model,
            and_(model.space_id == AccessSpace.space_id, dialect.among(model.id, "items", dialect_name)),
        )
        .where(AccessSpace.space_id == bindparam("space", type_=Uuid))
    )


async def find(
    model: type[I],
    context: RequestContext,
    space_id: uuid.UUID,
    item_id: uuid.UUID,
    response: Response,
    header: str | None = None,
) -> OnItem[I]:
    """As ``find_first``, of one."""
    return await find_first(model, context, space_id, [item_id], response, header)


async def find_first(
    model: type[I],
    context: RequestContext,
    space_id: uuid.UUID,
    ids: Sequence[uuid.UUID],
    response: Response,
    header: str | None = None,
) -> OnItem[I]:
    """The first of these items that the caller may read; where they may read none, any.

    Raises:
        NotFound: no such space, no such item in it, or the tool is switched off.
        Unavailable: the access data that the caller has seen are not to be had.
    """

    asked = {"space": space_id, "items": list(ids), "account": account_of(context), "now": context.now}

    async def read() -> tuple[Standing, list[Any]] | None:
        rows = (await context.db.execute(_candidates(model, context.app.database.dialect), asked)).all()
        return (Standing(*rows[0][:3]), [row[3:] for row in rows]) if rows else None

    place, rows = await at_least(context, space_id, header, read)
    response.headers[ACCESS_HEADER] = f"{space_id}={place.space.version}"
    found = [row for row in rows if row[0] is not None]
    if not found:
        await _load_nothing(model, context.db)
    if not found or model.TOOL not in place.space.tools:
        await _refuse_as_hidden(model, InSpace(context, place))
    named = await roles_of(context.db, [row[0] for row in found])
    candidates = [
        OnItem(context, place, item, author_of(item, name, institution), named.get(item.id, []), bool(is_unread))
        for item, is_unread, name, institution in sorted(found, key=lambda row: ids.index(row[0].id))
    ]
    for on in candidates:
        await on.look_back()
    return candidates[0] if len(candidates) == 1 else await _first_readable(candidates)


async def _first_readable(candidates: Sequence[OnItem[I]]) -> OnItem[I]:
    for on in candidates:
        if (await on.ask(on.item.action("read"), on.resource)).allow:
            return on
    return candidates[-1]


async def _refuse_as_hidden(model: type[Item], room: InSpace) -> None:
    """Take as long as where an item is there and hidden, so that the time does not tell which it was."""
    nothing = Resource(model.TYPE, state="draft", classification=DEFAULT_CLASSIFICATION)
    await room.ask(model.action("read"), nothing)
    if _hides_history(room.place):
        await room.ask(model.action(READ_HISTORY), nothing)
    raise NotFound


async def _load_nothing(model: type[Item], db: AsyncSession) -> None:
    """What takes as long as to load what hangs on an item, where there is one."""
    for relation in inspect(model).relationships:
        if relation.lazy == "selectin":
            ((_, its_item),) = relation.local_remote_pairs or ()
            await db.execute(select(relation.mapper.class_).where(its_item == NOTHING))


def on_item(model: type[I]) -> Callable[..., Awaitable[OnItem[I]]]:
    """The dependency of a route with ``/spaces/{space_id}/…/{item_id}``."""

    async def dependency(
        context: AnyRequest,
        space_id: uuid.UUID,
        item_id: uuid.UUID,
        response: Response,
        netzraum_access: Annotated[str | None, Header()] = None,
    ) -> OnItem[I]:
        return await find(model, context, space_id, item_id, response, netzraum_access)

    return dependency
