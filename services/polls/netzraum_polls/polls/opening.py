"""Opening a poll: at once, by hand, or by the clock. The key of a secret poll is there before it is open."""

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from nacl.public import PrivateKey

from netzraum_items import timed
from netzraum_platform.context import WorkContext
from netzraum_polls.polls.models import Poll
from netzraum_polls.polls.secret_keys import keys_of

CLOSE, REMIND = "polls.close", "polls.remind"
REMIND_BEFORE = timedelta(hours=24)


@dataclass(frozen=True)
class Opening:
    """What opening changes of a poll, and the private key that a secret one gets."""

    columns: Mapping[str, Any]
    key: PrivateKey | None = None


NOT_YET = Opening({})


def opening(secrecy: str, now: datetime) -> Opening:
    if secrecy != "secret":
        return Opening({"opened_at": now})
    key = PrivateKey.generate()
    return Opening({"opened_at": now, "public_key": bytes(key.public_key).hex()}, key)


async def begin(context: WorkContext, poll: Poll, opened: Opening) -> None:
    """What follows from an opening within its transaction. Of two at once the row lets one through; its key stays."""
    await context.db.flush()
    if opened.key is not None:
        await asyncio.to_thread(keys_of(context.app).keep, poll.id, opened.key)
    if opened.columns:
        await schedule_close(context, poll)


async def schedule_close(context: WorkContext, poll: Poll) -> None:
    """Close, and remind a day before, at the poll's time, whatever it was before."""
    ends = poll.visible_until
    if ends is None:
        return
    payload, key = {"item": poll.id}, str(poll.id)
    await context.schedule(CLOSE, payload, ends, key=key)
    if ends - REMIND_BEFORE > context.now:
        await context.schedule(REMIND, payload, ends - REMIND_BEFORE, key=key)


async def appear(context: WorkContext, payload: dict[str, Any]) -> None:
    """Open a poll whose time has come, and tell so; one that was opened by hand has told so itself."""
    poll = await context.db.get(Poll, uuid.UUID(payload["item"]))
    if poll is None or poll.opened_at is not None or poll.state_at(context.now) != "published":
        return
    opened = opening(poll.secrecy, context.now)
    for name, value in opened.columns.items():
        setattr(poll, name, value)
    await begin(context, poll, opened)
    await timed.appear(context, payload)
