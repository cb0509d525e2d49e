"""The service calendar as it is without a tool: it starts, knows who may be where, and has truly nothing to show."""

from pathlib import Path

from netzraum_calendar.app import SERVICE
from tests.harness import Surroundings, running
from tests.world import World


async def test_it_is_ready_and_its_shared_routes_find_nothing(database_url: str, tmp_path: Path) -> None:
    async with running(SERVICE, database_url, Surroundings(tmp_path)) as service:
        world = World(service)
        place = await world.place().found(tools=["calendar"])
        member = await place.take_in(await world.person("Mitglied"), "member")
        assert (await service.public.get("/health/ready")).json() == {
            "ready": True,
            "checks": {"database": True, "policy": True},
        }
        assert "netzraum_access_age_seconds" in (await service.internal.get("/metrics")).text
        assert await member.get("overview") == {"unread": {}, "activity": [], "todo": []}
        assert (await member.get("search", q="Wort"))["items"] == []
        assert (await member.get(f"{place.path}/activity"))["items"] == []
        assert await member.status("POST", f"{place.path}/seen", {}) == 204
        stranger = await world.person("fremd")
        assert await stranger.status("GET", f"{place.path}/activity") == 404


async def test_it_hears_of_the_end_of_a_membership(database_url: str, tmp_path: Path) -> None:
    async with running(SERVICE, database_url, Surroundings(tmp_path)) as service:
        world = World(service)
        place = await world.place().found(tools=["calendar"])
        member = await place.take_in(await world.person("Mitglied"), "member")
        assert await member.status("GET", f"{place.path}/activity") == 200
        await place.dismiss(member, "member")
        assert await member.status("GET", f"{place.path}/activity") == 404
