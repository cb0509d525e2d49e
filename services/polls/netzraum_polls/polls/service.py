"""What is done with polls, beside what is done with every item."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from netzraum_items import life
from netzraum_items.authorize import InSpace, Resource
from netzraum_items.on_item import OnItem, Shown
from netzraum_items.traces import leave_traces
from netzraum_platform.context import RequestContext, require_version
from netzraum_platform.errors import Unprocessable
from netzraum_polls.polls import opening
from netzraum_polls.polls.errors import NotClosed, Opened
from netzraum_polls.polls.models import Poll
from netzraum_polls.polls.opening import NOT_YET
from netzraum_polls.polls.questions import kept_questions
from netzraum_polls.polls.schemas import NewPoll, PollChange

COLUMNS = {"opens_at": "visible_from", "closes_at": "visible_until"}
PROMISED = frozenset({"questions", "secrecy", "results", "electorate", "change_allowed", "visible_from"})
"""What voters were told before their first click."""


async def create(room: InSpace, new: NewPoll) -> Shown[Poll]:
    """Write a poll, as a draft, to be opened at a time, or opened at once."""
    now = room.context.now
    values = {
        **new.model_dump(include={"text", "secrecy", "results", "electorate", "change_allowed"}),
        "questions": kept_questions(new.questions),
        "visible_from": new.opens_at,
        "visible_until": new.closes_at,
    }
    if fault := _fault(room.context, values, {"visible_until"}):
        new_one = Resource(Poll.TYPE, state="new", own=True, classification=new.classification)
        await room.decide(Poll.action("create"), new_one, fields=new.model_dump())
        raise fault
    opens = new.state == "published" and (new.opens_at is None or new.opens_at <= now)
    opened = opening.opening(new.secrecy, now) if opens else NOT_YET
    shown = await life.create(room, Poll, new, **values, **opened.columns)
    await opening.begin(room.context, shown.item, opened)
    return shown


async def update(on: OnItem[Poll], change: PollChange, if_match: str) -> Shown[Poll]:
    """Change a poll; a draft is published by its state, and opened by it where its time has come.

    Raises:
        Opened: it was opened, and what was promised to voters would change.
    """
    poll, context = on.item, on.context
    changes = {COLUMNS.get(name, name): value for name, value in change.given().items()}
    if "questions" in changes:
        changes["questions"] = kept_questions(change.questions)
    changed = {name for name, value in changes.items() if name != "roles" and getattr(poll, name) != value}
    if poll.opened_at is not None and changed & PROMISED:
        await on.may("update")
        require_version(if_match, poll.version)
        raise Opened
    will_be = {
        name: changes.get(name, getattr(poll, name)) for name in ("state", "secrecy", "results", *COLUMNS.values())
    }
    if fault := _fault(context, will_be, changed):
        await on.may("update")  # who may not know of the poll is told that there is none
        raise fault
    opened = opening.opening(will_be["secrecy"], context.now) if _opens(poll, will_be, context.now) else NOT_YET
    shown = await life.update(on, {**changes, **opened.columns}, if_match=if_match, reason=change.reason)
    await opening.begin(context, poll, opened)
    if poll.opened_at is not None and "visible_until" in changed:
        await opening.schedule_close(context, poll)
    return shown


def _opens(poll: Poll, will_be: Mapping[str, Any], now: datetime) -> bool:
    begins = will_be["visible_from"]
    return poll.opened_at is None and will_be["state"] == "published" and (begins is None or begins <= now)


def _fault(context: RequestContext, values: Mapping[str, Any], changed: set[str]) -> Unprocessable | None:
    """What is wrong: it would close in the past or before it opens, or show the results of a secret poll early."""
    begins, ends = values["visible_from"], values["visible_until"]
    if ends is not None and ends <= context.now and "visible_until" in changed:
        return context.invalid("closes_at", "in_the_past")
    if begins is not None and ends is not None and ends <= begins:
        return context.invalid("closes_at", "ends_before_it_begins")
    if values["secrecy"] == "secret" and values["results"] != "after_close":
        return context.invalid("results", "results_of_secret")
    return None


async def open_now(on: OnItem[Poll]) -> Shown[Poll]:
    """Open a draft or a poll that was to open later.

    Raises:
        Opened: it was opened before.
        Unprocessable: its end has passed.
    """
    poll, context = on.item, on.context
    await on.may("open")
    if poll.opened_at is not None:
        raise Opened
    if poll.is_over(context.now):
        raise context.invalid("closes_at", "in_the_past")
    if poll.state_at(context.now) == "draft":
        await life.publishable(on)
    actions = (
        await on.ask(poll.action("read"), on.resource_with({"state": "published", "visible_from": None}, on.roles))
    ).actions
    opened = opening.opening(poll.secrecy, context.now)
    await context.begin_write()
    for name, value in opened.columns.items():
        setattr(poll, name, value)
    poll.state, poll.visible_from = "published", None
    poll.updated_at = poll.news_at = context.now
    await leave_traces(context, poll, "published", verb="open")
    await opening.begin(context, poll, opened)
    return on.shown(actions)


async def write_outcome(on: OnItem[Poll], text: str) -> Shown[Poll]:
    """Say what follows from the results; an empty text takes it back.

    Raises:
        NotClosed: there are no results yet.
    """
    poll, context = on.item, on.context
    decision = await on.may("write_outcome")
    if poll.closed_at is None:
        raise NotClosed
    await context.begin_write()
    poll.outcome, poll.updated_at = text.strip() or None, context.now
    await leave_traces(context, poll, "updated", verb="write_outcome")
    return on.shown(decision.actions)
