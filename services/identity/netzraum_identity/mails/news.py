"""Mails about what is new: one mechanism for all rhythms.

News in a space wakes one job for the space. It lets each member who wants mails be told at the next time of their
choice: one job for each account, which waits where it is if it waits already. That one asks the owners of the items, at
every attempt, what this account may be told of by mail and has not seen. If that is nothing, nothing is sent.
"""

import uuid
from collections.abc import Sequence
from itertools import groupby
from typing import Any

from sqlalchemy import or_, select

from netzraum_contracts.calendar import EventChanged
from netzraum_contracts.content import NoticeChanged, WikiPageChanged
from netzraum_contracts.items import ItemChanged
from netzraum_contracts.polls import PollChanged
from netzraum_contracts.tools import TOOLS
from netzraum_identity.accounts.models import Account
from netzraum_identity.institutions.models import Institution
from netzraum_identity.mails.delivery import Letter, Recipient, deliver
from netzraum_identity.mails.rhythm import gather_time, next_time
from netzraum_identity.mails.told import OVERLAP, not_told, note_told, note_told_until, told_until
from netzraum_identity.mails.tools import NAMES
from netzraum_identity.mails.wording import Entry, Section, moment
from netzraum_items.news import NewItem, News, NewsQuestion
from netzraum_items.tables import AccessMembership, AccessSpace
from netzraum_platform.context import WorkContext
from netzraum_platform.database import utc_now
from netzraum_platform.errors import NotFound

ITEM_EVENTS: Sequence[type[ItemChanged]] = (NoticeChanged, WikiPageChanged, EventChanged, PollChanged)
OWNERS = sorted({event.publisher() for event in ITEM_EVENTS})
NEVER = "never"
START_PAGE = "/"
TOGETHER = 200
"""As many accounts are scheduled in one transaction."""


async def on_item_changed(context: WorkContext, event: ItemChanged) -> None:
    """What can be seen may be new to somebody; to whom is asked later.

    It waits by the clock on the wall: the one of the app says what is recorded, and is turned back for demo data.
    """
    space = context.envelope.spaceid if context.envelope else None
    if event.state == "published" and space is not None:
        run_at = utc_now() + gather_time(context.app)
        await context.schedule("news_in_space", {"space": space}, run_at, key=str(space), keep=True)


async def schedule_members(context: WorkContext, payload: dict[str, Any]) -> None:
    """Job ``news_in_space``: each member who wants mails is asked about at the next time of their choice."""
    space, after = uuid.UUID(payload["space"]), uuid.UUID(int=0)
    while members := await _members(context, space, after):
        for member in members:
            await _schedule(context, member, keep=True)
        await context.release()
        after = members[-1].id


async def _members(context: WorkContext, space: uuid.UUID, after: uuid.UUID) -> Sequence[Account]:
    now = utc_now()
    runs = or_(AccessMembership.ends_at.is_(None), AccessMembership.ends_at > now)
    statement = (
        select(Account)
        .join(AccessMembership, AccessMembership.account_id == Account.id)
        .where(AccessMembership.space_id == space, AccessMembership.starts_at <= now, runs)
        .where(Account.id > after, Account.state == "active", Account.mail != NEVER)
    )
    return (await context.db.scalars(statement.order_by(Account.id).limit(TOGETHER))).all()


async def _schedule(context: WorkContext, account: Account, *, keep: bool) -> None:
    key = str(account.id)
    run_at = next_time(context.app, account, utc_now())
    await context.schedule("news_mail", {"account": account.id, "key": key}, run_at, key, keep=keep)


async def choice_changed(context: WorkContext, account: Account, before: str) -> None:
    """What waits comes at the new time. Who wanted nothing till now is not told what came meanwhile."""
    if account.mail == NEVER:
        return
    if before == NEVER:
        await note_told_until(context, account.id, context.now)
    await _schedule(context, account, keep=False)


async def send_news(context: WorkContext, payload: dict[str, Any]) -> None:
    """Job ``news_mail``: what is new to the account since it was told last.

    Raises:
        Unavailable: an owner of items, spaces or the policy does not answer; the job tries again.
    """
    account = await context.db.get(Account, uuid.UUID(payload["account"]))
    if account is None or account.state != "active" or account.mail == NEVER:
        return
    asked_at = context.now
    question = await _question(context, account)
    await context.release()
    found = [await News.of(context.app, owner, question) for owner in OWNERS]
    items = await not_told(context, account.id, [item for news in found for item in news.items])
    spaces = await _space_names(context, items)
    items = [item for item in items if item.space in spaces]
    if items:
        sections = await _sections(context, account, items, spaces)
        is_all = not any(news.more for news in found)
        values = {"name": account.name, "count": len(items), "title": items[0].title, "is_all": is_all}
        letter = Letter("news", START_PAGE, values, sections, by_choice=True)
        await deliver(context, Recipient(account.email, account.language), letter)
    await note_told(context, account.id, [item.item for item in items])
    await note_told_until(context, account.id, asked_at - OVERLAP)


async def _question(context: WorkContext, account: Account) -> NewsQuestion:
    """With what is known here of all spaces that the account is or was in."""
    rows = await context.db.execute(
        select(AccessSpace.space_id, AccessSpace.version)
        .join(AccessMembership, AccessMembership.space_id == AccessSpace.space_id)
        .where(AccessMembership.account_id == account.id)
    )
    return NewsQuestion(
        account=account.id,
        institution=account.institution_id,
        since=await told_until(context, account.id),
        access={row.space_id: row.version for row in rows},
    )


async def _space_names(context: WorkContext, items: Sequence[NewItem]) -> dict[uuid.UUID, str]:
    """Their owner knows them; a space that is no more has none."""
    await context.release()
    names = {}
    for space in dict.fromkeys(item.space for item in items):
        try:
            names[space] = (await context.app.call("spaces", "GET", f"/internal/spaces/{space}"))["name"]
        except NotFound:
            continue
    return names


async def _sections(
    context: WorkContext, account: Account, items: Sequence[NewItem], spaces: dict[uuid.UUID, str]
) -> list[Section]:
    """One for each space and tool, the newest item first in each."""
    authors = await _authors(context, items)
    order = list(TOOLS)

    def place(item: NewItem) -> tuple[str, uuid.UUID, int]:
        return spaces[item.space].casefold(), item.space, order.index(item.tool)

    def entry(item: NewItem) -> Entry:
        at = moment(item.at, account.language, account.timezone)
        detail = f"{authors[item.author]}, {at}" if item.author in authors else at
        return Entry(item.title, detail, context.app.public_url + TOOLS[item.tool].page_of(item.space, item.item))

    groups = groupby(sorted(sorted(items, key=lambda item: item.at, reverse=True), key=place), key=place)
    return [
        Section(
            f"{spaces[first.space]} – {NAMES[first.tool][account.language]}",
            [entry(item) for item in (first, *rest)],
        )
        for _place, group in groups
        for first, *rest in [list(group)]
    ]


async def _authors(context: WorkContext, items: Sequence[NewItem]) -> dict[uuid.UUID | None, str]:
    """Name and institution of those who wrote them."""
    rows = await context.db.execute(
        select(Account.id, Account.name, Institution.name)
        .join(Institution, Institution.id == Account.institution_id)
        .where(Account.id.in_({item.author for item in items if item.author is not None}))
    )
    return {account: f"{name} ({institution})" for account, name, institution in rows}
