"""How an institution gets in: registered, confirmed, decided by the operator."""

from netzraum_contracts.identity import AccountChanged, InstitutionApproved, InstitutionChanged
from tests.identity.people import Identity


async def test_registered_institution_is_approved_and_its_registrant_may_log_in(identity: Identity) -> None:
    await identity.listen(InstitutionApproved, InstitutionChanged, AccountChanged)
    institution = await identity.register()
    pending = await identity.told(InstitutionChanged, institution=institution)
    assert (pending["state"], pending["name"], pending["town"]) == ("pending", "agentur mark GmbH", "Hagen")
    assert (await identity.try_log_in("anna@agentur.test")).json()["code"] == "account_not_active"

    operator = await identity.operator()
    reply = await identity.public.post(f"/api/v1/institutions/{institution}/approve", headers=operator)
    assert reply.json()["state"] == "approved"
    registrant = reply.json()["registrant"]["id"]
    approved = await identity.told(InstitutionApproved, institution=institution)
    assert approved == {"institution": institution, "name": "agentur mark GmbH", "registrant": registrant}
    assert (await identity.told(AccountChanged, account=registrant, state="active"))["name"] == "Anna Arndt"
    await identity.mail_to("anna@agentur.test", "freigeschaltet")

    me = (await identity.public.get("/api/v1/me", headers=await identity.headers_of("anna@agentur.test"))).json()
    assert me["institution"] == {"id": institution, "name": "agentur mark GmbH"}
    assert (me["operator"], me["second_factor"], me["language"]) == (False, False, "de")
