"""One event and its dates: looked at, changed, cancelled, answered."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from starlette.responses import Response

from netzraum_gateway.api import ApiProblem
from netzraum_gateway.calendar.dates import REFUSALS, occurrences, today, zone
from netzraum_gateway.calendar.entries import Occurrence
from netzraum_gateway.calendar.recurrence import choices_of, rule_of
from netzraum_gateway.calendar.tool import EVENTS, OF_ONE_DATE, RULE, day_of, members, new_values, times, values
from netzraum_gateway.items.reading import Reading
from netzraum_gateway.items.tool import Values
from netzraum_gateway.items.writing import Writing
from netzraum_gateway.navigation import keyed, with_query
from netzraum_gateway.page import Form, Page
from netzraum_gateway.site import get, post

READING, WRITING = Reading(EVENTS), Writing(EVENTS)
MOST_DATES = 6
DAYS_OF_DATES = 370
"""Within which the next dates of a series are looked for; a window has at most 400 days."""
ONE, FOLLOWING, ALL = "this", "following", "all"
OWN_TEXTS = ("title", "text", "place", "link")


async def show_event(page: Page, problem: ApiProblem | None = None) -> Response:
    event, space, frame = await asyncio.gather(
        page.api.get(EVENTS.item_api(page), render="html"), page.space(), page.frame()
    )
    dates = await dates_of(page, event)
    occurrence = date_of(event, asked(page), dates)
    access, replies, people, _ = await asyncio.gather(
        READING.access(page, event), _replies(page, event, occurrence), members(page), READING.mark_seen(page, event)
    )
    begins = day_of(event["start"], event["timezone"])
    return await page.render(
        "calendar/event",
        problem.status if problem else 200,
        space=space,
        tool=EVENTS.name,
        event=event,
        occurrence=occurrence,
        dates=dates[:MOST_DATES],
        rule=choices_of(event["rrule"], begins, event["timezone"]),
        day=begins,
        day_shown=day_of(occurrence["start"], await zone(page)),
        access=access,
        replies=replies,
        people=[each["account"] for each in people if frame.me is None or each["account"]["id"] != frame.me["id"]],
        my_spaces=keyed(frame.spaces),
        form=_my_answer(page, event, occurrence, problem),
    )


def asked(page: Page) -> str:
    """The original start of the date that the page is about."""
    return page.text("occurrence") or page.query("termin")


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
        return await page.api.get(f"{EVENTS.item_api(page)}/replies", occurrence=occurrence["occurrence"])
    except ApiProblem as problem:
        if problem.status not in REFUSALS:
            raise
        return None


def _my_answer(page: Page, event: Values, occurrence: Occurrence, problem: ApiProblem | None) -> Form:
    mine = event["my_reply"] or {}
    return page.form({**mine, "whole": "1" if mine and mine["occurrence"] is None else ""}, problem)


async def reply(page: Page) -> Response:
    body = {
        "answer": page.text("answer"),
        "comment": page.text("comment") or None,
        "deputy": page.text("deputy") or None,
        "occurrence": None if page.checked("whole") else page.text("occurrence") or None,
    }
    try:
        await page.api.put(f"{EVENTS.item_api(page)}/reply", body)
    except ApiProblem as problem:
        return await show_event(page, problem.in_form())
    return page.redirect(at_date(page), "event_replied")


def at_date(page: Page) -> str:
    """The event's page, at the date that it is about."""
    return with_query(EVENTS.item_home(page), termin=asked(page))


async def show_new(page: Page) -> Response:
    typed = page.query("tag")
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        day = await today(page)
    return await WRITING.form(page, new_values(day, await zone(page)))


async def show_edit(page: Page) -> Response:
    """Of a series one first says which dates are meant."""
    event = await page.api.get(EVENTS.item_api(page))
    occurrence = date_of(event, asked(page), await dates_of(page, event))
    scope = page.query("umfang")
    if event["rrule"] and scope not in (ONE, FOLLOWING, ALL):
        return await _ask_scope(page, event, occurrence)
    held = values(event)
    if scope in (ONE, FOLLOWING):
        held |= {name: occurrence[name] or "" for name in OWN_TEXTS} | times(occurrence, event["timezone"])
    return await WRITING.form(page, held, event)


