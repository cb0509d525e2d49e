"""What happens to a notice between its first draft and its end, and what each step leaves behind."""

import uuid
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from netzraum_content.notices.models import Notice
from netzraum_contracts.spaces import Role
from netzraum_items.items import Item
from netzraum_items.tables import Activity, SearchEntry
from netzraum_platform.database import utc_now
from netzraum_platform.tables import AuditRow, JobRow, OutboxRow
from tests.harness import ServiceUnderTest, eventually
from tests.world import Board, Person, World, personal


async def _told(service: ServiceUnderTest, item: str) -> list[tuple[str, str]]:
    """What the events about an item said, in order: what happened, and the state."""
    async with service.app.database.session() as session:
        rows = await session.scalars(select(OutboxRow).order_by(OutboxRow.sequence))
        data = [row.envelope["data"] for row in rows if row.envelope.get("subject") == item]
    return [(event["what"], event["state"]) for event in data]


async def _audited(service: ServiceUnderTest, item: str) -> list[tuple[str, str | None]]:
    async with service.app.database.session() as session:
        rows = await session.scalars(select(AuditRow).where(AuditRow.item == item).order_by(AuditRow.id))
        return [(row.what, row.reason) for row in rows]


async def test_every_step_is_told_audited_and_shown_as_activity(content: ServiceUnderTest, board: Board) -> None:
    draft = await board.post(title="Entwurf", state="draft")
    notice = await board.change(draft, state="published")
    notice = await board.change(notice, title="Neu")
    path = f"{board.path}/{notice['id']}"
    assert await board.coordinator.status("DELETE", path) == 204
    assert (await board.coordinator.send("POST", f"{path}/restore")).status_code == 200
    assert await _told(content, notice["id"]) == [
        ("created", "draft"),
        ("published", "published"),
        ("updated", "published"),
        ("deleted", "deleted"),
        ("restored", "published"),
    ]
    verbs = ["created", "published", "updated", "deleted", "restored"]
    assert await _audited(content, notice["id"]) == [(f"notice:{verb}", None) for verb in verbs]
    steps = (await board["member"].get(f"{board.place.path}/activity"))["items"]
    assert [step["what"] for step in steps] == ["restored", "deleted", "updated", "published"]
    assert {step["title"] for step in steps} == {"Neu"}


async def test_events_carry_ids_and_states_but_no_texts(content: ServiceUnderTest, board: Board) -> None:
    await board.post(title="Geheimtitel", text="Geheimtext", **personal())
    async with content.app.database.session() as session:
        sent = [str(row.envelope) for row in await session.scalars(select(OutboxRow))]
    assert len(sent) == 1
    assert "Geheim" not in sent[0]
    assert "'classification': 'personal'" in sent[0]


async def test_raising_hides_it_from_those_below_and_needs_no_reason(board: Board) -> None:
    notice = await board.post()
    raised = await board.change(notice, board["moderator"], classification="confidential")
    assert raised["classification"] == "confidential"
    assert await board["member"].status("GET", f"{board.path}/{notice['id']}") == 404


async def test_lowering_and_making_public_need_a_reason_that_is_audited(
    content: ServiceUnderTest, board: Board
) -> None:
    notice = await board.post(classification="confidential")
    for classification in ("internal", "public"):
        refused = await board.try_to_change(notice, classification=classification)
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["field"] == "reason"
        notice = await board.change(notice, classification=classification, reason=f"wird {classification}")
    assert await _audited(content, notice["id"]) == [
        ("notice:published", None),
        ("notice:lower", "wird internal"),
        ("notice:make_public", "wird public"),
    ]
    async with content.app.database.session() as session:
        rows = await session.scalars(select(AuditRow).where(AuditRow.reason.is_not(None)).order_by(AuditRow.id))
        changes = [(row.details["before"], row.details["classification"]) for row in rows]
    assert changes == [("confidential", "internal"), ("internal", "public")]


async def _who_writes(world: World, board: Board, level: str) -> Person:
    await board.place.define(Role(name="schreibt", base="member", levels={"notices": level}, clearance="internal"))
    return await board.place.take_in(await world.person("Schreiber"), "schreibt")


