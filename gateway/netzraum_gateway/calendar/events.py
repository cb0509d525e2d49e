"""One event and its dates: looked at, changed, cancelled, answered."""

import asyncio
from datetime import date
from typing import Any

from starlette.responses import Response

from netzraum_gateway.api import ApiProblem
from netzraum_gateway.calendar.dates import today, zone
from netzraum_gateway.calendar.entries import Occurrence
from netzraum_gateway.calendar.one_event import OWN_TEXTS, asked, date_of, dates_of
from netzraum_gateway.calendar.recurrence import rule_of
from netzraum_gateway.calendar.tool import EVENTS, OF_A_PART, OF_ONE_DATE, RULE, new_values, times, values
from netzraum_gateway.items.reading import Reading
from netzraum_gateway.items.tool import Values
from netzraum_gateway.items.writing import Writing
from netzraum_gateway.navigation import with_query
from netzraum_gateway.page import Page
from netzraum_gateway.site import get, post

READING, WRITING = Reading(EVENTS), Writing(EVENTS)
ONE, FOLLOWING, ALL = "this", "following", "all"


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
        return await READING.show_item(page, problem.status, form=page.form(problem=problem.in_form()))
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
    event = await WRITING.still_there(page)
    if event is None:
        return await WRITING.gone(page)
    if page.checked("preview") or page.checked("filter"):
        return await WRITING.form(page, page.typed(EVENTS.several), event, again=True)
    path = with_query(EVENTS.item_api(page), **_aim(page))
    try:
        changed = await page.api.patch(path, await _change(page, event), version=page.text("version"))
    except ApiProblem as problem:
        return await WRITING.not_saved(page, event, problem)
    home = f"{EVENTS.home(page)}/{changed['id']}"
    return page.redirect(with_query(home, termin=asked(page) if _scope(page) == ONE else ""), "event_updated")


def _scope(page: Page) -> str:
    return page.text("scope")


def _aim(page: Page) -> dict[str, str]:
    """Which dates a change is for, as the API takes it."""
    scope = _scope(page)
    return {"occurrence": asked(page), "scope": scope} if scope in (ONE, FOLLOWING) else {}


async def _change(page: Page, event: Values) -> dict[str, Any]:
    """What was typed; of one date what it may have of its own; rule and attendees only where they were changed.

    A rule that ends after a number of dates would begin to count anew with the second part of a series, and who is
    asked may be a space that I am not in.
    """
    body = await WRITING.written(page)
    if _scope(page) == ONE:
        return {name: body[name] for name in OF_ONE_DATE}
    if _scope(page) == FOLLOWING:
        body = {name: value for name, value in body.items() if name in OF_A_PART}
    held = values(event)
    rule = {name: held[name] for name in RULE}
    same = rule_of(rule, held["weekdays"], page.text("start"), event["timezone"], all_day=event["all_day"])
    if body.get("rrule") == same and body["all_day"] == event["all_day"]:
        body.pop("rrule", None)
    if set(page.texts("attendees")) == set(held["attendees"]):
        body.pop("attendees")
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
    get(EVENTS.item_path + "/bearbeiten", show_edit),
    post(EVENTS.item_path + "/bearbeiten", edit),
    get(EVENTS.item_path + "/absagen", show_cancel),
    post(EVENTS.item_path + "/absagen", cancel),
    post(EVENTS.item_path + "/absagen/zuruecknehmen", take_back_cancelling),
    post(EVENTS.item_path + "/antworten", reply),
]