async def _ask_scope(page: Page, event: Values, occurrence: Occurrence) -> Response:
    return await page.render(
        "calendar/scope", space=await page.space(), tool=EVENTS.name, event=event, occurrence=occurrence
    )


async def edit(page: Page) -> Response:
    event = await page.api.get(EVENTS.item_api(page))
    if page.checked("preview"):
        return await WRITING.form(page, page.typed(EVENTS.several), event, preview=True)
    path = with_query(EVENTS.item_api(page), **_aim(page))
    try:
        changed = await page.api.patch(path, await _change(page, event), version=page.text("version"))
    except ApiProblem as problem:
        return await WRITING.form(page, {}, event, problem=problem.in_form())
    home = f"{EVENTS.home(page)}/{changed['id']}"
    return page.redirect(with_query(home, termin=asked(page) if _scope(page) == ONE else ""), "event_updated")


def _scope(page: Page) -> str:
    return page.text("scope")


def _aim(page: Page) -> dict[str, str]:
    """Which dates a change is for, as the API takes it."""
    scope = _scope(page)
    return {"occurrence": asked(page), "scope": scope} if scope in (ONE, FOLLOWING) else {}


async def _change(page: Page, event: Values) -> dict[str, Any]:
    """What was typed; of one date what it may have of its own, of a series its rule only where that was changed.

    A rule that ends after a number of dates would begin to count anew with the second part of a series.
    """
    body = await WRITING.written(page)
    if _scope(page) == ONE:
        return {name: body[name] for name in OF_ONE_DATE}
    held = values(event)
    rule = {name: held[name] for name in RULE}
    same = rule_of(rule, held["weekdays"], page.text("start"), event["timezone"], all_day=event["all_day"])
    if body.get("rrule") == same and body["all_day"] == event["all_day"]:
        body.pop("rrule", None)
    return body


async def show_cancel(page: Page) -> Response:
    return await _cancel_form(page)


async def cancel(page: Page) -> Response:
    path = EVENTS.item_api(page)
    scope = page.text("scope")
    aim = {} if scope == ALL else {"occurrence": asked(page), "scope": scope}
    try:
        await page.api.delete(with_query(path, **aim), version=page.text("version"))
    except ApiProblem as problem:
        return await _cancel_form(page, problem.in_form())
    if scope == ALL:
        undo = f"{EVENTS.item_home(page)}/wiederherstellen"
        return page.redirect(EVENTS.home(page), "event_deleted", undo=undo)
    if scope == FOLLOWING:
        return page.redirect(EVENTS.item_home(page), "event_cancelled")
    return page.redirect(at_date(page), "event_cancelled")


async def _cancel_form(page: Page, problem: ApiProblem | None = None) -> Response:
    event, space = await asyncio.gather(page.api.get(EVENTS.item_api(page)), page.space())
    return await page.render(
        "calendar/cancel",
        problem.status if problem else 200,
        space=space,
        tool=EVENTS.name,
        event=event,
        occurrence=date_of(event, asked(page), await dates_of(page, event)),
        series=bool(event["rrule"]),
        form=page.form({"scope": ONE}, problem),
    )


async def take_back_cancelling(page: Page) -> Response:
    await page.api.post(with_query(f"{EVENTS.item_api(page)}/restore", occurrence=asked(page)))
    return page.redirect(at_date(page), "event_uncancelled")


ROUTES = [
    get(EVENTS.path + "/neu", show_new),
    get(EVENTS.item_path, show_event),
    get(EVENTS.item_path + "/bearbeiten", show_edit),
    post(EVENTS.item_path + "/bearbeiten", edit),
    get(EVENTS.item_path + "/absagen", show_cancel),
    post(EVENTS.item_path + "/absagen", cancel),
    post(EVENTS.item_path + "/absagen/zuruecknehmen", take_back_cancelling),
    post(EVENTS.item_path + "/antworten", reply),
]
