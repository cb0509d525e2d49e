"""Spaces: how they come into being, who sees them, what of them can be set."""

import uuid
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from netzraum_contracts.spaces import SpaceKind
from netzraum_items.authorize import Decision, InSpace, Resource, Standing, ask, refuse, standing
from netzraum_items.rights import rights_of
from netzraum_items.tables import AccessMembership, AccessSpace, Institution, Person
from netzraum_items.visibility import Visibility, look, standings
from netzraum_platform.context import RequestContext, WorkContext, require_version
from netzraum_platform.database import new_id
from netzraum_platform.errors import Forbidden, NotFound
from netzraum_platform.text import sort_key
from netzraum_spaces.access.service import lock, look_for_coordinators, record_space
from netzraum_spaces.members import terms
from netzraum_spaces.members.models import Membership, State, not_ended
from netzraum_spaces.roles.models import Role
from netzraum_spaces.spaces.models import Space
from netzraum_spaces.spaces.schemas import BodyOf, My, NewSpace, SpaceChange, SpaceSummary, SpaceView
from netzraum_spaces.spaces.templates import ALWAYS_ON, TEMPLATES, TemplateName, in_order, title_of

SEEN_EVERY = timedelta(minutes=15)
"""How exactly ``last_seen`` is kept: a visit writes at most this often."""
FOUNDING_ACTIONS: dict[SpaceKind, str] = {
    "body": "spaces.space.create_body",
    "community": "spaces.space.create_community",
}


def roles_of_template(space_id: uuid.UUID, template: TemplateName) -> list[Role]:
    """The built-in roles, with what the template changes of them."""
    overrides = TEMPLATES.templates[template].overrides
    return [
        Role(
            space_id=space_id,
            name=name,
            title=None,
            base=name,
            levels=dict(overrides[name].levels) if name in overrides else {},
            clearance=overrides[name].clearance if name in overrides else None,
            builtin=True,
            position=position,
        )
        for position, name in enumerate(TEMPLATES.roles)
    ]


async def found(context: WorkContext, space: Space, founder_state: State) -> None:
    """Let a space come into being, coordinated by its creator. Its id is new, so nobody else can hold its lock."""
    await context.begin_write()
    context.db.add(space)
    await context.db.flush()
    context.db.add_all(roles_of_template(space.id, space.template))  # type: ignore[arg-type]  # a template's name
    await context.db.flush()
    await record_space(context, space)
    context.audit("space:create", item=space.id, space=space.id, kind=space.kind, template=space.template)
    founder = Membership(
        id=new_id(),
        space_id=space.id,
        account_id=space.creator_id,
        role=TEMPLATES.founder,
        state=founder_state,
        starts_at=context.now,
        invited_by=context.actor,
    )
    await terms.begin(context, space, founder)
    await look_for_coordinators(context, space)


async def found_network(context: WorkContext, institution: uuid.UUID, name: str, registrant: uuid.UUID) -> None:
    """The network space of an approved institution; there is one only, however often this is asked for."""
    if await context.db.scalar(select(Space.id).where(Space.institution_id == institution, Space.kind == "network")):
        return
    template = TEMPLATES.defaults["network"]
    space = Space(
        id=new_id(),
        kind="network",
        name=name,
        description="",
        contact="",
        template=template,
        institution_id=institution,
        creator_id=registrant,
        tools=list(TEMPLATES.templates[template].tools),
        created_at=context.now,
        access_changed_at=context.now,
        access_version=0,
    )
    await found(context, space, await terms.state_for(context, registrant) or "active")


