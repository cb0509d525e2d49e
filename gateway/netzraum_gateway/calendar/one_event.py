"""One event as its page shows it: which of its dates is looked at, the others, who comes, my answer."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from netzraum_gateway.api import ApiProblem
from netzraum_gateway.calendar.dates import REFUSALS, day_of, occurrences, today, zone
from netzraum_gateway.calendar.entries import Occurrence
from netzraum_gateway.calendar.recurrence import choices_of
from netzraum_gateway.items.tool import Values
from netzraum_gateway.navigation import keyed
from netzraum_gateway.page import Form, Page

MOST_DATES = 6
DAYS_OF_DATES = 370
"""Within which the next dates of a series are looked for; a window has at most 400 days."""
OWN_TEXTS = ("title", "text", "place", "link")


async def around(page: Page, event: Values) -> Values:
    """What an event is shown with: the date that is looked at, the others, who comes, my answer."""
    frame, dates, timezone = await asyncio.gather(page.frame(), dates_of(page, event), zone(page))
    occurrence = date_of(event, asked(page), dates)
    replies, people = await asyncio.gather(_replies(page, event, occurrence), members(page))
    begins = day_of(event["start"], event["timezone"])
    mine = frame.me["id"] if frame.me else None
    return {
        "occurrence": occurrence,
        "dates": dates[:MOST_DATES],
        "rule": choices_of(event["rrule"], begins, event["timezone"]),
        "day": begins,
        "day_shown": day_of(occurrence["start"], timezone),
        "replies": replies,
        "people": [each["account"] for each in people if each["account"]["id"] != mine],
        "my_spaces": keyed(frame.spaces),
        "form": _my_answer(page, event, replies, mine),
    }


def asked(page: Page) -> str:
    """The original start of the date that the page is about."""
    return page.text("occurrence") or page.query("termin")


async def members(page: Page) -> Sequence[Mapping[str, Any]]:
    """The active members of the space; none where I may not read them."""
    try:
        found = await page.api.get(f"spaces/{page.part('space')}/members", state="active", limit=200)
    except ApiProblem as problem:
        if problem.status not in (403, 404, 503):
            raise
        return []
    people: Sequence[Mapping[str, Any]] = found["items"]
    return people


async def dates_of(page: Page, event: Values) -> list[Occurrence]:
    """The dates of a series from the one that is asked for on, or from today on."""
    if not event["rrule"] and not event["rdates"]:
        return []
    first = await _day_asked(page, event)
    try:
        found = await occurrences(page, first, first + timedelta(days=DAYS_OF_DATES), page.part("space"))
    except ApiProblem as problem:
        if problem.status not in (*REFUSALS, 422):
            raise
        return []
    return [each for each in found if each["event"] == event["id"]]


async def _day_asked(page: Page, event: Values) -> date:
    try:
        return day_of(asked(page), await zone(page))
    except ValueError:
        return max(await today(page), day_of(event["start"], await zone(page)))


def date_of(event: Values, original: str, dates: Sequence[Occurrence]) -> Occurrence:
    """The date that is asked for, where the event has it; else the next one, or the first."""
    known = {each["occurrence"]: each for each in dates}
    changed = {each["occurrence"]: each for each in event["changed"]}
    if original in changed:
        return _changed(event, changed[original])
    if original in known:
        return {**known[original], **{name: event[name] for name in OWN_TEXTS}}
    if dates and original != event["start"]:
        return date_of(event, dates[0]["occurrence"], dates)
    if event["start"] in changed:
        return _changed(event, changed[event["start"]])
    first = {name: event[name] for name in (*OWN_TEXTS, "start", "end")}
    return {**first, **_place(event, event["start"]), "moved": False, "cancelled": False}


def _changed(event: Values, changed: Mapping[str, Any]) -> Occurrence:
    """What it has of its own, else as in the series."""
    own = {name: event[name] if changed[name] is None else changed[name] for name in OWN_TEXTS}
    moved = (changed["start"], changed["cancelled"]) != (changed["occurrence"], True)
    return {**changed, **own, **_place(event, changed["occurrence"]), "moved": moved}


def _place(event: Values, original: str) -> dict[str, Any]:
    return {"event": event["id"], "space": event["space"], "occurrence": original}


async def _replies(page: Page, event: Values, occurrence: Occurrence) -> Any:
    """Who was asked and has answered what; None where nobody was asked, or I may not read it."""
    if not event["attendees"]:
        return None
    try:
        return await page.api.get(
            f"spaces/{page.part('space')}/events/{event['id']}/replies", occurrence=occurrence["occurrence"]
        )
    except ApiProblem as problem:
        if problem.status not in REFUSALS:
            raise
        return None


def _my_answer(page: Page, event: Values, replies: Any, me: str | None) -> Form:
    """As it stands for the date that is looked at; where only the answers to the next date are known, for that."""
    if replies is None:
        mine = event["my_reply"] or {}
    else:
        rows = (row for row in replies["items"] if row["account"] == me and row["answer"])
        mine = next(({**row, "deputy": row["deputy"] and row["deputy"]["account"]} for row in rows), {})
    return page.form({**mine, "whole": "1" if mine and mine["occurrence"] is None else ""})
