"""Members as others see them, with their names out of the directory."""

import uuid
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from netzraum_items.authorize import InSpace, Resource
from netzraum_items.tables import Institution, Person
from netzraum_items.visibility import Visibility, look
from netzraum_platform.errors import NotFound
from netzraum_platform.paging import cursor_of, texts_of
from netzraum_platform.text import sort_key
from netzraum_spaces.members.models import Membership, PolicyState, State, not_ended
from netzraum_spaces.members.schemas import MemberPage, MemberView, Who
from netzraum_spaces.spaces.templates import ALWAYS_ON

LAST_SEEN = "read_last_seen"
UNCLASSIFIED = "unclassified"
"""How the policy names the class of what is no item."""


@dataclass(frozen=True)
class Filters:
    """Which members of a space are asked for; ``institution`` is an id or a part of the name."""

    role: str | None = None
    institution: str | None = None
    q: str | None = None
    state: State | None = None

    @property
    def policy_state(self) -> PolicyState:
        return "deleted" if self.state == "ended" else "published"


async def members(room: InSpace, filters: Filters, limit: int, cursor: str | None) -> MemberPage:
    """The members by name. A space has hundreds of them, not hundreds of thousands: one statement reads those that
    fit, and Python sorts and searches as German does, which the two databases do not do alike."""
    seen = await _look(room, filters.policy_state)
    rows = await room.context.db.execute(_selected(room, filters))
    shown = [_view(room, seen, *row) for row in rows]
    found = [(sort_key(view.account.name), str(view.id), view) for view in shown if _matches(view, filters.q)]
    found.sort(key=lambda entry: entry[:2])
    if cursor is not None:
        after = tuple(texts_of(cursor, 2))
        found = [entry for entry in found if entry[:2] > after]
    following = cursor_of(*found[limit - 1][:2]) if len(found) > limit else None
    page = [view for _, _, view in found[:limit]]
    return MemberPage(items=page, next=following, actions=_actions(room, seen, "new", own=False))


async def member(room: InSpace, membership_id: uuid.UUID) -> MemberView:
    """One membership.

    Raises:
        NotFound: the space has no such membership, or the caller may not see it.
    """
    held = await room.context.db.get(Membership, membership_id)
    seen = await _look(room, held.policy_state(room.context.now) if held else "published")
    row = (await room.context.db.execute(_with_names(room).where(Membership.id == membership_id))).one_or_none()
    if row is None:
        raise NotFound
    return _view(room, seen, *row)


async def _look(room: InSpace, state: PolicyState) -> Visibility:
    """What the caller may do with the memberships here; two questions, however many members there are.

    Raises:
        NotFound, Forbidden: the caller may not see who belongs to the space.
    """
    await room.decide("spaces.membership.read", Resource("membership", state=state))
    return await look(room.context, [room.place], [ALWAYS_ON])


def _actions(room: InSpace, seen: Visibility, state: str, *, own: bool) -> list[str]:
    cell = seen.cell(room.space_id, Resource("membership", state=state, own=own, classification=UNCLASSIFIED))
    return cell.actions if cell is not None else []


def _with_names(room: InSpace) -> Select[Membership, Person | None, Institution | None]:
    rows = select(Membership, Person, Institution).where(Membership.space_id == room.space_id)
    rows = rows.outerjoin(Person, Person.account_id == Membership.account_id)
    return rows.outerjoin(Institution, Institution.institution_id == Person.institution_id)


def _selected(room: InSpace, filters: Filters) -> Select[Membership, Person | None, Institution | None]:
    held = not_ended(room.context.now)
    rows = _with_names(room).where(~held if filters.state == "ended" else held)
    if filters.state not in (None, "ended"):
        rows = rows.where(Membership.state == filters.state)
    if filters.role is not None:
        rows = rows.where(Membership.role == filters.role)
    if filters.institution is not None:
        rows = rows.where(_of_institution(filters.institution))
    return rows


def _of_institution(wanted: str) -> Any:  # Any: a condition of either kind
    try:
        return Person.institution_id == uuid.UUID(wanted)
    except ValueError:
        return Institution.name.icontains(wanted, autoescape=True)


def _matches(view: MemberView, q: str | None) -> bool:
    """Whether all words are found in name, function and institution."""
    text = sort_key(" ".join([view.account.name, view.function or "", view.account.institution]))
    return all(word in text for word in sort_key(q or "").split())


def _view(
    room: InSpace, seen: Visibility, membership: Membership, person: Person | None, institution: Institution | None
) -> MemberView:
    state, own = membership.policy_state(room.context.now), membership.account_id == room.context.principal.account
    may_know = LAST_SEEN in _actions(room, seen, state, own=False)
    return MemberView(
        id=membership.id,
        account=Who(
            id=membership.account_id,
            name=person.name if person else "",
            institution=institution.name if institution else "",
            institution_id=person.institution_id if person else None,
        ),
        function=membership.function or (person.function if person else None),
        role=membership.role,
        from_=membership.starts_at,
        until=membership.ends_at,
        state=membership.state_at(room.context.now),
        last_seen=membership.last_seen_at if may_know else None,
        version=membership.version,
        actions=_actions(room, seen, state, own=own),
    )
