"""What a list, the unread count, search and activity give is exactly what the decision allows one by one."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from netzraum_content.notices.models import Notice
from netzraum_contracts.spaces import Role
from netzraum_items.items import Item, ItemRole
from netzraum_items.traces import leave_traces
from netzraum_platform.database import new_id, utc_now
from tests.world import BUILT_IN, Person, Place, World

CUSTOM = [
    Role(name="Beratung", base="member", clearance="confidential"),
    Role(name="Fallarbeit", base="moderator", clearance="personal"),
    Role(name="stumm", base="guest", levels={"notices": "none"}),
    Role(name="schreibt", base="member", levels={"notices": "contribute"}),
]
ROLES = [*BUILT_IN, *(role.name for role in CUSTOM)]
PHASES = "current,coming,past,draft,deleted"


@dataclass(frozen=True)
class Written:
    """One notice: its author by number among the readers; times in days from now."""

    author: int | None
    classification: str
    draft: bool
    age: int
    begins: int | None
    ends: int | None
    deleted: bool
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Reading:
    """One reader: the role, since and until when (days from now), and the way in."""

    role: str
    since: int
    until: int | None
    second_factor: bool
    operator: bool


written = st.builds(
    Written,
    author=st.none() | st.integers(0, 3),
    classification=st.sampled_from(["public", "internal", "confidential", "personal"]),
    draft=st.booleans(),
    age=st.integers(1, 9),
    begins=st.none() | st.sampled_from([-1, 2]),
    ends=st.none() | st.sampled_from([-1, 3]),
    deleted=st.booleans(),
    roles=st.sampled_from([(), (), ("member",), ("Fallarbeit", "guest"), ("coordinator", "Beratung")]),
)
readings = st.builds(
    Reading,
    role=st.sampled_from(ROLES),
    since=st.integers(-10, 0),
    until=st.none() | st.sampled_from([-1, 5]),
    second_factor=st.booleans(),
    operator=st.sampled_from([False, False, False, True]),
)


@settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    kind=st.sampled_from(["network", "body", "community"]),
    history=st.booleans(),
    notices=st.lists(written, min_size=6, max_size=14),
    readers=st.lists(readings, min_size=4, max_size=4),
)
async def test_lists_counts_search_and_activity_give_what_the_decision_allows(
    world: World, kind: Any, history: bool, notices: list[Written], readers: list[Reading]
) -> None:
    now = utc_now()
    place = await world.place(kind).found(newcomers_see_history=history)
    await place.found(tools=["notices"], newcomers_see_history=history)
    for role in CUSTOM:
        await place.define(role)
    people = [await take_in(world, place, reading, now) for reading in readers]
    items = [await _write(world, place, people, notice, now) for notice in notices]
    for person, reading in zip(people, readers, strict=True):
        await _compare(place, person, reading, items, now)


async def take_in(world: World, place: Place, reading: Reading, now: datetime) -> Person:
    person = await world.person("jemand", second_factor=reading.second_factor, operator=reading.operator)
    until = None if reading.until is None else now + timedelta(days=reading.until)
    return await place.take_in(person, reading.role, now + timedelta(days=reading.since), until)


async def _write(world: World, place: Place, people: list[Person], written: Written, now: datetime) -> Notice:
    created = now - timedelta(days=written.age)
    begins, ends = (None if day is None else now + timedelta(days=day) for day in (written.begins, written.ends))
    notice = Notice(
        id=new_id(),
        space_id=place.id,
        tool=Notice.TOOL,
        classification=written.classification,
        author_id=None if written.author is None else people[written.author].account,
        title="Aushang",
        text="Ein Suchwort",
        state="draft" if written.draft else "published",
        created_at=created,
        updated_at=created,
        news_at=created if written.draft or begins is None else max(created, begins),
        visible_from=begins,
        visible_until=ends,
        deleted_at=now if written.deleted else None,
        narrowed=bool(written.roles),
    )
    async with world.service.work() as context:
        context.db.add(notice)
        await leave_traces(context, notice, "published")
        context.db.add_all(ItemRole(item_id=notice.id, role=role) for role in written.roles)
    return notice


async def _compare(place: Place, person: Person, reading: Reading, items: list[Notice], now: datetime) -> None:
    allowed: dict[str, Any] = {}
    for item in items:
        reply = await person.send("GET", f"{place.notices}/{item.id}")
        if reply.status_code == 200 and not seen_as_an_outsider(place, person, reading, item, now):
            allowed[str(item.id)] = reply.json()
    expected = {(id_, tuple(notice["actions"])) for id_, notice in allowed.items()}
    listed = await person.send("GET", place.notices, state=PHASES, limit=200)
    shown = listed.json()["items"] if listed.status_code == 200 else []
    assert {(notice["id"], tuple(notice["actions"])) for notice in shown} == expected

    unread = {id_ for id_, notice in allowed.items() if notice["unread"]}
    assert (await person.get("unread")).get(str(place.id), {}).get("notices", 0) == len(unread)
    assert {notice["id"] for notice in shown if notice["unread"]} == unread

    found = {hit["item"] for hit in (await person.get("search", q="Suchwort", limit=200))["items"]}
    assert found == {id_ for id_, notice in allowed.items() if notice["state"] != "deleted"}

    steps = {step["item"] for step in (await person.get("activity", limit=200))["items"]}
    assert steps == set(allowed)
    assert {uuid.UUID(step) for step in steps} <= {item.id for item in items}


def seen_as_an_outsider(place: Place, person: Person, reading: Reading, item: Item, now: datetime) -> bool:
    """Lists cover own spaces only: what a former member, or a newcomer where history is hidden, reads by a direct link
    as any outsider does, stands in none."""
    if reading.until is not None and reading.until < 0:
        return True
    assert place.state is not None
    before = item.news_at < now + timedelta(days=reading.since)
    return not place.state.newcomers_see_history and before and item.author_id != person.account
