"""What an account was told by mail, so that it is told once, whichever mail came first."""

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, select

from netzraum_identity.mails.models import ToldItem, ToldNews
from netzraum_items.news import NewItem
from netzraum_platform.context import WorkContext
from netzraum_platform.dialect import inserting

LOOK_BACK = timedelta(days=8)
"""No mail tells what is older: a week, and a day on which no mail could be sent."""
OVERLAP = timedelta(minutes=1)
"""What is written while a mail is made is told by the next one; no transaction and no clock is further off."""


async def told_until(context: WorkContext, account: uuid.UUID) -> datetime:
    """What became news later was not told yet, but for single items."""
    until = await context.db.scalar(select(ToldNews.until).where(ToldNews.account_id == account))
    earliest = context.now - LOOK_BACK
    return max(until, earliest) if until is not None else earliest


async def not_told(context: WorkContext, account: uuid.UUID, items: Iterable[NewItem]) -> list[NewItem]:
    """Those that the account was not told of since they became news."""
    rows = await context.db.execute(select(ToldItem.item_id, ToldItem.at).where(ToldItem.account_id == account))
    told = {row.item_id: row.at for row in rows}
    return [item for item in items if item.item not in told or told[item.item] < item.at]


async def note_told(context: WorkContext, account: uuid.UUID, items: Sequence[uuid.UUID]) -> None:
    """Note that a mail has told the account of these items."""
    if items:
        rows = [{"account_id": account, "item_id": item, "at": context.now} for item in items]
        insert = inserting(context.app.database.dialect)(ToldItem).values(rows)
        keys = [ToldItem.account_id, ToldItem.item_id]
        await context.db.execute(insert.on_conflict_do_update(index_elements=keys, set_={"at": context.now}))


async def note_told_until(context: WorkContext, account: uuid.UUID, until: datetime) -> None:
    """Note that nothing is left to be told of what became news until then."""
    insert = inserting(context.app.database.dialect)(ToldNews).values(account_id=account, until=until)
    later = {"index_elements": [ToldNews.account_id], "set_": {"until": until}, "where": ToldNews.until < until}
    await context.db.execute(insert.on_conflict_do_update(**later))
    await context.db.execute(delete(ToldItem).where(ToldItem.account_id == account, ToldItem.at < until))


async def forget_told(context: WorkContext) -> None:
    """Drop what no mail would tell again anyway."""
    await context.db.execute(delete(ToldItem).where(ToldItem.at < context.now - LOOK_BACK))
