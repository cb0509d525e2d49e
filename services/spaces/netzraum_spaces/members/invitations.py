"""What identity does for memberships: accounts for addresses, and invitations by mail."""

import uuid

from netzraum_contracts.identity import AccountChanged
from netzraum_items import access
from netzraum_items.tables import Institution
from netzraum_platform.context import RequestContext
from netzraum_spaces.members.models import Membership
from netzraum_spaces.members.schemas import NewMember, PartnerInstitution


async def account_of_address(context: RequestContext, new: NewMember) -> AccountChanged:
    """The account of an address, as identity knows it or has just created it (and the institution as a partner).

    Raises:
        Unprocessable: there is no institution of this id.
        Unavailable: identity does not answer.
    """
    partner = await _institution(context, new)
    asked = {"email": new.email, "name": new.name, "institution": partner.name}
    asked.update(town=partner.town, kind=partner.kind)
    await context.end_read()
    return AccountChanged.model_validate(await context.app.call("identity", "POST", "/internal/addresses", json=asked))


async def learn(context: RequestContext, found: AccountChanged) -> None:
    """Put the account into the directory, unless identity's own event is there first."""
    await access.on_accounts(context, [found])


async def _institution(context: RequestContext, new: NewMember) -> PartnerInstitution:
    """By name as it was typed; by id as the directory knows it."""
    typed = new.partner()
    try:
        institution_id = uuid.UUID(typed.name)
    except ValueError:
        return typed
    known = await context.db.get(Institution, institution_id)
    if known is None:
        raise context.invalid("institution", "unknown_institution")
    return PartnerInstitution(name=known.name, town=known.town, kind=known.kind)


async def send_again(context: RequestContext, membership: Membership) -> None:
    """Have the invitation to the space sent once more."""
    invitation = {
        "account": str(membership.account_id),
        "space": str(membership.space_id),
        "inviter": str(context.principal.account),
    }
    await context.end_read()
    await context.app.call("identity", "POST", "/internal/invitations", json=invitation)
