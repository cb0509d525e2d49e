"""The table of classifications in the domain, row by row: who sees what, and what else follows."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from netzraum_contracts.spaces import Role
from netzraum_platform.database import utc_now
from netzraum_platform.tables import AuditRow
from tests.world import Board, World, personal

SEES = {
    "network": {
        "coordinator": {"public", "internal", "confidential", "personal"},
        "moderator": {"public", "internal", "confidential"},
        "member": {"public", "internal"},
        "guest": {"public", "internal"},
        "auditor": set(),
    },
    "body": {
        "coordinator": {"public", "internal", "confidential", "personal"},
        "moderator": {"public", "internal", "confidential"},
        "member": {"public", "internal", "confidential"},
        "guest": {"public", "internal"},
        "auditor": set(),
    },
}
CLASSES = ("public", "internal", "confidential", "personal")


async def _one_of_each(board: Board) -> dict[str, str]:
    ids = {}
    for name in CLASSES:
        more = personal() if name == "personal" else {"classification": name}
        ids[name] = (await board.post(title=name, **more))["id"]
    return ids


@pytest.mark.parametrize("kind", ["network", "body"])
async def test_each_role_sees_what_its_clearance_reaches(world: World, kind: str) -> None:
    board = await world.board(kind)  # type: ignore[arg-type]  # one of the kinds
    ids = await _one_of_each(board)
    for role, expected in SEES[kind].items():
        person = board[role].with_token(second_factor=True)
        if expected:
            assert set(await board.titles(person)) == expected, role
        statuses = {name: await person.status("GET", f"{board.path}/{ids[name]}") for name in CLASSES}
        seen = {name for name, status in statuses.items() if status == 200}
        assert seen == expected, role


async def test_the_auditor_reads_no_board_and_is_told_so(board: Board) -> None:
    reply = await board["auditor"].send("GET", board.path)
    assert reply.status_code == 403
    assert "level_too_low" in reply.json()["reasons"]


async def test_the_existence_of_confidential_and_personal_stays_hidden(board: Board) -> None:
    ids = await _one_of_each(board)
    for name in ("confidential", "personal"):
        for verb, body in (("GET", None), ("PATCH", {"title": "x"}), ("DELETE", None)):
            headers = {"If-Match": "*"} if verb == "PATCH" else {}
            reply = await board["member"].send(verb, f"{board.path}/{ids[name]}", body, headers)
            assert reply.status_code == 404, (name, verb)
    allowed = await board["member"].send("DELETE", f"{board.path}/{ids['internal']}")
    assert allowed.status_code == 403


async def test_public_is_read_by_direct_link_by_everybody_logged_in_and_listed_for_members_only(
    world: World, board: Board
) -> None:
    ids = await _one_of_each(board)
    stranger = await world.person("fremd")
    assert (await stranger.get(f"{board.path}/{ids['public']}"))["actions"] == ["read"]
    for name in ("internal", "confidential", "personal"):
        assert await stranger.status("GET", f"{board.path}/{ids[name]}") == 404
    assert await stranger.status("GET", board.path) == 404
    assert await stranger.get("overview") == {"unread": {}, "activity": [], "todo": []}
    assert (await stranger.get("search", q="public"))["items"] == []
    anonymous = await board.world.service.public.get(f"/api/v1/{board.path}/{ids['public']}")
    assert anonymous.status_code in (403, 404)


async def test_the_operator_reads_no_content_not_even_as_a_member(board: Board) -> None:
    ids = await _one_of_each(board)
    operator = board["member"].with_token(operator=True, second_factor=True)
    for name in CLASSES:
        assert await operator.status("GET", f"{board.path}/{ids[name]}") in (403, 404), name
    assert await operator.get("unread") == {}
    assert (await operator.get("search", q="internal"))["items"] == []
    assert await operator.status("GET", board.path) in (403, 404)


async def test_internal_is_the_default(board: Board) -> None:
    assert (await board.post())["classification"] == "internal"


async def test_nobody_creates_above_their_own_clearance(board: Board) -> None:
    moderator = board["moderator"].with_token(second_factor=True)
    reply = await moderator.send("POST", board.path, {"title": "x", "text": "y", **personal()})
    assert reply.status_code == 403
    assert "clearance_too_low" in reply.json()["reasons"]


async def test_a_personal_notice_is_deleted_without_naming_its_purpose_again(board: Board) -> None:
    notice = await board.post(**personal())
    assert await board.coordinator.status("DELETE", f"{board.path}/{notice['id']}") == 204


async def test_personal_needs_purpose_and_a_day_of_deletion_to_come(board: Board) -> None:
    body = {"title": "x", "text": "y", "classification": "personal"}
    reply = await board.coordinator.send("POST", board.path, body)
    assert reply.status_code == 422
    assert {error["field"] for error in reply.json()["errors"]} == {"purpose", "delete_on"}
    past = {**body, "purpose": "Fall", "delete_on": "2020-01-01"}
    reply = await board.coordinator.send("POST", board.path, past)
    assert [error["code"] for error in reply.json()["errors"]] == ["not_in_the_future"]
    notice = await board.post(**personal())
    emptied = await board.try_to_change(notice, purpose=None)
    assert emptied.status_code == 422


async def test_personal_is_seen_with_a_second_factor_only(board: Board) -> None:
    notice = await board.post(title="persönlich", **personal())
    without = board.coordinator.with_token(second_factor=False)
    assert await without.status("GET", f"{board.path}/{notice['id']}") in (403, 404)
    assert await board.titles(without) == []
    assert await board.titles(board.coordinator) == ["persönlich"]


async def test_personal_is_seen_by_the_named_roles_and_its_author_only(world: World, board: Board) -> None:
    place = board.place
    await place.define(Role(name="Berufsberatung", base="moderator", clearance="personal"))
    adviser = (await place.take_in(await world.person("Beraterin"), "Berufsberatung")).with_token(second_factor=True)
    other = (await place.take_in(await world.person("Zweite"), "coordinator")).with_token(second_factor=True)
    notice = await board.post(title="Fall", roles=["Berufsberatung"], **personal())
    path = f"{board.path}/{notice['id']}"
    assert notice["roles"] == ["Berufsberatung"]
    assert await board.titles(adviser) == ["Fall"]
    assert await adviser.get("unread") == {str(place.id): {"notices": 1}}
    assert await board.titles(other) == []
    assert await other.get("unread") == {}
    assert await other.status("GET", path) == 404
    assert (await board.coordinator.get(path))["title"] == "Fall"


async def test_an_item_names_roles_of_its_space_only(board: Board) -> None:
    reply = await board.coordinator.send("POST", board.path, {"title": "x", "text": "y", "roles": ["erfunden"]})
    assert reply.status_code == 422
    assert reply.json()["errors"][0]["field"] == "roles"


async def test_every_read_of_personal_is_audited_and_of_others_none(board: Board) -> None:
    secret, plain = await board.post(**personal()), await board.post()
    for notice in (secret, plain):
        await board.coordinator.get(f"{board.path}/{notice['id']}")
    async with board.world.service.app.database.session() as session:
        reads = list(await session.scalars(select(AuditRow).where(AuditRow.what == "notice:read")))
    assert [(row.item, row.account_id) for row in reads] == [(secret["id"], board.coordinator.account)]
    assert reads[0].policy_revision


async def test_a_list_shows_no_text_of_personal_so_that_every_reading_is_audited(board: Board) -> None:
    await board.post(title="Fall", text="Förderbedarf", **personal())
    await board.post(title="Termin", text="Ort")
    listed = {notice["title"]: notice for notice in (await board.coordinator.get(board.path, render="html"))["items"]}
    assert [listed["Fall"][name] for name in ("text", "html", "excerpt")] == [None, None, None]
    assert [listed["Termin"][name] for name in ("text", "html", "excerpt")] == ["Ort", "<p>Ort</p>\n", "Ort"]


async def test_personal_gives_no_snippet_in_search_but_is_found(board: Board) -> None:
    await board.post(title="Fall", text="Förderbedarf von Erika", **personal())
    hits = (await board.coordinator.get("search", q="Förderbedarf"))["items"]
    assert [(hit["title"], hit["snippet"], hit["marks"]) for hit in hits] == [("Fall", None, [])]


@pytest.mark.parametrize(("channel", "expected"), [("feed", {"public", "internal"}), ("mail", {"public", "internal"})])
async def test_protected_classes_never_go_out_by_feed_or_mail(board: Board, channel: str, expected: set[str]) -> None:
    await _one_of_each(board)
    reader = board["moderator"].with_token(channel=channel, scopes=["read"], second_factor=False)
    assert set(await board.titles(reader)) == expected


async def test_a_draft_of_a_moderator_is_not_seen_by_the_coordinator(board: Board) -> None:
    draft = await board.post(board["moderator"], title="mein", state="draft")
    assert await board.titles(board.coordinator, state="draft") == []
    assert await board.coordinator.status("GET", f"{board.path}/{draft['id']}") == 404


async def test_a_role_without_the_right_to_read_sees_no_board(world: World, board: Board) -> None:
    await board.place.define(Role(name="stumm", base="guest", levels={"notices": "none"}))
    mute = await board.place.take_in(await world.person("stumm"), "stumm")
    await board.post()
    assert await mute.status("GET", board.path) == 403
    assert await mute.get("unread") == {}


async def test_a_membership_counts_from_its_first_moment_until_its_last(world: World, board: Board) -> None:
    await board.post(title="da")
    hour = timedelta(hours=1)
    early = await board.place.take_in(await world.person("früh"), "member", since=utc_now() + hour)
    late = await board.place.take_in(await world.person("spät"), "member", until=utc_now() - hour)
    for person in (early, late):
        assert await person.status("GET", board.path) == 404
        assert await person.get("unread") == {}
