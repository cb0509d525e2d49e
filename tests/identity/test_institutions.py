"""How an institution gets in: registered, confirmed, decided by the operator; partners that coordinators name."""

from typing import Any

import pytest
from sqlalchemy import select

from netzraum_contracts.identity import AccountChanged, InstitutionApproved, InstitutionChanged, SessionEnded
from netzraum_platform.tables import AuditRow
from tests.harness import eventually
from tests.identity.members import Network
from tests.identity.people import GERMAN, INSTITUTION, PASSWORD, Identity, bearer, text_of, token_in

ANNA = "anna@agentur.test"


async def decide(
    identity: Identity, institution: str, verb: str, headers: dict[str, str], body: Any = None
) -> dict[str, Any]:
    reply = await identity.public.post(f"/api/v1/institutions/{institution}/{verb}", json=body, headers=headers)
    assert reply.status_code == 200, reply.text
    return dict(reply.json())


async def test_registered_institution_is_approved_and_its_registrant_may_log_in(identity: Identity) -> None:
    await identity.listen(InstitutionApproved, InstitutionChanged, AccountChanged)
    institution = await identity.register()
    pending = await identity.told(InstitutionChanged, institution=institution)
    assert (pending["state"], pending["name"], pending["town"]) == ("pending", "agentur mark GmbH", "Hagen")
    assert (await identity.try_log_in(ANNA)).json()["code"] == "account_not_active"

    operator = await identity.operator()
    reply = await decide(identity, institution, "approve", operator)
    assert reply["state"] == "approved"
    registrant = reply["registrant"]["id"]
    approved = await identity.told(InstitutionApproved, institution=institution)
    assert approved == {"institution": institution, "name": "agentur mark GmbH", "registrant": registrant}
    assert (await identity.told(AccountChanged, account=registrant, state="active"))["name"] == "Anna Arndt"
    await identity.mail_to(ANNA, "freigeschaltet")

    me = (await identity.public.get("/api/v1/me", headers=await identity.headers_of(ANNA))).json()
    assert me["institution"] == {"id": institution, "name": "agentur mark GmbH"}
    assert (me["operator"], me["second_factor"], me["language"]) == (False, False, "de")


async def test_operator_hears_of_a_new_application_and_sees_what_to_do(identity: Identity) -> None:
    operator = await identity.operator()
    institution = await identity.register()
    mail = await identity.mail_to("operator@netzraum.test", "wartet auf Freigabe")
    assert "agentur mark GmbH (Hagen)" in text_of(mail)
    pending = (await identity.public.get("/api/v1/institutions?state=pending", headers=operator)).json()["items"]
    assert [one["id"] for one in pending] == [institution]
    assert pending[0]["registrant"]["email"] == ANNA
    assert pending[0]["actions"] == ["approve", "read", "reject"]
    assert (await identity.public.get("/api/v1/institutions?state=approved", headers=operator)).json()["items"] == []


async def test_application_is_confirmed_once(identity: Identity) -> None:
    await identity.register()
    token = token_in(identity.mails_to(ANNA)[0], "/registrieren/bestaetigen/")
    assert (await identity.public.post(f"/api/v1/institutions/confirm/{token}")).status_code == 404


async def test_known_address_is_answered_like_any_other_and_told_by_mail(identity: Identity) -> None:
    await identity.approved()
    registrant = {"name": "Anna Arndt", "email": ANNA, "password": PASSWORD}
    body = {**INSTITUTION, "name": "Andere GmbH", "registrant": registrant}
    unknown = {**body, "registrant": {**registrant, "email": "zoe@andere.test"}}
    replies = [await identity.public.post("/api/v1/institutions", json=one, headers=GERMAN) for one in (body, unknown)]
    assert [(one.status_code, one.content) for one in replies] == [(202, b"null")] * 2
    await identity.mail_to(ANNA, "gibt es schon ein Konto")
    await identity.mail_to("zoe@andere.test", "bestätigen")


