"""Who takes members in, changes and ends memberships, and what follows from it."""

import asyncio
from datetime import timedelta

import pytest

from netzraum_platform.database import new_id, utc_now
from tests.spaces.conftest import Network


async def test_a_member_taken_in_sees_the_space_and_is_listed_with_name_and_institution(network: Network) -> None:
    member, membership = await network.region.take_in(
        network.coordinator, network.id, "member", "Ömer Aydın", function="Berufsberatung", welcome="Willkommen!"
    )
    space = await member.get(network.path)
    assert (space["my"]["role"], space["welcome"]) == ("member", "Willkommen!")
    listed = (await member.get(f"{network.path}/members"))["items"]
    assert [each["account"]["name"] for each in listed] == ["Katrin Vossmann", "Ömer Aydın"]
    assert listed[1]["account"]["institution"] == "agentur mark GmbH"
    assert (listed[1]["id"], listed[1]["function"], listed[1]["state"]) == (
        membership["id"],
        "Berufsberatung",
        "active",
    )
    assert listed[1]["last_seen"] is None


async def test_last_seen_is_for_those_who_coordinate(network: Network) -> None:
    member, _ = await network.region.take_in(network.coordinator, network.id, "member")
    await member.get(network.path)
    path = f"{network.path}/members?role=member"
    assert (await network.coordinator.get(path))["items"][0]["last_seen"] is not None
    assert (await member.get(path))["items"][0]["last_seen"] is None


async def test_the_list_says_who_may_take_in_and_what_may_be_done_with_each(network: Network) -> None:
    member, _ = await network.region.take_in(network.coordinator, network.id, "member")
    seen = await network.coordinator.get(f"{network.path}/members")
    assert "create" in seen["actions"]
    assert ["end" in each["actions"] for each in seen["items"]] == [True, True]
    seen = await member.get(f"{network.path}/members")
    assert seen["actions"] == []
    assert {each["account"]["id"]: "end" in each["actions"] for each in seen["items"]} == {
        str(network.coordinator.id): False,
        str(member.id): True,
    }


async def test_a_guest_does_not_see_who_belongs_to_the_space(network: Network) -> None:
    guest, membership = await network.region.take_in(network.coordinator, network.id, "guest")
    for path in ("members", f"members/{membership['id']}", "roles"):
        refused = await guest.send("GET", f"{network.path}/{path}")
        assert (refused.status_code, refused.json()["reasons"]) == (403, ["level_too_low"])


async def test_a_member_takes_nobody_in(network: Network) -> None:
    member, _ = await network.region.take_in(network.coordinator, network.id, "member")
    other = await network.region.somebody("Andere")
    refused = await member.send("POST", f"{network.path}/members", {"account": str(other.id), "role": "member"})
    assert (refused.status_code, refused.json()["reasons"]) == (403, ["level_too_low"])


async def test_nobody_gives_more_than_they_have(network: Network) -> None:
    role = {"title": "Aufnahme", "base": "moderator", "levels": {"members": "contribute"}, "clearance": "internal"}
    await network.coordinator.change(f"{network.path}/roles/aufnahme", role, "PUT")
    clerk, _ = await network.region.take_in(network.coordinator, network.id, "aufnahme")
    other = await network.region.somebody("Andere")
    for given in ("coordinator", "moderator"):
        body = {"account": str(other.id), "role": given}
        refused = await clerk.send("POST", f"{network.path}/members", body)
        assert (refused.status_code, refused.json()["reasons"]) == (403, ["more_than_own"])
    await network.region.add(clerk, network.id, other, "member")


async def test_an_account_is_a_member_once(network: Network) -> None:
    member, _ = await network.region.take_in(network.coordinator, network.id, "member")
    body = {"account": str(member.id), "role": "guest"}
    refused = await network.coordinator.send("POST", f"{network.path}/members", body)
    assert (refused.status_code, refused.json()["code"]) == (409, "already_member")


async def test_who_comes_back_gets_a_new_membership(network: Network) -> None:
    member, first = await network.region.take_in(network.coordinator, network.id, "member")
    await network.coordinator.send("DELETE", f"{network.path}/members/{first['id']}")
    second = await network.region.add(network.coordinator, network.id, member, "guest")
    assert second["id"] != first["id"]
    assert await network.role_of(member) == "guest"


async def test_the_same_idempotency_key_takes_one_member_in(network: Network) -> None:
    other = await network.region.somebody("Andere")
    body = {"account": str(other.id), "role": "member"}
    first = await network.coordinator.post(f"{network.path}/members", body, idempotency_key="andere")
    again = await network.coordinator.post(f"{network.path}/members", body, idempotency_key="andere")
    assert again["id"] == first["id"]
    assert len((await network.coordinator.get(f"{network.path}/members"))["items"]) == 2


