"""What the operator does with accounts, and how the policy in force is shown."""

import json
from datetime import timedelta
from pathlib import Path

import pyotp

from netzraum_contracts.identity import AccountChanged
from netzraum_identity.app import SERVICE
from netzraum_platform.database import utc_now
from netzraum_platform.policy import CompiledPolicy, SidecarPolicy
from netzraum_standalone.policy.publication import install
from tests.harness import POLICIES, Surroundings, running
from tests.identity.members import Network
from tests.identity.people import GERMAN, PASSWORD, Identity, token_in

ANNA = "anna@agentur.test"


async def found(identity: Identity, operator: dict[str, str], part: str) -> list[str]:
    reply = await identity.public.get("/api/v1/accounts", params={"q": part}, headers=operator)
    assert reply.status_code == 200, reply.text
    return [one["email"] for one in reply.json()["items"]]


async def id_of(identity: Identity, operator: dict[str, str], part: str) -> str:
    reply = await identity.public.get("/api/v1/accounts", params={"q": part}, headers=operator)
    return str(reply.json()["items"][0]["id"])


async def test_operator_finds_accounts_by_name_and_address(identity: Identity) -> None:
    await identity.approved()
    await identity.address("bernd_b@kolleg.test")
    operator = await identity.headers_of("operator@netzraum.test")
    assert await found(identity, operator, "ARNDT") == [ANNA]
    assert await found(identity, operator, "@kolleg") == ["bernd_b@kolleg.test"]
    assert await found(identity, operator, "%") == [], "signs of the query language are letters"
    assert await found(identity, operator, "_") == ["bernd_b@kolleg.test"]
    anna = await identity.headers_of(ANNA)
    assert (await identity.public.get("/api/v1/accounts", headers=anna)).status_code == 403


async def test_accounts_come_in_pages(identity: Identity) -> None:
    operator = await identity.operator()
    for number in range(5):
        await identity.address(f"person{number}@kolleg.test")
    seen: list[str] = []
    cursor: str | None = None
    while cursor is not None or not seen:
        params = {"limit": "2", **({"cursor": cursor} if cursor else {})}
        page = (await identity.public.get("/api/v1/accounts", params=params, headers=operator)).json()
        assert len(page["items"]) <= 2
        seen += [one["email"] for one in page["items"]]
        cursor = page["next"]
    assert len(seen) == len(set(seen)) == 6
    broken = await identity.public.get("/api/v1/accounts", params={"cursor": "broken"}, headers=operator)
    assert broken.status_code == 422


async def test_suspended_account_is_shut_out_until_it_is_let_in_again(identity: Identity) -> None:
    await identity.listen(AccountChanged)
    await identity.approved()
    anna = await identity.headers_of(ANNA)
    operator = await identity.headers_of("operator@netzraum.test")
    account = await id_of(identity, operator, ANNA)
    path = f"/api/v1/accounts/{account}"
    reply = await identity.public.post(f"{path}/suspend", json={"reason": "Verdacht"}, headers=operator)
    assert reply.json()["state"] == "suspended"
    await identity.told(AccountChanged, account=account, state="suspended")
    assert (await identity.public.get("/api/v1/me", headers=anna)).status_code == 401
    assert (await identity.try_log_in(ANNA)).json()["code"] == "account_suspended"
    assert (await identity.try_log_in(ANNA, "wrong")).json()["code"] == "invalid_credentials", "only who knows hears it"
    assert (await identity.public.post(f"{path}/unsuspend", headers=operator)).json()["state"] == "active"
    await identity.log_in(ANNA)
    await identity.mail_to(ANNA, "wieder frei")


async def test_operator_resets_a_lost_second_factor(identity: Identity) -> None:
    await identity.approved()
    anna = await identity.headers_of(ANNA)
    wanted = {"kind": "totp", "password": PASSWORD}
    added = (await identity.public.post("/api/v1/me/second-factors", json=wanted, headers=anna)).json()
    now = utc_now()
    identity.at(now)
    code = {"code": pyotp.TOTP(added["secret"]).at(now)}
    await identity.public.post(f"/api/v1/me/second-factors/{added['id']}/confirm", json=code, headers=anna)
    operator = await identity.headers_of("operator@netzraum.test")
    path = f"/api/v1/accounts/{await id_of(identity, operator, ANNA)}/reset-second-factor"
    assert (await identity.public.post(path, headers=anna)).status_code == 403
    assert (await identity.public.post(path, headers=operator)).json()["second_factor"] is False
    assert (await identity.public.get("/api/v1/me", headers=anna)).status_code == 401
    identity.at(now + timedelta(minutes=1))
    await identity.log_in(ANNA)
    await identity.mail_to(ANNA, "zurückgesetzt")


async def test_operator_sees_the_policy_in_force_and_what_kept_a_later_one_from_it(
    database_url: str, tmp_path: Path
) -> None:
    folder = tmp_path / "active"
    status = install(POLICIES, folder)
    around = Surroundings(tmp_path)
    async with running(SERVICE, database_url, around, CompiledPolicy(folder, "identity")) as service:
        identity = Identity(service, around)
        operator = await identity.operator()
        shown = (await identity.public.get("/api/v1/operator/policy", headers=operator)).json()
        assert (shown["revision"], shown["by"], shown["error"]) == (status.revision, status.by, None)
        assert shown["since"].startswith(status.since[:19])
        error = {"at": "2026-11-24T10:00:00+00:00", "by": "olga", "message": "guests see confidential"}
        (folder / "last_error.json").write_text(json.dumps(error), encoding="utf-8")
        shown = (await identity.public.get("/api/v1/operator/policy", headers=operator)).json()
        assert shown["error"] == "2026-11-24T10:00:00+00:00 (olga): guests see confidential"
        assert shown["revision"] == status.revision


async def test_sidecar_tells_its_policy_too(opa: str, tmp_path: Path) -> None:
    sidecar = SidecarPolicy(opa, "identity", published=tmp_path)
    await sidecar.start()
    error = {"at": "2026-11-24T10:00:00+00:00", "by": "olga", "message": "guests see confidential"}
    (tmp_path / "last_error.json").write_text(json.dumps(error), encoding="utf-8")
    shown = await sidecar.publication()
    await sidecar.stop()
    manifest = json.loads((POLICIES / "bundle" / ".manifest").read_text(encoding="utf-8"))
    assert shown.revision == manifest["revision"]
    assert shown.error == "2026-11-24T10:00:00+00:00 (olga): guests see confidential"


async def test_policy_is_shown_to_auditors_and_to_no_other_member(network: Network) -> None:
    identity = network.identity

    async def policy_for(headers: dict[str, str]) -> int:
        return (await identity.public.get("/api/v1/operator/policy", headers=headers)).status_code

    async def member(address: str, role: str) -> dict[str, str]:
        await network.take_in(address, role=role)
        token = token_in(await identity.mail_to(address, "Einladung"), "/einladung/")
        body = {"name": "Bernd Bach", "password": PASSWORD}
        await identity.public.post(f"/api/v1/invitations/{token}/accept", json=body, headers=GERMAN)
        await identity.mail_to(address, "Willkommen")
        return await identity.headers_of(address)

    assert await policy_for(await member("auditor@kolleg.test", "auditor")) == 200
    assert await policy_for(await member("member@kolleg.test", "member")) in {403, 404}
    assert await policy_for({}) == 401
