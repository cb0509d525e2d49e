"""A request from the door to the commit: one transaction, repeats, lost races, and an answer for every error."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select

from netzraum_platform.database import new_id
from netzraum_platform.limits import MAX_BODY
from netzraum_platform.service import RunningService
from netzraum_platform.tables import AuditRow, IdempotencyRow, OutboxRow
from netzraum_platform.validation_texts import message
from tests.harness import ServiceUnderTest, Surroundings, access_token, running, sqlite_url
from tests.platform import samples
from tests.platform.samples import Thing

ACCOUNT = new_id()
ME = access_token(ACCOUNT, lifetime_s=86_400)  # made when the tests are gathered; they may take their time


@pytest.fixture
async def sample(database_url: str, around: Surroundings) -> AsyncIterator[ServiceUnderTest]:
    async with running(samples.service(), database_url, around) as service:
        yield service


async def create(sample: ServiceUnderTest, name: str = "one", **headers: str) -> httpx.Response:
    return await sample.public.post("/api/v1/things", json={"name": name}, headers={**ME, **headers})


async def count(sample: ServiceUnderTest, table: Any) -> int:
    async with sample.app.database.session() as session:
        return await session.scalar(select(func.count()).select_from(table)) or 0


def problem_of(answer: httpx.Response, status: int, code: str) -> dict[str, Any]:
    """The problem document of an answer, as RFC 9457 has it."""
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert (body["status"], body["code"]) == (status, code)
    assert body["type"] == f"urn:netzraum:problem:{code}"
    assert body["title"]
    return body


async def test_row_audit_and_event_commit_together(sample: ServiceUnderTest) -> None:
    answer = await create(sample)
    assert answer.status_code == 201
    async with sample.app.database.session() as session:
        audit = (await session.scalars(select(AuditRow))).one()
        event = (await session.scalars(select(OutboxRow))).one()
    assert (audit.account_id, audit.what, audit.item) == (ACCOUNT, "thing:create", answer.json()["id"])
    assert event.envelope["actor"] == str(ACCOUNT)
    assert event.envelope["type"] == "content.thing.changed.v1"


async def test_a_request_that_ends_with_an_error_leaves_nothing(sample: ServiceUnderTest) -> None:
    thing = (await create(sample)).json()["id"]
    answer = await sample.public.post(f"/api/v1/things/{thing}/fail", headers=ME)
    problem_of(answer, 409, "conflict")
    assert (await sample.public.get(f"/api/v1/things/{thing}", headers=ME)).json()["name"] == "one"
    assert (await count(sample, AuditRow), await count(sample, OutboxRow)) == (1, 1)


async def test_a_repeat_answers_what_the_item_is_now(sample: ServiceUnderTest) -> None:
    first = (await create(sample, **{"Idempotency-Key": "k"})).json()
    await sample.public.patch(
        f"/api/v1/things/{first['id']}", json={"name": "renamed"}, headers={**ME, "If-Match": '"1"'}
    )
    again = await create(sample, **{"Idempotency-Key": "k"})
    assert (again.status_code, again.json()) == (201, {"id": first["id"], "name": "renamed", "version": 2})
    assert await count(sample, Thing) == 1


async def test_the_same_key_with_another_body_is_refused(sample: ServiceUnderTest) -> None:
    await create(sample, "one", **{"Idempotency-Key": "k"})
    problem_of(await create(sample, "two", **{"Idempotency-Key": "k"}), 422, "idempotency_key_reused")
    assert await count(sample, Thing) == 1


async def upload(sample: ServiceUnderTest, content: bytes) -> httpx.Response:
    files = {"file": ("thing.txt", content)}  # httpx writes another boundary each time
    headers = {**ME, "Idempotency-Key": "k"}
    return await sample.public.post("/api/v1/things/from-file", files=files, headers=headers)


async def test_a_repeated_upload_creates_nothing_anew(sample: ServiceUnderTest) -> None:
    first, again = await upload(sample, b"one"), await upload(sample, b"one")
    assert (first.status_code, again.status_code) == (201, 201), (first.text, again.text)
    assert again.json() == first.json()
    assert first.json()["name"] == "one"
    problem_of(await upload(sample, b"two"), 422, "idempotency_key_reused")
    assert await count(sample, Thing) == 1


async def test_a_key_belongs_to_its_caller(sample: ServiceUnderTest) -> None:
    """A replayed key of somebody else neither shows nor hides anything."""
    first = await create(sample, "one", **{"Idempotency-Key": "k"})
    other = await create(sample, "two", **{"Idempotency-Key": "k", **access_token()})
    assert other.status_code == 201
    assert other.json()["id"] != first.json()["id"]


async def test_two_at_the_same_time_create_one(sample: ServiceUnderTest) -> None:
    answers = await asyncio.gather(*(create(sample, **{"Idempotency-Key": "k"}) for _ in range(6)))
    assert [answer.status_code for answer in answers] == [201] * 6
    assert len({answer.json()["id"] for answer in answers}) == 1
    counts = [await count(sample, table) for table in (Thing, AuditRow, OutboxRow, IdempotencyRow)]
    assert counts == [1, 1, 1, 1]


async def test_two_keys_for_the_same_name_are_a_conflict(sample: ServiceUnderTest) -> None:
    await create(sample, **{"Idempotency-Key": "k"})
    problem_of(await create(sample, **{"Idempotency-Key": "other"}), 409, "conflict")


async def test_a_key_is_worth_nothing_after_a_day(sample: ServiceUnderTest) -> None:
    await create(sample, "one", **{"Idempotency-Key": "k"})
    async with sample.app.database.transaction() as session:
        row = (await session.scalars(select(IdempotencyRow))).one()
        row.created_at = row.created_at.replace(year=row.created_at.year - 1)
    assert (await create(sample, "two", **{"Idempotency-Key": "k"})).status_code == 201
    assert await count(sample, Thing) == 2


async def test_an_update_needs_the_version_that_was_read(sample: ServiceUnderTest) -> None:
    thing = (await create(sample)).json()["id"]
    url, change = f"/api/v1/things/{thing}", {"name": "two"}
    tag = (await sample.public.get(url, headers=ME)).headers["ETag"]
    problem_of(await sample.public.patch(url, json=change, headers=ME), 428, "version_missing")
    stale = await sample.public.patch(url, json=change, headers={**ME, "If-Match": '"0"'})
    problem_of(stale, 412, "version_mismatch")
    assert (await sample.public.patch(url, json=change, headers={**ME, "If-Match": tag})).status_code == 200
    problem_of(await sample.public.patch(url, json=change, headers={**ME, "If-Match": tag}), 412, "version_mismatch")
    assert (await sample.public.patch(url, json=change, headers={**ME, "If-Match": "*"})).status_code == 200


async def test_of_two_updates_at_the_same_time_one_is_lost(sample: ServiceUnderTest) -> None:
    thing = (await create(sample)).json()["id"]
    url, headers = f"/api/v1/things/{thing}", {**ME, "If-Match": '"1"'}
    answers = await asyncio.gather(
        *(sample.public.patch(url, json={"name": f"by {n}"}, headers=headers) for n in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]


@pytest.fixture(scope="module")
async def any_sample(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ServiceUnderTest]:
    """One for all tests of what no database has a part in."""
    folder = tmp_path_factory.mktemp("sample")
    async with running(samples.service(), sqlite_url(folder, "sample"), Surroundings(folder)) as service:
        yield service


@pytest.mark.parametrize(
    ("accepts", "title"),
    [
        ("", "Bitte melden Sie sich an."),
        ("de", "Bitte melden Sie sich an."),
        ("en-GB,en;q=0.9", "Please log in."),
        ("de;q=0.5, en", "Please log in."),
        ("fr, en;q=0.3, de;q=0.7", "Bitte melden Sie sich an."),
        ("fr;q=x", "Bitte melden Sie sich an."),
    ],
)
async def test_errors_speak_the_callers_language(any_sample: ServiceUnderTest, accepts: str, title: str) -> None:
    answer = await any_sample.public.get(f"/api/v1/things/{new_id()}", headers={"Accept-Language": accepts})
    assert problem_of(answer, 401, "unauthenticated")["title"] == title


@pytest.mark.parametrize("language", ["de", "en"])
@pytest.mark.parametrize(
    ("body", "field", "code"),
    [
        (b"{", "body", "json_invalid"),
        (b"", "body", "missing"),
        (b"[]", "body", "model_attributes_type"),
        (b"{}", "name", "missing"),
        (b'{"name": 7}', "name", "string_type"),
        (b'{"name": ""}', "name", "string_too_short"),
        (b'{"name": "%s"}' % (b"x" * 21), "name", "string_too_long"),
        (b'{"name": "x", "colour": "red"}', "colour", "extra_forbidden"),
        (b'{"name": "\\ud800"}', "name", "string_unicode"),
    ],
)
async def test_a_wrong_body_is_told_field_by_field(
    any_sample: ServiceUnderTest, body: bytes, field: str, code: str, language: str
) -> None:
    headers = {**ME, "Content-Type": "application/json", "Accept-Language": language}
    answer = await any_sample.public.post("/api/v1/things", content=body, headers=headers)
    (fault,) = problem_of(answer, 422, "invalid")["errors"]
    assert (fault["field"], fault["code"]) == (field, code)
    assert fault["message"] not in {"Diese Angabe ist ungültig.", "This is not valid.", ""}


@pytest.mark.parametrize("body", [b'"\xff"', b'{"name": ' + b"[" * 100_000, b'{"name": %s}' % (b"9" * 5000)])
async def test_a_body_that_cannot_be_read_is_refused(any_sample: ServiceUnderTest, body: bytes) -> None:
    headers = {**ME, "Content-Type": "application/json"}
    answer = await any_sample.public.post("/api/v1/things", content=body, headers=headers)
    assert answer.status_code in {400, 422}
    assert answer.headers["content-type"] == "application/problem+json"


async def test_nul_is_refused_on_both_databases(sample: ServiceUnderTest) -> None:
    """PostgreSQL stores no NUL; SQLite would, so only PostgreSQL's answer says so for a field without rules."""
    in_address = await sample.public.get("/api/v1/search", params={"q": "a\0b"}, headers=ME)
    assert problem_of(in_address, 422, "invalid")["errors"][0]["code"] == "control_characters"
    in_path = await sample.public.get("/api/v1/things/%00", headers=ME)
    problem_of(in_path, 422, "invalid")
    in_body = await create(sample, "a\0b")
    if sample.app.database.dialect == "postgresql":
        assert problem_of(in_body, 422, "invalid")["errors"][0]["code"] == "unstorable"


