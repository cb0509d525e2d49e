"""What the list of polls, counts, search and activity give is exactly what the decision allows one by one."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from netzraum_platform.database import utc_now
from tests.items.readings import Reading, Written, becomes, compare, comparing, custom_roles, readings, take_in, written
from tests.polls.rooms import PollRoom


@comparing(6)
@given(
    kind=st.sampled_from(["network", "body", "community"]),
    history=st.booleans(),
    drawn=st.lists(written, min_size=5, max_size=9),
    readers=st.lists(readings, min_size=3, max_size=3),
)
async def test_list_counts_search_and_activity_give_what_the_decision_allows(
    room: PollRoom, kind: Any, history: bool, drawn: list[Written], readers: list[Reading]
) -> None:
    now, world = utc_now(), room.world
    place = await world.place(kind).found(tools=["polls"], newcomers_see_history=history)
    for role in custom_roles("polls"):
        await place.define(role)
    await place.take_in(room.coordinator, "coordinator")
    asking = PollRoom(world, place, room.people)
    people = [await take_in(world, place, reading, now) for reading in readers]
    made = [await becomes(world, await asking.ask(text="Suchwort"), people, poll, now) for poll in drawn]
    for person, reading in zip(people, readers, strict=True):
        await compare(place, "polls", made, person, reading, now)
