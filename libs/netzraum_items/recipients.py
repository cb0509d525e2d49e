"""Whether somebody may be told of something where nobody asks for it: by mail, at every attempt to send one."""

import uuid
from dataclasses import dataclass

from netzraum_items import access
from netzraum_items.authorize import Resource, Standing, standing
from netzraum_items.tables import AccessSpace
from netzraum_platform import metrics
from netzraum_platform.context import WorkContext
from netzraum_platform.errors import Unavailable

TOO_OLD = "access_data_too_old"


@dataclass(frozen=True)
class Reader:
    """A person who has not logged in: may read at most, without a second factor."""

    account: uuid.UUID
    institution: uuid.UUID | None


async def place_at(context: WorkContext, space: uuid.UUID, account: uuid.UUID, version: int) -> Standing | None:
    """Where an account stands in a space at this access version or a newer one.

    Raises:
        NotFound, Unavailable: the space's owner, who was asked for it, has none, or does not answer.
    """
    known = await context.db.get(AccessSpace, space)
    if known is None or known.version < version:
        await context.release()
        await access.catch_up(context.app, space)
    return await standing(context.db, space, account)


async def may_read(
    context: WorkContext, reader: Reader, action: str, resource: Resource, place: Standing | None, channel: str
) -> bool:
    """Ask the policy, with no transaction open.

    Raises:
        NoDecision: no answer.
        Unavailable: the access data are too old to know; try again later.
    """
    await context.release()
    subject = {
        "account": str(reader.account),
        "institution": str(reader.institution) if reader.institution else None,
        "operator": False,
        "second_factor": False,
        "scopes": ["read"],
        "membership": place.as_input() if place else None,
    }
    now = {"channel": channel, "now": int(context.now.timestamp()), "access_age_s": access.age_s(context.app)}
    question = {"subject": subject, "action": action, "resource": resource.as_input(place), "context": now}
    answer = await context.app.policy.evaluate("decision", question)
    allowed, reasons = bool(answer.get("allow", False)), list(answer.get("reasons", []))
    for reason in reasons or ["none"]:
        metrics.DECISIONS.labels(context.app.name, "decision", str(allowed).lower(), reason).inc()
    if TOO_OLD in reasons:
        raise Unavailable("access")
    return allowed
