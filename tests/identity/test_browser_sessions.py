"""What the gateway asks on the internal port: browser log-ins, exchange, keys."""

from datetime import timedelta
from typing import Any

from joserfc.jwk import KeySet

from netzraum_contracts.identity import SessionEnded
from netzraum_platform import tokens
from netzraum_platform.database import utc_now
from netzraum_platform.tokens import AccessTokens
from tests.identity.people import PASSWORD, Identity, bearer

ANNA = "anna@agentur.test"


async def log_in(identity: Identity, **more: Any) -> dict[str, Any]:
    body = {"email": ANNA, "password": PASSWORD, "address": "203.0.113.7", "client": "Firefox", **more}
    reply = await identity.internal("POST", "sessions", body, caller="gateway")
    assert reply.status_code == 201, reply.text
    return dict(reply.json())


async def exchange(identity: Identity, secret: str, channel: str | None = None) -> Any:
    body = {"secret": secret} if channel is None else {"secret": secret, "channel": channel}
    return await identity.internal("POST", "exchange", body, caller="gateway")


async def make_token(identity: Identity, *scopes: str, **more: Any) -> dict[str, Any]:
    headers = await identity.headers_of(ANNA)
    body = {"name": "Kalender", "scopes": scopes, **more}
    reply = await identity.public.post("/api/v1/me/tokens", json=body, headers=headers)
    assert reply.status_code == 201, reply.text
    return dict(reply.json())


async def test_cookie_secret_is_exchanged_for_a_token_of_the_web(identity: Identity) -> None:
    await identity.approved()
    session = await log_in(identity)
    reply = (await exchange(identity, session["secret"], "web")).json()
    assert (reply["session"], reply["account"]) == (session["session"], session["account"])
    assert (reply["channel"], reply["scopes"], reply["expires_in"]) == ("web", ["read", "write"], 300)
    principal = await identity.service.app.tokens.principal(reply["access_token"])
    assert (principal.channel, principal.session) == ("web", session["session"])
    me = await identity.public.get("/api/v1/me", headers=bearer(reply["access_token"]))
    assert me.json()["email"] == ANNA


async def test_others_verify_tokens_by_the_published_keys(identity: Identity) -> None:
    await identity.approved()
    session = await log_in(identity)
    keys = (await identity.internal("GET", "keys", caller="content")).json()
    assert all("d" not in key for key in keys["keys"]), "a private key would be there for all to read"

    async def fetch() -> dict[str, Any]:
        return dict(keys)

    principal = await AccessTokens(fetch).principal(session["access_token"])
    assert str(principal.account) == session["account"]
    assert tokens.read(session["access_token"], KeySet.import_key_set(keys), iss="netzraum", aud="netzraum")


async def test_internal_port_answers_services_only(identity: Identity) -> None:
    await identity.approved()
    session = await log_in(identity)
    inside = identity.service.internal
    for headers in ({}, bearer(session["access_token"]), bearer("gibberish")):
        for method, path in (("GET", "keys"), ("POST", "exchange"), ("POST", "sessions")):
            reply = await inside.request(method, f"/internal/{path}", json={"secret": "x"}, headers=headers)
            assert reply.status_code == 401, (path, headers)
    assert (await identity.public.get("/internal/keys")).status_code == 404


async def test_unknown_and_ended_secrets_are_exchanged_for_nothing(identity: Identity) -> None:
    await identity.listen(SessionEnded)
    await identity.approved()
    session = await log_in(identity)
    for secret in ("nzs_unknown", "nzt_unknown", "gibberish", session["secret"][:-1]):
        assert (await exchange(identity, secret)).status_code == 401, secret
    headers = bearer(session["access_token"])
    assert (await identity.public.delete("/api/v1/session", headers=headers)).status_code == 204
    await identity.told(SessionEnded, session=session["session"], account=session["account"])
    assert (await exchange(identity, session["secret"])).status_code == 401


async def test_unused_browser_session_ends_after_twelve_hours(identity: Identity) -> None:
    await identity.approved()
    now = utc_now()
    identity.at(now)
    session = await log_in(identity)
    for hours in (11, 22):
        identity.at(now + timedelta(hours=hours))
        assert (await exchange(identity, session["secret"])).status_code == 200
    identity.at(now + timedelta(hours=35))
    assert (await exchange(identity, session["secret"])).status_code == 401