async def test_application_does_not_set_the_password_of_a_known_account(identity: Identity) -> None:
    """Somebody registers with the address of an invited person, who follows the link: that gives nobody a password."""
    await identity.address(ANNA, name="Anna Arndt", institution="agentur mark GmbH")
    institution = await identity.approved(ANNA)
    assert (await identity.try_log_in(ANNA)).status_code == 401
    mail = await identity.mail_to(ANNA, "freigeschaltet")
    token = token_in(mail, "/einladung/")
    body = {"name": "Anna Arndt", "password": "a password of her own"}
    accepted = await identity.public.post(f"/api/v1/invitations/{token}/accept", json=body)
    assert accepted.status_code == 201
    me = await identity.public.get("/api/v1/me", headers=await identity.headers_of(ANNA, "a password of her own"))
    assert me.json()["institution"]["id"] == institution


async def test_partner_that_registers_keeps_its_accounts(identity: Identity) -> None:
    partner = await identity.address("bernd@kolleg.test")
    institution = await identity.register("carla@kolleg.test", name="Berufskolleg  hagen", kind="vocational_school")
    assert institution == partner["institution"]
    operator = await identity.operator()
    refused = await decide(identity, institution, "reject", operator, {"reason": "unklar"})
    assert refused["state"] == "partner", "a refused partner stays a partner"


async def test_refused_registrant_hears_the_reason_and_may_try_again(identity: Identity) -> None:
    institution = await identity.register()
    operator = await identity.operator()
    without = await identity.public.post(f"/api/v1/institutions/{institution}/reject", json={}, headers=operator)
    assert without.json()["errors"][0]["field"] == "reason"
    german = {**operator, "accept-language": "de"}
    empty = await identity.public.post(
        f"/api/v1/institutions/{institution}/reject", json={"reason": "  "}, headers=german
    )
    assert empty.json()["errors"][0]["message"] == "Bitte ausfüllen."
    assert (await decide(identity, institution, "reject", operator, {"reason": "Nachweis fehlt"}))[
        "state"
    ] == "rejected"
    assert "Nachweis fehlt" in text_of(await identity.mail_to(ANNA, "nicht freigeschaltet"))
    assert (await identity.try_log_in(ANNA)).json()["code"] == "registration_rejected", "nothing is promised any more"
    registrant = {"name": "Anna Arndt", "email": ANNA, "password": PASSWORD}
    body = {**INSTITUTION, "name": "agentur mark gGmbH", "registrant": registrant}
    assert (await identity.public.post("/api/v1/institutions", json=body, headers=GERMAN)).status_code == 202
    await eventually(lambda: len([mail for mail in identity.mails_to(ANNA) if "bestätigen" in mail["Subject"]]) == 2)
    token = token_in(identity.mails_to(ANNA)[-1], "/registrieren/bestaetigen/")
    again = (await identity.public.post(f"/api/v1/institutions/confirm/{token}")).json()
    assert (again["id"], again["name"], again["state"]) == (institution, "agentur mark gGmbH", "pending")


async def test_suspended_institution_is_shut_out_at_once_and_comes_back(identity: Identity) -> None:
    await identity.listen(SessionEnded, InstitutionApproved)
    institution = await identity.approved()
    anna = await identity.log_in(ANNA)
    token = await identity.public.post(
        "/api/v1/me/tokens", json={"name": "Skript", "scopes": ["read"]}, headers=bearer(anna["access_token"])
    )
    operator = await identity.headers_of("operator@netzraum.test")
    await decide(identity, institution, "suspend", operator, {"reason": "Missbrauch"})
    await identity.told(SessionEnded)
    assert (await identity.public.get("/api/v1/me", headers=bearer(anna["access_token"]))).status_code == 401
    assert (await identity.try_log_in(ANNA)).json()["code"] == "account_suspended"
    again = await identity.public.post("/api/v1/session/refresh", json={"refresh_token": anna["refresh_token"]})
    assert again.status_code == 401
    exchanged = await identity.internal("POST", "exchange", {"secret": token.json()["secret"]}, caller="gateway")
    assert exchanged.status_code == 401
    await decide(identity, institution, "approve", operator)
    await identity.log_in(ANNA)
    approvals = [one for one in identity.heard if one.type == InstitutionApproved.TYPE]
    assert len(approvals) == 1, "its space comes into being once"


