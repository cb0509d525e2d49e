"""Which policy is in force: for the operator, and for those who may read the policy in one of their spaces."""

from sqlalchemy import select

from netzraum_identity.operator.schemas import PolicyView
from netzraum_items.authorize import Decision, Resource, Standing, ask, refuse
from netzraum_items.tables import AccessMembership, AccessRole, AccessSpace
from netzraum_platform.context import RequestContext

ACTION = "identity.policy.read"
RESOURCE = Resource("policy")


async def read(context: RequestContext) -> PolicyView:
    """
    Raises:
        Forbidden: neither the operator, nor anybody who may read the policy anywhere.
    """
    refuse(await _decision(context))
    return PolicyView.of(await context.policy.publication())


async def _decision(context: RequestContext) -> Decision:
    """The operator's question, then one for each distinct role that the caller has anywhere."""
    decision = await ask(context, ACTION, RESOURCE)
    if decision.allow:
        return decision
    for place in await _distinct_places(context):
        decision = await ask(context, ACTION, RESOURCE, place)
        if decision.allow:
            break
    return decision


async def _distinct_places(context: RequestContext) -> list[Standing]:
    rows = await context.db.execute(
        select(AccessSpace, AccessMembership, AccessRole)
        .join(AccessMembership, AccessMembership.space_id == AccessSpace.space_id)
        .join(
            AccessRole,
            (AccessRole.space_id == AccessSpace.space_id) & (AccessRole.name == AccessMembership.role),
        )
        .where(AccessMembership.account_id == context.principal.account)
    )
    return [Standing(*row) for row in rows]
