"""What happens to items by the clock alone: they appear, and they go for good."""

import uuid
from typing import Any

from netzraum_items import search
from netzraum_items.items import Item
from netzraum_items.traces import APPEAR, ERASE, erased_at, leave_traces
from netzraum_platform.context import WorkContext
from netzraum_platform.jobs import JobHandler


async def erase_due(context: WorkContext, payload: dict[str, Any]) -> None:
    """Delete an item for good if its time has come; a later time has a job of its own."""
    item = await context.db.get(Item, uuid.UUID(payload["item"]))
    if item is None:
        return
    end = erased_at(item)
    if end is not None and end <= context.now:
        await erase(context, item)


async def erase(context: WorkContext, item: Item) -> None:
    """Delete an item with all that hangs on it; the audit keeps that it was there, and nothing of what it said."""
    await leave_traces(context, item, "erased")
    await search.forget(context.db, item)
    await item.let_go(context.db)
    await context.db.flush()
    await context.db.delete(item)


async def appear(context: WorkContext, payload: dict[str, Any]) -> None:
    """Tell that an item which was to come is visible now; one that changed since has told so itself."""
    item = await context.db.get(Item, uuid.UUID(payload["item"]))
    if item is None:
        return
    await context.db.refresh(item)
    if item.state_at(context.now) == "published" and item.news_at == item.visible_from:
        await leave_traces(context, item, "published")


ITEM_JOBS: dict[str, JobHandler] = {ERASE: erase_due, APPEAR: appear}
