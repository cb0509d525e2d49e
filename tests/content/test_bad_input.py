"""Bad input gets a clear error and loses nothing."""

from typing import Any

import pytest

from tests.harness import access_token
from tests.world import Board

GOOD = {"title": "Titel", "text": "Text"}


@pytest.mark.parametrize(
    ("wrong", "field", "code"),
    [
        ({"title": ""}, "title", "string_too_short"),
        ({"title": "   "}, "title", "string_too_short"),
        ({"title": "x" * 201}, "title", "string_too_long"),
        ({"title": None}, "title", "string_type"),
        ({"title": "a\x00b"}, "title", "control_characters"),
        ({"title": "a\nb"}, "title", "control_characters"),
        ({"title": "rechnung\u202egpj.exe"}, "title", "control_characters"),
        ({"text": "x" * 100_001}, "text", "string_too_long"),
        ({"text": "a\x07b"}, "text", "control_characters"),
        ({"text": 5}, "text", "string_type"),
        ({"unbekannt": 1}, "unbekannt", "extra_forbidden"),
        ({"classification": "geheim"}, "classification", "literal_error"),
        ({"state": "deleted"}, "state", "literal_error"),
        ({"valid_from": "morgen"}, "valid_from", "datetime_from_date_parsing"),
        ({"valid_from": "2027-01-01T00:00:00"}, "valid_from", "timezone_aware"),
        ({"valid_until": "99999-01-01T00:00:00Z"}, "valid_until", "datetime_from_date_parsing"),
        ({"delete_on": "31.12.2027"}, "delete_on", "date_from_datetime_parsing"),
        ({"pinned": "vielleicht"}, "pinned", "bool_parsing"),
        ({"roles": ["x"] * 51}, "roles", "too_long"),
    ],
)
async def test_each_wrong_field_is_named_in_words(board: Board, wrong: dict[str, Any], field: str, code: str) -> None:
    reply = await board.coordinator.send("POST", board.path, {**GOOD, **wrong})
    assert reply.status_code == 422, reply.text
    (error,) = reply.json()["errors"]
    assert (error["field"], error["code"]) == (field, code)
    assert error["message"]
    notice = await board.post()
    assert (await board.try_to_change(notice, **wrong)).status_code == 422


async def test_missing_fields_are_all_named_at_once(board: Board) -> None:
    reply = await board.coordinator.send("POST", board.path, {})
    assert {error["field"] for error in reply.json()["errors"]} == {"title", "text"}


@pytest.mark.parametrize("body", [b"{", b"[]", b'"x"', b"\xff\xfe", b'{"title": "\\ud800", "text": ""}'])
async def test_what_is_no_json_object_is_refused(board: Board, body: bytes) -> None:
    token = access_token(board.coordinator.account)
    reply = await board.world.service.public.post(
        f"/api/v1/{board.path}", content=body, headers={**token, "content-type": "application/json"}
    )
    assert reply.status_code in (400, 422), reply.text
    assert reply.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "query",
    [
        {"limit": 0},
        {"limit": 201},
        {"cursor": "gefälscht"},
        {"cursor": "WzFd"},
        {"cursor": "WyJuZXdlc3QiLDEsIngiLCJ5Il0"},
        {"state": "alle"},
        {"sort": "zufällig"},
        {"classification": "geheim"},
        {"author": "ich"},
        {"q": "a\x00"},
        {"unbekannt": "1"},
    ],
)
async def test_wrong_filters_are_refused(board: Board, query: dict[str, Any]) -> None:
    reply = await board["member"].send("GET", board.path, **query)
    assert reply.status_code == 422, reply.text


async def test_a_cursor_of_another_order_is_refused(board: Board) -> None:
    for _ in range(2):
        await board.post()
    first = await board["member"].get(board.path, limit=1, sort="newest")
    reply = await board["member"].send("GET", board.path, limit=1, sort="ends", cursor=first["next"])
    assert reply.status_code == 422


@pytest.mark.parametrize("sort", ["newest", "title", "ends", "institution"])
async def test_every_order_pages_through_everything_once(board: Board, sort: str) -> None:
    for number in range(7):
        person = board["moderator"] if number % 2 else board.coordinator
        ends = f"2100-01-0{1 + number % 3}T00:00:00Z" if number % 4 else None
        await board.post(person, title=str(number), pinned=number == 3, valid_until=ends)
    titles: list[str] = []
    cursor = ""
    while True:
        page = await board["member"].get(board.path, limit=3, sort=sort, cursor=cursor)
        titles += [notice["title"] for notice in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert sorted(titles) == [str(number) for number in range(7)]


async def test_html_in_a_text_is_kept_as_written_and_rendered_as_text(board: Board) -> None:
    text = "<script>alert(1)</script>"
    notice = await board.post(text=text)
    read = await board["member"].get(f"{board.path}/{notice['id']}", render="html")
    assert read["text"] == text
    assert "<script" not in read["html"]


async def test_errors_are_in_the_language_of_the_caller(board: Board) -> None:
    for language, expected in (("de", "Diese Angabe fehlt."), ("en", "This is required.")):
        reply = await board.coordinator.send("POST", board.path, {"text": ""}, {"Accept-Language": language})
        assert reply.json()["errors"][0]["message"] == expected


async def test_without_a_log_in_nothing_is_listed_or_written(board: Board) -> None:
    public = board.world.service.public
    assert (await public.get(f"/api/v1/{board.path}")).status_code == 401
    assert (await public.post(f"/api/v1/{board.path}", json=GOOD)).status_code == 401
    assert (await public.get("/api/v1/overview")).status_code == 401
    forged = {"Authorization": "Bearer eyJhbGciOiJub25lIn0.e30."}
    assert (await public.get("/api/v1/overview", headers=forged)).status_code == 401
