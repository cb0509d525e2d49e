"""Logging in: what is told to whom, how guessing is slowed down, tokens that are worth something."""

from datetime import timedelta
from xml.etree import ElementTree

import pyotp
import pytest
from argon2 import Parameters, PasswordHasher, extract_parameters
from joserfc.jwk import OKPKey

from netzraum_contracts.identity import SessionChanged, SessionEnded
from netzraum_platform import tokens
from netzraum_platform.database import new_id, utc_now
from tests.identity.people import PASSWORD, Identity, bearer

ANNA = "anna@agentur.test"
ELSEWHERE = {"x-forwarded-for": "203.0.113.7"}


async def test_unknown_address_and_wrong_password_answer_alike(identity: Identity) -> None:
    await identity.approved()
    wrong = await identity.try_log_in(ANNA, "not the password")
    unknown = await identity.try_log_in("nobody@agentur.test", "not the password")
    assert (wrong.status_code, wrong.json()) == (unknown.status_code, unknown.json())
    assert wrong.json()["code"] == "invalid_credentials"
    assert wrong.headers["content-type"] == unknown.headers["content-type"] == "application/problem+json"


async def test_unknown_address_costs_as_much_as_a_wrong_password(
    identity: Identity, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A password is hashed in any case; without that an unknown address would answer in a tenth of the time."""
    await identity.approved()
    hashed: list[Parameters] = []
    verify = PasswordHasher.verify

    def noting(hasher: PasswordHasher, kept: str, password: str) -> bool:
        hashed.append(extract_parameters(kept))
        return verify(hasher, kept, password)

    monkeypatch.setattr(PasswordHasher, "verify", noting)
    for address in (ANNA, "nobody@agentur.test"):
        assert (await identity.try_log_in(address, "not the password")).status_code == 401
    known, unknown = hashed
    assert known == unknown, "the same work, by the same parameters"


async def test_guessing_is_slowed_down_and_locks_nobody_else_out(identity: Identity) -> None:
    await identity.approved()
    now = utc_now()
    identity.at(now)
    refused = [await identity.try_log_in(ANNA, "wrong", headers=ELSEWHERE) for _ in range(7)]
    assert [reply.status_code for reply in refused] == [401] * 5 + [429] * 2
    wait = int(refused[-1].headers["retry-after"])
    assert wait >= 1
    assert f"in {max(wait, 2)} Sekunden" in refused[-1].json()["title"]
    right = await identity.try_log_in(ANNA, headers=ELSEWHERE)
    assert right.status_code == 429, "also the right password waits there"
    await identity.log_in(ANNA, headers={"x-forwarded-for": "198.51.100.1"})
    identity.at(now + timedelta(seconds=5))
    await identity.log_in(ANNA, headers=ELSEWHERE)


async def test_client_cannot_choose_its_network(identity: Identity) -> None:
    """Only the last part of X-Forwarded-For is the gateway's; what a client wrote before it counts for nothing."""
    await identity.approved()
    identity.at(utc_now())
    for guess in range(5):
        headers = {"x-forwarded-for": f"198.51.100.{guess}, 203.0.113.7"}
        assert (await identity.try_log_in(ANNA, "wrong", headers=headers)).status_code == 401
    assert (await identity.try_log_in(ANNA, "wrong", headers=ELSEWHERE)).status_code == 429


async def test_access_token_says_who_and_how(identity: Identity) -> None:
    institution = await identity.approved()
    reply = await identity.log_in(ANNA)
    assert (reply["token_type"], reply["expires_in"]) == ("Bearer", 300)
    principal = await identity.service.app.tokens.principal(reply["access_token"])
    assert str(principal.institution) == institution
    assert (principal.channel, principal.second_factor, principal.operator) == ("api", False, False)
    assert principal.scopes == {"read", "write"}


async def test_forged_and_expired_tokens_are_worth_nothing(identity: Identity) -> None:
    await identity.approved()
    reply = await identity.log_in(ANNA)
    stranger = OKPKey.generate_key("Ed25519", {"kid": "stranger"})
    claims = {"sub": str(new_id()), "aud": "netzraum", "typ": "access", "sid": str(new_id()), "channel": "web"}
    head, body, signature = reply["access_token"].split(".")
    ring = identity.service.app.state["keys"]
    faulty = {
        "signed by a stranger": tokens.sign({**claims, "operator": True}, stranger, 300),
        "expired": tokens.sign(claims, ring.signer(), -60),
        "changed": f"{head}.{body[:-4]}AAAA.{signature}",
        "of another kind": tokens.sign({**claims, "typ": "service"}, ring.signer(), 300),
        "no token": "gibberish",
    }
    for what, token in faulty.items():
        answer = await identity.public.get("/api/v1/me", headers=bearer(token))
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated"), what


async def test_refresh_token_is_used_once_with_ten_seconds_of_grace(identity: Identity) -> None:
    await identity.listen(SessionEnded)
    await identity.approved()
    now = utc_now()
    identity.at(now)
    first = await identity.log_in(ANNA)

    async def refresh(token: str) -> tuple[int, dict[str, str]]:
        reply = await identity.public.post("/api/v1/session/refresh", json={"refresh_token": token})
        return reply.status_code, reply.json()

    status, second = await refresh(first["refresh_token"])
    assert status == 200
    identity.at(now + timedelta(seconds=9))
    status, parallel = await refresh(first["refresh_token"])
    assert status == 200, "requests at the same time may both refresh"
    assert (await identity.public.get("/api/v1/me", headers=bearer(parallel["access_token"]))).status_code == 200

    identity.at(now + timedelta(seconds=30))
    status, refused = await refresh(first["refresh_token"])
    assert (status, refused["code"]) == (401, "unauthenticated")
    session = (await identity.service.app.tokens._verify(second["access_token"]))[1].session
    await identity.told(SessionEnded, session=session)
    assert (await refresh(second["refresh_token"]))[0] == 401, "a replay ends the session"
    assert (await identity.public.get("/api/v1/me", headers=bearer(second["access_token"]))).status_code == 401


async def test_logged_out_session_is_over(identity: Identity) -> None:
    await identity.approved()
    tokens_of = await identity.log_in(ANNA)
    headers = bearer(tokens_of["access_token"])
    assert (await identity.public.delete("/api/v1/session", headers=headers)).status_code == 204
    assert (await identity.public.get("/api/v1/me", headers=headers)).status_code == 401
    again = await identity.public.post("/api/v1/session/refresh", json={"refresh_token": tokens_of["refresh_token"]})
    assert again.status_code == 401


async def test_session_ends_when_nobody_uses_it(identity: Identity) -> None:
    await identity.approved()
    now = utc_now()
    identity.at(now)
    reply = await identity.log_in(ANNA)
    identity.at(now + timedelta(days=31))
    again = await identity.public.post("/api/v1/session/refresh", json={"refresh_token": reply["refresh_token"]})
    assert again.status_code == 401


async def test_sessions_are_listed_and_ended_one_by_one(identity: Identity) -> None:
    await identity.approved()
    here = bearer((await identity.log_in(ANNA, headers={"user-agent": "here"}))["access_token"])
    there = bearer((await identity.log_in(ANNA, headers={"user-agent": "there"}))["access_token"])
    sessions = (await identity.public.get("/api/v1/me/sessions", headers=here)).json()["items"]
    assert {(one["client"], one["current"]) for one in sessions} == {("here", True), ("there", False)}
    other = next(one["id"] for one in sessions if one["client"] == "there")
    assert (await identity.public.delete(f"/api/v1/me/sessions/{other}", headers=here)).status_code == 204
    assert (await identity.public.get("/api/v1/me", headers=there)).status_code == 401
    assert (await identity.public.get("/api/v1/me", headers=here)).status_code == 200


async def test_nobody_ends_the_session_of_another(identity: Identity) -> None:
    await identity.approved()
    anna = bearer((await identity.log_in(ANNA))["access_token"])
    sessions = (await identity.public.get("/api/v1/me/sessions", headers=anna)).json()["items"]
    operator = await identity.operator()
    reply = await identity.public.delete(f"/api/v1/me/sessions/{sessions[0]['id']}", headers=operator)
    assert reply.status_code == 404
    assert (await identity.public.get("/api/v1/me", headers=anna)).status_code == 200


async def test_second_factor_is_needed_once_it_is_confirmed(identity: Identity) -> None:
    await identity.approved()
    headers = await identity.headers_of(ANNA)
    other = await identity.headers_of(ANNA)
    wanted = {"kind": "totp", "password": PASSWORD}
    added = (await identity.public.post("/api/v1/me/second-factors", json=wanted, headers=headers)).json()
    assert added["uri"].startswith("otpauth://totp/")
    assert ElementTree.fromstring(added["picture"]).tag == "{http://www.w3.org/2000/svg}svg"
    await identity.log_in(ANNA)  # not confirmed yet, so it does not count

    now = utc_now()
    identity.at(now)
    totp = pyotp.TOTP(added["secret"])
    confirm = f"/api/v1/me/second-factors/{added['id']}/confirm"
    wrong = await identity.public.post(confirm, json={"code": "000000"}, headers=headers)
    assert (wrong.status_code, wrong.json()["errors"][0]["field"]) == (422, "code")
    code = totp.at(now)
    confirmed = await identity.public.post(confirm, json={"code": code}, headers=headers)
    codes = confirmed.json()["recovery_codes"]
    assert len(set(codes)) == 10
    await identity.mail_to(ANNA, "zweiter Faktor")
    assert (await identity.public.get("/api/v1/me", headers=other)).status_code == 401, "other sessions end"
    assert (await identity.public.get("/api/v1/me", headers=headers)).json()["second_factor"] is True

    assert (await identity.try_log_in(ANNA)).json()["code"] == "second_factor_required"
    assert (await identity.try_log_in(ANNA, "wrong")).json()["code"] == "invalid_credentials"
    assert (await identity.try_log_in(ANNA, code=code)).json()["code"] == "invalid_credentials", "a code counts once"
    identity.at(now + timedelta(seconds=60))
    reply = await identity.log_in(ANNA, code=totp.at(now + timedelta(seconds=60)))
    assert (await identity.service.app.tokens.principal(reply["access_token"])).second_factor

    await identity.log_in(ANNA, code=codes[0].upper().replace("-", " "))
    assert (await identity.try_log_in(ANNA, code=codes[0])).status_code == 401, "a recovery code counts once"


async def test_step_up_brings_the_second_factor_into_a_session(identity: Identity) -> None:
    """And who keeps a token of that session hears that there is a better one."""
    await identity.approved()
    await identity.listen(SessionChanged)
    headers = await identity.headers_of(ANNA)
    session = (await identity.public.get("/api/v1/me/sessions", headers=headers)).json()["items"][0]["id"]
    nothing = await identity.public.post("/api/v1/session/step-up", json={"code": "123456"}, headers=headers)
    assert (nothing.status_code, nothing.json()["code"]) == (409, "no_second_factor")
    added = (
        await identity.public.post(
            "/api/v1/me/second-factors", json={"kind": "totp", "password": PASSWORD}, headers=headers
        )
    ).json()
    now = utc_now()
    identity.at(now)
    totp = pyotp.TOTP(added["secret"])
    path = f"/api/v1/me/second-factors/{added['id']}"
    assert identity.heard == []
    await identity.public.post(f"{path}/confirm", json={"code": totp.at(now)}, headers=headers)
    await identity.told(SessionChanged, session=session)
    assert (await identity.public.delete(path, headers=headers)).json()["reasons"] == ["second_factor_needed"]
    identity.heard.clear()

    identity.at(now + timedelta(seconds=60))
    code = totp.at(now + timedelta(seconds=60))
    reply = await identity.public.post("/api/v1/session/step-up", json={"code": code}, headers=headers)
    await identity.told(SessionChanged, session=session)
    stronger = bearer(reply.json()["access_token"])
    assert (await identity.service.app.tokens.principal(reply.json()["access_token"])).second_factor
    assert (await identity.public.delete(path, headers=stronger)).status_code == 204
    await identity.log_in(ANNA)


async def test_codes_are_guessed_slowly_from_everywhere(identity: Identity) -> None:
    await identity.approved()
    headers = await identity.headers_of(ANNA)
    wanted = {"kind": "totp", "password": PASSWORD}
    added = (await identity.public.post("/api/v1/me/second-factors", json=wanted, headers=headers)).json()
    now = utc_now()
    identity.at(now)
    path = f"/api/v1/me/second-factors/{added['id']}/confirm"
    code = pyotp.TOTP(added["secret"]).at(now)
    await identity.public.post(path, json={"code": code}, headers=headers)
    for guess in range(5):
        network = {"x-forwarded-for": f"198.51.100.{guess}"}
        assert (await identity.try_log_in(ANNA, code="000000", headers=network)).status_code == 401
    network = {"x-forwarded-for": "198.51.100.99"}
    assert (await identity.try_log_in(ANNA, code="000000", headers=network)).status_code == 429
