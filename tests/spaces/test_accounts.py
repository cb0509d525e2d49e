"""Memberships follow what becomes of accounts and institutions."""

import asyncio
import uuid

import pytest
from sqlalchemy import text

from netzraum_contracts.identity import AccountChanged
from netzraum_platform.context import App, WorkContext
from netzraum_platform.database import new_id
from netzraum_spaces.access.service import lock
from netzraum_spaces.members import service
from netzraum_spaces.spaces.models import Space
from tests.harness import access_token, eventually
from tests.spaces.conftest import Network


async def state_of(network: Network, account: object) -> str:
    items = (await network.coordinator.get(f"{network.path}/members"))["items"]
    return next(str(each["state"]) for each in items if each["account"]["id"] == str(account))


async def test_an_invited_membership_becomes_active_with_its_account(network: Network) -> None:
    invited = await network.region.somebody("Eingeladene", "invited")
    await network.region.add(network.coordinator, network.id, invited, "member")
    assert await state_of(network, invited.id) == "invited"
    await invited.becomes("active")
    assert await state_of(network, invited.id) == "active"


async def test_who_is_suspended_sees_nothing_until_that_ends(network: Network) -> None:
    body = await network.body()
    member, _ = await network.region.take_in(network.coordinator, network.id, "member")
    await network.region.add(network.coordinator, body, member, "member")
    before = await network.region.access(network.id)
    await member.becomes("suspended")
    after = await network.region.access(network.id)
    assert after.access_version == before.access_version + 1
    held = next(each for each in after.memberships if each.account == member.id)
    assert held.until is not None
    for space in (network.id, body):
        assert (await member.send("GET", f"spaces/{space}")).status_code == 404
    assert await state_of(network, member.id) == "suspended"
    await member.becomes("active")
    assert {each["id"] for each in (await member.get("spaces"))["items"]} == {network.id, body}


async def test_who_is_erased_has_left_everything(network: Network) -> None:
    member, _ = await network.region.take_in(network.coordinator, network.id, "member")
    await member.becomes("erased")
    assert member.id not in [held.account for held in (await network.region.access(network.id)).memberships]
    await member.becomes("active")
    assert (await member.send("GET", network.path)).status_code == 404


async def test_older_news_of_an_account_change_nothing(network: Network) -> None:
    member, _ = await network.region.take_in(network.coordinator, network.id, "member")
    await member.becomes("suspended")
    old = AccountChanged(account=member.id, name=member.name, institution=member.institution, state="active", version=1)
    await network.region.service.hear(old)
    assert (await member.send("GET", network.path)).status_code == 404


async def test_nobody_takes_in_an_erased_account(network: Network) -> None:
    gone = await network.region.somebody("Gelöschte", "erased")
    body = {"account": str(gone.id), "role": "member"}
    assert (await network.coordinator.send("POST", f"{network.path}/members", body)).status_code == 422


async def test_a_suspended_institution_closes_its_network_and_its_accounts_act_nowhere(network: Network) -> None:
    school = new_id()
    await network.region.institution_becomes("partner", 1, institution=school, name="Gesamtschule Haspe")
    guest = await network.region.somebody("Lehrerin", institution=school)
    await network.region.add(network.coordinator, network.id, guest, "guest")
    await network.region.institution_becomes("suspended", 2)
    assert (await network.coordinator.send("GET", network.path)).status_code == 404
    assert (await guest.get(network.path))["archived"] is True
    await network.region.flagged(network.id)
    await network.region.institution_becomes("approved", 3)
    assert (await network.coordinator.get(network.path))["archived"] is False
    await network.region.flagged(network.id, expected=False)


async def test_the_operator_appoints_where_nobody_coordinates_any_more(network: Network) -> None:
    member, _ = await network.region.take_in(network.coordinator, network.id, "member")
    stranger = await network.region.somebody("Fremde")
    public, operator = network.region.service.public, access_token(operator=True)
    path = f"/api/v1/operator/spaces/{network.id}/coordinator"
    early = await public.post(path, json={"account": str(member.id)}, headers=operator)
    assert (early.status_code, early.json()["reasons"]) == (403, ["coordinator_there"])
    await network.coordinator.becomes("suspended")
    await network.region.flagged(network.id)
    assert (await member.get(network.path))["without_coordinator"] is True
    refused = await member.send("POST", path.removeprefix("/api/v1/"), {"account": str(member.id)})
    assert (refused.status_code, "operator_needed" in refused.json()["reasons"]) == (403, True)
    unknown = await public.post(path, json={"account": str(new_id())}, headers=operator)
    assert unknown.status_code == 422
    suspended = await public.post(path, json={"account": str(network.coordinator.id)}, headers=operator)
    assert suspended.status_code == 409
    appointed = await public.post(path, json={"account": str(member.id)}, headers=operator)
    assert appointed.status_code == 204, appointed.text
    assert await network.role_of(member) == "coordinator"
    await network.region.flagged(network.id, expected=False)
    again = await public.post(path, json={"account": str(stranger.id)}, headers=operator)
    assert again.status_code == 403


async def test_only_the_operator_lists_spaces_without_a_coordinator(network: Network) -> None:
    refused = await network.coordinator.send("GET", "operator/spaces")
    assert (refused.status_code, "operator_needed" in refused.json()["reasons"]) == (403, True)


async def test_taking_in_while_the_institution_is_suspended_waits_for_nothing_that_waits_for_it(
    network: Network, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The request holds the account's row when the event comes, and asks for the space once the event waits."""
    region = network.region
    member = await region.somebody("Neue")
    news: list[asyncio.Task[None]] = []

    async def lock_late(context: WorkContext, space_id: uuid.UUID) -> Space:
        news.append(asyncio.create_task(region.institution_becomes("suspended", 2)))
        await eventually(lambda: somebody_waits(region.service.app))
        return await lock(context, space_id)

    monkeypatch.setattr(service, "lock", lock_late)
    await region.add(network.coordinator, network.id, member, "member")
    await news[0]
    assert (await region.access(network.id)).state.archived
    assert member.id in [held.account for held in (await region.access(network.id)).memberships if held.until]


async def somebody_waits(app: App) -> bool:
    """Whether a transaction waits for a row; on SQLite all but one wait before they read any."""
    if app.database.dialect == "sqlite":
        return True
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    async with app.database.session() as session:
        return bool(await session.scalar(text(waiting)))
