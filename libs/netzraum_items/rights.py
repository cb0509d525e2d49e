"""What roles effectively may, for those who set them and those who hold them. The policy is asked for all of it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from netzraum_contracts.tools import TOOLS
from netzraum_items.authorize import Resource, Standing, ask, audience_input, role_input
from netzraum_items.items import DEFAULT_CLASSIFICATION
from netzraum_items.tables import AccessRole, AccessSpace
from netzraum_platform.context import App, RequestContext, WorkContext

UNCLASSIFIED = frozenset({"membership"})
NO_TOOL = {"levels": {"": "manage"}}
"""More than any role may have: so the policy names the ceiling."""
LONGEST_KEPT = 10_000


@dataclass(frozen=True)
class Rights:
    """The level that a role has for each tool, and the highest classification that it may see."""

    levels: dict[str, str]
    clearance: str


async def rights_of(context: RequestContext, space_kind: str, roles: Sequence[AccessRole]) -> list[Rights]:
    """The rights of each role in a space of this kind, to be shown; what may be done is decided by ``decide``.

    What was found is kept for as long as the policy stays the same.

    Raises:
        NoDecision: the policy does not answer.
    """
    edition, kept = context.policy.edition, _kept(context.app)
    keys = [_key(edition, space_kind, role) for role in roles]
    unknown = {key: role for key, role in zip(keys, roles, strict=True) if key not in kept}
    found = dict(zip(unknown, await _ask_for_rights(context, space_kind, list(unknown.values())), strict=True))
    if edition and edition == context.policy.edition:
        kept.update(found)
    return [found[key] if key in found else kept[key] for key in keys]


def _kept(app: App) -> dict[str, Any]:
    kept: dict[str, Any] = app.state.setdefault("rights", {})
    if len(kept) > LONGEST_KEPT:
        kept.clear()
    return kept


def _key(edition: str, space_kind: str, role: AccessRole) -> str:
    asked = role_input(role)
    return repr((edition, space_kind, asked["base"], sorted(asked["overrides"].items(), key=str)))


async def _ask_for_rights(context: RequestContext, space_kind: str, roles: Sequence[AccessRole]) -> list[Rights]:
    """One question for each tool, whatever the number of roles."""
    if not roles:
        return []
    await context.end_read()
    asked = [role_input(role) for role in roles]
    answers = await asyncio.gather(*(_levels(context, space_kind, asked, tool.type) for tool in TOOLS.values()))
    by_tool = dict(zip(TOOLS, answers, strict=True))
    return [
        Rights(
            levels={tool: answer[number]["level"] for tool, answer in by_tool.items()},
            clearance=answers[0][number]["clearance"],
        )
        for number in range(len(roles))
    ]


async def _levels(
    context: RequestContext, space_kind: str, asked: Sequence[dict[str, Any]], type_: str
) -> list[dict[str, Any]]:
    resource = {"type": type_, "space_kind": space_kind, "state": "published", "roles": []}
    classification = {} if type_ in UNCLASSIFIED else {"classification": DEFAULT_CLASSIFICATION}
    question = audience_input(context, asked, {**resource, **classification})
    found: list[dict[str, Any]] = (await context.policy.evaluate("audience", question))["roles"]
    return found


async def ceiling_of(context: RequestContext, place: Standing, base: str) -> dict[str, Any] | None:
    """The most that a role built on ``base`` may get here, to be shown; None where there is no such base."""
    edition, kept = context.policy.edition, _kept(context.app)
    key = repr((edition, place.space.kind, base))
    if key in kept:
        ceiling: dict[str, Any] | None = kept[key]
        return ceiling
    change = {"before": None, "after": {"base": base, **NO_TOOL}, "remaining_coordinators": 0}
    decision = await ask(context, "spaces.role.update", Resource("role", state="new"), place, change)
    if edition and edition == context.policy.edition:
        kept[key] = decision.ceiling
    return decision.ceiling


async def may_run_out(context: WorkContext, space: AccessSpace, base: str) -> bool:
    """Whether the policy lets a space be without anybody who acts in a role of this base. A job asks, no request."""
    await context.end_read()
    question = {
        "subject": {
            "account": None,
            "institution": None,
            "operator": False,
            "second_factor": False,
            "scopes": ["read"],
            "membership": None,
        },
        "action": "spaces.membership.end",
        "resource": Resource("membership").as_input(Standing(space, None, None)),
        "change": {"before": {"base": base}, "after": None, "remaining_coordinators": 0},
        "context": {"channel": "web", "now": int(context.now.timestamp()), "access_age_s": 0},
    }
    answer = await context.app.policy.evaluate("decision", question)
    return "last_coordinator" not in answer["reasons"]