@pytest.mark.parametrize("verb", ["approve", "reject", "suspend"])
async def test_only_the_operator_decides_about_institutions(identity: Identity, verb: str) -> None:
    institution = await identity.approved()
    anna = await identity.headers_of(ANNA)
    for headers, status in ((anna, 403), ({}, 401)):
        reply = await identity.public.post(
            f"/api/v1/institutions/{institution}/{verb}", json={"reason": "darum"}, headers=headers
        )
        assert reply.status_code == status
    assert (await identity.public.get("/api/v1/institutions", headers=anna)).status_code == 403


async def test_decision_in_the_wrong_state_says_so(identity: Identity) -> None:
    institution = await identity.approved()
    operator = await identity.headers_of("operator@netzraum.test")
    reply = await identity.public.post(f"/api/v1/institutions/{institution}/approve", headers=operator)
    assert (reply.status_code, reply.json()["reasons"]) == (403, ["wrong_state"])


async def test_decisions_are_audited_with_reason_and_policy(identity: Identity) -> None:
    institution = await identity.register()
    operator = await identity.operator()
    await decide(identity, institution, "reject", operator, {"reason": "Nachweis fehlt"})
    async with identity.service.work() as work:
        row = (await work.db.scalars(select(AuditRow).where(AuditRow.what == "institution:reject"))).one()
    assert (row.item, row.reason, row.policy_revision) == (institution, "Nachweis fehlt", "1")
    assert row.account_id is not None


async def test_coordinator_chooses_from_institutions_and_names_partners(network: Network) -> None:
    identity = network.identity
    space = {"space": network.id}
    await eventually(lambda: _may_choose(network))
    body = {"name": "Kreishandwerkerschaft", "town": "Hagen", "kind": "chamber", **space}
    headers = {**network.coordinator, "idempotency-key": "one"}
    created = await identity.public.post("/api/v1/institutions/partners", json=body, headers=headers)
    repeated = await identity.public.post("/api/v1/institutions/partners", json=body, headers=headers)
    assert (created.status_code, created.json()) == (201, repeated.json())
    other = {**body, "name": "Andere Kammer"}
    reused = await identity.public.post("/api/v1/institutions/partners", json=other, headers=headers)
    assert (reused.status_code, reused.json()["code"]) == (422, "idempotency_key_reused")
    names = await identity.public.get(
        "/api/v1/institutions/names", params={**space, "q": "handwerk"}, headers=network.coordinator
    )
    assert [(one["name"], one["town"]) for one in names.json()["items"]] == [("Kreishandwerkerschaft", "Hagen")]
    anywhere = await identity.public.get("/api/v1/institutions/names?q=handwerk", headers=network.coordinator)
    assert anywhere.json() == names.json()


async def _may_choose(network: Network) -> bool:
    """Whether identity has heard of the space by now."""
    reply = await network.identity.public.get(
        "/api/v1/institutions/names", params={"space": network.id}, headers=network.coordinator
    )
    return reply.status_code == 200


async def test_who_takes_nobody_in_names_no_partners(network: Network) -> None:
    identity = network.identity
    await eventually(lambda: _may_choose(network))
    operator = await identity.headers_of("operator@netzraum.test")
    body = {"name": "Irgendwer", "town": "Hagen", "kind": "other", "space": network.id}
    reply = await identity.public.post("/api/v1/institutions/partners", json=body, headers=operator)
    assert reply.status_code in {403, 404}
    params = {"space": network.id}
    assert (await identity.public.get("/api/v1/institutions/names", params=params)).status_code == 401
