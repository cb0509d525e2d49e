"""The demo's calendar: events around today, a series with a moved and a cancelled date, invitations and answers."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from netzraum_standalone.demo.client import Person

ZONE = ZoneInfo("Europe/Berlin")
AS_IT_IS = ("title", "text", "place", "link", "classification", "rrule", "categories", "reminders")

Json = dict[str, Any]


async def make_events(
    events: Sequence[Json],
    spaces: Mapping[str, str],
    person: Callable[[str], Person],
    days_ago: Callable[[int], None],
) -> None:
    """Write and answer as the demo's people; ``days_ago`` sets when that happens."""
    for event in sorted(events, key=lambda each: -each["days"]):
        days_ago(event["days"])
        path = f"spaces/{spaces[event['space']]}/events"
        author = person(event["author"])
        made = await author.post(path, _written(event, spaces))
        for address, answer in event.get("answers", {}).items():
            reply = {"answer": answer}
            await person(address).request("PUT", f"{path}/{made['id']}/reply", json=reply)
        await _change(author, f"{path}/{made['id']}", event)


def _written(event: Json, spaces: Mapping[str, str]) -> Json:
    invited = [{"space": spaces[each["space"]]} if "space" in each else each for each in event.get("invite", [])]
    return {**{name: event[name] for name in AS_IT_IS if name in event}, **_times(event), "attendees": invited}


def _times(event: Json) -> Json:
    if "whole_days" in event:
        first = _day(event)
        last = first + timedelta(days=event["whole_days"] - 1)
        return {"start": first.isoformat(), "end": last.isoformat(), "all_day": True}
    start = _start(event, 0)
    return {"start": start.isoformat(), "end": (start + timedelta(hours=event["hours"])).isoformat()}


def _day(event: Json, weeks: int = 0) -> date:
    today = date.today()  # noqa: DTZ011  # the demo's own calendar
    return today + timedelta(days=event["weekday"] - today.weekday(), weeks=event["week"] + weeks)


def _start(event: Json, weeks: int) -> datetime:
    return datetime.combine(_day(event, weeks), time.fromisoformat(event["at"]), ZONE)


async def _change(author: Person, path: str, event: Json) -> None:
    """Move one date of a series, and cancel one; the demo's have two weeks between them."""
    if moved := event.get("moved"):
        original = _start(event, 2 * moved["number"])
        to = datetime.combine(original + timedelta(days=moved["days"]), time.fromisoformat(moved["at"]), ZONE)
        body = {"start": to.isoformat(), "place": moved["place"]}
        await author.request("PATCH", f"{path}?{_named(original)}", json=body, headers={"if-match": "*"})
    if "cancelled" in event:
        await author.request("DELETE", f"{path}?{_named(_start(event, 2 * event['cancelled']))}")


def _named(original: datetime) -> str:
    return f"occurrence={original.isoformat().replace('+', '%2B')}&scope=this"
