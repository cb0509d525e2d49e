"""What every step in the life of an item leaves behind: audit, activity, search entry, event, timed work."""

import asyncio
from collections.abc import Sequence
from datetime import datetime, time, timedelta
from textwrap import shorten
from zoneinfo import ZoneInfo

from netzraum_contracts.items import ItemWhat
from netzraum_items import activity, search
from netzraum_items.items import Item
from netzraum_platform.context import WorkContext

EXCERPT_LENGTH = 240
KEEP_DELETED = timedelta(days=30)
DAYS_BEGIN_IN = ZoneInfo("Europe/Berlin")
ERASE, APPEAR = "items.erase", "items.appear"


def erased_at(item: Item) -> datetime | None:
    """When an item goes for good: as its day of deletion begins, or 30 days after it was deleted."""
    ends = [] if item.deleted_at is None else [item.deleted_at + KEEP_DELETED]
    if item.delete_on is not None:
        ends.append(datetime.combine(item.delete_on, time(), DAYS_BEGIN_IN))
    return min(ends, default=None)


async def leave_traces(
    context: WorkContext,
    item: Item,
    what: ItemWhat,
    reason: str | None = None,
    verb: str | None = None,
    **details: object,
) -> None:
    """Note, index, tell and schedule what follows from a step that was made within this transaction.

    ``verb`` is how the audit calls it where that says more than ``what`` does; ``details`` go into the audit: ids and
    states, no texts.
    """
    body = "" if what == "erased" else item.searchable()
    item.excerpt = _excerpt_of(body)
    await context.db.flush()
    _note(context, item, what, reason, verb, **details)
    if what != "erased":
        await search.index(context.db, item, body)
        await _schedule(context, item)


async def leave_first_traces(context: WorkContext, items: Sequence[Item], verb: str | None = None) -> None:
    """As ``leave_traces``, of items that are new: in as many statements, however many they are."""
    bodies = []
    for item in items:
        bodies.append(item.searchable())
        item.excerpt = _excerpt_of(bodies[-1])
        await asyncio.sleep(0)  # long texts take a while: others come in between
    await context.db.flush()
    for item in items:
        is_published = item.state_at(context.now) == "published"
        _note(context, item, "published" if is_published else "created", verb=verb)
        await _schedule(context, item)
    await search.index_new(context.db, zip(items, bodies, strict=True))


def _excerpt_of(body: str) -> str:
    return shorten(body, EXCERPT_LENGTH, placeholder=" …")


def _note(
    context: WorkContext,
    item: Item,
    what: ItemWhat,
    reason: str | None = None,
    verb: str | None = None,
    **details: object,
) -> None:
    """Into the audit, the activity and an event."""
    context.audit(
        f"{item.TYPE}:{verb or what}",
        item=item.id,
        space=item.space_id,
        reason=reason,
        classification=item.classification,
        version=item.version,
        **details,
    )
    if what != "erased":
        activity.note(context.db, item, what, context.actor or item.author_id, context.now)
    _tell(context, item, what)


def _tell(context: WorkContext, item: Item, what: ItemWhat) -> None:
    context.publish(
        item.EVENT(
            item=item.id,
            type=item.TYPE,
            tool=item.TOOL,
            what=what,
            state=item.state_at(context.now),
            author=item.author_id,
            version=item.version,
            at=context.now,
        ),
        subject=item.id,
        space=item.space_id,
        classification=item.classification,
    )


async def _schedule(context: WorkContext, item: Item) -> None:
    end = erased_at(item)
    if end is not None:
        await context.schedule(ERASE, {"item": item.id}, end, key=str(item.id))
    if item.state_at(context.now) == "coming" and item.visible_from is not None:
        await context.schedule(APPEAR, {"item": item.id}, item.visible_from, key=str(item.id))
