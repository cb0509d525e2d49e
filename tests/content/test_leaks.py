"""Ways in which something hidden could show all the same; each is tried."""

import uuid

from tests.world import Board, World, personal


async def test_hidden_and_missing_answer_alike_for_every_verb(board: Board) -> None:
    hidden = (await board.post(title="geheim", classification="confidential"))["id"]
    missing = str(uuid.uuid4())
    body = {"title": "x"}
    for verb, tail, sent in (
        ("GET", "", None),
        ("PATCH", "", body),
        ("DELETE", "", None),
        ("POST", "/restore", None),
        ("GET", "/access", None),
    ):
        answers = []
        for item in (hidden, missing):
            headers = {"If-Match": '"1"'} if verb == "PATCH" else {}
            reply = await board["member"].send(verb, f"{board.path}/{item}{tail}", sent, headers)
            answers.append((reply.status_code, reply.content, "etag" in reply.headers))
        assert answers[0] == answers[1], (verb, tail)
        assert answers[0][0] == 404


async def test_a_lost_version_of_what_is_hidden_is_no_conflict(board: Board) -> None:
    hidden = await board.post(classification="confidential")
    reply = await board.try_to_change({**hidden, "version": 99}, board["member"], title="x")
    assert reply.status_code == 404


async def test_hidden_and_missing_cost_the_same_questions(board: Board) -> None:
    asked = []
    policy = board.world.service.app.policy
    evaluate = policy.evaluate

    async def counting(entrypoint: str, question: dict[str, object]) -> dict[str, object]:
        asked.append(entrypoint)
        return await evaluate(entrypoint, question)

    hidden = (await board.post(classification="confidential"))["id"]
    policy.evaluate = counting  # type: ignore[method-assign]  # watched, not replaced
    try:
        for item in (hidden, str(uuid.uuid4())):
            await board["member"].send("GET", f"{board.path}/{item}")
    finally:
        policy.evaluate = evaluate  # type: ignore[method-assign]
    assert asked == ["decision", "decision"]


async def test_counts_unread_marks_and_totals_know_only_what_is_seen(board: Board) -> None:
    for classification in ("internal", "confidential"):
        await board.post(title=classification, text="Wort", classification=classification)
    await board.post(title="Entwurf", text="Wort", state="draft")
    await board.post(title="Fall", text="Wort", **personal())
    member = board["member"]
    listed = await member.get(board.path, counts="true")
    assert [notice["title"] for notice in listed["items"]] == ["internal"]
    assert listed["counts"] == {
        "current": 1,
        "coming": 0,
        "past": 0,
        "draft": 0,
        "deleted": 0,
        "unread": 1,
        "mine": 0,
    }
    assert listed["next"] is None
    assert len((await member.get("search", q="Wort"))["items"]) == 1
    assert len((await member.get("activity"))["items"]) == 1


async def test_a_page_is_full_of_what_is_seen_and_its_cursor_names_nothing_else(board: Board) -> None:
    for number in range(6):
        await board.post(title=str(number), classification="confidential" if number % 2 else "internal")
    member = board["member"]
    first = await member.get(board.path, limit=2)
    second = await member.get(board.path, limit=2, cursor=first["next"])
    assert [[notice["title"] for notice in page["items"]] for page in (first, second)] == [["4", "2"], ["0"]]
    assert second["next"] is None


async def test_what_is_not_seen_cannot_be_marked_as_seen(board: Board) -> None:
    hidden = await board.post(classification="confidential")
    path = f"{board.place.path}/seen"
    assert await board["member"].status("POST", path, {"item": hidden["id"]}) == 404
    assert await board["member"].status("POST", path, {"item": str(uuid.uuid4())}) == 404
    assert await board["moderator"].status("POST", path, {"item": hidden["id"]}) == 204


async def test_a_key_that_somebody_else_used_tells_nothing(board: Board) -> None:
    key = {"Idempotency-Key": "gleich"}
    mine = await board.post(title="meiner", headers=key)
    theirs = await board.post(board["moderator"], title="meiner", headers=key)
    assert mine["id"] != theirs["id"]


async def test_a_repeated_creation_shows_nothing_to_who_has_left(board: Board) -> None:
    key = {"Idempotency-Key": "einmal"}
    moderator = board["moderator"]
    await board.post(moderator, title="eins", headers=key)
    await board.place.dismiss(moderator, "moderator")
    reply = await moderator.send("POST", board.path, {"title": "eins", "text": "Text"}, key)
    assert reply.status_code == 404


async def test_an_item_is_found_under_its_own_space_only(world: World, board: Board) -> None:
    other = await world.board()
    notice = await board.post(title="hier")
    both = await other.place.take_in(board["member"], "member")
    assert await both.status("GET", f"{other.path}/{notice['id']}") == 404
    assert await both.status("GET", f"{board.path}/{notice['id']}") == 200


async def test_a_reading_token_writes_nothing(board: Board) -> None:
    reader = board.coordinator.with_token(scopes=["read"])
    notice = await board.post()
    assert await reader.status("GET", f"{board.path}/{notice['id']}") == 200
    assert await reader.status("POST", board.path, {"title": "x", "text": "y"}) == 403
    assert await reader.status("DELETE", f"{board.path}/{notice['id']}") == 403