async def create(context: RequestContext, wanted: NewSpace) -> uuid.UUID:
    """Found a body or a community group in the name of a network; return its id.

    Raises:
        Unprocessable: a kind that comes into being by itself, or a body without its network.
    """
    network = await _may_found(context, wanted)
    template = wanted.template or TEMPLATES.defaults[wanted.kind]
    space = Space(
        id=new_id(),
        kind=wanted.kind,
        name=wanted.name,
        description=wanted.description,
        contact=wanted.contact,
        template=template,
        parent_id=network.space_id if wanted.kind == "body" else None,
        institution_id=network.institution_id,
        creator_id=context.principal.account,
        tools=in_order(wanted.tools if wanted.tools is not None else TEMPLATES.templates[template].tools),
        newcomers_see_history=wanted.newcomers_see_history,
        created_at=context.now,
        access_changed_at=context.now,
        access_version=0,
    )
    await found(context, space, "active")
    return space.id


async def _may_found(context: RequestContext, wanted: NewSpace) -> AccessSpace:
    """The network in whose name the caller may found it; without one named, the first that allows it."""
    if wanted.kind not in FOUNDING_ACTIONS:
        raise context.invalid("kind", "network_by_approval")
    if wanted.parent is None and wanted.kind == "body":
        raise context.invalid("parent", "missing")
    action, refused = FOUNDING_ACTIONS[wanted.kind], Forbidden(["not_a_member"])
    networks = [wanted.parent] if wanted.parent else await _own_networks(context)
    for network_id in networks:
        room = await enter(context, network_id)
        decision = await ask(context, action, Resource("space", id=network_id), room.place)
        if decision.allow:
            return room.place.space
        if wanted.parent is not None:
            refuse(decision)
        refused = Forbidden(decision.reasons)
    raise refused


async def _own_networks(context: RequestContext) -> list[uuid.UUID]:
    mine = select(AccessSpace.space_id).join(AccessMembership, AccessMembership.space_id == AccessSpace.space_id)
    mine = mine.where(AccessMembership.account_id == context.principal.account, AccessSpace.kind == "network")
    return list(await context.db.scalars(mine.order_by(AccessSpace.space_id)))


async def mine(
    context: RequestContext, kind: SpaceKind | None, *, with_invitations: bool = False
) -> list[SpaceSummary]:
    """The spaces that the caller is in, by name; one question, however many there are."""
    places = await standings(context.db, context.principal.account, context.now)
    places = [place for place in places if kind in (None, place.space.kind)]
    seen = await look(context, places, [ALWAYS_ON], ["read", *(["create"] if with_invitations else [])])
    invitations = await _open_invitations(context, seen, places) if with_invitations else {}
    places = [place for place in places if ("space", place.space.space_id) in seen.cells]
    ids = [place.space.space_id for place in places]
    named = await context.db.execute(select(Space.id, Space.name).where(Space.id.in_(ids)))
    names = {row.id: row.name for row in named}
    summaries = [
        SpaceSummary(
            id=place.space.space_id,
            kind=place.space.kind,
            name=names[place.space.space_id],
            parent=place.space.parent_id,
            role=place.membership.role if place.membership else "",
            open_invitations=invitations.get(place.space.space_id),
        )
        for place in places
    ]
    return sorted(summaries, key=lambda summary: (sort_key(summary.name), summary.id))


async def _open_invitations(
    context: RequestContext, seen: Visibility, places: Sequence[Standing]
) -> dict[uuid.UUID, int]:
    """How many have not accepted yet, in each space in which the caller takes members in."""
    ids = [place.space.space_id for place in places if seen.creatable("membership", place.space.space_id)]
    invited = (Membership.state == "invited") & not_ended(context.now) & Membership.space_id.in_(ids)
    rows = await context.db.execute(
        select(Membership.space_id, func.count().label("open")).where(invited).group_by(Membership.space_id)
    )
    return {**dict.fromkeys(ids, 0), **{row.space_id: row.open for row in rows}}


async def enter(context: RequestContext, space_id: uuid.UUID) -> InSpace:
    """What a route's ``Room`` is, for a space that is not named in the path.

    Raises:
        NotFound: there is no such space.
    """
    place = await standing(context.db, space_id, context.principal.account)
    if place is None:
        raise NotFound
    return InSpace(context, place)