async def test_whoever_may_not_make_it_public_does_not_create_it_public(
    content: ServiceUnderTest, world: World, board: Board
) -> None:
    writer = await _who_writes(world, board, "contribute")
    for state in ("published", "draft"):
        wanted = {"title": "Offen", "text": "Für alle", "classification": "public", "state": state}
        refused = await writer.send("POST", board.path, wanted)
        assert refused.status_code == 403
        assert refused.json()["reasons"] == ["level_too_low_for_public"]
    await board.post(writer, classification="internal")
    offen = await board.post(classification="public")
    assert await _audited(content, offen["id"]) == [("notice:published", None)]
    async with content.app.database.session() as session:
        row = await session.scalar(select(AuditRow).where(AuditRow.item == offen["id"]))
    assert row is not None
    assert row.details["classification"] == "public"


async def test_a_public_draft_is_published_by_who_may_create_it_then(world: World, board: Board) -> None:
    await board.place.define(Role(name="leitet", base="moderator", levels={"notices": "manage"}, clearance="internal"))
    writer = await board.place.take_in(await world.person("Schreiber"), "leitet")
    draft = await board.post(writer, state="draft", classification="public")
    await board.place.define(
        Role(name="leitet", base="moderator", levels={"notices": "contribute"}, clearance="internal")
    )
    assert (await board.try_to_change(draft, board["member"], state="published")).status_code == 404
    refused = await board.try_to_change(draft, writer, state="published")
    assert refused.status_code == 403
    assert refused.json()["reasons"] == ["level_too_low_for_public"]
    raised = await board.change(draft, writer, classification="internal")
    assert (await board.change(raised, writer, state="published"))["state"] == "published"


async def test_an_author_who_does_not_manage_may_raise_but_not_lower(world: World, board: Board) -> None:
    await board.place.define(
        Role(name="schreibt", base="member", levels={"notices": "contribute"}, clearance="confidential")
    )
    writer = await board.place.take_in(await world.person("Schreiber"), "schreibt")
    notice = await board.post(writer)
    raised = await board.change(notice, writer, classification="confidential")
    refused = await board.try_to_change(raised, writer, classification="internal", reason="doch nicht")
    assert refused.status_code == 403
    assert "level_too_low" in refused.json()["reasons"]


async def test_naming_roles_narrows_and_taking_them_away_is_lowering(board: Board) -> None:
    notice = await board.post(title="nur Gäste")
    narrowed = await board.change(notice, roles=["guest"])
    assert await board.titles(board["member"]) == []
    assert await board.titles(board["guest"]) == ["nur Gäste"]
    wider = await board.try_to_change(narrowed, roles=["guest", "member"])
    assert wider.status_code == 422
    assert wider.json()["errors"][0]["field"] == "reason"
    opened = await board.change(narrowed, roles=[], reason="betrifft alle")
    assert opened["roles"] == []
    assert await board.titles(board["member"]) == ["nur Gäste"]


async def test_raising_to_personal_needs_purpose_and_day_of_deletion(board: Board) -> None:
    notice = await board.post()
    refused = await board.try_to_change(notice, classification="personal")
    assert {error["field"] for error in refused.json()["errors"]} == {"purpose", "delete_on"}
    assert (await board.change(notice, **personal()))["classification"] == "personal"


async def test_the_author_edits_own_ones_the_moderator_all_a_guest_none(board: Board) -> None:
    notice = await board.post(board["moderator"])
    assert (await board.try_to_change(notice, board["guest"], title="x")).status_code == 403
    assert (await board.change(notice, board.coordinator, title="von anderer Hand"))["version"] == 2


async def test_only_who_manages_pins(world: World, board: Board) -> None:
    await board.place.define(Role(name="schreibt", base="member", levels={"notices": "contribute"}))
    writer = await board.place.take_in(await world.person("Schreiber"), "schreibt")
    refused = await writer.send("POST", board.path, {"title": "x", "text": "y", "pinned": True})
    assert refused.status_code == 403
    notice = await board.post(writer)
    assert (await board.try_to_change(notice, writer, pinned=True)).status_code == 403
    assert (await board.change(notice, writer, title="neu", pinned=False))["title"] == "neu"
    pinned = await board.change(notice | {"version": 2}, pinned=True)
    assert pinned["pinned"] is True


