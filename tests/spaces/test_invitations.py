"""Members taken in by their address: identity knows or makes the account, and sends the invitation."""

import re
from collections.abc import AsyncIterator
from email import message_from_bytes
from email.policy import default
from pathlib import Path
from typing import Any

import pytest

from netzraum_identity.app import SERVICE as IDENTITY
from netzraum_platform.database import new_id
from tests.harness import ServiceUnderTest, Surroundings, eventually, running, sqlite_url
from tests.spaces.conftest import KeptPolicy, Network
from tests.spaces.region import Somebody

SCHOOL = {"name": "Gesamtschule Haspe", "town": "Hagen", "kind": "school"}
PASSWORD = "einladung-2026"


@pytest.fixture
async def identity(
    spaces: ServiceUnderTest, around: Surroundings, tmp_path: Path, policy: KeptPolicy
) -> AsyncIterator[ServiceUnderTest]:
    async with running(IDENTITY, sqlite_url(tmp_path, "identity"), around, policy) as service:
        yield service


def person(email: str, **more: Any) -> dict[str, Any]:
    return {"email": email, "name": "Thomas Breuer", "institution": SCHOOL, "role": "member", **more}


def links(around: Surroundings, page: str) -> list[str]:
    """The tokens in mails with a link to this page."""
    texts = [message_from_bytes(mail.read_bytes(), policy=default) for mail in around.mails]
    bodies = [body.get_content() for text in texts if (body := text.get_body(("plain",))) is not None]
    return [found[1] for body in bodies if (found := re.search(rf"/{page}/([\w.~-]+)", body))]


async def invited(around: Surroundings) -> str:
    """The token of the first invitation, once it was sent."""
    return str((await eventually(lambda: links(around, "einladung")))[0])


async def test_an_unknown_address_is_invited_by_mail_and_becomes_active(
    network: Network, identity: ServiceUnderTest, around: Surroundings
) -> None:
    added = await network.coordinator.post(f"{network.path}/members", person("breuer@schule.example"))
    assert (added["state"], added["account"]["institution"]) == ("invited", "Gesamtschule Haspe")
    token = await invited(around)
    body = {"name": "Thomas Breuer", "password": PASSWORD}
    accepted = await identity.public.post(f"/api/v1/invitations/{token}/accept", json=body)
    assert accepted.status_code == 201, accepted.text

    async def is_active() -> bool:
        member = await network.coordinator.get(f"{network.path}/members/{added['id']}")
        return (member["state"], member["account"]["institution"]) == ("active", "Gesamtschule Haspe")

    await eventually(is_active)


async def test_known_and_unknown_addresses_answer_alike(network: Network, identity: ServiceUnderTest) -> None:
    body = await network.body()
    known, unknown = "known@schule.example", "new@schule.example"
    await network.coordinator.post(f"{network.path}/members", person(known))
    answers = [
        await network.coordinator.post(f"spaces/{body}/members", person(email, name="Andere", institution="Anders"))
        for email in (known, unknown)
    ]
    for answer in answers:
        del answer["id"], answer["from"], answer["account"]["id"]
    assert answers[0] == answers[1]
    assert answers[0]["account"]["name"] == "Andere"


async def test_a_known_address_keeps_name_and_institution(network: Network, identity: ServiceUnderTest) -> None:
    body = await network.body()
    await network.coordinator.post(f"{network.path}/members", person("breuer@schule.example"))
    again = person("BREUER@schule.example", name="Ein Anderer", institution="Woanders")
    added = await network.coordinator.post(f"spaces/{body}/members", again)
    member = await network.coordinator.get(f"spaces/{body}/members/{added['id']}")
    assert member["account"]["name"] == "Thomas Breuer"


async def test_who_may_not_take_in_makes_no_account(
    network: Network, identity: ServiceUnderTest, around: Surroundings
) -> None:
    guest, _ = await network.region.take_in(network.coordinator, network.id, "guest")
    refused = await guest.send("POST", f"{network.path}/members", person("breuer@schule.example"))
    assert refused.status_code == 403
    await network.coordinator.post(f"{network.path}/members", person("other@schule.example"))
    await invited(around)
    assert "breuer@schule.example" not in "".join(mail.read_text("utf-8") for mail in around.mails)


async def test_an_invitation_is_sent_again_until_it_is_accepted(
    network: Network, identity: ServiceUnderTest, around: Surroundings
) -> None:
    added = await network.coordinator.post(f"{network.path}/members", person("breuer@schule.example"))
    await invited(around)
    path = f"{network.path}/members/{added['id']}/resend"
    assert (await network.coordinator.send("POST", path)).status_code == 202
    await eventually(lambda: len(links(around, "einladung")) == 2)
    own = f"{network.path}/members/{await network.own_membership()}/resend"
    assert (await network.coordinator.send("POST", own)).status_code == 409


async def test_an_institution_may_be_named_by_its_id(network: Network, identity: ServiceUnderTest) -> None:
    await network.coordinator.post(f"{network.path}/members", person("breuer@schule.example"))

    async def of_school() -> Any:
        page = await network.coordinator.get(f"{network.path}/members?institution=Haspe")
        return page["items"]

    school = (await eventually(of_school))[0]["account"]["institution_id"]
    await network.coordinator.post(f"{network.path}/members", person("second@schule.example", institution=school))
    assert len((await network.coordinator.get(f"{network.path}/members?institution={school}"))["items"]) == 2


async def test_an_institution_that_is_not_there_is_named(network: Network, identity: ServiceUnderTest) -> None:
    wanted = person("breuer@schule.example", institution=str(new_id()))
    refused = await network.coordinator.send("POST", f"{network.path}/members", wanted)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "institution")


async def test_without_identity_nobody_is_taken_in(network: Network) -> None:
    refused = await network.coordinator.send("POST", f"{network.path}/members", person("breuer@schule.example"))
    assert (refused.status_code, refused.json()["missing"]) == (503, "identity.internal")
    assert len((await network.coordinator.get(f"{network.path}/members"))["items"]) == 1


@pytest.mark.usefixtures("identity")
async def test_open_invitations_are_counted_where_i_take_members_in(network: Network) -> None:
    """In one question, however many spaces there are; who takes nobody in is not told how many wait."""
    for number in range(2):
        await network.coordinator.post(f"{network.path}/members", person(f"offen-{number}@schule.example"))
    body = await network.body()
    member, _ = await network.region.take_in(network.coordinator, network.id, "member")

    async def counts(somebody: Somebody) -> dict[str, int | None]:
        spaces = (await somebody.get("spaces?open_invitations=true"))["items"]
        return {space["id"]: space["open_invitations"] for space in spaces}

    assert await counts(network.coordinator) == {network.id: 2, body: 0}
    assert await counts(member) == {network.id: None}
    unasked = (await network.coordinator.get("spaces"))["items"]
    assert {space["open_invitations"] for space in unasked} == {None}
