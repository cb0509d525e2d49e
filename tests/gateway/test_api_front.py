"""The door of the public API: who comes in, what is passed on unchanged, what is refused before a service is asked."""

import asyncio
import re
from collections.abc import AsyncIterator

import httpx
import pytest

from netzraum_gateway.sessions import csrf_of
from tests.end_to_end.installations import PASSWORD
from tests.end_to_end.items_of_tools import KINDS
from tests.end_to_end.people import Network, Somebody
from tests.gateway.browser import Browser
from tests.gateway.conftest import InProcess, client_of, second_gateway
from tests.harness import eventually


def bearer(somebody: Somebody) -> dict[str, str]:
    return {"authorization": f"Bearer {somebody.tokens['access_token']}"}


@pytest.fixture
async def http(netzraum: InProcess) -> AsyncIterator[httpx.AsyncClient]:
    async with netzraum.client("192.0.2.7") as client:
        yield client


@pytest.mark.parametrize("authorization", ["Bearer ey.forged.token", "Bearer nzt_unknown", "Basic eDp5", "Bearer"])
async def test_a_forged_token_opens_nothing(http: httpx.AsyncClient, authorization: str) -> None:
    reply = await http.get("/api/v1/spaces", headers={"authorization": authorization, "accept-language": "en"})
    assert reply.status_code == 401
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["title"] == "Please log in."


async def test_an_unknown_path_is_a_problem_document(http: httpx.AsyncClient) -> None:
    for path in ("/api/v1/nothing", "/api/v1/spaces/no-id/notices", "/api/v1/spaces/../internal/keys", "/api/v1/"):
        reply = await http.get(path)
        assert (reply.status_code, reply.json()["code"]) == (404, "not_found"), path


async def test_internal_paths_are_never_passed_on(http: httpx.AsyncClient) -> None:
    for path in ("/internal/keys", "/api/v1/internal/keys", "/api/v1/..%2f..%2finternal/keys"):
        assert (await http.get(path)).status_code == 404


async def test_an_api_token_is_exchanged_until_it_is_revoked(network: Network, http: httpx.AsyncClient) -> None:
    member = network.people["member"]
    token = await member.post("me/tokens", {"name": "Skript", "scopes": ["read"]})
    headers = {"authorization": f"Bearer {token['secret']}"}
    assert (await http.get(f"/api/v1/spaces/{network.space}/notices", headers=headers)).status_code == 200
    assert await member.status("DELETE", f"me/tokens/{token['id']}") == 204

    async def is_refused() -> bool:
        return (await http.get("/api/v1/spaces", headers=headers)).status_code == 401

    await eventually(is_refused)


async def test_after_logging_out_the_access_token_is_worth_nothing(network: Network, http: httpx.AsyncClient) -> None:
    somebody = await Somebody.of(http, network.people["member"].email)
    assert await somebody.status("DELETE", "session") == 204
    assert await somebody.status("GET", "spaces") == 401


async def test_a_cookie_alone_opens_nothing_of_the_api(network: Network, coordinator: Browser) -> None:
    assert (await coordinator.http.get("/api/v1/me")).status_code == 401
    assert (await coordinator.http.post("/api/v1/spaces", json={})).status_code == 403
    csrf = csrf_of(coordinator.http.cookies["netzraum"])
    wrong = await coordinator.http.get("/api/v1/me", headers={"x-csrf-token": "0" * 64})
    right = await coordinator.http.get("/api/v1/me", headers={"x-csrf-token": csrf})
    assert (wrong.status_code, right.status_code) == (403, 200)
    assert right.json()["email"] == network.coordinator.email


async def test_answers_of_the_api_can_do_nothing_in_a_browser(http: httpx.AsyncClient) -> None:
    headers = (await http.get("/api/v1/me")).headers
    assert "sandbox" in headers["content-security-policy"]
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"
    assert "netzraum-access" not in headers


async def test_too_many_requests_are_told_when_to_come_again(netzraum: InProcess, network: Network) -> None:
    gateway = second_gateway(netzraum, burst=3, rate=0.5, anonymous_burst=2, anonymous_rate=0.5)
    async with client_of(gateway) as http:
        known = [(await http.get("/api/v1/me", headers=bearer(network.coordinator))).status_code for _ in range(4)]
        unknown = [await http.get("/api/v1/me", headers={"authorization": "Bearer x"}) for _ in range(3)]
    assert known == [200, 200, 200, 429]
    assert [reply.status_code for reply in unknown] == [401, 401, 429]
    assert int(unknown[-1].headers["retry-after"]) >= 1


async def test_a_body_that_is_too_large_is_refused(netzraum: InProcess, network: Network) -> None:
    async def drip() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" " * 1000

    gateway = second_gateway(netzraum, body=10_000)
    path, headers = f"/api/v1/spaces/{network.space}/notices", bearer(network.coordinator)
    async with client_of(gateway) as http:
        announced = await http.post(path, content=b" " * 10_001, headers=headers)
        dripped = await http.post(path, content=drip(), headers=headers)
        fits = await http.post(path, content=b" " * 10_000, headers=headers)
    assert (announced.status_code, dripped.status_code, fits.status_code) == (413, 413, 422)
    assert announced.json()["code"] == dripped.json()["code"] == "too_large"


