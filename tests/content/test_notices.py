"""The notice board by api.md."""

from datetime import timedelta

from netzraum_contracts.spaces import Role
from netzraum_platform.database import utc_now
from tests.world import Board


async def test_a_published_notice_is_read_by_members_and_says_what_they_may_do(board: Board) -> None:
    notice = await board.post(title="Termine", text="Das **Treffen**")
    read = await board["member"].send("GET", f"{board.path}/{notice['id']}", render="html")
    assert read.status_code == 200, read.text
    assert read.headers["etag"] == '"1"'
    answer = read.json()
    assert answer["title"] == "Termine"
    assert answer["text"] == "Das **Treffen**"
    assert answer["html"] == "<p>Das <strong>Treffen</strong></p>\n"
    assert answer["author"] == {
        "account": str(board.coordinator.account),
        "name": "coordinator",
        "institution": "Institution von coordinator",
    }
    assert answer["state"] == "published"
    assert answer["unread"] is True
    assert answer["actions"] == ["acknowledge", "read", "read_access"]


async def test_the_list_shows_pinned_first_then_newest(board: Board) -> None:
    for title, pinned in (("erster", False), ("angeheftet", True), ("letzter", False)):
        await board.post(title=title, pinned=pinned)
    assert await board.titles(board["guest"]) == ["angeheftet", "letzter", "erster"]


async def test_a_draft_is_seen_by_its_author_alone_until_it_is_published(board: Board) -> None:
    draft = await board.post(title="Entwurf", state="draft")
    assert await board.titles(board["member"], state="current,draft,coming,past") == []
    assert await board.titles(board["moderator"], state="draft") == []
    assert await board.titles(board.coordinator, state="draft") == ["Entwurf"]
    assert await board["moderator"].status("GET", f"{board.path}/{draft['id']}") == 404
    published = await board.change(draft, state="published")
    assert published["state"] == "published"
    assert await board.titles(board["member"]) == ["Entwurf"]


async def test_a_coming_notice_is_seen_by_its_author_and_managers_only(board: Board) -> None:
    begins = (utc_now() + timedelta(days=1)).isoformat()
    notice = await board.post(title="kommt", valid_from=begins)
    assert notice["state"] == "coming"
    assert await board.titles(board["member"], state="current,coming") == []
    assert await board.titles(board["moderator"], state="coming") == ["kommt"]
    assert await board["member"].status("GET", f"{board.path}/{notice['id']}") == 404


async def test_delete_and_restore(board: Board) -> None:
    notice = await board.post(title="weg")
    path = f"{board.path}/{notice['id']}"
    assert await board.coordinator.status("DELETE", path) == 204
    assert await board.titles(board["member"], state="current,deleted") == []
    assert await board["member"].status("GET", path) == 404
    assert await board.titles(board["moderator"], state="deleted") == ["weg"]
    assert await board["member"].status("POST", f"{path}/restore") == 404
    restored = await board["moderator"].send("POST", f"{path}/restore")
    assert restored.status_code == 200, restored.text
    assert restored.json()["state"] == "published"
    assert "update" in restored.json()["actions"]
    assert await board.titles(board["member"]) == ["weg"]


async def test_a_change_needs_the_version_that_was_read(board: Board) -> None:
    notice = await board.post()
    path = f"{board.path}/{notice['id']}"
    assert await board.coordinator.status("PATCH", path, {"title": "ohne"}) == 428
    changed = await board.change(notice, title="neu")
    assert (changed["version"], changed["title"]) == (2, "neu")
    assert (await board.try_to_change(notice, title="zu spät")).status_code == 412


async def test_overview_counts_what_is_unread_and_seen_marks_clear_it(board: Board) -> None:
    first = await board.post(title="eins")
    await board.post(title="zwei")
    member, space = board["member"], str(board.place.id)
    overview = await member.get("overview")
    assert overview["unread"] == {space: {"notices": 2}}
    assert [step["title"] for step in overview["activity"]] == ["zwei", "eins"]
    assert await member.status("POST", f"spaces/{space}/seen", {"item": first["id"]}) == 204
    assert await member.get("unread") == {space: {"notices": 1}}
    assert await member.status("POST", f"spaces/{space}/seen", {"tool": "notices"}) == 204
    assert await member.get("unread") == {}
    assert (await board.coordinator.get("unread")) == {}


async def test_who_sees_a_notice_and_why(board: Board) -> None:
    notice = await board.post(classification="confidential")
    access = await board["moderator"].get(f"{board.path}/{notice['id']}/access")
    visible = {entry["account"]["name"]: entry["visible"] for entry in access["items"]}
    assert visible == {"coordinator": True, "moderator": True, "member": False, "guest": False, "auditor": False}
    reasons = {entry["role"]: entry["reasons"] for entry in access["items"]}
    assert reasons["member"] == ["clearance_too_low"]
    assert (access["people"], access["institutions"]) == (2, 2)
    assert access["rule"] == {"classification": "confidential", "roles": [], "second_factor_needed": False}
    assert await board["member"].status("GET", f"{board.path}/{notice['id']}/access") == 404


async def test_a_notice_says_with_it_how_many_see_it_and_why_i_do(board: Board) -> None:
    notice = await board.post(classification="confidential", roles=["moderator", "coordinator"])
    moderator = board["moderator"]
    path = f"{board.path}/{notice['id']}"
    asked = await moderator.get(f"{path}/access", account=str(moderator.account))
    assert (await moderator.get(path, access="true"))["access"] == asked
    assert [entry["account"]["name"] for entry in asked["items"]] == ["moderator"]
    assert (await moderator.get(path))["access"] is None


async def test_a_deleted_notice_tells_nobody_who_sees_it(board: Board) -> None:
    notice = await board.post()
    path = f"{board.path}/{notice['id']}"
    assert await board.coordinator.status("DELETE", path) == 204
    trashed = await board.coordinator.get(path, access="true")
    assert "read_access" not in trashed["actions"]
    assert trashed["access"] is None
    assert await board.coordinator.status("GET", f"{path}/access") == 403


async def test_who_may_not_read_the_members_gets_counts_and_roles_without_names(board: Board) -> None:
    notice = await board.post()
    path, guest = f"{board.path}/{notice['id']}/access", board["guest"]
    counted = await guest.get(path)
    assert counted["named"] is False
    assert [entry["account"]["name"] for entry in counted["items"]] == ["guest"]
    named = await board["member"].get(path)
    assert named["named"] is True
    assert len(named["items"]) == 5
    for part in ("people", "institutions", "roles", "rule"):
        assert counted[part] == named[part]
    one = await guest.get(path, account=str(board.coordinator.account))
    assert one["items"] == []
    assert "coordinator" not in str([entry["account"] for entry in counted["items"]])
    own = await guest.get(path, account=str(guest.account))
    assert [entry["account"]["name"] for entry in own["items"]] == ["guest"]


async def test_the_space_decides_by_its_roles_who_reads_the_names(board: Board) -> None:
    await board.place.define(Role(name="hospitant", base="member", levels={"members": "none"}))
    reader = await board.place.take_in(await board.world.person("hospitant"), "hospitant")
    notice = await board.post()
    path = f"{board.path}/{notice['id']}/access"
    assert (await reader.get(path))["named"] is False
    await board.place.define(Role(name="hospitant", base="member"))
    assert (await reader.get(path))["named"] is True
