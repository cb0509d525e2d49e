"""What somebody sees of many items at once: one question to the policy, one SQL condition out of its answer."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, false, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from netzraum_items.areas import Area, merged
from netzraum_items.authorize import KNOWN_OBLIGATIONS, Resource, Standing, context_input, subject_input
from netzraum_items.items import Item, is_of
from netzraum_items.tables import AccessMembership, AccessRole, AccessSpace
from netzraum_platform.context import RequestContext
from netzraum_platform.database import UtcDateTime, Uuid
from netzraum_platform.policy import NoDecision

Rows = Select[*tuple[Any, ...]]
READ_HISTORY = "read_history"
"""The verb of who sees what was there before them, although the space hides it from newcomers."""

ACCOUNT, NOW = bindparam("account", type_=Uuid), bindparam("now", type_=UtcDateTime)
"""Who reads, and when: parameters of statements, so that what does not depend on them is made once.
``Visibility.reader`` holds their values."""

Areas = tuple[tuple[Area, bool], ...]
"""Each with whether what was there before somebody came is seen in it, too."""


@dataclass(frozen=True)
class Cell(Area):
    """One block of the policy's answer: what may be done with every item that it holds."""

    actions: list[str]
    obligations: list[str]

    @classmethod
    def of(cls, answer: Mapping[str, Any]) -> "Cell":
        """
        Raises:
            NoDecision: an obligation that nobody here knows.
        """
        if not KNOWN_OBLIGATIONS.issuperset(answer["obligations"]):
            raise NoDecision
        return cls(
            classifications=frozenset(answer["classifications"]),
            own=frozenset([answer["own"]]),
            named=frozenset(answer["named"]),
            states=frozenset(answer["states"]),
            actions=list(answer["actions"]),
            obligations=list(answer["obligations"]),
        )

    @property
    def area(self) -> Area:
        return Area(self.classifications, self.own, self.named, self.states)

    def holds(self, resource: Resource) -> bool:
        return (
            resource.classification in self.classifications
            and resource.own in self.own
            and resource.state in self.states
            and resource.named in self.named
        )


def part_of_history(place: Standing, owner: uuid.UUID | None, news_at: datetime) -> bool:
    """The space hides from newcomers what was there before them, and this was; one's own is never hidden."""
    membership = place.membership
    return (
        membership is not None
        and not place.space.newcomers_see_history
        and news_at < membership.starts_at
        and owner != membership.account_id
    )


@dataclass(frozen=True)
class Visibility:
    """What one account may do with the items of its spaces, by type and space."""

    account: uuid.UUID
    now: datetime
    cells: Mapping[tuple[str, uuid.UUID], Sequence[Cell]]
    """By type and space; spaces with the same rights share one list."""
    _conditions: dict[tuple[str, bool], ColumnElement[bool]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )
    """By verb and ``till_deleted``, once made: one answer narrows many statements."""

    @property
    def reader(self) -> dict[str, Any]:
        """The values of ``ACCOUNT`` and ``NOW``."""
        return {"account": self.account, "now": self.now}

    def cell(self, space: uuid.UUID, resource: Resource) -> Cell | None:
        """The cell that holds an item; None where it is not seen."""
        return next((cell for cell in self.cells.get((resource.type, space), ()) if cell.holds(resource)), None)

    def cell_of(self, item: Item, *, mine: bool) -> Cell | None:
        """As ``cell``; ``mine``: the item names the account's role."""
        named = "none" if not item.narrowed else "mine" if mine else "others"
        return self.cell(item.space_id, item.resource(self.account, named, self.now))

    def creatable(self, type_: str, space: uuid.UUID) -> list[Cell]:
        """The cells that say what may be created."""
        return [cell for cell in self.cells.get((type_, space), ()) if "create" in cell.actions]

    def visible(self, statement: Rows, verb: str = "read", *, till_deleted: bool = False) -> Rows:
        """A statement over items, narrowed to those that the account may read (or do ``verb`` with, where that was
        asked for); joins its membership and the space. ``till_deleted``: to those in the trash of which that held
        until they came there."""
        return (
            statement.join(
                AccessMembership,
                and_(AccessMembership.space_id == Item.space_id, AccessMembership.account_id == self.account),
            )
            .join(AccessSpace, AccessSpace.space_id == Item.space_id)
            .where(self._condition(verb, till_deleted))
        )

    def _condition(self, verb: str, till_deleted: bool) -> ColumnElement[bool]:
        """Its size grows with distinct rights, not with spaces, nor with types of the same rights."""
        if (verb, till_deleted) not in self._conditions:
            groups = [
                and_(Item.type.in_(types), Item.space_id.in_(spaces), self._in_areas(areas, till_deleted))
                for (areas, spaces), types in self._types_by_rights(verb).items()
            ]
            self._conditions[verb, till_deleted] = or_(false(), *groups)
        return self._conditions[verb, till_deleted]

    def _types_by_rights(self, verb: str) -> dict[tuple[Areas, tuple[uuid.UUID, ...]], list[str]]:
        """The types in which the same areas of the same spaces are open to a verb."""
        spaces_of: dict[tuple[str, int], tuple[list[uuid.UUID], Sequence[Cell]]] = {}
        for (type_, space), cells in self.cells.items():
            spaces_of.setdefault((type_, id(cells)), ([], cells))[0].append(space)
        types: dict[tuple[Areas, tuple[uuid.UUID, ...]], list[str]] = {}
        for (type_, _), (spaces, cells) in spaces_of.items():
            areas = tuple((cell.area, READ_HISTORY in cell.actions) for cell in cells if verb in cell.actions)
            if areas:
                types.setdefault((areas, tuple(spaces)), []).append(type_)
        return types

    def _in_areas(self, areas: Areas, till_deleted: bool) -> ColumnElement[bool]:
        """In one of them: whatever the time, or as far as newcomers see it."""

        def conditions(*, history: bool) -> list[ColumnElement[bool]]:
            alike = merged(tuple(area for area, has_history in areas if has_history == history))
            return [area.condition(self.account, self.now, till_deleted=till_deleted) for area in alike]

        since = and_(or_(false(), *conditions(history=False)), self._seen_by_newcomer())
        return or_(false(), *conditions(history=True), since)

    def _seen_by_newcomer(self) -> ColumnElement[bool]:
        """``part_of_history`` as SQL, turned round."""
        return or_(
            AccessSpace.newcomers_see_history.is_(True),
            Item.news_at >= AccessMembership.starts_at,
            is_of(self.account),
        )


