"""The questions to the policy, and what follows from its answers. The policy's input is built here and nowhere else."""

import uuid
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Header, Response
from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from netzraum_items import access
from netzraum_items.tables import AccessMembership, AccessRole, AccessSpace
from netzraum_platform import metrics
from netzraum_platform.context import AnyRequest, RequestContext, WorkContext
from netzraum_platform.database import Uuid
from netzraum_platform.errors import Forbidden, NotFound, Unavailable, Unprocessable
from netzraum_platform.policy import NoDecision
from netzraum_platform.validation_texts import field_error

ACCESS_HEADER = "Netzraum-Access"
AUDITED_READ = "audit_read"
NEEDED_FIELDS = {"needs_reason": "reason", "needs_purpose": "purpose", "needs_delete_on": "delete_on"}
KNOWN_OBLIGATIONS = {AUDITED_READ, "audit", "no_snippet", *NEEDED_FIELDS}


@dataclass(frozen=True)
class Decision:
    """The policy's answer about one action on one resource; ``actions`` is what else the caller may do with it."""

    allow: bool
    hide: bool
    reasons: list[str]
    obligations: list[str]
    actions: list[str]
    ceiling: dict[str, Any] | None


@dataclass(frozen=True)
class Resource:
    """What is to be done something with, as the policy sees it (policies/README.md)."""

    type: str
    state: str = "published"
    own: bool = False
    classification: str | None = None
    named: str = "none"
    id: uuid.UUID | str | None = None

    def as_input(self, standing: "Standing | None") -> dict[str, Any]:
        place = {"space": str(standing.space.space_id), "space_kind": standing.space.kind} if standing else {}
        kind = {"type": self.type, "own": self.own, "state": self.state, "named": self.named}
        return {**kind, **place, "classification": self.classification}


@dataclass(frozen=True)
class Standing:
    """Where an account stands in one space, as the access projection knows it."""

    space: AccessSpace
    membership: AccessMembership | None
    role: AccessRole | None

    def is_member(self, now: datetime) -> bool:
        """Whether the membership runs."""
        found = self.membership
        return found is not None and found.starts_at <= now and (found.ends_at is None or found.ends_at > now)

    def as_input(self) -> dict[str, Any] | None:
        """The membership for the policy: the role with what the space changed; None for a non-member."""
        if self.membership is None or self.role is None:
            return None
        return membership_input(self.membership, self.role)


def membership_input(membership: AccessMembership, role: AccessRole) -> dict[str, Any]:
    """A membership as the policy takes it. An ended one has an end that has passed."""
    return {**role_input(role), "from": _epoch(membership.starts_at), "until": _epoch(membership.ends_at)}


def role_input(role: AccessRole) -> dict[str, Any]:
    overrides: dict[str, Any] = {"levels": role.levels} if role.levels else {}
    if role.clearance is not None:
        overrides["clearance"] = role.clearance
    return {"role": role.name, "base": role.base, "overrides": overrides}


def subject_input(context: RequestContext) -> dict[str, Any]:
    """Who asks; an anonymous reader has no account."""
    principal = context.known_principal
    if principal is None:
        return {"account": None, "institution": None, "operator": False, "second_factor": False, "scopes": ["read"]}
    return {
        "account": str(principal.account),
        "institution": str(principal.institution) if principal.institution else None,
        "operator": principal.operator,
        "second_factor": principal.second_factor,
        "scopes": sorted(principal.scopes),
    }


def context_input(
    context: RequestContext, spaces: Iterable[uuid.UUID] = (), channel: str | None = None
) -> dict[str, Any]:
    """How and when it is asked; the access data are as old as those of the oldest of the spaces.

    ``channel``: where what is read goes on to another one than that of the request.
    """
    age = max((access.age_s(context.app, space) for space in spaces), default=access.age_s(context.app))
    principal = context.known_principal
    channel = channel or (principal.channel if principal else "web")
    return {"channel": channel, "now": _epoch(context.now), "access_age_s": age}


def audience_input(
    context: WorkContext, roles: Sequence[Mapping[str, Any]], resource: Mapping[str, Any]
) -> dict[str, Any]:
    return {"roles": list(roles), "resource": dict(resource), "context": {"now": _epoch(context.now)}}


_STANDING = (
    select(AccessSpace, AccessMembership, AccessRole)
    .outerjoin(
        AccessMembership,
        (AccessMembership.space_id == AccessSpace.space_id)
        & (AccessMembership.account_id == bindparam("account", type_=Uuid)),
    )
    .outerjoin(
        AccessRole,
        (AccessRole.space_id == AccessSpace.space_id) & (AccessRole.name == AccessMembership.role),
    )
    .where(AccessSpace.space_id == bindparam("space", type_=Uuid))
)
"""Made once, as that takes longer than to run it."""


async def standing(db: AsyncSession, space_id: uuid.UUID, account: uuid.UUID | None) -> Standing | None:
    """Space, membership and role in one SELECT; None where the space is not known."""
    row = (await db.execute(_STANDING, {"space": space_id, "account": account})).one_or_none()
    return Standing(*row) if row is not None else None