@pytest.mark.parametrize(
    ("wrong", "fields"),
    [
        ({"role": "unheard-of"}, ["role"]),
        ({"until": "2020-01-01T00:00:00Z"}, ["until"]),
        ({"until": "2030-01-01T00:00:00"}, ["until"]),
        ({"account": str(new_id())}, ["account"]),
        ({"account": "kein Konto"}, ["account"]),
        ({"account": None}, ["email", "name", "institution"]),
        ({"account": None, "role": ""}, ["email", "name", "institution", "role"]),
        (
            {"account": None, "name": "Ayşe Yılmaz", "email": "keine", "until": "bald"},
            ["email", "institution", "until"],
        ),
        ({"email": "a@b.example"}, ["email"]),
        ({"boss": True}, ["boss"]),
    ],
)
async def test_all_that_is_wrong_is_named_at_once(
    network: Network, wrong: dict[str, object], fields: list[str]
) -> None:
    other = await network.region.somebody("Andere")
    body = {"account": str(other.id), "role": "member", **wrong}
    refused = await network.coordinator.send("POST", f"{network.path}/members", body)
    assert refused.status_code == 422, refused.text
    assert [error["field"] for error in refused.json()["errors"]] == fields


async def test_role_function_and_end_change_with_the_version_that_was_read(network: Network) -> None:
    member, membership = await network.region.take_in(network.coordinator, network.id, "member")
    path = f"{network.path}/members/{membership['id']}"
    read = await network.coordinator.send("GET", path)
    change = {"role": "moderator", "function": "Leitung", "until": "2090-12-31T23:00:00Z"}
    changed = await network.coordinator.send("PATCH", path, change, if_match=read.headers["etag"])
    assert changed.status_code == 200, changed.text
    assert await network.role_of(member) == "moderator"
    access = await network.region.access(network.id)
    assert changed.headers["netzraum-access"] == f"{network.id}={access.access_version}"
    late = await network.coordinator.send("PATCH", path, {"role": "guest"}, if_match=read.headers["etag"])
    assert late.status_code == 412
    opened = await network.coordinator.change(path, {"until": None})
    assert (opened["until"], opened["function"]) == (None, "Leitung")


async def test_an_ended_membership_shows_nothing_with_the_next_request(network: Network) -> None:
    member, membership = await network.region.take_in(network.coordinator, network.id, "member")
    ended = await network.coordinator.send("DELETE", f"{network.path}/members/{membership['id']}")
    assert ended.status_code == 204
    access = await network.region.access(network.id)
    assert ended.headers["netzraum-access"] == f"{network.id}={access.access_version}"
    assert (await member.send("GET", network.path)).status_code == 404
    assert (await member.get("spaces"))["items"] == []
    assert str(member.id) not in str(await network.coordinator.get(f"{network.path}/members"))
    again = await network.coordinator.send("DELETE", f"{network.path}/members/{membership['id']}")
    assert again.status_code in (403, 404)


async def test_a_member_may_leave(network: Network) -> None:
    member, membership = await network.region.take_in(network.coordinator, network.id, "member")
    other, _ = await network.region.take_in(network.coordinator, network.id, "member")
    refused = await other.send("DELETE", f"{network.path}/members/{membership['id']}")
    assert refused.status_code == 403
    assert (await member.send("DELETE", f"{network.path}/members/{membership['id']}")).status_code == 204
    assert (await member.send("GET", network.path)).status_code == 404


async def test_the_last_who_coordinates_neither_leaves_nor_steps_down(network: Network) -> None:
    path = f"{network.path}/members/{await network.own_membership()}"
    left = await network.coordinator.send("DELETE", path)
    assert (left.status_code, left.json()["reasons"]) == (403, ["last_coordinator"])
    demoted = await network.coordinator.send("PATCH", path, {"role": "member"}, if_match="*")
    assert (demoted.status_code, demoted.json()["reasons"]) == (403, ["last_coordinator"])
    await network.region.take_in(network.coordinator, network.id, "coordinator")
    assert (await network.coordinator.send("DELETE", path)).status_code == 204


async def test_an_invited_person_does_not_count_as_one_who_coordinates(network: Network) -> None:
    invited = await network.region.somebody("Eingeladene", "invited")
    added = await network.region.add(network.coordinator, network.id, invited, "coordinator")
    assert added["state"] == "invited"
    path = f"{network.path}/members/{await network.own_membership()}"
    assert (await network.coordinator.send("DELETE", path)).status_code == 403
    await invited.becomes("active")
    assert (await network.coordinator.send("DELETE", path)).status_code == 204