async def test_what_is_published_does_not_become_a_draft_again(board: Board) -> None:
    notice = await board.post()
    refused = await board.try_to_change(notice, state="draft")
    assert [error["code"] for error in refused.json()["errors"]] == ["already_published"]


async def test_a_notice_does_not_end_before_it_begins(board: Board) -> None:
    begins, ends = "2027-02-01T00:00:00+01:00", "2027-01-01T00:00:00+01:00"
    body = {"title": "x", "text": "y", "valid_from": begins, "valid_until": ends}
    refused = await board.coordinator.send("POST", board.path, body)
    assert refused.json()["errors"][0]["field"] == "valid_until"
    notice = await board.post(valid_from=begins)
    assert (await board.try_to_change(notice, valid_until=ends)).status_code == 422


async def test_what_is_past_is_listed_as_past_and_no_longer_unread(content: ServiceUnderTest, board: Board) -> None:
    notice = await board.post(title="vorbei")
    await board.change(notice, valid_until=(utc_now() + timedelta(milliseconds=1)).isoformat())
    assert await board.titles(board["member"]) == []
    assert await board.titles(board["member"], state="past") == ["vorbei"]
    assert await board["member"].get("unread") == {}


async def test_a_coming_notice_appears_by_the_clock_and_tells_so_once(content: ServiceUnderTest, board: Board) -> None:
    begins = utc_now() + timedelta(seconds=1.5)
    notice = await board.post(title="gleich", valid_from=begins.isoformat())
    assert await board["member"].get("unread") == {}

    async def appeared() -> bool:
        return ("published", "published") in await _told(content, notice["id"])

    await eventually(appeared)
    assert await _told(content, notice["id"]) == [("created", "coming"), ("published", "published")]
    assert await board.titles(board["member"]) == ["gleich"]
    assert await board["member"].get("unread") == {str(board.place.id): {"notices": 1}}


async def test_on_its_day_of_deletion_a_notice_goes_for_good(content: ServiceUnderTest, board: Board) -> None:
    notice = await board.post(title="Fall", text="Name", **personal(days=2))
    await board.coordinator.get(f"{board.path}/{notice['id']}")
    await _let_pass(content, days=3)
    await eventually(lambda: _is_gone(content, notice["id"]))
    assert await board.coordinator.status("GET", f"{board.path}/{notice['id']}") == 404
    assert (await _told(content, notice["id"]))[-1][0] == "erased"
    assert [what for what, _ in await _audited(content, notice["id"])][-1] == "notice:erased"


async def test_after_thirty_days_the_trash_is_emptied_and_not_before(content: ServiceUnderTest, board: Board) -> None:
    kept, gone = await board.post(title="bleibt"), await board.post(title="geht")
    assert await board.coordinator.status("DELETE", f"{board.path}/{gone['id']}") == 204
    await _let_pass(content, days=29)
    assert await board.titles(board.coordinator, state="deleted") == ["geht"]
    await _let_pass(content, days=2)
    await eventually(lambda: _is_gone(content, gone["id"]))
    assert not await _is_gone(content, kept["id"])


async def test_what_was_restored_is_not_erased(content: ServiceUnderTest, board: Board) -> None:
    notice = await board.post()
    path = f"{board.path}/{notice['id']}"
    await board.coordinator.send("DELETE", path)
    await board.coordinator.send("POST", f"{path}/restore")
    await _let_pass(content, days=31)
    await eventually(lambda: _nothing_waits(content))
    assert not await _is_gone(content, notice["id"])


async def _let_pass(service: ServiceUnderTest, days: int) -> None:
    """Move all that is dated back by so many days, as if they had gone by; let the jobs look what is due."""
    gone_by = timedelta(days=days)
    async with service.app.database.transaction() as session:
        for item in await session.scalars(select(Item)):
            item.deleted_at = item.deleted_at - gone_by if item.deleted_at else None
            item.delete_on = item.delete_on - gone_by if item.delete_on else None
        for job in await session.scalars(select(JobRow)):
            job.run_at -= gone_by
    service.app.wake()


