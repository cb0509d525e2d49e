"""Blocks of items that are treated alike, as SQL: a policy's answer about many items is made of them."""

import uuid
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import lru_cache
from itertools import combinations

from sqlalchemy import ColumnElement, and_, exists, not_, or_, select, true

from netzraum_items.items import Item, ItemRole, in_states, is_of
from netzraum_items.tables import AccessMembership

WAYS_TO_NAME = frozenset({"none", "mine", "others"})

my_role_is_named = exists(
    select(ItemRole.role).where(ItemRole.item_id == Item.id, ItemRole.role == AccessMembership.role)
).correlate(Item, AccessMembership)

_NAMED = {
    "none": Item.narrowed.is_(False),
    "mine": and_(Item.narrowed.is_(True), my_role_is_named),
    "others": and_(Item.narrowed.is_(True), ~my_role_is_named),
}


@dataclass(frozen=True)
class Area:
    """A block of items of one type and space; ``own`` holds whether they are one's own."""

    classifications: frozenset[str]
    own: frozenset[bool]
    named: frozenset[str]
    states: frozenset[str]

    def condition(self, account: uuid.UUID, now: datetime, *, till_deleted: bool = False) -> ColumnElement[bool]:
        """As SQL, over items joined with the account's memberships; ``till_deleted``: see ``in_states``."""
        return and_(
            Item.classification.in_(sorted(self.classifications)),
            self._owned_by(account),
            in_states(sorted(self.states), now, till_deleted=till_deleted),
            true() if self.named >= WAYS_TO_NAME else or_(*(_NAMED[way] for way in sorted(self.named))),
        )

    def _owned_by(self, account: uuid.UUID) -> ColumnElement[bool]:
        if len(self.own) == 2:
            return true()
        return is_of(account) if True in self.own else not_(is_of(account))

    def joined(self, other: "Area") -> "Area | None":
        """The area of exactly what the two hold; there is one where they differ in one respect only."""
        differing = [each.name for each in fields(Area) if getattr(self, each.name) != getattr(other, each.name)]
        if len(differing) > 1:
            return None
        return replace(self, **{name: getattr(self, name) | getattr(other, name) for name in differing})


@lru_cache(maxsize=1000)
def merged(areas: tuple[Area, ...]) -> tuple[Area, ...]:
    """Fewer areas of the same items: a statement is made, and run, in the time that its conditions take."""
    for one, other in combinations(areas, 2):
        if (both := one.joined(other)) is not None:
            return merged((both, *(area for area in areas if area not in (one, other))))
    return areas
