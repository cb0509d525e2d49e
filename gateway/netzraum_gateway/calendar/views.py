"""The calendar as month, week and list: of a space, and of all my spaces."""

import asyncio
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from starlette.responses import Response

from netzraum_gateway.calendar.colours import by_category, by_space
from netzraum_gateway.calendar.dates import DaysOff, dates_in, holidays, today, zone
from netzraum_gateway.calendar.entries import Occurrence, by_day
from netzraum_gateway.calendar.labels import GERMAN_STATES
from netzraum_gateway.calendar.spans import LIST, Span, span_of
from netzraum_gateway.calendar.tool import EVENTS
from netzraum_gateway.navigation import keyed
from netzraum_gateway.page import Page
from netzraum_gateway.site import get


async def show_calendar(page: Page) -> Response:
    """Of one space; coloured by category."""
    found, space = await asyncio.gather(_shown(page, page.part("space")), page.space())
    shown = [each["categories"] for each in _entries(found)]
    legend = [{"key": name, "label": name} for name in _sorted(name for names in shown for name in names)]
    if legend and not all(shown):
        legend.append({"key": "", "label": ""})
    return await _render(page, found, space=space, legend_rows=legend)


async def show_all(page: Page) -> Response:
    """Of all my spaces; coloured by space."""
    found, frame = await asyncio.gather(_shown(page, None), page.frame())
    shown = {each["space"] for each in _entries(found)}
    legend = [{"key": space["id"], "label": space["name"]} for space in frame.spaces if space["id"] in shown]
    return await _render(page, found, space=None, legend_rows=legend)


def _entries(found: Mapping[str, Any]) -> list[Occurrence]:
    return [entry.occurrence for entries in found["days"].values() for entry in entries]


async def _render(page: Page, found: dict[str, Any], **context: Any) -> Response:
    frame = await page.frame()
    response = await page.render("calendar/view", tool=EVENTS.name, my_spaces=keyed(frame.spaces), **found, **context)
    if page.query("land"):
        page.house.cookies.keep_display(response, page.display.changed({"state": _state(page)}))
    return response


async def _shown(page: Page, space: str | None) -> dict[str, Any]:
    """What the template shows, whichever spaces it is about."""
    now = await today(page)
    span = span_of(page.query("ansicht"), page.query("tag"), now)
    state, category = _state(page), page.query("kategorie")
    window, days_off = await asyncio.gather(
        dates_in(page, span.first, span.last, space), holidays(page, state, span.first, span.last)
    )
    found, named = window["items"], window.get("categories", [])
    offered = [*named, *filter(None, [category]), *(name for each in found for name in each["categories"])]
    chosen = [each for each in found if not category or category in each["categories"]]
    days = by_day(chosen, span.first, span.last, await zone(page))
    return {
        "span": span,
        "shown_until": found[-1]["start"] if window["next"] is not None else None,
        "days": days,
        "phone": {day: entries for day, entries in days.items() if _on_a_phone(day, span, now)},
        "today": now,
        "holidays": days_off.days,
        "school_until": _school_ends(days_off, span),
        "creatable": bool(window.get("creatable")),
        "categories": _sorted(offered),
        "colours": by_category(named) if space else by_space((await page.frame()).spaces),
        "filter": {"kategorie": category, "land": state},
    }


def _school_ends(days_off: DaysOff, span: Span) -> date | None:
    """Up to when school holidays are on file, where the view shows days after that."""
    return days_off.school_until if days_off.school_until < span.last else None


def _on_a_phone(day: date, span: Span, now: date) -> bool:
    """Of the present month or week what is still to come; of others all of it, without what only fills up its weeks."""
    if span.view == LIST:
        return True
    return span.holds(day) and not (span.first <= now <= span.last and day < now)


def _sorted(names: Iterable[str]) -> list[str]:
    return sorted(set(names), key=str.casefold)


def _state(page: Page) -> str:
    """Whose holidays are shown: as just chosen, else as chosen last."""
    state = page.query("land") or page.display.state
    return state if state in GERMAN_STATES else ""


ROUTES = [get(EVENTS.path, show_calendar), get("/termine", show_all)]
