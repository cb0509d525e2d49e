"""The life of an item, step by step: decided, written, and told (traces.py). A tool brings its own columns only."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import Any

from sqlalchemy import delete, select

from netzraum_contracts.items import ItemWhat
from netzraum_items.audience import gains
from netzraum_items.audience_view import how_i_see
from netzraum_items.authorize import InSpace, Resource, note_reading, refuse, require_fields
from netzraum_items.items import I, Item, ItemRole, state_of
from netzraum_items.on_item import Author, OnItem, Shown, naming
from netzraum_items.schemas import NewItem
from netzraum_items.tables import AccessRole, Institution, Person
from netzraum_items.traces import DAYS_BEGIN_IN, leave_first_traces, leave_traces
from netzraum_platform.context import RequestContext, require_version
from netzraum_platform.database import new_id
from netzraum_platform.errors import NotFound

RECLASSIFIED = frozenset({"classification", "roles"})
NO_CHANGES: Mapping[str, Any] = MappingProxyType({})
NO_VERBS: Mapping[str, str] = MappingProxyType({})
# The policy's words for: this change is of another kind than the one asked for.
ANOTHER_VERB = frozenset({"nothing_raised", "other_action_needed", "would_widen"})


async def create(room: InSpace, model: type[I], new: NewItem, **columns: Any) -> Shown[I]:
    """Create an item of a tool; ``columns`` are the tool's own, beside the common ones of ``new``.

    Raises:
        NotFound, Forbidden: the caller may not.
        Unprocessable: purpose, day of deletion or a role is missing or wrong.
    """
    context = room.context
    if model.TOOL not in room.place.space.tools:
        raise NotFound
    resource = Resource(model.TYPE, state="new", own=True, classification=new.classification)
    await room.decide(model.action("create"), resource, fields=new.model_dump())
    await _check(room, {**new.model_dump(include={"delete_on", "roles"}), **columns})
    item = new_item(room, model, new, columns)
    roles = sorted(set(new.roles))
    as_read = item.resource(item.author_id, naming(room.place, roles), context.now)
    actions = (await room.ask(model.action("read"), as_read)).actions
    shown = Shown(item, await _myself(context), roles, unread=False, actions=actions)
    await context.begin_write()
    await add(context, item)
    _name_roles(context, item, roles)
    return shown


async def add(context: RequestContext, *items: Item, verb: str | None = None) -> None:
    """Write new items that were decided about, in as many statements, however many they are.

    ``verb``: how the audit calls it where they were not created one by one.
    """
    context.db.add_all(items)
    await leave_first_traces(context, items, verb)


def new_item(room: InSpace, model: type[I], new: NewItem, columns: Mapping[str, Any]) -> I:
    """An item of the caller, as ``create`` makes it; by itself where the right to make many was decided once."""
    now, principal = room.context.now, room.context.principal
    item = model(
        id=new_id(),
        space_id=room.space_id,
        tool=model.TOOL,
        author_id=principal.account,
        institution_id=principal.institution,
        created_at=now,
        updated_at=now,
        narrowed=bool(new.roles),
        **new.model_dump(include={"title", "classification", "state", "purpose", "delete_on"}),
        **columns,
    )
    item.news_at = max(now, item.visible_from or now)
    return item


async def _myself(context: RequestContext) -> Author:
    principal = context.principal
    name = await context.db.scalar(select(Person.name).where(Person.account_id == principal.account))
    institution = await context.db.scalar(
        select(Institution.name).where(Institution.institution_id == principal.institution)
    )
    return Author(principal.account, name, institution)


def _name_roles(context: RequestContext, item: Item, roles: Sequence[str]) -> None:
    context.db.add_all(ItemRole(item_id=item.id, role=role) for role in roles)


async def _check(room: InSpace, values: Mapping[str, Any]) -> None:
    """
    Raises:
        Unprocessable: it would end before it begins, its day of deletion is not to come, or there is no such role.
    """
    context = room.context
    begins, ends = values.get("visible_from"), values.get("visible_until")
    if begins is not None and ends is not None and ends <= begins:
        raise context.invalid("valid_until", "ends_before_it_begins")
    delete_on, roles = values.get("delete_on"), values.get("roles")
    if delete_on is not None and delete_on <= context.now.astimezone(DAYS_BEGIN_IN).date():
        raise context.invalid("delete_on", "not_in_the_future")
    if roles:
        wanted = select(AccessRole.name).where(AccessRole.space_id == room.space_id, AccessRole.name.in_(roles))
        if set(roles) - set(await context.db.scalars(wanted)):
            raise context.invalid("roles", "unknown_role")


async def update(
    on: OnItem[I],
    changes: Mapping[str, Any],
    *,
    if_match: str,
    reason: str | None = None,
    verbs: Mapping[str, str] = NO_VERBS,
) -> Shown[I]:
    """Change columns of an item, and the ``roles`` that it names; what stays the same is no change.

    ``verbs`` names the columns that need an action of their own (``{"pinned": "pin"}``).

    Raises:
        NotFound, Forbidden: the caller may not.
        VersionMismatch: somebody else was faster.
        Unprocessable: reason, purpose, day of deletion or a role is missing or wrong.
    """
    changed = _changed(on, changes)
    verb = await _decide(on, changed, reason, verbs)
    require_version(if_match, on.item.version)
    await _check(on, {**{name: getattr(on.item, name) for name in ("visible_from", "visible_until")}, **changed})
    if changed.get("state") == "draft":
        raise on.context.invalid("state", "already_published")
    roles = sorted(set(changed.pop("roles", on.roles)))
    as_read = on.resource_with(changed, roles)
    actions = (await on.ask(on.item.action("read"), as_read)).actions
    if changed or roles != on.roles:
        await on.context.begin_write()
        await _write(on, changed, roles, as_read.state, reason, verb)
    return replace(on.shown(actions), roles=roles)


def _changed(on: OnItem[Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    changed = {name: value for name, value in changes.items() if name != "roles" and getattr(on.item, name) != value}
    if "roles" in changes and set(changes["roles"]) != set(on.roles):
        changed["roles"] = changes["roles"]
    return changed


async def _decide(
    on: OnItem[Any], changed: Mapping[str, Any], reason: str | None, verbs: Mapping[str, str]
) -> str | None:
    """Ask for every action that the changes need; return the one that reclassifies, if any does."""
    as_it_will_be = {name: changed.get(name, getattr(on.item, name)) for name in ("purpose", "delete_on")}
    needs = {verbs.get(name, "update") for name in changed if name not in RECLASSIFIED}
    reclassifies = not changed.keys().isdisjoint(RECLASSIFIED)
    for verb in sorted(needs or (() if reclassifies else {"update"})):
        await on.may(verb, fields=as_it_will_be)
    if changed.get("state") == "published":
        await publishable(on, changed)
    if not reclassifies:
        return None
    return await _reclassify(on, changed, {**as_it_will_be, "reason": reason})


async def publishable(on: OnItem[Any], changed: Mapping[str, Any] = NO_CHANGES) -> None:
    """To its readers a draft is new: it is published by who may create it as it will be.

    Raises:
        NotFound, Forbidden: the caller may not.
    """
    as_new = replace(on.resource_with(changed, on.roles), state="new")
    refuse(await on.ask(on.item.action("create"), as_new))


async def _reclassify(on: OnItem[Any], changed: Mapping[str, Any], fields: Mapping[str, Any]) -> str:
    """Raise, lower or make public, or name other roles: which of these it is, only the policy can say."""
    before = on.item.classification
    after = changed.get("classification", before)
    change = {
        "before": {"classification": before},
        "after": {"classification": after},
        "gains": await gains(on, after, changed.get("roles", on.roles)),
    }
    verb, decision = "", None
    for verb in ("raise", "lower", "make_public") if "classification" in changed else ("update", "lower"):
        decision = await on.ask(on.item.action(verb), on.resource, change=change)
        if decision.allow or ANOTHER_VERB.isdisjoint(decision.reasons):
            break
    if decision is not None:
        refuse(decision)
        require_fields(on.context, decision, fields)
    return verb


async def _write(
    on: OnItem[Any], changed: Mapping[str, Any], roles: list[str], state: str, reason: str | None, verb: str | None
) -> None:
    item, now = on.item, on.context.now
    before = item.state_at(now)
    was = {"before": item.classification, "roles_before": on.roles, "roles": roles} if verb else {}
    if roles != on.roles:
        await on.context.db.execute(delete(ItemRole).where(ItemRole.item_id == item.id))
        _name_roles(on.context, item, roles)
    item.narrowed = bool(roles)
    for name, value in changed.items():
        setattr(item, name, value)
    item.updated_at = now
    if state == "coming" or (state == "published" and before != state):
        item.news_at = max(now, item.visible_from or now)
    appears = state == "published" and before != state
    what: ItemWhat = "published" if appears else "reclassified" if verb else "updated"
    await leave_traces(on.context, item, what, reason, verb, **was)


async def remove(on: OnItem[Any]) -> None:
    """Put an item into the trash, from where it can be restored for 30 days."""
    await on.may("delete")
    await on.context.begin_write()
    on.item.deleted_at = on.item.updated_at = on.context.now
    await leave_traces(on.context, on.item, "deleted")


async def restore(on: OnItem[I]) -> Shown[I]:
    """Bring an item back out of the trash, as it was."""
    await on.may("restore")
    as_read = replace(on.resource, state=state_of(on.item.state, on.item.visible_from, on.context.now))
    actions = (await on.ask(on.item.action("read"), as_read)).actions
    await on.context.begin_write()
    on.item.deleted_at, on.item.updated_at = None, on.context.now
    await leave_traces(on.context, on.item, "restored")
    return on.shown(actions)


async def read(on: OnItem[I], ask_beside: Callable[[], Awaitable[object]] | None = None) -> Shown[I]:
    """``ask_beside``: what else is to be asked, once the item may be read, and before its reading is audited."""
    decision = await on.ask(on.item.action("read"), on.resource)
    refuse(decision)
    if ask_beside is not None:
        await ask_beside()
    access = await how_i_see(on) if on.with_access and "read_access" in decision.actions else None
    await note_reading(on.context, decision, on.resource, on.place)
    return replace(on.shown(decision.actions), access=access)
