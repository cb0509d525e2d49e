"""Who did what in a space is written down, and read by those who may."""

from tests.spaces.conftest import Network


async def test_the_audit_says_who_did_what_under_which_policy(network: Network) -> None:
    member, membership = await network.region.take_in(network.coordinator, network.id, "member")
    await network.coordinator.change(f"{network.path}/members/{membership['id']}", {"role": "moderator"})
    await network.coordinator.send("DELETE", f"{network.path}/members/{membership['id']}")
    entries = (await network.coordinator.get(f"{network.path}/audit"))["items"]
    assert [entry["what"] for entry in entries] == [
        "membership:end",
        "membership:update",
        "membership:create",
        "space:create",
    ]
    assert entries[0]["who"] == {
        "account": str(network.coordinator.id),
        "name": "Katrin Vossmann",
        "institution": "agentur mark GmbH",
    }
    assert entries[0]["item"] == membership["id"]
    assert entries[0]["details"] == {"account": str(member.id)}
    assert entries[1]["details"]["role"] == {"before": "member", "after": "moderator"}
    assert entries[0]["policy_revision"]
    assert entries[3]["who"] is None


async def test_the_audit_comes_in_pages(network: Network) -> None:
    for number in range(3):
        await network.body(f"Gremium {number}")
        await network.region.take_in(network.coordinator, network.id, "guest")
    seen, cursor = [], ""
    while cursor is not None:
        page = await network.coordinator.get(f"{network.path}/audit?limit=2{cursor and '&cursor=' + cursor}")
        seen += [entry["what"] for entry in page["items"]]
        cursor = page["next"]
    assert seen == ["membership:create"] * 3 + ["space:create"]
    assert (await network.coordinator.send("GET", f"{network.path}/audit?cursor=WyJ4Il0")).status_code == 422


async def test_the_audit_is_for_coordination_and_revision(network: Network) -> None:
    auditor, _ = await network.region.take_in(network.coordinator, network.id, "auditor")
    assert (await auditor.get(f"{network.path}/audit"))["items"]
    for role in ("moderator", "member", "guest"):
        other, _ = await network.region.take_in(network.coordinator, network.id, role)
        refused = await other.send("GET", f"{network.path}/audit")
        assert (refused.status_code, refused.json()["reasons"]) == (403, ["level_too_low"])
