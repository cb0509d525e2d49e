"""Whether somebody may be told of something where nobody asks for it: by mail, at every attempt to send one."""

import uuid

from netzraum_items import access
from netzraum_items.authorize import Resource, Standing
from netzraum_platform import metrics
from netzraum_platform.context import WorkContext


async def may_be_told(
    context: WorkContext,
    account: uuid.UUID,
    institution: uuid.UUID | None,
    action: str,
    resource: Resource,
    place: Standing | None,
    channel: str = "mail",
) -> bool:
    """Ask the policy for a person who has not logged in: reading only, no second factor.

    Raises:
        NoDecision: no answer.
    """
    await context.release()
    question = {
        "subject": {
            "account": str(account),
            "institution": str(institution) if institution else None,
            "operator": False,
            "second_factor": False,
            "scopes": ["read"],
            "membership": place.as_input() if place else None,
        },
        "action": action,
        "resource": resource.as_input(place),
        "context": {
            "channel": channel,
            "now": int(context.now.timestamp()),
            "access_age_s": access.age_s(context.app),
        },
    }
    answer = await context.app.policy.evaluate("decision", question)
    allowed: bool = answer.get("allow", False)
    for reason in answer.get("reasons") or ["none"]:
        metrics.DECISIONS.labels(context.app.name, "decision", str(allowed).lower(), reason).inc()
    return allowed
