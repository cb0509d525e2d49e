"""Roles: what they give, how a space changes them, and where that ends."""

import shutil
from pathlib import Path
from typing import Any

import yaml

from netzraum_platform.policy import CompiledPolicy
from netzraum_spaces.app import SERVICE
from tests.harness import POLICIES, Surroundings, eventually, running
from tests.spaces.conftest import Network
from tests.spaces.region import Region

ADVISERS = {"title": "Berufsberatung", "base": "member", "levels": {"wiki": "read"}, "clearance": "confidential"}


async def roles(network: Network) -> dict[str, Any]:
    return {role["name"]: role for role in (await network.coordinator.get(f"{network.path}/roles"))["items"]}


async def test_built_in_roles_are_listed_with_what_they_give_and_their_ceilings(network: Network) -> None:
    listed = await roles(network)
    assert list(listed) == ["coordinator", "moderator", "member", "guest", "auditor"]
    member = listed["member"]
    assert (member["title"], member["builtin"], member["clearance"]) == ("Mitglied", True, "internal")
    assert (member["levels"]["notices"], member["levels"]["wiki"]) == ("read", "contribute")
    assert member["overrides"] == {"levels": {}, "clearance": None}
    assert (member["ceiling"]["levels"]["notices"], member["ceiling"]["clearance"]) == ("contribute", "confidential")
    assert (listed["coordinator"]["members"], member["members"]) == (1, 0)
    assert "delete" not in member["actions"]


async def test_titles_of_built_in_roles_come_in_the_callers_language(network: Network) -> None:
    reply = await network.coordinator.send("GET", f"{network.path}/roles/guest", accept_language="en")
    assert reply.json()["title"] == "Guest"


async def test_a_new_role_counts_with_the_next_request(network: Network) -> None:
    created = await network.coordinator.send("PUT", f"{network.path}/roles/Berufsberatung", ADVISERS)
    assert created.status_code == 200, created.text
    role = created.json()
    assert (role["name"], role["title"], role["builtin"]) == ("berufsberatung", "Berufsberatung", False)
    assert (role["levels"]["wiki"], role["clearance"]) == ("read", "confidential")
    access = await network.region.access(network.id)
    assert created.headers["netzraum-access"] == f"{network.id}={access.access_version}"
    adviser, _ = await network.region.take_in(network.coordinator, network.id, "berufsberatung")
    mine = (await adviser.get(network.path))["my"]
    assert (mine["title"], mine["levels"]["wiki"], mine["clearance"]) == ("Berufsberatung", "read", "confidential")


async def test_what_is_as_the_base_has_it_is_no_override(network: Network) -> None:
    guest = (await roles(network))["guest"]
    whole = {"title": "Gast", "base": "guest", "levels": guest["levels"], "clearance": guest["clearance"]}
    same = await network.coordinator.change(f"{network.path}/roles/guest", whole, "PUT")
    assert same["overrides"] == {"levels": {}, "clearance": None}
    changed = {**whole, "levels": {**guest["levels"], "forum": "none"}}
    overridden = await network.coordinator.change(f"{network.path}/roles/guest", changed, "PUT")
    assert overridden["overrides"] == {"levels": {"forum": "none"}, "clearance": None}
    assert overridden["levels"]["forum"] == "none"


async def test_what_passes_the_ceiling_is_refused_with_the_ceiling_named(network: Network) -> None:
    wanted = {"title": "Gast", "base": "guest", "levels": {"notices": "manage"}, "clearance": "personal"}
    refused = await network.coordinator.send("PUT", f"{network.path}/roles/guest", wanted, if_match="*")
    problem = refused.json()
    assert (refused.status_code, problem["code"]) == (422, "ceiling_exceeded")
    assert (problem["ceiling"]["levels"]["notices"], problem["ceiling"]["clearance"]) == ("read", "internal")
    assert [error["field"] for error in problem["errors"]] == ["levels.notices", "clearance"]
    assert (await roles(network))["guest"]["levels"]["notices"] == "read"


async def test_nobody_defines_a_role_with_more_than_they_have(network: Network) -> None:
    own = {"title": "Koordination", "base": "coordinator", "levels": {"blog": "read"}, "clearance": "personal"}
    await network.coordinator.change(f"{network.path}/roles/coordinator", own, "PUT")
    bloggers = {"title": "Redaktion", "base": "member", "levels": {"blog": "manage"}, "clearance": "internal"}
    refused = await network.coordinator.send("PUT", f"{network.path}/roles/redaktion", bloggers)
    assert (refused.status_code, refused.json()["reasons"]) == (403, ["more_than_own"])


