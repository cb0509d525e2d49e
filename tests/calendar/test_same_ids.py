"""What the calendar's lists, counts, search, activity and file give is exactly what the decision allows one by one."""

from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from netzraum_platform.database import utc_now
from tests.calendar.agenda import Agenda
from tests.items.readings import Reading, Written, becomes, compare, comparing, custom_roles, readings, take_in, written
from tests.world import Json, Person, World


@comparing(6)
@given(
    kind=st.sampled_from(["network", "body", "community"]),
    history=st.booleans(),
    events=st.lists(written, min_size=5, max_size=9),
    readers=st.lists(readings, min_size=3, max_size=3),
)
async def test_lists_windows_search_activity_and_file_give_what_the_decision_allows(
    world: World, kind: Any, history: bool, events: list[Written], readers: list[Reading]
) -> None:
    now = utc_now()
    place = await world.place(kind).found(tools=["calendar"], newcomers_see_history=history)
    for role in custom_roles("calendar"):
        await place.define(role)
    office = await place.take_in(await world.person("Amt", second_factor=True), "coordinator")
    agenda = Agenda(world, place, {"coordinator": office})
    people = [await take_in(world, place, reading, now) for reading in readers]
    made = [await becomes(world, await agenda.create(text="Suchwort"), people, event, now) for event in events]
    for person, reading in zip(people, readers, strict=True):
        allowed = await compare(place, "events", made, person, reading, now)
        going_on = {id_ for id_, event in allowed.items() if event["state"] == "published"}
        assert {event["event"] for event in await _window(agenda, person, now)} == going_on
        # Each reading of what is personal is audited, so no file holds it.
        in_file = [id_ for id_ in going_on if allowed[id_]["classification"] != "personal"]
        assert await _in_file(agenda, person) == len(in_file)


async def _window(agenda: Agenda, person: Person, now: datetime) -> list[Json]:
    until = now + timedelta(days=30)
    times: dict[str, Any] = {"from": now.isoformat(), "until": until.isoformat()}
    reply = await person.send("GET", f"{agenda.place.path}/occurrences", **times)
    items: list[Json] = reply.json()["items"] if reply.status_code == 200 else []
    return items


async def _in_file(agenda: Agenda, person: Person) -> int:
    reply = await person.send("GET", f"{agenda.place.path}/calendar.ics")
    return reply.text.count("BEGIN:VEVENT") if reply.status_code == 200 else 0
