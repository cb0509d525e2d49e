"""What content knows of who may be where: kept by events, healed where one is missing, asked for where it is behind."""

import asyncio
import time
import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from netzraum_content.app import SERVICE
from netzraum_contracts.identity import AccountChanged
from netzraum_contracts.spaces import Heartbeat, MembershipChanged, Role
from netzraum_items.access import SILENT_S, clock_of
from netzraum_platform.bus import InProcessBus
from netzraum_platform.database import new_id, utc_now
from netzraum_spaces.app import SERVICE as SPACES
from tests.harness import ServiceUnderTest, Surroundings, running, sqlite_url
from tests.spaces.region import Region, Somebody
from tests.world import Board, Person, World


@dataclass
class Apart:
    """Spaces and content, where content hears nothing by the bus but what a test lets it hear."""

    region: Region
    content: ServiceUnderTest
    coordinator: Somebody
    space: str

    def reader(self, somebody: Somebody) -> Person:
        return Person(self.content, somebody.name, somebody.id, somebody.institution)

    async def status(self, somebody: Somebody, **headers: str) -> int:
        return await self.reader(somebody).status("GET", f"spaces/{self.space}/notices", None, **headers)

    async def version(self) -> int:
        return (await self.region.access(self.space)).access_version


@pytest.fixture
async def apart(database_url: str, tmp_path: Path) -> AsyncIterator[Apart]:
    around = Surroundings(tmp_path)
    deaf = Surroundings(tmp_path, bus=InProcessBus(), calls=around.calls)
    async with (
        running(SPACES, sqlite_url(tmp_path, "spaces"), around) as spaces,
        running(SERVICE, database_url, deaf) as content,
    ):
        region = Region(spaces)
        coordinator = await region.somebody("Katrin")
        yield Apart(region, content, coordinator, await region.approved(coordinator))


async def test_a_gap_is_healed_from_the_owner(apart: Apart) -> None:
    member, _ = await apart.region.take_in(apart.coordinator, apart.space, "member")
    assert await apart.status(member) == 404
    access = await apart.region.access(apart.space)
    last = MembershipChanged(
        space=access.space, access_version=access.access_version, membership=access.memberships[-1]
    )
    await apart.content.hear(last, space=access.space)
    assert await apart.status(member) == 200
    assert await apart.status(apart.coordinator) == 200


async def test_a_lost_last_event_is_found_by_the_heartbeat(apart: Apart) -> None:
    access = await apart.region.access(apart.space)
    await apart.content.hear(Heartbeat(versions={access.space: access.access_version}))
    member, _ = await apart.region.take_in(apart.coordinator, apart.space, "member")
    assert await apart.status(member) == 404
    await apart.content.hear(Heartbeat(versions={access.space: await apart.version()}))
    assert await apart.status(member) == 200


async def test_who_was_removed_sees_nothing_with_the_next_request(apart: Apart) -> None:
    member, membership = await apart.region.take_in(apart.coordinator, apart.space, "member")
    await apart.content.hear(Heartbeat(versions={uuid.UUID(apart.space): await apart.version()}))
    assert await apart.status(member) == 200
    gone = await apart.coordinator.send("DELETE", f"spaces/{apart.space}/members/{membership['id']}", if_match="*")
    assert gone.status_code == 204, gone.text
    known = {"Netzraum-Access": f"{apart.space}={await apart.version()}"}
    assert await apart.status(member, **known) == 404
    overview = await apart.reader(member).send("GET", "overview", headers=known)
    assert (overview.json(), overview.headers["netzraum-access"]) == ({"unread": {}, "activity": [], "todo": []}, "")


async def test_many_who_learn_of_a_space_at_once_are_all_answered(apart: Apart) -> None:
    known = {"Netzraum-Access": f"{apart.space}={await apart.version()}"}
    answers = [apart.status(apart.coordinator, **known) for _ in range(8)]
    assert await asyncio.gather(*answers) == [200] * 8


async def test_a_version_that_is_not_to_be_had_is_waited_for_and_nothing_is_shown(apart: Apart) -> None:
    known = {"Netzraum-Access": f"{apart.space}={await apart.version() + 5}"}
    reply = await apart.reader(apart.coordinator).send("GET", f"spaces/{apart.space}/notices", headers=known)
    assert (reply.status_code, reply.headers["retry-after"]) == (503, "1")


async def test_a_silent_bus_is_made_up_for_by_asking_the_owner(apart: Apart) -> None:
    access = await apart.region.access(apart.space)
    await apart.content.hear(Heartbeat(versions={access.space: access.access_version}))
    member, _ = await apart.region.take_in(apart.coordinator, apart.space, "member")
    clock_of(apart.content.app)._confirmed = time.monotonic() - SILENT_S - 2
    assert await apart.status(member) == 200


async def test_old_access_data_show_internal_and_hide_confidential_where_the_owner_is_silent_too(
    board: Board, heart: asyncio.Task[None]
) -> None:
    await board.post(title="vertraulich", classification="confidential")
    await board.post(title="intern")
    heart.cancel()
    clock_of(board.world.service.app)._confirmed = time.monotonic() - 60
    assert await board.titles(board.coordinator) == ["intern"]


