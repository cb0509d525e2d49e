"""Mails about memberships: invited, welcome, another role, ended.

Every mail asks the owner for the space's name and the policy, at every attempt, whether its holder may still have it.
"""

import uuid
from typing import Any

from sqlalchemy import select

from netzraum_contracts.spaces import Membership, MembershipChanged
from netzraum_identity.accounts.models import Account
from netzraum_identity.institutions.models import Institution
from netzraum_identity.links import service as links
from netzraum_identity.links.service import Purpose
from netzraum_identity.mails.delivery import Letter, Recipient, deliver
from netzraum_identity.mails.models import ToldMembership
from netzraum_items.authorize import Resource
from netzraum_items.recipients import Reader, may_read, place_at
from netzraum_platform.context import WorkContext

SPACE_PAGE = "/raum/"
OPTIONAL = {"welcome", "role_changed"}
"""Who wants no mails gets these neither; an invitation and the end of a membership are told in any case."""


async def on_membership_changed(context: WorkContext, event: MembershipChanged) -> None:
    """Compare with what the member was last told; what differs is a mail. An invitation ends with its membership."""
    membership = event.membership
    told = await context.db.get(ToldMembership, (event.space, membership.account), with_for_update=True)
    if told is not None and told.version >= event.access_version:
        return
    news = _news(told, membership)
    accepted = told is not None and told.state == "invited"  # who accepts an invitation has read the words in it
    await context.db.merge(
        ToldMembership(
            space_id=event.space,
            account_id=membership.account,
            state=membership.state,
            role=membership.role,
            version=event.access_version,
        )
    )
    if membership.state == "ended":
        await links.withdraw_invitations(context.db, membership.account, event.space)
    if news is not None:
        payload = {"mail": news, "account": membership.account, "space": event.space, "inviter": context.actor}
        details = {"version": event.access_version, "with_words": not accepted}
        await context.schedule("membership_mail", {**payload, **details})


def _news(told: ToldMembership | None, membership: Membership) -> str | None:
    """Which mail the change is worth."""
    if told is None or told.state != membership.state:
        return {"invited": "invitation", "active": "welcome", "ended": "membership_ended"}[membership.state]
    if membership.state == "active" and told.role != membership.role:
        return "role_changed"
    return None


async def schedule_invitation(
    context: WorkContext, account: uuid.UUID, space: uuid.UUID, inviter: uuid.UUID | None
) -> None:
    payload = {"mail": "invitation", "account": account, "space": space, "inviter": inviter}
    await context.schedule("membership_mail", {**payload, "version": 0, "with_words": True})


async def invite_again(context: WorkContext, account: Account) -> None:
    """For who asks for a password and has none yet: the invitation to the space that came last."""
    rows = select(ToldMembership.space_id).where(
        ToldMembership.account_id == account.id, ToldMembership.state == "invited"
    )
    space = await context.db.scalar(rows.order_by(ToldMembership.version.desc()).limit(1))
    if space is not None:
        await schedule_invitation(context, account.id, space, None)


async def send_membership_mail(context: WorkContext, payload: dict[str, Any]) -> None:
    """Job ``membership_mail``. Nothing is sent that is not so any more.

    Raises:
        Unavailable: spaces or the policy does not answer; the job tries again.
    """
    space, template = uuid.UUID(payload["space"]), payload["mail"]
    account = await context.db.get(Account, uuid.UUID(payload["account"]))
    if account is None or account.state in {"suspended", "erased"} or not _fits(template, account):
        return
    if template != "membership_ended" and not await _may_know(context, space, account, payload["version"]):
        return
    await context.release()
    found = await context.app.call("spaces", "GET", f"/internal/spaces/{space}?account={account.id}")
    words = found["welcome"] if payload.get("with_words") else ""
    values = {"name": account.name, "space_name": found["name"], "words": words}
    link = f"{SPACE_PAGE}{space}" if template != "membership_ended" else None
    if template == "invitation":
        values["inviter"] = await _inviter(context, payload["inviter"])
        link = _invitation(context, account, space, values)
    await deliver(context, Recipient(account.email, account.language), Letter(template, link, values))


def _fits(template: str, account: Account) -> bool:
    """An invitation is for who has no password; the welcome for who has, and wants mails."""
    if template in OPTIONAL and account.mail == "never":
        return False
    invited = account.state == "invited"
    return invited if template == "invitation" else not invited


async def _may_know(context: WorkContext, space: uuid.UUID, account: Account, version: int) -> bool:
    """Whether the policy lets this person see the space on its page, as of now; its name may stand in any mail."""
    place = await place_at(context, space, account.id, version)
    who = Reader(account.id, account.institution_id)
    return await may_read(context, who, "spaces.space.read", Resource("space"), place, channel="mail")


def _invitation(context: WorkContext, account: Account, space: uuid.UUID, values: dict[str, Any]) -> str:
    data = {"space": str(space), "space_name": values["space_name"], "inviter": values["inviter"]}
    return links.issue(context, Purpose.INVITATION, account.id, data)


async def _inviter(context: WorkContext, account_id: str | None) -> str | None:
    """Name and institution of who takes somebody in."""
    if account_id is None:
        return None
    row = (
        await context.db.execute(
            select(Account.name, Institution.name)
            .join(Institution, Institution.id == Account.institution_id)
            .where(Account.id == uuid.UUID(account_id))
        )
    ).one_or_none()
    return f"{row[0]} ({row[1]})" if row is not None else None