async def test_a_client_that_sends_too_slowly_is_let_go(netzraum: InProcess, network: Network) -> None:
    async def stall() -> AsyncIterator[bytes]:
        yield b"{"
        await asyncio.sleep(30)

    gateway = second_gateway(netzraum, silence_s=0.05)
    async with client_of(gateway) as http:
        path = f"/api/v1/spaces/{network.space}/notices"
        reply = await http.post(path, content=stall(), headers=bearer(network.coordinator))
    assert (reply.status_code, reply.json()["code"]) == (408, "too_slow")


async def test_a_service_that_is_gone_is_named_and_the_others_answer(netzraum: InProcess, network: Network) -> None:
    gateway = second_gateway(netzraum, "content", "polls")
    headers = bearer(network.coordinator)
    async with client_of(gateway) as http:
        notices = await http.get(f"/api/v1/spaces/{network.space}/notices", headers=headers)
        unread = await http.get("/api/v1/unread", headers=headers)
        todo = await http.get("/api/v1/todo", headers=headers)
        spaces = await http.get("/api/v1/spaces", headers=headers)
    assert (notices.status_code, notices.json()["missing"]) == (503, "content")
    assert int(notices.headers["retry-after"]) >= 1
    assert (unread.status_code, unread.json()) == (200, {"missing": ["content", "polls"]})
    assert todo.json() == {"items": [], "missing": ["content", "polls"]}
    assert spaces.status_code == 200


async def test_without_identity_nobody_comes_in_and_it_says_so(netzraum: InProcess, network: Network) -> None:
    gateway = second_gateway(netzraum, "identity")
    async with client_of(gateway) as http:
        ready = await http.get("/health/ready")
        reply = await http.get("/api/v1/spaces", headers=bearer(network.coordinator))
    assert (ready.status_code, reply.status_code) == (503, 503)


async def test_merged_lists_have_one_order_and_one_cursor(network: Network) -> None:
    for number in range(5):
        await network.post_notice(network.coordinator, f"Reihenfolge {number}")
    seen: list[str] = []
    cursor = ""
    for _ in range(100):
        page = await network.coordinator.get(f"activity?limit=10{cursor}")
        seen += [entry["id"] for entry in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    whole = (await network.coordinator.get("activity?limit=200"))["items"]
    assert seen == [entry["id"] for entry in whole][: len(seen)]
    assert len(seen) == len(set(seen)) == len(whole)


async def test_what_all_services_find_is_in_one_order_and_goes_on_where_it_stopped(network: Network) -> None:
    """Titles before texts, and each of them the newest first, whichever service has it."""
    texts = [await network.post_notice(network.coordinator, f"Im Text {number}", text="Suchwort") for number in (1, 2)]
    titled = [await kind.made(network, f"Suchwort {name}") for _ in range(2) for name, kind in KINDS.items()]
    wanted = [item["id"] for item in (*reversed(titled), *reversed(texts))]
    found: list[str] = []
    cursor = ""
    for _ in wanted:
        page = await network.coordinator.get(f"search?q=Suchwort&limit=3{cursor}")
        found += [hit["item"] for hit in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert found == wanted


async def test_a_wrong_merged_request_is_refused_like_any_other(network: Network) -> None:
    assert await network.coordinator.status("GET", "search") == 422
    assert await network.coordinator.status("GET", "search?q=x&cursor=no-cursor") == 422
    assert await network.coordinator.status("GET", "activity?limit=1000") == 422
    assert await network.coordinator.status("DELETE", "unread") == 405
    assert await network.people["member"].status("GET", f"spaces/{network.memberships['member']}/activity") == 404


async def test_who_was_removed_sees_nothing_with_the_next_request(network: Network, http: httpx.AsyncClient) -> None:
    leaver = await network.take_in("guest", "leaver")
    assert await leaver.status("GET", f"spaces/{network.space}/notices") == 200
    removed = f"spaces/{network.space}/members/{network.memberships['leaver']}"
    assert await network.coordinator.status("DELETE", removed) == 204
    assert await leaver.status("GET", f"spaces/{network.space}/notices") == 404
    assert (await leaver.get("activity"))["items"] == []
    assert await leaver.get("unread") == {}


async def test_the_merged_description_names_every_path_once(http: httpx.AsyncClient) -> None:
    document = (await http.get("/api/v1/openapi.json")).json()
    for path in ("/api/v1/session", "/api/v1/spaces/{space_id}/members", "/api/v1/spaces/{space_id}/notices"):
        assert path in document["paths"]
    assert not any("/internal" in path or "/health" in path for path in document["paths"])
    references = _references(document)
    schemas = document["components"]["schemas"]
    assert references <= {f"#/components/schemas/{name}" for name in schemas}
    page = await http.get("/api/docs")
    assert page.status_code == 200
    assert "/api/v1/spaces/{space_id}/notices" in page.text
    icon = re.search(r'<link rel="icon" href="([^"]+)"', page.text)
    assert icon is not None
    assert (await http.get(icon[1])).status_code == 200


def _references(value: object) -> set[str]:
    if isinstance(value, dict):
        own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
        return own.union(*(_references(part) for part in value.values()))
    return set().union(*(_references(part) for part in value)) if isinstance(value, list) else set()


async def test_the_second_factor_is_asked_for_by_a_log_in_with_one(network: Network, http: httpx.AsyncClient) -> None:
    reply = await http.post("/api/v1/session", json={"email": network.coordinator.email, "password": PASSWORD + "x"})
    assert (reply.status_code, reply.json()["code"]) == (401, "invalid_credentials")
