"""What other services are told of who may do what: step by step, whole on demand, and by the heartbeat."""

import asyncio
import uuid
from typing import Any

import pytest
from sqlalchemy import select

from netzraum_contracts.spaces import Heartbeat, MembershipChanged, RoleChanged, SpaceChanged
from netzraum_items.tables import AccessMembership, AccessRole, AccessSpace
from netzraum_platform.bus import Subscription
from netzraum_platform.events import Envelope
from netzraum_platform.tables import OutboxRow
from netzraum_spaces import jobs
from tests.harness import ServiceUnderTest, access_token, eventually, service_token
from tests.spaces.conftest import Network

STEPS = (SpaceChanged.TYPE, RoleChanged.TYPE, MembershipChanged.TYPE)
ROLE = {"title": "Neu", "base": "member", "levels": {}, "clearance": "internal"}


async def steps(network: Network) -> list[int]:
    """The versions of the network's steps, as they lie in the outbox."""
    async with network.region.service.app.database.session() as session:
        rows = await session.scalars(select(OutboxRow).order_by(OutboxRow.sequence))
        told = [row.envelope for row in rows if row.envelope.get("spaceid") == network.id]
    return [envelope["data"]["access_version"] for envelope in told if envelope["type"] in STEPS]


async def test_every_change_is_one_step(network: Network) -> None:
    await network.coordinator.change(network.path, {"tools": ["wiki"]})
    await network.coordinator.send("PUT", f"{network.path}/roles/neu", ROLE)
    _, membership = await network.region.take_in(network.coordinator, network.id, "neu")
    await network.coordinator.send("DELETE", f"{network.path}/members/{membership['id']}")
    await network.coordinator.send("DELETE", f"{network.path}/roles/neu")
    assert await steps(network) == [1, 2, 3, 4, 5, 6, 7]


async def test_versions_rise_one_by_one_under_changes_at_the_same_time(network: Network) -> None:
    people = [await network.region.somebody(f"Person {number}") for number in range(8)]
    bodies = [{"account": str(person.id), "role": "member"} for person in people]
    replies = await asyncio.gather(
        *(network.coordinator.send("POST", f"{network.path}/members", body) for body in bodies),
        *(network.coordinator.send("PUT", f"{network.path}/roles/neu-{number}", ROLE) for number in range(4)),
    )
    assert [reply.status_code for reply in replies] == [201] * 8 + [200] * 4
    access = await network.region.access(network.id)
    assert await steps(network) == list(range(1, access.access_version + 1))
    assert (len(access.memberships), len(access.roles), access.access_version) == (9, 9, 14)


async def test_changes_that_change_nobodys_access_are_no_step(network: Network) -> None:
    before = await steps(network)
    changed = await network.coordinator.send("PATCH", network.path, {"description": "Neu"}, if_match="*")
    assert await steps(network) == before
    assert changed.headers["netzraum-access"] == f"{network.id}={before[-1]}"


async def test_the_own_projection_holds_what_others_are_told(network: Network) -> None:
    await network.coordinator.send("PUT", f"{network.path}/roles/neu", ROLE)
    await network.region.take_in(network.coordinator, network.id, "neu")
    access = await network.region.access(network.id)
    space_id = uuid.UUID(network.id)
    async with network.region.service.app.database.session() as session:
        space = await session.get_one(AccessSpace, space_id)
        roles = list(await session.scalars(select(AccessRole).where(AccessRole.space_id == space_id)))
        held = list(await session.scalars(select(AccessMembership).where(AccessMembership.space_id == space_id)))
    assert (space.version, space.tools) == (access.access_version, access.state.tools)
    assert {role.name for role in roles} == {role.name for role in access.roles}
    assert {(row.account_id, row.role) for row in held} == {(row.account, row.role) for row in access.memberships}


async def test_a_lost_race_leaves_nothing_behind(network: Network) -> None:
    before = await network.region.access(network.id)
    refused = await network.coordinator.send("PATCH", network.path, {"tools": ["wiki"]}, if_match='"7"')
    assert refused.status_code == 412
    assert await network.region.access(network.id) == before


async def test_internal_answers_are_for_our_own_services(spaces: ServiceUnderTest, network: Network) -> None:
    for path in ("access", f"access/{network.id}", f"spaces/{network.id}"):
        for headers in ({}, access_token(network.coordinator.id), service_token("content", "calendar")):
            assert (await spaces.internal.get(f"/internal/{path}", headers=headers)).status_code == 401
    headers = service_token("content", "spaces")
    versions = (await spaces.internal.get("/internal/access", headers=headers)).json()["versions"]
    assert versions == {network.id: (await network.region.access(network.id)).access_version}
    shown = (await spaces.internal.get(f"/internal/spaces/{network.id}", headers=headers)).json()
    contact = "Katrin Vossmann, agentur mark GmbH"
    assert shown == {"name": "agentur mark GmbH", "kind": "network", "contact": contact, "welcome": ""}
    for path in ("access", "spaces"):
        assert (await spaces.internal.get(f"/internal/{path}/{uuid.uuid4()}", headers=headers)).status_code == 404


async def test_the_public_port_has_no_internal_routes(spaces: ServiceUnderTest, network: Network) -> None:
    headers = service_token("content", "spaces")
    for prefix in ("/internal", "/api/v1/internal"):
        assert (await spaces.public.get(f"{prefix}/access/{network.id}", headers=headers)).status_code == 404


async def test_the_heartbeat_lists_what_changed(network: Network, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "HEARTBEAT_S", 0.05)
    beats: list[dict[str, Any]] = []

    async def hear(envelope: Envelope) -> None:
        beats.append(Heartbeat.model_validate(envelope.data).model_dump(mode="json")["versions"])

    app = network.region.service.app
    await app.bus.subscribe(Subscription("test.live", (Heartbeat.TYPE,), transient=True), hear)
    beating = asyncio.create_task(jobs.heartbeat(app))
    try:
        await eventually(lambda: beats)
        body = await network.body()
        version = (await network.region.access(body)).access_version
        await eventually(lambda: beats[-1].get(body) == version)
        assert network.id in beats[-1]
    finally:
        beating.cancel()


async def test_a_request_that_knows_more_than_the_projection_is_not_answered(network: Network) -> None:
    version = (await network.region.access(network.id)).access_version
    known = await network.coordinator.send("GET", network.path, netzraum_access=f"{network.id}={version}")
    assert known.headers["netzraum-access"] == f"{network.id}={version}"
    unheard = await network.coordinator.send("GET", network.path, netzraum_access=f"{network.id}={version + 1}")
    assert (unheard.status_code, unheard.headers["retry-after"]) == (503, "1")