async def test_a_repeated_event_and_an_older_one_change_nothing(world: World, board: Board) -> None:
    person = await world.person("neu")
    joined = board.place.membership(person, "member")
    left = board.place.membership(person, "member", until=utc_now() - timedelta(hours=1))
    event_id = new_id()
    for _ in range(2):
        await world.service.hear(joined, space=board.place.id, event_id=event_id)
    assert await person.status("GET", board.path) == 200
    await board.place.tell(left)
    await board.place.tell(joined)
    assert await person.status("GET", board.path) == 404


async def test_older_news_of_a_person_never_overwrites_newer(world: World, board: Board) -> None:
    author = board.coordinator
    for name, version in (("Neuer Name", 3), ("Alter Name", 2)):
        await world.service.hear(
            AccountChanged(
                account=author.account, name=name, institution=author.institution, state="active", version=version
            )
        )
    assert (await board.post())["author"]["name"] == "Neuer Name"


async def test_a_former_member_sees_nothing_not_even_own_things_but_what_is_public(board: Board) -> None:
    moderator = board["moderator"]
    own = await board.post(moderator, title="eigener")
    draft = await board.post(moderator, title="Entwurf", state="draft")
    public = await board.post(title="offen", classification="public")
    await board.place.dismiss(moderator, "moderator")
    for notice in (own, draft):
        for verb, path in (("GET", ""), ("DELETE", ""), ("GET", "/access"), ("POST", "/restore")):
            assert await moderator.status(verb, f"{board.path}/{notice['id']}{path}") == 404
    assert await moderator.status("GET", board.path) == 404
    assert await moderator.status("GET", f"{board.place.path}/activity") == 404
    assert await moderator.status("POST", board.path, {"title": "x", "text": "y"}) == 404
    assert await moderator.get("overview") == {"unread": {}, "activity": [], "todo": []}
    assert (await moderator.get("search", q="eigener"))["items"] == []
    assert (await moderator.get(f"{board.path}/{public['id']}"))["actions"] == ["read"]
    shown = await board.coordinator.get(f"{board.path}/{own['id']}")
    assert shown["author"]["name"] == "moderator"


async def test_newcomers_see_what_was_there_before_and_it_is_not_unread(world: World, board: Board) -> None:
    await board.post(title="vorher")
    newcomer = await board.place.take_in(await world.person("neu"), "member", since=utc_now())
    await board.post(title="nachher")
    assert set(await board.titles(newcomer)) == {"vorher", "nachher"}
    assert await newcomer.get("unread") == {str(board.place.id): {"notices": 1}}
    assert await board.titles(newcomer, unread="true") == ["nachher"]


async def test_where_history_is_hidden_newcomers_see_what_came_since_they_are_there(world: World) -> None:
    board = await world.board(newcomers_see_history=False)
    before = await board.post(title="vorher Haushalt")
    newcomer = await board.place.take_in(await world.person("neu"), "member", since=utc_now())
    await board.post(title="nachher Haushalt")
    assert await board.titles(newcomer) == ["nachher Haushalt"]
    assert await newcomer.status("GET", f"{board.path}/{before['id']}") == 404
    assert [hit["title"] for hit in (await newcomer.get("search", q="Haushalt"))["items"]] == ["nachher Haushalt"]
    assert [step["title"] for step in (await newcomer.get("activity"))["items"]] == ["nachher Haushalt"]
    access = await board.coordinator.get(f"{board.path}/{before['id']}/access", account=str(newcomer.account))
    assert [(entry["visible"], entry["reasons"]) for entry in access["items"]] == [(False, ["before_membership"])]
    assert set(await board.titles(board["member"])) == {"vorher Haushalt", "nachher Haushalt"}


async def test_who_manages_the_tool_sees_what_was_there_before_them_also_where_history_is_hidden(world: World) -> None:
    """A successor who coordinates has to know what there is; the policy decides by the level, not by the role."""
    board = await world.board(newcomers_see_history=False)
    before = await board.post(title="vorher Haushalt")
    path = f"{board.path}/{before['id']}"

    async def succeed(role: str) -> Person:
        return await board.place.take_in(await world.person(f"neu {role}"), role, since=utc_now())

    for successor in [await succeed("coordinator"), await succeed("moderator")]:
        assert await board.titles(successor) == ["vorher Haushalt"]
        assert await successor.status("GET", path) == 200
        assert [hit["title"] for hit in (await successor.get("search", q="Haushalt"))["items"]] == ["vorher Haushalt"]
        access = await board.coordinator.get(f"{path}/access", account=str(successor.account))
        assert [entry["visible"] for entry in access["items"]] == [True]
    reader = await succeed("moderator")
    await board.place.define(Role(name="moderator", base="moderator", levels={"notices": "read"}))
    assert await board.titles(reader) == []
    assert await reader.status("GET", path) == 404


async def test_a_tool_that_is_switched_off_is_not_there(board: Board) -> None:
    notice = await board.post()
    await board.place.found(tools=[])
    for path in (board.path, f"{board.path}/{notice['id']}"):
        assert await board.coordinator.status("GET", path) == 404
    assert await board["member"].get("unread") == {}
    assert await board.coordinator.status("POST", board.path, {"title": "x", "text": "y"}) == 404