async def test_last_visit_is_the_end_of_the_visit_before(identity: Identity) -> None:
    await identity.approved()
    now = utc_now()
    identity.at(now)
    secret = (await log_in(identity))["secret"]

    async def last_visit() -> str | None:
        token = (await exchange(identity, secret)).json()["access_token"]
        visit: str | None = (await identity.public.get("/api/v1/me", headers=bearer(token))).json()["last_visit"]
        return visit

    assert await last_visit() is None
    identity.at(now + timedelta(minutes=10))
    assert await last_visit() is None, "still the same visit"
    identity.at(now + timedelta(hours=5))
    assert await last_visit() == (now + timedelta(minutes=10)).isoformat().replace("+00:00", "Z")
    identity.at(now + timedelta(days=3))
    secret = (await log_in(identity))["secret"]
    assert await last_visit() == (now + timedelta(hours=5)).isoformat().replace("+00:00", "Z"), "a log-in is a visit"


async def test_api_token_opens_only_the_doors_of_its_scopes(identity: Identity) -> None:
    await identity.approved()
    both = (await make_token(identity, "read", "feed"))["secret"]
    api = (await exchange(identity, both, "api")).json()
    feed = (await exchange(identity, both, "feed")).json()
    assert (api["channel"], api["scopes"]) == ("api", ["read"])
    assert (feed["channel"], feed["scopes"]) == ("feed", ["feed"])
    assert (await exchange(identity, both, "dav")).status_code == 401
    assert (await exchange(identity, both, "web")).status_code == 401
    principal = await identity.service.app.tokens.principal(api["access_token"])
    assert principal.scopes == {"read"}
    assert not principal.second_factor
    assert (await identity.public.get("/api/v1/me", headers=bearer(api["access_token"]))).status_code == 200
    refused = await identity.public.get("/api/v1/me", headers=bearer(feed["access_token"]))
    assert refused.json()["reasons"] == ["scope_too_narrow"]


async def test_api_token_changes_nothing_of_its_account(identity: Identity) -> None:
    await identity.approved()
    secret = (await make_token(identity, "read", "write"))["secret"]
    headers = bearer((await exchange(identity, secret)).json()["access_token"])
    tries = {
        ("PATCH", "me"): {"name": "Mallory"},
        ("PUT", "me/password"): {"current": PASSWORD, "new": "another long password"},
        ("PUT", "me/email"): {"current": PASSWORD, "new": "mallory@agentur.test"},
        ("POST", "me/tokens"): {"name": "more", "scopes": ["write"]},
        ("GET", "me/sessions"): None,
        ("DELETE", "session"): None,
    }
    for (method, path), body in tries.items():
        reply = await identity.public.request(method, f"/api/v1/{path}", json=body, headers=headers)
        assert (reply.status_code, reply.json()["code"]) == (403, "log_in_needed"), path


async def test_api_tokens_are_listed_without_secret_revoked_and_expire(identity: Identity) -> None:
    await identity.listen(SessionEnded)
    await identity.approved()
    now = utc_now()
    token = await make_token(identity, "read", expires_at=(now + timedelta(days=1)).isoformat())
    headers = await identity.headers_of(ANNA)
    listed = (await identity.public.get("/api/v1/me/tokens", headers=headers)).json()["items"]
    assert [(one["id"], one["scopes"], "secret" in one) for one in listed] == [(token["id"], ["read"], False)]
    access = bearer((await exchange(identity, token["secret"])).json()["access_token"])
    path = f"/api/v1/me/tokens/{token['id']}"
    assert (await identity.public.delete(path, headers=headers)).status_code == 204
    await identity.told(SessionEnded, session=token["id"])
    assert (await identity.public.get("/api/v1/me", headers=access)).status_code == 401
    assert (await exchange(identity, token["secret"])).status_code == 401

    short = await make_token(identity, "read", expires_at=(now + timedelta(days=1)).isoformat())
    identity.at(now + timedelta(days=2))
    assert (await exchange(identity, short["secret"])).status_code == 401


async def test_keys_rotate_without_a_token_that_nobody_can_verify(identity: Identity) -> None:
    from netzraum_identity.keys import service as keys  # the rotation has no door of its own; time has

    async def published(now_in_days: float) -> list[str]:
        async with identity.service.work() as work:
            await keys.rotate(work.db, utc_now() + timedelta(days=now_in_days))
        return [key["kid"] for key in (await identity.internal("GET", "keys", caller="polls")).json()["keys"]]

    ring = keys.ring_of(identity.service.app)
    first = ring.signer().kid
    assert await published(1) == [first]
    both = await published(31)
    assert both[0] == first
    assert len(both) == 2
    await ring.reload()
    assert ring.signer().kid == first, "a new key is published before it signs"
    assert await published(32) == both[1:], "an old key goes when its tokens have"
