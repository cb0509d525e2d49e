"""Somebody is taken in by address: invited by mail, active once a password is set, told what changes."""

import uuid
from datetime import timedelta

from sqlalchemy import select

from netzraum_contracts.identity import AccountChanged, InstitutionChanged
from netzraum_items.tables import AccessMembership
from netzraum_platform.database import utc_now
from netzraum_platform.tables import JobRow
from tests.harness import eventually
from tests.identity.members import Network
from tests.identity.people import PASSWORD, Identity, MailServerAway, text_of, token_in

BERND = "bernd@kolleg.test"
GERMAN = {"accept-language": "de"}


async def invited(network: Network) -> str:
    """Take Bernd in; return the token of his invitation."""
    await network.take_in(BERND)
    return token_in(await network.identity.mail_to(BERND, "Einladung"), "/einladung/")


async def accept(identity: Identity, token: str) -> int:
    body = {"name": "Bernd Bach", "password": PASSWORD}
    reply = await identity.public.post(f"/api/v1/invitations/{token}/accept", json=body, headers=GERMAN)
    return reply.status_code


async def test_address_becomes_an_invited_account_of_a_partner_institution(identity: Identity) -> None:
    await identity.listen(AccountChanged, InstitutionChanged)
    found = await identity.address(BERND)
    assert (found["state"], found["name"], found["institution_name"]) == ("invited", "Bernd Bach", "Berufskolleg Hagen")
    partner = await identity.told(InstitutionChanged, institution=found["institution"])
    assert partner["state"] == "partner"
    assert (await identity.told(AccountChanged, account=found["account"]))["state"] == "invited"


async def test_known_address_and_institution_are_not_created_twice(identity: Identity) -> None:
    first = await identity.address(BERND)
    again = await identity.address(BERND.upper(), name="Jemand Anders", institution="Anderswo")
    assert (again["account"], again["name"]) == (first["account"], "Bernd Bach")
    colleague = await identity.address("carla@kolleg.test", name="Carla", institution=" berufskolleg  HAGEN ")
    by_id = await identity.address("dora@kolleg.test", name="Dora", institution=first["institution"])
    assert colleague["institution"] == by_id["institution"] == first["institution"]


async def test_invited_person_sets_a_password_and_is_a_member(network: Network) -> None:
    identity = network.identity
    membership = await network.take_in(BERND)
    assert await network.state_of(membership["id"]) == "invited"
    mail = await identity.mail_to(BERND, "Einladung")
    assert "Anna Arndt (agentur mark GmbH)" in text_of(mail)
    assert "weil" in text_of(mail), "a mail says why one got it"
    assert "http://netzraum.test/konto" in text_of(mail), "and where to change that"
    token = token_in(mail, "/einladung/")

    shown = (await identity.public.get(f"/api/v1/invitations/{token}")).json()
    assert (shown["email"], shown["name"], shown["space"]["name"]) == (BERND, "Bernd Bach", "agentur mark GmbH")
    assert shown["invited_by"] == "Anna Arndt (agentur mark GmbH)"
    assert shown["institution"]["name"] == "Berufskolleg Hagen"
    assert await accept(identity, token) == 201
    await identity.log_in(BERND)
    await eventually(lambda: _is_active(network, membership["id"]))
    await identity.mail_to(BERND, "Willkommen")
    assert await accept(identity, token) == 409, "an invitation is accepted once"


async def _is_active(network: Network, membership: str) -> bool:
    return await network.state_of(membership) == "active"


async def test_words_of_welcome_stand_in_the_invitation_and_are_only_words(network: Network) -> None:
    """Once: who accepts has read them. In HTML they are text too, whatever they look like."""
    words = "Wir freuen uns!\n\n<b>Fett</b> {{ name }} & <script>alert(1)</script>"
    await network.take_in(BERND, welcome=words)
    identity = network.identity
    mail = await identity.mail_to(BERND, "Einladung")
    assert words in text_of(mail).replace("\r\n", "\n")
    html = mail.get_body(("html",))
    assert html is not None
    assert "<b>" not in html.get_content()
    assert "&lt;b&gt;Fett&lt;/b&gt; {{ name }} &amp; &lt;script&gt;alert(1)&lt;/script&gt;" in html.get_content()
    assert await accept(identity, token_in(mail, "/einladung/")) == 201
    assert "Wir freuen uns!" not in text_of(await identity.mail_to(BERND, "Willkommen"))


