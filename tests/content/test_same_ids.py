"""What a list, the unread count, search and activity give is exactly what the decision allows one by one."""

import uuid
from datetime import datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from netzraum_content.notices.models import Notice
from netzraum_items.items import ItemRole
from netzraum_items.traces import leave_traces
from netzraum_platform.database import new_id, utc_now
from tests.items.readings import (
    PHASES,
    Reading,
    Written,
    comparing,
    custom_roles,
    readings,
    seen_as_an_outsider,
    take_in,
    written,
)
from tests.world import Person, Place, World


@comparing(12)
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
    for role in custom_roles("notices"):
        await place.define(role)
    people = [await take_in(world, place, reading, now) for reading in readers]
    items = [await _write(world, place, people, notice, now) for notice in notices]
    for person, reading in zip(people, readers, strict=True):
        await _compare(place, person, reading, items, now)


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