async def test_an_oversize_request_is_refused(any_sample: ServiceUnderTest) -> None:
    problem_of(await create(any_sample, "x" * MAX_BODY), 413, "too_large")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v1/nothing", 404, "not_found"),
        ("GET", f"/api/v1/things/{uuid.UUID(int=0)}", 404, "not_found"),
        ("DELETE", "/api/v1/things", 405, "method_not_allowed"),
        ("GET", "/api/v1/things/seven", 422, "invalid"),
        ("GET", "/api/v1/search?q=x&number=seven", 422, "invalid"),
        ("POST", "/api/v1/mistake", 500, "failed"),
    ],
)
async def test_every_kind_of_error_is_a_problem_document(
    any_sample: ServiceUnderTest, method: str, path: str, status: int, code: str
) -> None:
    transport = httpx.ASGITransport(app=any_sample.running.public, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://service") as client:
        german = await client.request(method, path, headers={**ME, "Accept-Language": "de"})
        english = await client.request(method, path, headers={**ME, "Accept-Language": "en"})
    assert problem_of(german, status, code)["title"] != problem_of(english, status, code)["title"]
    assert "a mistake of ours" not in german.text


@pytest.mark.parametrize(
    "authorization",
    ["Basic eDp5", "Bearer", "Bearer ", "Bearer x", "Bearer a.b.c", "Bearer " + "x" * 5000, "Bearer e30.e30.e30"],
)
async def test_a_forged_token_is_refused(any_sample: ServiceUnderTest, authorization: str) -> None:
    answer = await any_sample.public.get(f"/api/v1/things/{new_id()}", headers={"Authorization": authorization})
    problem_of(answer, 401, "unauthenticated")


async def test_an_expired_token_and_one_of_an_ended_session_are_refused(any_sample: ServiceUnderTest) -> None:
    url = f"/api/v1/things/{new_id()}"
    problem_of(await any_sample.public.get(url, headers=access_token(lifetime_s=-20)), 401, "unauthenticated")
    mine = access_token(session="ended soon")
    problem_of(await any_sample.public.get(url, headers=mine), 404, "not_found")
    any_sample.app.tokens.end_session("ended soon")
    problem_of(await any_sample.public.get(url, headers=mine), 401, "unauthenticated")


async def test_metrics_stand_on_the_internal_port_alone(any_sample: ServiceUnderTest) -> None:
    await create(any_sample)
    answer = await any_sample.internal.get("/metrics")
    assert answer.status_code == 200
    sample_line = 'netzraum_http_seconds_count{method="POST",route="/api/v1/things",service="content",status="201"}'
    assert sample_line in answer.text
    assert "netzraum_policy_info{" in answer.text
    problem_of(await any_sample.public.get("/metrics"), 404, "not_found")
    for port in (any_sample.public, any_sample.internal):
        assert (await port.get("/health/live")).status_code == 200
        assert (await port.get("/health/ready")).json()["ready"] is True


async def test_a_database_that_is_gone_is_503(around: Surroundings) -> None:
    nowhere = samples.app("content", "postgresql+asyncpg://nobody@127.0.0.1:1/nothing", around.folder)
    service = RunningService(samples.service(), nowhere)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=service.public), base_url="http://s") as client:
        answer = await client.get(f"/api/v1/things/{new_id()}", headers=ME)
        problem_of(answer, 503, "unavailable")
        assert answer.headers["retry-after"]
        assert (await client.get("/health/ready")).status_code == 503


def test_an_empty_field_is_asked_for_in_words_and_not_counted() -> None:
    assert message("string_too_short", "de", min_length=1) == "Bitte ausfüllen."
    assert message("string_too_short", "en", min_length=1) == "Please fill in."
    assert message("string_too_short", "de", min_length=10) == "Mindestens 10 Zeichen."