async def test_who_has_an_account_reads_the_words_of_welcome_in_the_first_mail(network: Network) -> None:
    token = await invited(network)
    assert await accept(network.identity, token) == 201
    body = {"kind": "body", "name": "Steuerkreis", "parent": network.id}
    created = await network.spaces.public.post("/api/v1/spaces", json=body, headers=network.coordinator)
    assert created.status_code == 201, created.text
    network.id = created.json()["id"]
    await network.take_in(BERND, welcome="Schön, dass Sie mitarbeiten.")
    mail = await network.identity.mail_to(BERND, "Willkommen im Raum „Steuerkreis“")
    assert "Schön, dass Sie mitarbeiten." in text_of(mail)


async def test_invitation_is_sent_again_on_demand(network: Network) -> None:
    membership = await network.take_in(BERND)
    await network.identity.mail_to(BERND, "Einladung")
    assert (await network.request("POST", f"members/{membership['id']}/resend")).status_code == 202
    await eventually(lambda: len(network.identity.mails_to(BERND)) == 2)


async def test_who_forgot_the_invitation_gets_it_by_asking_for_a_password(network: Network) -> None:
    await invited(network)
    await network.identity.public.post("/api/v1/password-reset", json={"email": BERND})
    await eventually(lambda: len(network.identity.mails_to(BERND)) == 2)
    token = token_in(network.identity.mails_to(BERND)[-1], "/einladung/")
    assert await accept(network.identity, token) == 201


async def test_invitation_ends_after_thirty_days(network: Network) -> None:
    token = await invited(network)
    network.identity.at(utc_now() + timedelta(days=31))
    assert (await network.identity.public.get(f"/api/v1/invitations/{token}")).status_code == 404
    assert await accept(network.identity, token) == 404


async def test_member_is_told_of_another_role_and_of_the_end(network: Network) -> None:
    identity = network.identity
    membership = await network.take_in(BERND)
    assert await accept(identity, token_in(await identity.mail_to(BERND, "Einladung"), "/einladung/")) == 201
    await identity.mail_to(BERND, "Willkommen")
    reply = await network.request("PATCH", f"members/{membership['id']}", {"role": "moderator"}, **{"if-match": "*"})
    assert reply.status_code == 200, reply.text
    await identity.mail_to(BERND, "Rolle")
    reply = await network.request("DELETE", f"members/{membership['id']}", **{"if-match": "*"})
    assert reply.status_code == 204, reply.text
    await identity.mail_to(BERND, "beendet")


async def test_invitation_of_who_was_removed_meanwhile_is_not_sent(network: Network) -> None:
    """The mail server was away; when the mail is tried again, the membership has ended."""
    identity = network.identity
    mail_port, away = identity.service.app.mail, MailServerAway()
    identity.service.app.mail = away
    membership = await network.take_in(BERND)
    await eventually(lambda: BERND in away.tried)
    reply = await network.request("DELETE", f"members/{membership['id']}", **{"if-match": "*"})
    assert reply.status_code == 204, reply.text
    await eventually(lambda: _knows_of_the_end(identity, membership["account"]["id"]))
    identity.service.app.mail = mail_port
    await eventually(lambda: _no_mail_waits(identity), limit_s=60)
    assert [mail["Subject"] for mail in identity.mails_to(BERND)] == []


async def test_the_link_of_an_invitation_that_was_taken_back_opens_nothing(network: Network) -> None:
    """Nor does it say where somebody was to be invited. An invitation to another space holds."""
    identity = network.identity
    membership = await network.take_in(BERND)
    holds = token_in(await identity.mail_to(BERND, "Einladung"), "/einladung/")
    network_space = network.id
    body = {"kind": "body", "name": "Steuerkreis", "parent": network_space}
    network.id = (await network.spaces.public.post("/api/v1/spaces", json=body, headers=network.coordinator)).json()[
        "id"
    ]
    other = await network.take_in(BERND)
    taken_back = token_in(await identity.mail_to(BERND, "Steuerkreis"), "/einladung/")
    reply = await network.request("DELETE", f"members/{other['id']}", **{"if-match": "*"})
    assert reply.status_code == 204, reply.text

    async def is_gone() -> bool:
        return (await identity.public.get(f"/api/v1/invitations/{taken_back}")).status_code == 404

    await eventually(is_gone)
    assert await accept(identity, taken_back) == 404
    network.id = network_space
    assert await network.state_of(membership["id"]) == "invited"
    assert await accept(identity, holds) == 201


async def _knows_of_the_end(identity: Identity, account: str) -> bool:
    async with identity.service.work() as work:
        rows = select(AccessMembership.state).where(AccessMembership.account_id == uuid.UUID(account))
        return await work.db.scalar(rows) == "ended"


async def _no_mail_waits(identity: Identity) -> bool:
    async with identity.service.work() as work:
        return await work.db.scalar(select(JobRow.id).where(JobRow.kind == "membership_mail").limit(1)) is None
