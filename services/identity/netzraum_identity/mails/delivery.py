"""Mail as jobs: written and handed over when it is due, tried again when it was not taken."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from netzraum_identity.accounts.models import Account
from netzraum_identity.links.service import Purpose, issue
from netzraum_identity.mails.wording import Section, render
from netzraum_platform.context import WorkContext
from netzraum_platform.errors import Unavailable
from netzraum_platform.jobs import JobHandler
from netzraum_platform.mail import compose

SETTINGS_PAGE = "/konto"
WAITS = (
    timedelta(seconds=2),
    timedelta(seconds=5),
    timedelta(seconds=15),
    timedelta(minutes=1),
    timedelta(minutes=10),
    timedelta(hours=1),
    timedelta(hours=6),
    timedelta(hours=17),
)


@dataclass(frozen=True)
class Recipient:
    address: str
    language: str


@dataclass(frozen=True)
class Letter:
    """One mail to one person: which template, with which values, and where its link leads (a path of the page).

    ``by_choice``: who does not want such mails can choose so.
    """

    template: str
    link: str | None = None
    values: dict[str, Any] = field(default_factory=dict)
    sections: Sequence[Section] = ()
    by_choice: bool = False


async def schedule_mail(
    context: WorkContext, template: str, account: uuid.UUID, link: str | None = None, **values: Any
) -> None:
    """Send a mail to an account, in its language, as soon as this transaction has committed."""
    payload = {"template": template, "account": account, "link": link, "values": values}
    await context.schedule("mail", payload)


async def send_mail(context: WorkContext, payload: dict[str, Any]) -> None:
    """Job ``mail``: what ``schedule_mail`` asked for. Nobody writes to an erased account.

    Values name an address of its own (``address``) where the mail does not go to the account's.
    """
    account = await context.db.get(Account, uuid.UUID(payload["account"]))
    if account is None or account.state == "erased":
        return
    values = dict(payload["values"])
    recipient = Recipient(values.pop("address", account.email), account.language)
    purpose = values.pop("purpose", None)
    link = payload["link"]
    if purpose is not None:
        link = issue(context, Purpose(purpose), account.id, values.pop("link_data", None))
    await deliver(context, recipient, Letter(payload["template"], link, {"name": account.name, **values}))


async def deliver(context: WorkContext, recipient: Recipient, letter: Letter) -> None:
    """Write the mail and hand it over; no transaction is open meanwhile.

    Raises:
        Unavailable: it was not taken; the job tries again.
    """
    app = context.app
    settings = app.public_url + SETTINGS_PAGE
    mail = render(
        letter.template,
        recipient.language,
        letter.values,
        app.public_url + letter.link if letter.link else None,
        settings,
        letter.sections,
    )
    await context.release()
    unsubscribe = settings if letter.by_choice else None
    await app.mail.send(compose(app.mail_from, recipient.address, mail.subject, mail.text, mail.html, unsubscribe))


def patient(kind: str, handler: JobHandler) -> JobHandler:
    """A job that sends a mail and comes again for a day while the mail server, or who is asked on the way, is away.

    ``tries`` in its payload is how often it came before, ``key`` the one under which it was scheduled.
    """

    async def try_again(context: WorkContext, payload: dict[str, Any]) -> None:
        tries = payload.get("tries", 0)
        try:
            await handler(context, payload)
        except Unavailable:
            if tries == len(WAITS):
                raise
            await context.rollback()
            again = {**payload, "tries": tries + 1}
            await context.schedule(kind, again, context.now + WAITS[tries], key=payload.get("key"))

    return try_again