async def test_of_two_who_coordinate_and_leave_at_once_one_stays(network: Network) -> None:
    second, membership = await network.region.take_in(network.coordinator, network.id, "coordinator")
    own = await network.own_membership()
    replies = await asyncio.gather(
        network.coordinator.send("DELETE", f"{network.path}/members/{own}"),
        second.send("DELETE", f"{network.path}/members/{membership['id']}"),
    )
    statuses = sorted(reply.status_code for reply in replies)
    assert statuses[0] == 204
    assert statuses[1] in (403, 409)
    access = await network.region.access(network.id)
    assert [held.role for held in access.memberships] == ["coordinator"]


async def test_who_leaves_the_network_leaves_its_bodies(network: Network) -> None:
    body = await network.body()
    member, membership = await network.region.take_in(network.coordinator, network.id, "member")
    await network.region.add(network.coordinator, body, member, "member")
    ended = await network.coordinator.send("DELETE", f"{network.path}/members/{membership['id']}")
    assert ended.status_code == 204
    assert (await member.send("GET", f"spaces/{body}")).status_code == 404
    versions = {network.id: (await network.region.access(network.id)).access_version}
    versions[body] = (await network.region.access(body)).access_version
    assert ended.headers["netzraum-access"] == ", ".join(f"{space}={number}" for space, number in versions.items())


async def test_nobody_leaves_a_network_whose_body_they_alone_coordinate(network: Network) -> None:
    await network.region.take_in(network.coordinator, network.id, "coordinator")
    await network.body()
    left = await network.coordinator.send("DELETE", f"{network.path}/members/{await network.own_membership()}")
    assert (left.status_code, left.json()["reasons"]) == (403, ["last_coordinator"])


async def test_a_body_that_loses_its_last_by_the_network_is_flagged(network: Network) -> None:
    second, _ = await network.region.take_in(network.coordinator, network.id, "coordinator")
    body = await network.body()
    await second.send("DELETE", f"{network.path}/members/{await network.own_membership()}")
    await network.region.flagged(body)
    await network.region.flagged(network.id, expected=False)


async def test_members_are_found_by_words_role_and_institution(network: Network) -> None:
    school = new_id()
    await network.region.institution_becomes("partner", 1, institution=school, name="Gesamtschule Haspe")
    names = {"Zoë Östreich": "member", "Oskar Ostermann": "guest", "Änne Ostwald": "member"}
    for name, role in names.items():
        person = await network.region.somebody(name, institution=school)
        await network.region.add(network.coordinator, network.id, person, role)

    async def found(query: str) -> list[str]:
        items = (await network.coordinator.get(f"{network.path}/members?{query}"))["items"]
        return [each["account"]["name"] for each in items]

    assert await found("institution=haspe") == ["Änne Ostwald", "Oskar Ostermann", "Zoë Östreich"]
    assert await found(f"institution={school}&role=guest") == ["Oskar Ostermann"]
    assert await found("q=OST") == ["Änne Ostwald", "Oskar Ostermann", "Zoë Östreich"]
    assert await found("q=haspe zoe") == ["Zoë Östreich"]
    assert await found("q=%25") == []


async def test_a_list_in_pages_holds_everybody_once(network: Network) -> None:
    for number in range(5):
        await network.region.take_in(network.coordinator, network.id, "member", f"Person {number}")
    seen: list[str] = []
    cursor = ""
    while cursor is not None:
        page = await network.coordinator.get(f"{network.path}/members?limit=2{cursor and '&cursor=' + cursor}")
        seen += [each["account"]["name"] for each in page["items"]]
        cursor = page["next"]
    assert seen == ["Katrin Vossmann", *(f"Person {number}" for number in range(5))]
    for forged in ("x", "WzEsMl0"):
        refused = await network.coordinator.send("GET", f"{network.path}/members?cursor={forged}")
        assert refused.status_code == 422


async def test_a_membership_ends_by_its_date_and_takes_its_bodies_along(network: Network) -> None:
    body = await network.body()
    soon = (utc_now() + timedelta(seconds=1)).isoformat()
    member, _ = await network.region.take_in(network.coordinator, network.id, "member", until=soon)
    await network.region.add(network.coordinator, body, member, "member")
    await network.region.gone(body, member)
    await network.region.gone(network.id, member)
    assert (await member.get("spaces"))["items"] == []


async def test_a_later_end_moves_the_first(network: Network) -> None:
    soon = (utc_now() + timedelta(seconds=1)).isoformat()
    later, membership = await network.region.take_in(network.coordinator, network.id, "member", until=soon)
    await network.coordinator.change(f"{network.path}/members/{membership['id']}", {"until": "2090-01-01T00:00:00Z"})
    sooner, _ = await network.region.take_in(network.coordinator, network.id, "member", until=soon)
    await network.region.gone(network.id, sooner)
    assert await network.role_of(later) == "member"