async def test_the_last_role_that_coordinates_keeps_doing_so(network: Network) -> None:
    less = {"title": "Koordination", "base": "coordinator", "levels": {"members": "read"}, "clearance": "personal"}
    refused = await network.coordinator.send("PUT", f"{network.path}/roles/coordinator", less, if_match="*")
    assert (refused.status_code, refused.json()["reasons"]) == (403, ["last_coordinator"])


async def test_a_change_needs_the_version_that_was_read(network: Network) -> None:
    path = f"{network.path}/roles/berufsberatung"
    first = await network.coordinator.send("PUT", path, ADVISERS)
    assert (await network.coordinator.send("PUT", path, ADVISERS)).status_code == 428
    stricter = {**ADVISERS, "clearance": "internal"}
    second = await network.coordinator.send("PUT", path, stricter, if_match=first.headers["etag"])
    assert second.status_code == 200
    late = await network.coordinator.send("PUT", path, ADVISERS, if_match=first.headers["etag"])
    assert late.status_code == 412


async def test_a_built_in_role_keeps_base_and_place(network: Network) -> None:
    moved = {"title": "Gast", "base": "member", "levels": {}, "clearance": "internal"}
    refused = await network.coordinator.send("PUT", f"{network.path}/roles/guest", moved, if_match="*")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "base")
    deleted = await network.coordinator.send("DELETE", f"{network.path}/roles/guest")
    assert (deleted.status_code, deleted.json()["code"]) == (409, "role_built_in")


async def test_a_role_that_members_have_is_not_deleted(network: Network) -> None:
    path = f"{network.path}/roles/berufsberatung"
    await network.coordinator.send("PUT", path, ADVISERS)
    _, membership = await network.region.take_in(network.coordinator, network.id, "berufsberatung")
    kept = await network.coordinator.send("DELETE", path)
    assert (kept.status_code, kept.json()["code"]) == (409, "role_in_use")
    await network.coordinator.change(f"{network.path}/members/{membership['id']}", {"role": "member"})
    assert (await network.coordinator.send("DELETE", path)).status_code == 204
    assert "berufsberatung" not in await roles(network)
    assert "berufsberatung" not in [role.name for role in (await network.region.access(network.id)).roles]
    assert (await network.coordinator.send("DELETE", path)).status_code == 404


async def test_a_member_reads_roles_and_changes_none(network: Network) -> None:
    member, _ = await network.region.take_in(network.coordinator, network.id, "member")
    assert len((await member.get(f"{network.path}/roles"))["items"]) == 5
    refused = await member.send("PUT", f"{network.path}/roles/neu", ADVISERS)
    assert (refused.status_code, "level_too_low" in refused.json()["reasons"]) == (403, True)


async def test_what_is_wrong_is_named(network: Network) -> None:
    for wrong, field in (
        ({"levels": {"kitchen": "read"}}, "levels.kitchen.[key]"),
        ({"levels": {"wiki": "much"}}, "levels.wiki"),
        ({"base": "chief"}, "base"),
        ({"title": " "}, "title"),
    ):
        refused = await network.coordinator.send("PUT", f"{network.path}/roles/neu", {**ADVISERS, **wrong})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)
    assert (await network.coordinator.send("PUT", f"{network.path}/roles/---", ADVISERS)).status_code == 422


async def test_a_changed_policy_shows_at_once_in_what_roles_give(
    database_url: str, around: Surroundings, tmp_path: Path
) -> None:
    folder = shutil.copytree(POLICIES, tmp_path / "policies")
    data = folder / "bundle" / "netzraum" / "roles" / "data.yaml"
    async with running(SERVICE, database_url, around, CompiledPolicy(folder, "spaces")) as service:
        region = Region(service)
        coordinator = await region.somebody("Katrin Vossmann")
        path = f"spaces/{await region.approved(coordinator)}/roles/guest"
        assert (await coordinator.get(path))["levels"]["notices"] == "read"
        content = yaml.safe_load(data.read_text("utf-8"))
        content["network"]["guest"]["levels"]["notices"] = "none"
        data.write_text(yaml.safe_dump(content), "utf-8")

        async def is_shown() -> bool:
            return bool((await coordinator.get(path))["levels"]["notices"] == "none")

        await eventually(is_shown)
