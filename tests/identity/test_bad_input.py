"""Whatever is sent, the answer is a clear error in the shape of all errors, and nothing is lost."""

import json
from typing import Any

import pytest

from tests.identity.people import INSTITUTION, PASSWORD, Identity

REGISTRANT = {"name": "Anna Arndt", "email": "anna@agentur.test", "password": PASSWORD}
REGISTRATION: dict[str, Any] = {**INSTITUTION, "registrant": REGISTRANT}

FAULTY: list[tuple[str, dict[str, Any], str, str]] = [
    ("name missing", {"town": "Hagen", "kind": "other", "registrant": REGISTRANT}, "name", "missing"),
    ("unknown field", {**REGISTRATION, "state": "approved"}, "state", "extra_forbidden"),
    ("wrong type", {**REGISTRATION, "name": 7}, "name", "string_type"),
    ("too long", {**REGISTRATION, "name": "x" * 201}, "name", "string_too_long"),
    ("blank", {**REGISTRATION, "name": "   "}, "name", "string_too_short"),
    ("control character", {**REGISTRATION, "name": "agentur\u0000mark"}, "name", "control_characters"),
    ("line break in a name", {**REGISTRATION, "name": "agentur\r\nBcc: all"}, "name", "control_characters"),
    ("right-to-left mark", {**REGISTRATION, "name": "agentur\u202emark"}, "name", "control_characters"),
    ("unknown kind", {**REGISTRATION, "kind": "bank"}, "kind", "literal_error"),
    ("no address", {**REGISTRATION, "registrant": {**REGISTRANT, "email": "anna"}}, "registrant.email", "email"),
    (
        "two addresses",
        {**REGISTRATION, "registrant": {**REGISTRANT, "email": "a@x.test, b@x.test"}},
        "registrant.email",
        "email",
    ),
    (
        "short password",
        {**REGISTRATION, "registrant": {**REGISTRANT, "password": "short"}},
        "registrant.password",
        "string_too_short",
    ),
    (
        "simple password",
        {**REGISTRATION, "registrant": {**REGISTRANT, "password": "aaaaaaaaaaaa"}},
        "registrant.password",
        "password_too_simple",
    ),
]


@pytest.mark.parametrize(("body", "field", "code"), [case[1:] for case in FAULTY], ids=[case[0] for case in FAULTY])
async def test_faulty_application_names_the_field(identity: Identity, body: Any, field: str, code: str) -> None:
    reply = await identity.public.post("/api/v1/institutions", json=body)
    assert reply.status_code == 422
    assert reply.headers["content-type"] == "application/problem+json"
    problem = reply.json()
    assert (problem["code"], problem["status"]) == ("invalid", 422)
    assert [(one["field"], one["code"]) for one in problem["errors"]] == [(field, code)]
    assert all(one["message"] for one in problem["errors"])
    assert PASSWORD not in reply.text, "an error repeats no password"


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b'"text"', b"\xff\xfe", b'{"email": "a@b.test", "password": NaN']
)
async def test_malformed_json_is_refused(identity: Identity, content: bytes) -> None:
    headers = {"content-type": "application/json"}
    reply = await identity.public.post("/api/v1/session", content=content, headers=headers)
    assert reply.status_code == 422
    assert reply.json()["code"] == "invalid"


async def test_errors_come_in_the_language_of_the_caller(identity: Identity) -> None:
    body = {"email": "nobody@x.test", "password": "wrong"}
    titles = [
        (await identity.public.post("/api/v1/session", json=body, headers={"accept-language": language})).json()[
            "title"
        ]
        for language in ("de", "en-GB,en;q=0.8", "fr")
    ]
    assert titles[0].startswith("E-Mail-Adresse")
    assert titles[1].startswith("E-mail address")
    assert titles[2] == titles[0]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "invitations/unknown"),
        ("POST", "me/email/unknown"),
        ("POST", "institutions/confirm/unknown"),
        ("GET", "invitations/..%2F..%2Fetc"),
        ("GET", f"invitations/{'x' * 3000}"),
        ("GET", "nothing/of/the/kind"),
    ],
)
async def test_unknown_links_are_not_there(identity: Identity, method: str, path: str) -> None:
    reply = await identity.public.request(method, f"/api/v1/{path}")
    assert (reply.status_code, reply.json()["code"]) == (404, "not_found")


