"""Invitations: read and accepted by who holds the token; accounts for the addresses that spaces takes in."""

import uuid

from fastapi import APIRouter

from netzraum_identity.invitations import service
from netzraum_identity.invitations.schemas import (
    Acceptance,
    Accepted,
    AccountFound,
    Address,
    InvitationToSend,
    InvitationView,
    Named,
)
from netzraum_identity.links.models import MailLink
from netzraum_identity.mails.memberships import schedule_invitation
from netzraum_platform.context import AnyRequest
from netzraum_platform.internal import InternalRequest

router = APIRouter(prefix="/invitations", tags=["invitations"])
internal = APIRouter(tags=["invitations"])


@router.get("/{token}")
async def read_invitation(token: str, context: AnyRequest) -> InvitationView:
    link, account, institution = await service.read(context, token)
    return InvitationView(
        email=account.email,
        name=account.name,
        institution=Named(id=institution.id, name=institution.name),
        space=_space(link),
        invited_by=link.data.get("inviter"),
        expires_at=link.expires_at,
    )


@router.post("/{token}/accept", status_code=201)
async def accept_invitation(token: str, body: Acceptance, context: AnyRequest) -> Accepted:
    link, account = await service.accept(context, token, body)
    return Accepted(id=account.id, email=account.email, name=account.name, space=_space(link))


@internal.post("/addresses")
async def find_account(body: Address, context: InternalRequest) -> AccountFound:
    """The account of an address; created as invited where it is new. No mail: memberships cause the invitation."""
    account, institution = await service.account_for(context, body)
    return AccountFound(
        account=account.id,
        name=account.name,
        function=account.function,
        institution=institution.id,
        institution_name=institution.name,
        state=account.state,
        version=account.version,
    )


@internal.post("/invitations", status_code=202)
async def invite_again(body: InvitationToSend, context: InternalRequest) -> None:
    """Send the invitation to a space once more."""
    await context.begin_write()
    await schedule_invitation(context, body.account, body.space, body.inviter)


def _space(link: MailLink) -> Named | None:
    if "space" not in link.data:
        return None
    return Named(id=uuid.UUID(link.data["space"]), name=link.data["space_name"])
