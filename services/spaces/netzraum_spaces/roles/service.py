"""Roles of a space: read with what they effectively give, defined within the policy's ceilings, deleted."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from netzraum_contracts.tools import ToolName
from netzraum_items.authorize import Decision, InSpace, Resource, ask, refuse
from netzraum_items.rights import Rights, ceiling_of, rights_of
from netzraum_items.tables import AccessRole
from netzraum_platform.context import require_version
from netzraum_platform.errors import Conflict, NotFound, Unprocessable, VersionMissing
from netzraum_platform.validation_texts import field_error
from netzraum_spaces.access.service import lock, record_role
from netzraum_spaces.members import terms
from netzraum_spaces.members.models import Membership, not_ended
from netzraum_spaces.roles.models import Role
from netzraum_spaces.roles.schemas import RightsView, RoleDefinition, RoleView
from netzraum_spaces.spaces.templates import TEMPLATES, title_of

ABOUT_AMOUNT = {"ceiling_exceeded", "more_than_own"}
"""Reasons that speak of how much the role gets, not of whether the caller may define roles at all."""
DELETE = "delete"


class CeilingExceeded(Unprocessable):
    """The role is to get more than its base may have here; carries the ceiling."""

    code = "ceiling_exceeded"
    de = "Mehr, als eine Rolle mit dieser Grundlage hier bekommen darf."
    en = "More than a role with this base may get here."


class RoleInUse(Conflict):
    code = "role_in_use"
    de, en = "Diese Rolle haben noch Mitglieder.", "Members still have this role."


class BuiltIn(Conflict):
    code = "role_built_in"
    de, en = "Eine eingebaute Rolle bleibt.", "A built-in role stays."


async def roles(room: InSpace) -> list[RoleView]:
    """All roles; the number of questions to the policy depends on tools and bases, not on the number of roles."""
    decision = await room.decide("spaces.role.read", Resource("role"))
    rows = await room.context.db.scalars(
        select(Role).where(Role.space_id == room.space_id).order_by(Role.position, Role.name)
    )
    return await _views(room, list(rows), decision)


async def role(room: InSpace, name: str) -> RoleView:
    """One role.

    Raises:
        NotFound: the space has none of this name.
    """
    decision = await room.decide("spaces.role.read", Resource("role"))
    return (await _views(room, [await _existing(room, name)], decision))[0]


async def _existing(room: InSpace, name: str) -> Role:
    found = await room.context.db.get(Role, (room.space_id, name))
    if found is None:
        raise NotFound
    return found


async def _views(room: InSpace, rows: list[Role], decision: Decision) -> list[RoleView]:
    context, kind = room.context, room.place.space.kind
    rights = await rights_of(context, kind, [_as_access(row) for row in rows])
    ceilings = {base: await ceiling_of(context, room.place, base) for base in sorted({row.base for row in rows})}
    held = await _held(room)
    return [
        RoleView(
            name=row.name,
            title=title_of(row.name, row.title, context.language),
            base=row.base,
            builtin=row.builtin,
            levels=given.levels,
            clearance=given.clearance,
            overrides=RightsView(levels=row.levels, clearance=row.clearance),
            ceiling=RightsView.model_validate(ceilings[row.base] or {"levels": {}, "clearance": None}),
            members=held.get(row.name, 0),
            version=row.version,
            actions=[verb for verb in decision.actions if verb != DELETE or not row.builtin],
        )
        for row, given in zip(rows, rights, strict=True)
    ]


async def _held(room: InSpace) -> dict[str, int]:
    """How many hold each role."""
    counted = select(Membership.role, func.count().label("held")).where(Membership.space_id == room.space_id)
    counted = counted.where(not_ended(room.context.now)).group_by(Membership.role)
    return {row.role: row.held for row in await room.context.db.execute(counted)}


def _as_access(row: Role) -> AccessRole:
    return AccessRole(space_id=row.space_id, name=row.name, base=row.base, levels=row.levels, clearance=row.clearance)


@dataclass(frozen=True)
class Change:
    """What a role is to become, and what was known when the policy was asked."""

    existing: Role | None
    wanted: RoleDefinition
    levels: dict[str, str]
    clearance: str | None
    others: int


async def define(room: InSpace, name: str, wanted: RoleDefinition, if_match: str | None) -> None:
    """Add a role, or change one (then ``if_match`` is needed).

    Raises:
        CeilingExceeded: more than a role of this base may have.
        VersionMissing, VersionMismatch: another role than the caller read would be overwritten.
    """
    context = room.context
    existing = await context.db.get(Role, (room.space_id, name))
    if existing is not None and if_match is None:
        await room.decide("spaces.role.read", Resource("role"))
        raise VersionMissing
    await _check_base(room, existing, wanted)
    others = await _others(room, existing)
    await _may_define(room, existing, wanted, others)
    levels, clearance = await _overrides(room, wanted)
    await _save(room, name, Change(existing, wanted, levels, clearance, others), if_match)


async def _check_base(room: InSpace, existing: Role | None, wanted: RoleDefinition) -> None:
    known = wanted.base in TEMPLATES.roles
    if not known or (existing is not None and existing.builtin and existing.base != wanted.base):
        raise room.context.invalid("base", "unknown_base" if not known else "base_stays")


async def _others(room: InSpace, existing: Role | None) -> int:
    """How many act in another role of the same base."""
    if existing is None:
        return 0
    context = room.context
    return await terms.others_acting(context, room.space_id, existing.base, besides_role=existing.name)


async def _may_define(room: InSpace, existing: Role | None, wanted: RoleDefinition, others: int) -> None:
    after = {"base": wanted.base, "levels": dict(wanted.levels), "clearance": wanted.clearance}
    change = {"before": weighed(existing) if existing else None, "after": after, "remaining_coordinators": others}
    resource = Resource("role", state="published" if existing else "new", id=wanted.title)
    decision = await ask(room.context, "spaces.role.update", resource, room.place, change)
    if decision.ceiling is not None and ABOUT_AMOUNT.issuperset(decision.reasons):
        raise CeilingExceeded(await _exceeding(room, wanted, decision.ceiling), ceiling=decision.ceiling)
    refuse(decision)


def weighed(row: Role) -> dict[str, Any]:
    """A role as the policy weighs it."""
    return {"base": row.base, "levels": row.levels, "clearance": row.clearance}


async def _rights(room: InSpace, base: str, levels: Mapping[ToolName, str], clearance: str | None) -> Rights:
    asked = AccessRole(space_id=room.space_id, name=base, base=base, levels=dict(levels), clearance=clearance)
    return (await rights_of(room.context, room.place.space.kind, [asked]))[0]


async def _exceeding(room: InSpace, wanted: RoleDefinition, ceiling: dict[str, Any]) -> list[dict[str, str]]:
    """An error for each field of which the role would get less than what is asked for."""
    given = await _rights(room, wanted.base, wanted.levels, wanted.clearance)
    language = room.context.language
    errors = [
        field_error(f"levels.{tool}", CeilingExceeded.code, language, ceiling=ceiling["levels"].get(tool, "none"))
        for tool, level in wanted.levels.items()
        if given.levels[tool] != level
    ]
    if given.clearance != wanted.clearance:
        errors.append(field_error("clearance", CeilingExceeded.code, language, ceiling=ceiling["clearance"]))
    return errors


async def _overrides(room: InSpace, wanted: RoleDefinition) -> tuple[dict[str, str], str | None]:
    """What differs from the base."""
    plain = await _rights(room, wanted.base, {}, None)
    levels: dict[str, str] = {tool: level for tool, level in wanted.levels.items() if plain.levels[tool] != level}
    return levels, None if wanted.clearance == plain.clearance else wanted.clearance


async def _save(room: InSpace, name: str, change: Change, if_match: str | None) -> None:
    context, wanted = room.context, change.wanted
    space = await lock(context, room.space_id)
    row = await context.db.get(Role, (room.space_id, name), populate_existing=True)
    if (row is None) != (change.existing is None) or await _others(room, row) != change.others:
        raise Conflict
    if row is None:
        position = await context.db.scalar(select(func.count()).where(Role.space_id == room.space_id))
        row = Role(space_id=room.space_id, name=name, builtin=False, position=position, version=0)
        context.db.add(row)
    else:
        require_version(if_match or "", row.version)
    row.title = None if row.builtin and wanted.title in TEMPLATES.roles[name].values() else wanted.title
    row.base, row.levels, row.clearance = wanted.base, change.levels, change.clearance
    row.version += 1
    await context.db.flush()
    await record_role(context, space, row)
    context.audit(
        "role:update" if change.existing else "role:create",
        item=name,
        space=space.id,
        base=row.base,
        levels=row.levels,
        clearance=row.clearance,
    )


async def delete(room: InSpace, name: str) -> None:
    """Delete a role of the space's own.

    Raises:
        BuiltIn: a built-in role stays.
        RoleInUse: members still have it.
    """
    context = room.context
    await room.decide("spaces.role.read", Resource("role"))
    row = await _existing(room, name)
    change = {"before": weighed(row), "after": None}
    await room.decide("spaces.role.delete", Resource("role", id=name), change=change)
    if row.builtin:
        raise BuiltIn
    space = await lock(context, room.space_id)
    held = select(func.count()).select_from(Membership)
    held = held.where(Membership.space_id == room.space_id, Membership.role == name, not_ended(context.now))
    if await context.db.scalar(held):
        raise RoleInUse
    await context.db.refresh(row)
    await record_role(context, space, row, removed=True)
    await context.db.delete(row)
    context.audit("role:delete", item=name, space=space.id)