async def read(room: InSpace) -> SpaceView:
    """The space as the caller sees it; notes that the caller was here."""
    decision = await room.decide("spaces.space.read", Resource("space", id=room.space_id))
    view = await _view(room, decision)
    await _note_visit(room)
    return view


async def _view(room: InSpace, decision: Decision) -> SpaceView:
    context, membership, role = room.context, room.place.membership, room.place.role
    space, contact = await display(context.db, room.space_id)
    if membership is None or role is None:
        raise NotFound
    own = await context.db.get(Membership, membership.membership_id)
    title = await context.db.scalar(select(Role.title).where(Role.space_id == space.id, Role.name == role.name))
    bodies = await _bodies(context, space.id)
    rights = (await rights_of(context, space.kind, [role]))[0]
    return SpaceView(
        id=space.id,
        kind=space.kind,
        name=space.name,
        description=space.description,
        contact=contact,
        parent=space.parent_id,
        institution=space.institution_id,
        template=space.template,
        tools=space.tools,
        newcomers_see_history=space.newcomers_see_history,
        archived=space.archived,
        without_coordinator=space.without_coordinator_since is not None,
        bodies=bodies,
        welcome=own.welcome if own else "",
        my=My(
            role=role.name,
            title=title_of(role.name, title, context.language),
            levels=rights.levels,
            clearance=rights.clearance,
        ),
        created_at=space.created_at,
        version=space.version,
        actions=decision.actions,
    )


async def _bodies(context: RequestContext, space_id: uuid.UUID) -> list[BodyOf]:
    mine = (
        select(Space.id, Space.name)
        .join(AccessMembership, AccessMembership.space_id == Space.id)
        .where(Space.parent_id == space_id, AccessMembership.account_id == context.principal.account)
        .where((AccessMembership.ends_at.is_(None)) | (AccessMembership.ends_at > context.now))
    )
    bodies = [BodyOf(id=row.id, name=row.name) for row in await context.db.execute(mine)]
    return sorted(bodies, key=lambda body: sort_key(body.name))


async def _note_visit(room: InSpace) -> None:
    membership = room.place.membership
    own = await room.context.db.get(Membership, membership.membership_id) if membership else None
    if own is None or (own.last_seen_at is not None and own.last_seen_at > room.context.now - SEEN_EVERY):
        return
    await room.context.begin_write()
    own.last_seen_at = room.context.now


async def display(db: AsyncSession, space_id: uuid.UUID) -> tuple[Space, str]:
    """A space and whom to ask: what was set as contact, else its founder.

    Raises:
        NotFound: there is no such space.
    """
    row = (
        await db.execute(
            select(Space, Person.name, Institution.name)
            .outerjoin(Person, Person.account_id == Space.creator_id)
            .outerjoin(Institution, Institution.institution_id == Person.institution_id)
            .where(Space.id == space_id)
        )
    ).one_or_none()
    if row is None:
        raise NotFound
    space, founder, institution = row
    return space, space.contact or ", ".join(part for part in (founder, institution) if part)


async def update(room: InSpace, change: SpaceChange, if_match: str) -> None:
    """Change the settings that were named.

    Raises:
        VersionMismatch: somebody else changed them in the meantime.
    """
    context = room.context
    await room.decide("spaces.space.update", Resource("space", id=room.space_id))
    space = await lock(context, room.space_id)
    require_version(if_match, space.version)
    changes = {field: value for field, value in change.model_dump(exclude_unset=True).items() if value is not None}
    if space.kind == "network" and changes.get("name", space.name) != space.name:
        raise context.invalid("name", "network_name")
    if "tools" in changes:
        changes["tools"] = in_order(changes["tools"])
    before = space.as_contract()
    for field, value in changes.items():
        setattr(space, field, value)
    space.version += 1
    if space.as_contract() != before:
        await record_space(context, space)
    context.audit("space:update", item=space.id, space=space.id, fields=sorted(changes))


async def made_before(item: str) -> uuid.UUID:
    """What a repeated creation made the first time."""
    return uuid.UUID(item)