_STANDINGS = (
    select(AccessSpace, AccessMembership, AccessRole)
    .join(AccessMembership, AccessMembership.space_id == AccessSpace.space_id)
    .join(
        AccessRole,
        and_(AccessRole.space_id == AccessSpace.space_id, AccessRole.name == AccessMembership.role),
    )
    .where(AccessMembership.account_id == ACCOUNT, AccessMembership.starts_at <= NOW)
    .where(or_(AccessMembership.ends_at.is_(None), AccessMembership.ends_at > NOW))
)


async def standings(db: AsyncSession, account: uuid.UUID, now: datetime) -> list[Standing]:
    """Where an account stands in each space in which its membership runs, in one SELECT."""
    return [Standing(*row) for row in await db.execute(_STANDINGS, {"account": account, "now": now})]


async def look(
    context: RequestContext,
    places: Sequence[Standing],
    tools: Iterable[str],
    verbs: Sequence[str] | None = None,
    channel: str | None = None,
) -> Visibility:
    """Ask once what the caller may do with the items of these spaces; without ``verbs``: all that there are.

    ``channel``: where what is read goes on to another one than that of the request (``export``).

    Raises:
        NoDecision: no answer.
    """
    await context.end_read()
    places = [place for place in places if place.as_input() is not None]
    switched_on = sorted(set(tools) & {tool for place in places for tool in place.space.tools})
    cells: dict[tuple[str, uuid.UUID], Sequence[Cell]] = {}
    if places and switched_on:
        answer = await context.policy.evaluate("visibility", _question(context, places, switched_on, verbs, channel))
        profiles = {
            name: {type_: [Cell.of(cell) for cell in found] for type_, found in types.items()}
            for name, types in answer.get("profiles", {}).items()
        }
        for place, names in zip(places, answer.get("memberships", []), strict=False):
            for tool, name in names.items():
                if tool in place.space.tools:
                    cells.update({(type_, place.space.space_id): found for type_, found in profiles[name].items()})
    return Visibility(context.principal.account, context.now, cells)


def _question(
    context: RequestContext,
    places: Sequence[Standing],
    tools: list[str],
    verbs: Sequence[str] | None,
    channel: str | None,
) -> dict[str, Any]:
    memberships = [{"space_kind": place.space.kind, **(place.as_input() or {})} for place in places]
    question = {
        "subject": subject_input(context),
        "memberships": memberships,
        "tools": tools,
        "context": context_input(context, [place.space.space_id for place in places], channel),
    }
    if verbs is None:
        return question
    hiding = any(not place.space.newcomers_see_history for place in places)
    return {**question, "verbs": [*verbs, READ_HISTORY] if hiding else list(verbs)}
