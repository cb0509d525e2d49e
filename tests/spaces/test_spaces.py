"""Spaces come into being, are seen by their members, and are set by those who coordinate them."""

import uuid

from netzraum_contracts.identity import InstitutionApproved
from netzraum_platform.database import new_id
from tests.harness import access_token
from tests.spaces.conftest import Network
from tests.spaces.region import Region


async def test_an_approved_institution_gets_a_network_coordinated_by_its_registrant(network: Network) -> None:
    space = await network.coordinator.get(network.path)
    assert (space["kind"], space["name"], space["template"]) == ("network", "agentur mark GmbH", "graded")
    assert space["my"]["role"] == "coordinator"
    assert space["my"]["levels"]["notices"] == "manage"
    assert space["my"]["clearance"] == "personal"
    assert space["contact"] == "Katrin Vossmann, agentur mark GmbH"


async def test_an_approval_told_twice_makes_one_space(region: Region) -> None:
    registrant = await region.somebody("Katrin Vossmann")
    event = InstitutionApproved(institution=region.institution, name="agentur mark GmbH", registrant=registrant.id)
    event_id = new_id()
    for each in (event_id, event_id, new_id()):
        await region.service.hear(event, event_id=each)
    assert len((await registrant.get("spaces"))["items"]) == 1


async def test_the_network_follows_the_name_of_its_institution(network: Network) -> None:
    await network.region.institution_becomes("approved", 2, name="agentur mark gGmbH")
    assert (await network.coordinator.get(network.path))["name"] == "agentur mark gGmbH"
    refused = await network.coordinator.send("PATCH", network.path, {"name": "Anders"}, if_match="*")
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "name")


async def test_bodies_and_communities_come_from_templates(network: Network) -> None:
    body = {"kind": "body", "name": "Fachausschuss", "parent": network.id, "template": "equal"}
    created = await network.coordinator.post("spaces", body)
    assert (created["parent"], created["kind"], created["template"]) == (network.id, "body", "equal")
    roles = {role["name"]: role for role in (await network.coordinator.get(f"spaces/{created['id']}/roles"))["items"]}
    assert roles["member"]["levels"]["notices"] == "contribute"
    community = await network.coordinator.post("spaces", {"kind": "community", "name": "Referenzkommunen"})
    assert (community["template"], community["parent"]) == ("community", None)
    assert "records" not in community["tools"]
    listed = (await network.coordinator.get("spaces"))["items"]
    assert [each["name"] for each in listed] == ["agentur mark GmbH", "Fachausschuss", "Referenzkommunen"]
    assert [each["name"] for each in (await network.coordinator.get(network.path))["bodies"]] == ["Fachausschuss"]


async def test_only_who_coordinates_the_network_founds_bodies_and_communities(network: Network) -> None:
    member, _ = await network.region.take_in(network.coordinator, network.id, "member")
    for wanted in ({"kind": "body", "parent": network.id}, {"kind": "community"}):
        refused = await member.send("POST", "spaces", {"name": "Nein", **wanted})
        assert (refused.status_code, refused.json()["reasons"]) == (403, ["level_too_low"])
    stranger = await network.region.somebody("Fremde")
    refused = await stranger.send("POST", "spaces", {"kind": "body", "name": "Nein", "parent": network.id})
    assert refused.status_code == 404
    assert (await stranger.send("POST", "spaces", {"kind": "community", "name": "Nein"})).status_code == 403


async def test_a_network_is_not_founded_by_hand_and_a_body_needs_its_network(network: Network) -> None:
    for wanted, field in (({"kind": "network"}, "kind"), ({"kind": "body"}, "parent")):
        refused = await network.coordinator.send("POST", "spaces", {"name": "Nein", **wanted})
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)


async def test_the_same_idempotency_key_founds_one_body(network: Network) -> None:
    body = {"kind": "body", "name": "Beirat", "parent": network.id}
    first = await network.coordinator.post("spaces", body, idempotency_key="beirat")
    again = await network.coordinator.post("spaces", body, idempotency_key="beirat")
    assert first["id"] == again["id"]
    assert len((await network.coordinator.get("spaces?kind=body"))["items"]) == 1
    other = await network.coordinator.send("POST", "spaces", {**body, "name": "Anders"}, idempotency_key="beirat")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")


async def test_a_stranger_does_not_find_the_space(network: Network) -> None:
    stranger = await network.region.somebody("Fremde")
    for path in ("", "/members", "/roles", "/audit"):
        assert (await stranger.send("GET", network.path + path)).status_code == 404, path
    assert (await stranger.get("spaces"))["items"] == []
    assert (await stranger.send("GET", f"spaces/{uuid.uuid4()}")).status_code == 404


async def test_the_operator_reads_no_space(network: Network) -> None:
    for path in ("", "/members", "/roles", "/audit"):
        reply = await network.region.service.public.get(
            f"/api/v1/{network.path}{path}", headers=access_token(operator=True)
        )
        assert reply.status_code in (403, 404), path
        assert "agentur mark" not in reply.text


async def test_the_operator_sees_no_space_even_as_a_member(network: Network) -> None:
    member, _ = await network.region.take_in(network.coordinator, network.id, "member")
    headers = access_token(member.id, operator=True)
    assert (await network.region.service.public.get("/api/v1/spaces", headers=headers)).json()["items"] == []


async def test_settings_change_with_the_version_that_was_read(network: Network) -> None:
    read = await network.coordinator.send("GET", network.path)
    change = {"contact": "Büro, Raum 3", "tools": ["wiki", "notices"], "newcomers_see_history": False}
    assert (await network.coordinator.send("PATCH", network.path, change)).status_code == 428
    before = await network.region.access(network.id)
    changed = await network.coordinator.send("PATCH", network.path, change, if_match=read.headers["etag"])
    assert changed.status_code == 200, changed.text
    assert changed.json()["tools"] == ["notices", "wiki", "members"]
    assert changed.json()["contact"] == "Büro, Raum 3"
    after = await network.region.access(network.id)
    assert (after.access_version, after.state.newcomers_see_history) == (before.access_version + 1, False)
    assert changed.headers["netzraum-access"] == f"{network.id}={after.access_version}"
    late = await network.coordinator.send("PATCH", network.path, change, if_match=read.headers["etag"])
    assert late.status_code == 412


async def test_only_who_coordinates_changes_settings(network: Network) -> None:
    moderator, _ = await network.region.take_in(network.coordinator, network.id, "moderator")
    refused = await moderator.send("PATCH", network.path, {"description": "Nein"}, if_match="*")
    assert (refused.status_code, refused.json()["reasons"]) == (403, ["level_too_low"])


async def test_fields_that_are_not_there_are_refused(network: Network) -> None:
    refused = await network.coordinator.send("PATCH", network.path, {"kind": "body"}, if_match="*")
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "extra_forbidden")
    refused = await network.coordinator.send(
        "POST", "spaces", {"kind": "body", "parent": network.id, "name": "Bei\u202erat"}
    )
    assert (refused.status_code, refused.json()["errors"][0]["code"]) == (422, "control_characters")