async def ask(
    context: RequestContext,
    action: str,
    resource: Resource,
    place: Standing | None = None,
    change: Mapping[str, Any] | None = None,
) -> Decision:
    """Ask for one decision, without following it. No transaction stays open while the policy is asked.

    Raises:
        NoDecision: no answer, or an obligation that nobody here knows.
    """
    await context.end_read()
    spaces = [place.space.space_id] if place else []
    question = {
        "subject": {**subject_input(context), "membership": place.as_input() if place else None},
        "action": action,
        "resource": resource.as_input(place),
        "context": context_input(context, spaces),
    }
    if change is not None:
        question["change"] = dict(change)
    answer = await context.policy.evaluate("decision", question)
    decision = Decision(
        allow=answer.get("allow", False),
        hide=answer.get("hide", True),
        reasons=list(answer.get("reasons", [])),
        obligations=list(answer.get("obligations", [])),
        actions=list(answer.get("actions", [])),
        ceiling=answer.get("ceiling"),
    )
    _count(context, decision)
    if not KNOWN_OBLIGATIONS.issuperset(decision.obligations):
        raise NoDecision
    return decision


async def decide(
    context: RequestContext,
    action: str,
    resource: Resource,
    place: Standing | None = None,
    change: Mapping[str, Any] | None = None,
    fields: Mapping[str, Any] | None = None,
) -> Decision:
    """Ask, and end the request where the policy refuses; write the audit row that a read owes.

    ``fields`` is what the caller sent, for obligations that need a reason, a purpose or a day of deletion.

    Raises:
        NotFound: refused, and the existence stays hidden.
        Forbidden: refused in the open.
        Unprocessable: allowed with a field that is missing.
    """
    decision = await ask(context, action, resource, place, change)
    refuse(decision)
    require_fields(context, decision, fields or {})
    await note_reading(context, decision, resource, place)
    return decision


async def note_reading(
    context: RequestContext, decision: Decision, resource: Resource, place: Standing | None = None
) -> None:
    """Write the audit row that a read owes; nothing can be asked in this request from then on."""
    if AUDITED_READ in decision.obligations:
        await context.begin_write()
        context.audit(f"{resource.type}:read", item=resource.id, space=place.space.space_id if place else None)


def refuse(decision: Decision) -> None:
    """
    Raises:
        NotFound: refused, and the existence stays hidden.
        Forbidden: refused in the open; carries reasons and, where one was passed, the ceiling.
    """
    if decision.allow:
        return
    if decision.hide:
        raise NotFound
    raise Forbidden(decision.reasons, **({"ceiling": decision.ceiling} if decision.ceiling else {}))


def require_fields(context: RequestContext, decision: Decision, fields: Mapping[str, Any]) -> None:
    """
    Raises:
        Unprocessable: an obligation needs a field that was not given.
    """
    missing = [field for duty, field in NEEDED_FIELDS.items() if duty in decision.obligations and not fields.get(field)]
    if missing:
        raise Unprocessable([field_error(field, "missing", context.language) for field in missing])


class InSpace:
    """A request about one space (path parameter ``space_id``), at least as new as ``Netzraum-Access`` asks for."""

    def __init__(self, context: RequestContext, place: Standing) -> None:
        self.context = context
        self.place = place
        self.space_id = place.space.space_id

    async def ask(self, action: str, resource: Resource, **more: Any) -> Decision:
        return await ask(self.context, action, resource, self.place, **more)

    async def decide(self, action: str, resource: Resource, **more: Any) -> Decision:
        return await decide(self.context, action, resource, self.place, **more)


def wanted_versions(header: str | None) -> dict[uuid.UUID, int]:
    """``<space>=<version>, …`` as a dictionary; what is not readable is left out."""
    wanted = {}
    for part in (header or "").split(","):
        space, _, version = part.strip().partition("=")
        try:
            wanted[uuid.UUID(space)] = int(version)
        except ValueError:
            continue
    return wanted


Found = TypeVar("Found", bound="tuple[Standing, *tuple[Any, ...]]")


async def at_least(
    context: RequestContext,
    space_id: uuid.UUID,
    header: str | None,
    read: Callable[[], Awaitable[Found | None]],
) -> Found:
    """What ``read`` finds of a space, as new as ``Netzraum-Access`` asks for: catches up and reads again if it is not.

    Raises:
        NotFound: there is no such space.
        Unavailable: the newer version is not to be had.
    """
    wanted = wanted_versions(header).get(space_id, 0)
    found = await read()
    if found is not None and access.age_s(context.app, space_id) > access.SILENT_S:
        await context.end_read()
        found = await read() if await access.refresh(context.app, [space_id]) else found
    if wanted > (found[0].space.version if found else 0):
        await context.rollback()
        await access.catch_up(context.app, space_id)
        found = await read()
    if found is None:
        raise NotFound
    if found[0].space.version < wanted:
        raise Unavailable("access", retry_after_s=1)
    return found


def account_of(context: RequestContext) -> uuid.UUID | None:
    principal = context.known_principal
    return principal.account if principal else None


async def _in_space(
    context: AnyRequest,
    space_id: uuid.UUID,
    response: Response,
    netzraum_access: Annotated[str | None, Header()] = None,
) -> InSpace:
    async def read() -> tuple[Standing] | None:
        place = await standing(context.db, space_id, account_of(context))
        return (place,) if place else None

    (place,) = await at_least(context, space_id, netzraum_access, read)
    response.headers[ACCESS_HEADER] = f"{space_id}={place.space.version}"
    return InSpace(context, place)


Room = Annotated[InSpace, Depends(_in_space, scope="function")]
"""A route parameter: the caller's request within the space of the path."""


def _count(context: RequestContext, decision: Decision) -> None:
    for reason in decision.reasons or ["none"]:
        metrics.DECISIONS.labels(context.app.name, "decision", str(decision.allow).lower(), reason).inc()


def _epoch(at: datetime | None) -> int | None:
    return int(at.timestamp()) if at is not None else None
