"""How an institution registers: it applies, confirms its address by mail, and waits for the operator.

Nothing is looked up while somebody applies, so that the answer does not tell which addresses are known.
"""

import uuid
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from netzraum_identity.accounts.models import Account, new_account
from netzraum_identity.accounts.passwords import hash_password
from netzraum_identity.fields import address_key, name_key
from netzraum_identity.institutions.models import Institution, new_institution
from netzraum_identity.institutions.schemas import Registration
from netzraum_identity.links import service as links
from netzraum_identity.links.service import Purpose
from netzraum_identity.mails.delivery import Letter, Recipient, deliver, schedule_mail
from netzraum_platform.context import RequestContext, WorkContext
from netzraum_platform.errors import Conflict

LOG_IN_PAGE = "/anmelden"
INSTITUTIONS_PAGE = "/betrieb"


class AlreadyRegistered(Conflict):
    code = "already_registered"
    de = "Diese Adresse gehört schon zu einer registrierten Institution."
    en = "This address belongs to a registered institution already."


async def apply(context: RequestContext, wanted: Registration) -> None:
    """Take an application and send a mail; all applications are answered alike."""
    hashed = await hash_password(wanted.registrant.password)
    await context.begin_write()
    application = {
        "name": wanted.name,
        "town": wanted.town,
        "kind": wanted.kind,
        "registrant": wanted.registrant.name,
        "email": wanted.registrant.email,
        "password_hash": hashed,
        "language": context.language,
    }
    await context.schedule("registration", application)


async def send_confirmation(context: WorkContext, application: dict[str, Any]) -> None:
    """Job ``registration``: the link that confirms; or, where the address has its institution, how to log in."""
    account = await _account_of(context.db, application["email"])
    institution = await context.db.get(Institution, account.institution_id) if account else None
    values = {"name": application["registrant"], "institution": application["name"], "town": application["town"]}
    recipient = Recipient(application["email"], application["language"])
    if institution is not None and not _may_register(institution):
        await deliver(context, recipient, Letter("registration_known", LOG_IN_PAGE, values))
        return
    page = links.issue(context, Purpose.REGISTRATION, data=application)
    await deliver(context, recipient, Letter("registration_confirm", page, values))


async def confirm(context: RequestContext, token: str) -> Institution:
    """The address is confirmed: the institution waits for approval, and the operators hear of it.

    Raises:
        NotFound: no such link, or it was used.
        AlreadyRegistered: meanwhile the address belongs to a registered institution.
    """
    await context.begin_write()
    link = await links.take(context, Purpose.REGISTRATION, token)
    application = link.data
    account = await _account_of(context.db, application["email"])
    institution = await _institution_for(context, account, application)
    institution.state = "pending"
    institution.reason = None
    if account is None:
        account = await _registrant(context, institution.id, application)
    institution.registrant_id = account.id
    context.actor = account.id
    institution.changed(context)
    context.audit("institution:register", item=institution.id)
    await _tell_operators(context, institution)
    return institution


async def _institution_for(context: WorkContext, account: Account | None, application: dict[str, Any]) -> Institution:
    """A new institution; or the partner (with all its accounts) or refused one that applies now."""
    known = await context.db.get(Institution, account.institution_id) if account else None
    if known is not None and not _may_register(known):
        raise AlreadyRegistered
    known = known or await _partner_named(context.db, application["name"], application["town"])
    if known is None:
        return new_institution(context, application["name"], application["town"], application["kind"], "pending")
    if known.state == "partner":
        known.partner = True
        known.town = known.town or application["town"]
    else:
        known.rename(application["name"])
        known.town, known.kind = application["town"], application["kind"]
    return known


def _may_register(institution: Institution) -> bool:
    return institution.state in {"partner", "rejected"}


async def _registrant(context: WorkContext, institution: uuid.UUID, application: dict[str, Any]) -> Account:
    """The account that will be active once the institution is approved."""
    await context.db.flush()
    account = new_account(
        context,
        application["email"],
        application["registrant"],
        institution,
        application["language"],
        password_hash=application["password_hash"],
    )
    await context.db.flush()
    account.changed(context)
    return account


async def _account_of(db: AsyncSession, email: str) -> Account | None:
    account: Account | None = await db.scalar(select(Account).where(Account.address_key == address_key(email)))
    return account


async def _partner_named(db: AsyncSession, name: str, town: str) -> Institution | None:
    rows = select(Institution).where(Institution.name_key == name_key(name), Institution.state == "partner")
    partners = list(await db.scalars(rows.order_by(Institution.id)))
    return next((partner for partner in partners if name_key(partner.town) in {"", name_key(town)}), None)


async def _tell_operators(context: WorkContext, institution: Institution) -> None:
    operators = select(Account.id).where(Account.operator.is_(True), Account.state == "active")
    for operator in list(await context.db.scalars(operators)):
        await schedule_mail(
            context,
            "institution_waiting",
            operator,
            INSTITUTIONS_PAGE,
            institution=institution.name,
            town=institution.town,
        )