async def _nothing_waits(service: ServiceUnderTest) -> bool:
    async with service.app.database.session() as session:
        return (await session.scalars(select(JobRow))).first() is None


async def _is_gone(service: ServiceUnderTest, item: str) -> bool:
    async with service.app.database.session() as session:
        counts = [
            await session.scalar(select(func.count()).select_from(table).where(column == uuid.UUID(item)))
            for table, column in (
                (Item, Item.id),
                (Notice, Notice.id),
                (Activity, Activity.item_id),
                (SearchEntry, SearchEntry.item_id),
            )
        ]
    return not any(counts)


async def test_each_hears_only_of_deleted_things_that_they_saw(board: Board) -> None:
    begun = utc_now()
    tomorrow = (begun + timedelta(days=1)).isoformat()
    made = [
        await board.post(),
        await board.post(classification="confidential"),
        await board.post(valid_from=tomorrow),
        await board.post(state="draft"),
        await board.post(roles=["moderator"]),
    ]

    async def gone(role: str, **query: Any) -> int:
        answer = await board[role].get(f"{board.place.path}/gone", since=begun.isoformat(), **query)
        return int(answer["number"])

    assert await gone("coordinator") == 0
    for notice in made:
        assert await board.coordinator.status("DELETE", f"{board.path}/{notice['id']}") == 204
    counted = {role: await gone(role) for role in ("coordinator", "moderator", "member", "guest")}
    assert counted == {"coordinator": 5, "moderator": 4, "member": 1, "guest": 1}
    assert await gone("member", tool="wiki") == 0
    later = await board.place.take_in(await board.world.person("neu"), "member", since=utc_now())
    assert await later.get(f"{board.place.path}/gone", since=begun.isoformat()) == {"number": 0}


async def test_a_space_that_comes_into_being_greets(world: World) -> None:
    founder = await world.person("Katrin Vossmann")
    place = await world.place("body").found(founder, tools=["notices"])
    member = await place.take_in(await world.person("Mitglied"), "member")
    (notice,) = (await member.get(place.notices))["items"]
    assert notice["pinned"]
    assert notice["author"]["name"] == "Katrin Vossmann"
    assert "Katrin Vossmann, Institution von Katrin Vossmann" in notice["text"]
    await place.found(founder, tools=["notices"])
    assert len((await member.get(place.notices))["items"]) == 1


async def test_a_repeated_creation_answers_what_is_there_and_creates_nothing(board: Board) -> None:
    key = {"Idempotency-Key": "einmal"}
    first = await board.post(title="eins", headers=key)
    await board.change(first, title="geändert")
    again = await board.post(title="eins", headers=key)
    assert (again["id"], again["title"]) == (first["id"], "geändert")
    assert await board.titles(board["member"]) == ["geändert"]
    other = await board.coordinator.send("POST", board.path, {"title": "anders", "text": ""}, key)
    assert other.status_code == 422


async def test_an_open_page_asks_what_of_it_is_still_to_be_seen(board: Board) -> None:
    shown, hidden = await board.post(), await board.post(classification="confidential")
    asked = {"items": f"{shown['id']},{hidden['id']},{uuid.uuid4()}"}
    path = f"{board.place.path}/visible"
    assert await board["member"].get(path, **asked) == {"items": [shown["id"]]}
    assert set((await board.coordinator.get(path, **asked))["items"]) == {shown["id"], hidden["id"]}
    await board.change(shown, classification="confidential")
    assert await board["member"].get(path, **asked) == {"items": []}
    assert await board["member"].get("visible", **asked) == {"items": []}
    assert set((await board.coordinator.get("visible", **asked))["items"]) == {shown["id"], hidden["id"]}
    elsewhere = await board.world.board()
    for path_of_others in (f"{elsewhere.place.path}/visible", "visible"):
        assert await elsewhere["member"].get(path_of_others, **asked) == {"items": []}
    assert await elsewhere["member"].status("GET", f"{path}?items={shown['id']}") == 404
    many = ",".join(str(uuid.uuid4()) for _ in range(101))
    for wrong in ("", "x", many):
        assert (await board["member"].send("GET", path, items=wrong)).status_code == 422
