"""Items and their readers as hypothesis draws them, for tests that compare lists with what is read one by one."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from sqlalchemy import update

from netzraum_contracts.spaces import Role
from netzraum_items.items import Item, ItemRole
from tests.world import BUILT_IN, Json, Person, Place, World


def custom_roles(tool: str) -> list[Role]:
    return [
        Role(name="Beratung", base="member", clearance="confidential"),
        Role(name="Fallarbeit", base="moderator", clearance="personal"),
        Role(name="stumm", base="guest", levels={tool: "none"}),
        Role(name="schreibt", base="member", levels={tool: "contribute"}),
    ]


MANAGING = {"coordinator", "moderator", "Fallarbeit"}
"""Of all these roles those that manage the tool."""
ROLES = [*BUILT_IN, "Beratung", "Fallarbeit", "stumm", "schreibt"]


def comparing(examples: int) -> settings:
    """So many examples, each of which fills a space and reads all of it as several people."""
    unhurried = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
    return settings(max_examples=examples, deadline=None, suppress_health_check=unhurried)


PHASES = "current,coming,past,draft,deleted"


@dataclass(frozen=True)
class Written:
    """One item: its author by number among the readers; times in days from now."""

    author: int | None
    classification: str
    draft: bool
    age: int
    begins: int | None
    ends: int | None
    deleted: bool
    roles: tuple[str, ...]


@dataclass(frozen=True)
class Made:
    """What was written, as the database has it."""

    id: uuid.UUID
    author_id: uuid.UUID | None
    news_at: datetime


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


async def take_in(world: World, place: Place, reading: Reading, now: datetime) -> Person:
    person = await world.person("jemand", second_factor=reading.second_factor, operator=reading.operator)
    until = None if reading.until is None else now + timedelta(days=reading.until)
    return await place.take_in(person, reading.role, now + timedelta(days=reading.since), until)


async def becomes(world: World, made: Json, people: Sequence[Person], written: Written, now: datetime) -> Made:
    """Make an item that the API created to what was drawn, but for its times of beginning and end."""
    has_author = written.author is not None and written.author < len(people)
    author = people[written.author or 0].account if has_author else None
    item = Made(uuid.UUID(made["id"]), author, now - timedelta(days=written.age))
    async with world.service.work() as context:
        values = {
            "author_id": item.author_id,
            "classification": written.classification,
            "state": "draft" if written.draft else "published",
            "created_at": item.news_at,
            "news_at": item.news_at,
            "deleted_at": now if written.deleted else None,
            "narrowed": bool(written.roles),
        }
        await context.db.execute(update(Item).where(Item.id == item.id).values(values))
        context.db.add_all(ItemRole(item_id=item.id, role=role) for role in written.roles)
    return item


async def compare(
    place: Place, tool: str, made: Sequence[Made], person: Person, reading: Reading, now: datetime
) -> dict[str, Json]:
    """The tool's list, the unread count, search and activity give what is read one by one; answers that, by id."""
    path = f"{place.path}/{tool}"
    allowed: dict[str, Json] = {}
    for item in made:
        reply = await person.send("GET", f"{path}/{item.id}")
        if reply.status_code == 200 and not seen_as_an_outsider(place, person, reading, item, now):
            allowed[str(item.id)] = reply.json()
    listed = await person.send("GET", path, state=PHASES, limit=200)
    shown = listed.json()["items"] if listed.status_code == 200 else []
    expected = {(id_, tuple(item["actions"])) for id_, item in allowed.items()}
    assert {(item["id"], tuple(item["actions"])) for item in shown} == expected

    unread = {id_ for id_, item in allowed.items() if item["unread"]}
    assert sum((await person.get("unread")).get(str(place.id), {}).values()) == len(unread)
    assert {item["id"] for item in shown if item["unread"]} == unread

    found = {hit["item"] for hit in (await person.get("search", q="Suchwort", limit=200))["items"]}
    assert found == {id_ for id_, item in allowed.items() if item["state"] != "deleted"}
    assert {step["item"] for step in (await person.get("activity", limit=200))["items"]} == set(allowed)
    return allowed


def seen_as_an_outsider(place: Place, person: Person, reading: Reading, item: Item | Made, now: datetime) -> bool:
    """Lists cover own spaces only: what a former member, or a newcomer where history is hidden from them, reads by a
    direct link as any outsider does, stands in none."""
    if reading.until is not None and reading.until < 0:
        return True
    assert place.state is not None
    before = item.news_at < now + timedelta(days=reading.since)
    hidden = not place.state.newcomers_see_history and before and item.author_id != person.account
    return hidden and reading.role not in MANAGING
