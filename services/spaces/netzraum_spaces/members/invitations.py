"""What identity does for memberships: accounts for addresses, and invitations by mail."""

from netzraum_contracts.identity import AccountChanged
from netzraum_platform.context import RequestContext
from netzraum_spaces.members.models import Membership
from netzraum_spaces.members.schemas import NewMember


async def account_of_address(context: RequestContext, new: NewMember) -> AccountChanged:
    """The account of an address, as identity knows it or has just created it (and the institution as a partner).

    Raises:
        Unavailable: identity does not answer.
    """
    partner = new.partner()
    asked = {"email": new.email, "name": new.name, "institution": partner.name}
    asked.update(town=partner.town, kind=partner.kind)
    await context.db.commit()
    return AccountChanged.model_validate(await context.app.call("identity", "POST", "/internal/addresses", json=asked))


async def send_again(context: RequestContext, membership: Membership) -> None:
    """Have the invitation to the space sent once more."""
    invitation = {
        "account": str(membership.account_id),
        "space": str(membership.space_id),
        "inviter": str(context.principal.account),
    }
    await context.db.commit()
    await context.app.call("identity", "POST", "/internal/invitations", json=invitation)
