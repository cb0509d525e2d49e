"""What the wiki's list, tree, search and export give is exactly what the decision allows one by one."""

import io
import zipfile
from datetime import datetime, timedelta
from typing import Any

import yaml
from hypothesis import given
from hypothesis import strategies as st

from netzraum_content.wiki.models import WikiAddress, WikiPage
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


@comparing(8)
@given(
    kind=st.sampled_from(["network", "body", "community"]),
    history=st.booleans(),
    pages=st.lists(written, min_size=6, max_size=12),
    several=st.lists(st.booleans(), min_size=12, max_size=12),
    parents=st.lists(st.none() | st.integers(0, 11), min_size=12, max_size=12),
    readers=st.lists(readings, min_size=3, max_size=3),
)
async def test_list_tree_search_and_export_give_what_the_decision_allows(
    world: World,
    kind: Any,
    history: bool,
    pages: list[Written],
    several: list[bool],
    parents: list[int | None],
    readers: list[Reading],
) -> None:
    now = utc_now()
    place = await world.place(kind).found(tools=["wiki"], newcomers_see_history=history)
    for role in custom_roles("wiki"):
        await place.define(role)
    people = [await take_in(world, place, reading, now) for reading in readers]
    made: list[WikiPage] = []
    for page, parent, by_several in zip(pages, parents, several, strict=False):
        above = made[parent % len(made)] if made and parent is not None else None
        made.append(await _write(world, place, people, page, above, now, by_several=by_several and not page.draft))
    for person, reading in zip(people, readers, strict=True):
        await _compare(place, person, reading, made, now)


async def _write(
    world: World,
    place: Place,
    people: list[Person],
    page: Written,
    above: WikiPage | None,
    now: datetime,
    *,
    by_several: bool,
) -> WikiPage:
    """One of a few slugs, so that pages share them."""
    created, slug = now - timedelta(days=page.age), f"seite-{page.age % 4}"
    made = WikiPage(
        id=new_id(),
        space_id=place.id,
        tree_id=place.id,
        tool=WikiPage.TOOL,
        classification=page.classification,
        author_id=people[page.author].account if page.author is not None and page.author < len(people) else None,
        title="Seite",
        slug=slug,
        text="Ein Suchwort",
        parent_id=above.id if above else None,
        revision=1,
        state="draft" if page.draft else "published",
        created_at=created,
        updated_at=created,
        news_at=created,
        deleted_at=now if page.deleted else None,
        narrowed=bool(page.roles),
        several_authors=by_several,
    )
    async with world.service.work() as context:
        context.db.add(made)
        await leave_traces(context, made, "published")
        context.db.add_all(ItemRole(item_id=made.id, role=role) for role in page.roles)
        context.db.add(WikiAddress(page_id=made.id, slug=slug, space_id=place.id))
    return made


async def _allowed(
    place: Place, person: Person, reading: Reading, pages: list[WikiPage], now: datetime
) -> dict[str, dict[str, Any]]:
    """The revisions of what may be read one by one: a reading by id, without what stands around a page."""
    found = {}
    for page in pages:
        reply = await person.send("GET", f"{place.path}/wiki/pages/{page.id}/revisions")
        if reply.status_code == 200 and not seen_as_an_outsider(place, person, reading, page, now):
            found[str(page.id)] = {"deleted": page.deleted_at is not None, "published": page.state == "published"}
    return found


async def _compare(place: Place, person: Person, reading: Reading, pages: list[WikiPage], now: datetime) -> None:
    wiki = f"{place.path}/wiki"
    allowed = await _allowed(place, person, reading, pages, now)
    assert set(await _ids(person, f"{wiki}/pages", state=PHASES)) == set(allowed)
    there = {id_ for id_, page in allowed.items() if not page["deleted"]}
    unfolded = await _unfolded(person, f"{wiki}/pages", "root")
    assert sorted(unfolded) == sorted(there)
    found = {hit["item"] for hit in (await person.get("search", q="Suchwort", limit=200))["items"]}
    assert found == there

    out = await _allowed(place, person.with_token(channel="export"), reading, pages, now)
    going_out = [id_ for id_, page in out.items() if page["published"] and not page["deleted"]]
    reply = await person.send("GET", f"{wiki}/export")
    assert len(_heads(reply.content) if reply.status_code == 200 else []) == len(going_out)


async def _ids(person: Person, path: str, **query: Any) -> list[str]:
    reply = await person.send("GET", path, limit=200, **query)
    return [page["id"] for page in reply.json()["items"]] if reply.status_code == 200 else []


async def _unfolded(person: Person, path: str, parent: str) -> list[str]:
    below = await _ids(person, path, parent=parent, state="current,coming,draft")
    return below + [id_ for page in below for id_ in await _unfolded(person, path, page)]


def _heads(content: bytes) -> list[Any]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = archive.namelist()
        assert len(set(names)) == len(names)
        return [yaml.safe_load(archive.read(name).decode().split("---\n")[1]) for name in names]