async def test_faulty_changes_of_an_account_change_nothing(identity: Identity) -> None:
    await identity.approved()
    headers = await identity.headers_of("anna@agentur.test")
    before = (await identity.public.get("/api/v1/me", headers=headers)).json()
    for body in (
        {"language": "fr"},
        {"timezone": "Europe/Nowhere"},
        {"timezone": "../../etc/passwd"},
        {"mail": "hourly"},
        {"name": ""},
        {"operator": True},
        {"email": "other@agentur.test"},
        {"name": "Anna\u0007"},
    ):
        assert (await identity.public.patch("/api/v1/me", json=body, headers=headers)).status_code == 422, body
    assert (await identity.public.get("/api/v1/me", headers=headers)).json() == before


async def test_ids_that_are_none_and_foreign_ids(identity: Identity) -> None:
    operator = await identity.operator()
    foreign = "0193aaaa-0000-7000-8000-000000000000"
    for path in ("institutions/{}/approve", "accounts/{}/suspend", "accounts/{}/reset-second-factor"):
        unreadable = await identity.public.post(f"/api/v1/{path.format('seven')}", headers=operator)
        unknown = await identity.public.post(f"/api/v1/{path.format(foreign)}", headers=operator)
        assert (unreadable.status_code, unknown.status_code) == (422, 404), path
    for path in ("me/sessions/{}", "me/tokens/{}", "me/second-factors/{}"):
        assert (await identity.public.delete(f"/api/v1/{path.format(foreign)}", headers=operator)).status_code == 404


async def test_names_of_people_are_text_in_mails(identity: Identity) -> None:
    """HTML in a name stays text in the HTML part of a mail."""
    registrant = {**REGISTRANT, "name": "<img src=x onerror=alert(1)>"}
    body = {**REGISTRATION, "name": "<script>x</script> & Co", "registrant": registrant}
    assert (await identity.public.post("/api/v1/institutions", json=body)).status_code == 202
    mail = await identity.mail_to("anna@agentur.test", "bestätigen")
    html = mail.get_body(("html",))
    assert html is not None
    text = html.get_content()
    assert "<script>" not in text
    assert "<img" not in text
    assert "&lt;script&gt;x&lt;/script&gt; &amp; Co" in text


async def test_strange_signs_and_times_are_refused_or_harmless(identity: Identity) -> None:
    await identity.approved()
    headers = await identity.headers_of("anna@agentur.test")
    for wanted in (
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00+14:00",
        "2020-01-01T00:00:00Z",
        "2027-01-01T00:00",
    ):
        body = {"name": "Skript", "scopes": ["read"], "expires_at": wanted}
        reply = await identity.public.post("/api/v1/me/tokens", json=body, headers=headers)
        assert (reply.status_code, reply.json()["errors"][0]["field"]) == (422, "expires_at"), wanted
    strange = {b"user-agent": "Fire\u00adfox \u202e".encode(), b"x-forwarded-for": b"not an address"}
    credentials = {"email": "anna@agentur.test", "password": PASSWORD}
    assert (await identity.public.post("/api/v1/session", json=credentials, headers=strange)).status_code == 201
    for password in ("\u0000", "ü" * 200, "\ud800", "\U0001f600"):
        content = json.dumps({**credentials, "password": password, "code": "１２３４５６"})
        json_headers = {"content-type": "application/json"}
        reply = await identity.public.post("/api/v1/session", content=content, headers=json_headers)
        assert reply.status_code in {401, 422}, repr(password)


async def test_code_of_strange_signs_is_a_wrong_code(identity: Identity) -> None:
    await identity.approved()
    headers = await identity.headers_of("anna@agentur.test")
    wanted = {"kind": "totp", "password": PASSWORD}
    added = (await identity.public.post("/api/v1/me/second-factors", json=wanted, headers=headers)).json()
    path = f"/api/v1/me/second-factors/{added['id']}/confirm"
    for code in ("１２３４５６", "ÄÖÜ", "12 34 56 78", "\u0000"):
        reply = await identity.public.post(path, json={"code": code}, headers=headers)
        assert (reply.status_code, reply.json()["errors"][0]["code"]) == (422, "wrong_code"), repr(code)
