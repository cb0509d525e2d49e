"""The main ways through the product, by the API."""

import secrets

import httpx

from netzraum_standalone.demo.client import until
from tests.end_to_end.installations import Installation
from tests.end_to_end.people import Network, Somebody, found_network


def unique(title: str) -> str:
    return f"{title} {secrets.token_hex(4)}"


async def test_an_approved_institution_gets_its_network_space(network: Network) -> None:
    space = await network.coordinator.get(f"spaces/{network.space}")
    assert space["name"] == network.name
    assert space["my"]["role"] == "coordinator"


async def test_bodies_and_a_community_come_from_templates(network: Network) -> None:
    for name, template in (("Steuerkreis", "graded"), ("Fachausschuss", "equal")):
        body = {"kind": "body", "name": name, "parent": network.space, "template": template}
        created = await network.coordinator.post("spaces", body)
        assert (await network.coordinator.get(f"spaces/{created['id']}"))["name"] == name
    community = {"kind": "community", "name": "Referenzkommunen", "template": "community"}
    created = await network.coordinator.post("spaces", community)
    assert (await network.coordinator.get(f"spaces/{created['id']}"))["kind"] == "community"


async def test_each_role_sees_what_its_clearance_allows(network: Network) -> None:
    titles = {name: unique(name) for name in ("public", "internal", "confidential")}
    for classification, title in titles.items():
        await network.post_notice(network.coordinator, title, classification)
    mine = set(titles.values())
    assert await network.people["moderator"].titles(network.space) >= mine
    for role in ("member", "guest"):
        assert await network.people[role].titles(network.space) & mine == mine - {titles["confidential"]}


async def test_a_hidden_notice_is_not_found(network: Network) -> None:
    notice = await network.post_notice(network.coordinator, unique("Vertraulich"), "confidential")
    assert await network.people["member"].status("GET", f"spaces/{network.space}/notices/{notice['id']}") == 404


async def test_a_draft_is_seen_by_its_author_alone(network: Network) -> None:
    title = unique("Entwurf")
    notice = await network.post_notice(network.people["moderator"], title, state="draft")
    path = f"spaces/{network.space}/notices/{notice['id']}"
    assert (await network.people["moderator"].get(path))["title"] == title
    assert await network.coordinator.status("GET", path) == 404


async def test_a_member_may_not_write_on_the_board_and_reads_why(network: Network) -> None:
    reply = await network.people["member"].send(
        "POST", f"spaces/{network.space}/notices", {"title": "Nein", "text": "Nein"}
    )
    assert reply.status_code == 403
    assert reply.json()["reasons"] == ["level_too_low"]


async def test_a_stranger_does_not_learn_that_a_space_exists(
    installation: Installation, http: httpx.AsyncClient, network: Network
) -> None:
    stranger = (await found_network(installation, http)).coordinator
    for path in (f"spaces/{network.space}", f"spaces/{network.space}/notices", f"spaces/{network.space}/members"):
        assert await stranger.status("GET", path) == 404


async def test_the_operator_reads_no_content(network: Network) -> None:
    reply = await network.operator.send("GET", f"spaces/{network.space}/notices")
    assert reply.status_code == 403
    assert reply.json()["reasons"] == ["operator_reads_no_content"]


async def test_news_are_unread_until_they_are_seen(network: Network) -> None:
    notice = await network.post_notice(network.coordinator, unique("Neu"))
    member = network.people["member"]
    before = (await member.get("unread"))[network.space]["notices"]
    await member.post(f"spaces/{network.space}/seen", {"tool": "notices", "item": notice["id"]})
    assert (await member.get("unread"))[network.space].get("notices", 0) == before - 1


async def test_search_finds_by_the_stem_and_hides_what_is_hidden(network: Network) -> None:
    word = f"Zuwendungsbescheid{secrets.token_hex(3)}"
    await network.post_notice(network.coordinator, f"{word} der Gemeinde", "confidential")
    await network.post_notice(network.coordinator, f"{word} des Kreises", "internal")
    hits = (await network.people["member"].get(f"search?q={word}"))["items"]
    assert [hit["title"] for hit in hits] == [f"{word} des Kreises"]


async def test_an_ended_membership_shows_nothing_with_the_next_request(network: Network) -> None:
    leaver = await network.take_in("member", "leaver")
    title = unique("Vor dem Abschied")
    await network.post_notice(network.coordinator, title)
    assert title in await leaver.titles(network.space)
    path = f"spaces/{network.space}/members/{network.memberships['leaver']}"
    reply = await network.coordinator.send("DELETE", path, None, if_match="*")
    assert reply.status_code == 204, reply.text
    assert await leaver.status("GET", f"spaces/{network.space}/notices") in (403, 404)
    assert await leaver.status("GET", f"spaces/{network.space}") == 404
    assert (await leaver.get("spaces"))["items"] == []
    assert network.space not in await leaver.get("unread")
    assert (await leaver.get("activity"))["items"] == []
    assert (await leaver.get("search?q=Abschied"))["items"] == []


async def test_a_changed_role_counts_at_once_and_the_ceiling_is_named(network: Network) -> None:
    own = await found_network(network.installation, network.http)
    guest = await own.take_in("guest")
    role = {"title": "Gast", "base": "guest", "levels": {"notices": "none"}, "clearance": "internal"}
    await own.coordinator.change(f"spaces/{own.space}/roles/guest", role, "PUT")
    assert await guest.status("GET", f"spaces/{own.space}/notices") == 403
    too_much = {**role, "clearance": "confidential"}
    refused = await own.coordinator.send("PUT", f"spaces/{own.space}/roles/guest", too_much, if_match="*")
    assert refused.status_code == 422
    assert refused.json()["ceiling"]["clearance"] == "internal"


async def test_a_new_role_sees_up_to_its_clearance(network: Network) -> None:
    own = await found_network(network.installation, network.http)
    role = {"title": "Berufsberatung", "base": "member", "levels": {}, "clearance": "confidential"}
    await own.coordinator.change(f"spaces/{own.space}/roles/berufsberatung", role, "PUT")
    adviser = await own.take_in("berufsberatung")
    title = unique("Vertraulich")
    await own.post_notice(own.coordinator, title, "confidential")
    assert title in await adviser.titles(own.space)


async def test_the_last_coordinator_cannot_leave(network: Network) -> None:
    members = (await network.coordinator.get(f"spaces/{network.space}/members?role=coordinator"))["items"]
    reply = await network.coordinator.send(
        "DELETE", f"spaces/{network.space}/members/{members[0]['id']}", None, if_match="*"
    )
    assert reply.status_code == 403
    assert "last_coordinator" in reply.json()["reasons"]


async def test_a_log_out_ends_its_tokens(http: httpx.AsyncClient, network: Network) -> None:
    somebody = await Somebody.of(http, network.people["guest"].email)
    assert await somebody.status("DELETE", "session") == 204
    await until(lambda: _is_refused(somebody), "the token to be refused")


async def _is_refused(somebody: Somebody) -> bool:
    return await somebody.status("GET", "spaces") == 401
