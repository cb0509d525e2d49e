"""Which policy is in force: for the operator, and for those who may read the policy in one of their spaces."""

from netzraum_identity.anywhere import decide_anywhere
from netzraum_identity.operator.schemas import PolicyView
from netzraum_items.authorize import Resource
from netzraum_platform.context import RequestContext


async def read(context: RequestContext) -> PolicyView:
    """
    Raises:
        NotFound, Forbidden: neither the operator, nor anybody who may read the policy anywhere.
    """
    await decide_anywhere(context, "identity.policy.read", Resource("policy"))
    return PolicyView.of(await context.policy.publication())
