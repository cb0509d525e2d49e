"""Invited accounts: created for an address, sent a link, active once they have set a password."""

import uuid

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from netzraum_identity.accounts.models import Account, new_account
from netzraum_identity.accounts.passwords import hash_password
from netzraum_identity.fields import address_key
from netzraum_identity.institutions.models import Institution
from netzraum_identity.institutions.service import find_or_create
from netzraum_identity.invitations.schemas import Acceptance, Address
from netzraum_identity.links import service as links
from netzraum_identity.links.models import MailLink
from netzraum_identity.links.service import Purpose
from netzraum_platform.context import RequestContext, WorkContext
from netzraum_platform.errors import Conflict, NotFound


class AlreadyAccepted(Conflict):
    code = "already_accepted"
    de = "Diese Einladung ist schon angenommen. Bitte melden Sie sich an."
    en = "This invitation is accepted already. Please log in."


async def account_for(context: WorkContext, address: Address) -> tuple[Account, Institution]:
    """The account of an address. An unknown one is created as invited, its institution as partner where it is new.

    Raises:
        NotFound: the institution is named by an id that does not exist.
    """
    known = await _known(context, address.email)
    if known is not None:
        return known
    await context.begin_write()
    known = await _known(context, address.email)
    if known is not None:
        return known
    institution = await _institution(context, address)
    try:
        async with context.db.begin_nested():
            account = new_account(context, address.email, address.name, institution.id)
            await context.db.flush()
    except IntegrityError:  # another request was faster
        return await account_for(context, address)
    account.changed(context)
    context.audit("account:invite", item=account.id)
    return account, institution


async def _known(context: WorkContext, email: str) -> tuple[Account, Institution] | None:
    row = (
        await context.db.execute(
            select(Account, Institution)
            .join(Institution, Institution.id == Account.institution_id)
            .where(Account.address_key == address_key(email))
        )
    ).one_or_none()
    return (row[0], row[1]) if row is not None else None


async def _institution(context: WorkContext, address: Address) -> Institution:
    if isinstance(address.institution, str):
        return await find_or_create(context, address.institution, address.town, address.kind)
    institution = await context.db.get(Institution, address.institution)
    if institution is None:
        raise NotFound
    return institution


async def read(context: RequestContext, token: str) -> tuple[MailLink, Account, Institution]:
    """
    Raises:
        NotFound: no such invitation, or it has expired.
        AlreadyAccepted
    """
    link = await links.find(context.db, Purpose.INVITATION, token, context.now)
    account = await context.db.get_one(Account, link.account_id)
    if account.state != "invited":
        raise AlreadyAccepted
    return link, account, await context.db.get_one(Institution, account.institution_id)


async def accept(context: RequestContext, token: str, wanted: Acceptance) -> tuple[MailLink, Account]:
    """Set name and password; the account is active from now on, and so are its memberships, by the event.

    Raises:
        NotFound, AlreadyAccepted
    """
    await read(context, token)
    await context.release()
    hashed = await hash_password(wanted.password)
    await context.begin_write()
    link = await links.find(context.db, Purpose.INVITATION, token, context.now, lock=True)
    account = await _invited(context, link.account_id)
    context.actor = account.id
    account.name, account.password_hash, account.state = wanted.name, hashed, "active"
    account.language = context.language
    account.changed(context)
    context.audit("invitation:accept", item=account.id)
    return link, account


async def _invited(context: WorkContext, account_id: uuid.UUID | None) -> Account:
    rows = select(Account).where(Account.id == account_id).with_for_update()
    account = (await context.db.scalars(rows.execution_options(populate_existing=True))).one()
    if account.state != "invited":
        raise AlreadyAccepted
    return account
