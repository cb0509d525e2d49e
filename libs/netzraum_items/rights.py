"""What roles effectively may, for those who set them and those who hold them. The policy is asked for all of it."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from netzraum_items.authorize import Resource, Standing, ask, audience_input, role_input
from netzraum_items.tables import AccessRole, AccessSpace
from netzraum_platform.context import RequestContext, WorkContext

TYPE_OF_TOOL = {
    "notices": "notice",
    "records": "record",
    "calendar": "event",
    "files": "file",
    "bookmarks": "bookmark",
    "wiki": "wiki_page",
    "forum": "thread",
    "blog": "article",
    "polls": "poll",
    "members": "membership",
}
"""The level of a tool is asked for by a type that belongs to it."""
UNCLASSIFIED = frozenset({"membership"})
NO_TOOL = {"levels": {"": "manage"}}
"""More than any role may have: so the policy names the ceiling."""


@dataclass(frozen=True)
class Rights:
    """The level that a role has for each tool, and the highest classification that it may see."""

    levels: dict[str, str]
    clearance: str


async def rights_of(context: RequestContext, space_kind: str, roles: Sequence[AccessRole]) -> list[Rights]:
    """The rights of each role in a space of this kind; one question for each tool, whatever the number of roles.

    Raises:
        NoDecision: the policy does not answer.
    """
    await context.db.commit()
    asked = [role_input(role) for role in roles]

    async def answers(type_: str) -> list[dict[str, Any]]:
        resource = {"type": type_, "space_kind": space_kind, "state": "published", "roles": []}
        classification = {} if type_ in UNCLASSIFIED else {"classification": "internal"}
        question = audience_input(context, asked, {**resource, **classification})
        answer = await context.policy.evaluate("audience", question)
        found: list[dict[str, Any]] = answer["roles"]
        return found

    by_tool = dict(
        zip(TYPE_OF_TOOL, await asyncio.gather(*(answers(type_) for type_ in TYPE_OF_TOOL.values())), strict=True)
    )
    return [
        Rights(
            levels={tool: answer[number]["level"] for tool, answer in by_tool.items()},
            clearance=by_tool["members"][number]["clearance"],
        )
        for number in range(len(roles))
    ]


async def ceiling_of(context: RequestContext, place: Standing, base: str) -> dict[str, Any] | None:
    """The most that a role built on ``base`` may get here; None where there is no such base."""
    change = {"before": None, "after": {"base": base, **NO_TOOL}, "remaining_coordinators": 0}
    decision = await ask(context, "spaces.role.update", Resource("role", state="new"), place, change)
    return decision.ceiling


async def may_run_out(context: WorkContext, space: AccessSpace, base: str) -> bool:
    """Whether the policy lets a space be without anybody who acts in a role of this base. A job asks, no request."""
    await context.db.commit()
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
