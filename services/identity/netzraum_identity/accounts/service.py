"""What people do with their own account."""

import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from netzraum_identity.accounts.models import Account, new_account
from netzraum_identity.accounts.passwords import hash_password
from netzraum_identity.accounts.schemas import AccountChange, EmailChange, PasswordChange
from netzraum_identity.fields import address_key
from netzraum_identity.institutions.service import find_or_create
from netzraum_identity.links import service as links
from netzraum_identity.links.service import Purpose
from netzraum_identity.mails.delivery import Letter, Recipient, deliver, schedule_mail
from netzraum_identity.mails.memberships import invite_again
from netzraum_identity.mails.news import choice_changed
from netzraum_identity.sessions import service as sessions
from netzraum_identity.sessions import throttle
from netzraum_identity.sessions.log_in import require_password
from netzraum_platform.context import App, RequestContext, WorkContext
from netzraum_platform.errors import Conflict, NotFound

OPERATORS_INSTITUTION = "Plattformbetrieb"
FORGOTTEN_PAGE = "/passwort"
RESET_MAIL_EVERY = timedelta(minutes=1)


class AddressTaken(Conflict):
    code = "address_taken"
    de, en = "Diese Adresse gehört schon zu einem anderen Konto.", "This address belongs to another account already."


async def change(context: RequestContext, account: Account, wanted: AccountChange) -> None:
    """Change what is named; tell everybody where it is something that others see."""
    await context.begin_write()
    before, zone_before = account.mail, account.timezone
    values = wanted.model_dump(exclude_unset=True)
    values = {name: value for name, value in values.items() if value is not None or name == "function"}
    if "function" in values:
        values["function"] = values["function"] or None
    for name, value in values.items():
        setattr(account, name, value)
    if values:
        account.changed(context)
        context.audit("account:update", item=account.id, fields=sorted(values))
    if (account.mail, account.timezone) != (before, zone_before):
        await choice_changed(context, account, before)


async def change_password(context: RequestContext, wanted: PasswordChange) -> None:
    """
    Raises:
        Unprocessable: the current password is wrong.
    """
    account, _session = await sessions.own(context)
    await require_password(context, account, wanted.current, "current")
    hashed = await hash_password(wanted.new)
    await context.begin_write()
    await _set_password(context, account, hashed)
    await sessions.end_others(context, account.id)


async def _set_password(context: WorkContext, account: Account, hashed: str) -> None:
    account.password_hash = hashed
    await links.withdraw(context.db, account.id, Purpose.PASSWORD)
    context.audit("account:password", item=account.id)
    await schedule_mail(context, "password_changed", account.id, FORGOTTEN_PAGE)


async def ask_email_change(context: RequestContext, wanted: EmailChange) -> None:
    """Let the new address confirm and tell the old one. Whether the new one is taken shows only to its owner.

    Raises:
        Unprocessable: the current password is wrong.
    """
    account, _session = await sessions.own(context)
    await require_password(context, account, wanted.current, "current")
    await context.begin_write()
    await links.withdraw(context.db, account.id, Purpose.EMAIL)
    context.audit("account:email_asked", item=account.id)
    await schedule_mail(
        context,
        "email_confirm",
        account.id,
        address=wanted.new,
        purpose=Purpose.EMAIL,
        link_data={"email": wanted.new},
    )
    await schedule_mail(context, "email_changed", account.id, FORGOTTEN_PAGE, new_email=wanted.new, done=False)


async def confirm_email(context: RequestContext, token: str) -> None:
    """The new address counts from now on; the old one is told. The token proves who asks, no log-in is needed.

    Raises:
        NotFound: no such link.
        AddressTaken: it belongs to another account by now.
    """
    await context.begin_write()
    link = await links.take(context, Purpose.EMAIL, token)
    account = await context.db.get_one(Account, link.account_id)
    context.actor = account.id
    former = account.email
    account.email, account.address_key = link.data["email"], address_key(link.data["email"])
    account.version += 1
    try:
        await context.db.flush()
    except IntegrityError:
        raise AddressTaken from None
    context.publish(account.as_event(), subject=account.id)
    context.audit("account:email", item=account.id)
    await links.withdraw(context.db, account.id, Purpose.PASSWORD)
    await sessions.end_others(context, account.id)
    await schedule_mail(
        context, "email_changed", account.id, FORGOTTEN_PAGE, address=former, new_email=account.email, done=True
    )


async def ask_password_reset(context: RequestContext, email: str) -> None:
    """Looks nothing up, so that an answer tells nothing; the job does."""
    await context.begin_write()
    await context.schedule("password_reset", {"address_key": address_key(email)})


async def send_password_reset(context: WorkContext, payload: dict[str, Any]) -> None:
    """Job ``password_reset``: a link for who has a password, the invitation again for who has none yet.

    Others get nothing, and nobody gets more than one a minute: of several requests that are worked on at once, each
    waits for the link that another one makes, and finds it.
    """
    asked = select(Account).where(Account.address_key == payload["address_key"]).with_for_update()
    account = await context.db.scalar(asked)
    if account is None:
        return
    if account.state == "invited" and account.password_hash is None:
        await invite_again(context, account)
    if account.state != "active":
        return
    if payload.get("tries", 0) == 0 and not await _may_ask(context, account):
        return
    page = links.issue(context, Purpose.PASSWORD, account.id)
    letter = Letter("password_reset", page, {"name": account.name})
    await deliver(context, Recipient(account.email, account.language), letter)


async def _may_ask(context: WorkContext, account: Account) -> bool:
    """Whether the last mail is old enough for another one."""
    latest = await links.newest(context.db, account.id, Purpose.PASSWORD)
    if latest is not None and latest > context.now - RESET_MAIL_EVERY:
        return False
    context.audit("account:password_reset_asked", item=account.id)
    return True


async def reset_password(context: RequestContext, token: str, password: str) -> None:
    """Set a new password by a mailed link; all log-ins end. A second factor stays needed.

    Raises:
        NotFound: no such link, or it was used.
    """
    await links.find(context.db, Purpose.PASSWORD, token, context.now)
    await context.release()
    hashed = await hash_password(password)
    await context.begin_write()
    link = await links.take(context, Purpose.PASSWORD, token)
    account = await context.db.get_one(Account, link.account_id)
    if account.state != "active":
        raise NotFound
    context.actor = account.id
    await throttle.forgive(context, account)
    await _set_password(context, account, hashed)
    await sessions.end_all(context, account.id)


async def create_operator(app: App, email: str, name: str, password: str) -> uuid.UUID:
    """Make an account that operates the platform, or make a known one an operator with this password.

    For the command line; the database must be migrated.
    """
    hashed = await hash_password(password)
    async with app.database.session(write=True) as db:
        context = WorkContext(app, db)
        account = await db.scalar(select(Account).where(Account.address_key == address_key(email)))
        if account is None:
            institution = await find_or_create(context, OPERATORS_INSTITUTION)
            account = new_account(context, email, name, institution.id)
        account.name, account.password_hash, account.operator, account.state = name, hashed, True, "active"
        await db.flush()
        account.changed(context)
        await sessions.end_all(context, account.id)
        context.audit("account:create_operator", item=account.id)
        await context.commit()
        return account.id
