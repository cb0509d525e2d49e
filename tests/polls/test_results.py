"""Who sees which results when: one rule for view, results and lists."""

from tests.polls.rooms import PollRoom, options, question, single


async def hidden(room: PollRoom, poll: object, role: str) -> list[str]:
    """The reasons why somebody does not see the results; the view says the same as the results do."""
    reply = await room.send("GET", poll, "results", person=room[role])  # type: ignore[arg-type]
    view = await room.read(poll, room[role])  # type: ignore[arg-type]
    listed = {each["id"]: each for each in (await room[role].get(room.path, state="current,past"))["items"]}
    assert view["results_hidden"] == listed[view["id"]]["results_hidden"]
    if reply.status_code == 200:
        assert view["results_hidden"] == []
        return []
    assert (reply.status_code, reply.json()["code"]) == (403, "results_hidden"), reply.text
    assert reply.json()["reasons"] == view["results_hidden"]
    return list(reply.json()["reasons"])


async def test_results_are_hidden_until_the_close_from_everybody(room: PollRoom) -> None:
    poll = await room.ask()
    await room.vote(room["member"], poll, options(poll)["Montag"])
    for role in ("coordinator", "moderator", "member", "guest"):
        assert await hidden(room, poll, role) == ["until_closed"]
    await room.close(poll)
    for role in ("coordinator", "moderator", "member", "guest"):
        assert await hidden(room, poll, role) == []


async def test_results_after_the_own_vote(room: PollRoom) -> None:
    poll = await room.ask(results="after_vote")
    assert await hidden(room, poll, "member") == ["until_voted"]
    await room.vote(room["member"], poll, options(poll)["Montag"])
    assert await hidden(room, poll, "member") == []
    assert await hidden(room, poll, "moderator") == ["until_voted"]
    await room.close(poll)
    assert await hidden(room, poll, "guest") == []


async def test_results_for_managers_only_stay_theirs(room: PollRoom) -> None:
    poll = await room.ask(results="managers")
    await room.vote(room["member"], poll, options(poll)["Montag"])
    assert await hidden(room, poll, "moderator") == []
    assert await hidden(room, poll, "member") == ["managers_only"]
    await room.close(poll)
    assert await hidden(room, poll, "moderator") == []
    assert await hidden(room, poll, "member") == ["managers_only"]


async def test_results_always_shown_are_those_of_now(room: PollRoom) -> None:
    poll = await room.ask(results="always")
    await room.vote(room["member"], poll, options(poll)["Montag"])
    (first,) = (await room.results(poll, room["guest"]))["questions"]
    assert [(option["title"], option["count"], option["share"]) for option in first["options"]] == [
        ("Montag", 1, 1.0),
        ("Dienstag", 0, 0.0),
    ]
    await room.vote(room["moderator"], poll, options(poll)["Dienstag"])
    (second,) = (await room.results(poll, room["guest"]))["questions"]
    assert [option["count"] for option in second["options"]] == [1, 1]


async def test_a_secret_polls_results_are_never_promised_earlier_than_the_close(room: PollRoom) -> None:
    for early in ("always", "after_vote", "managers"):
        body = {"title": "Geheim", "questions": [single()], "secrecy": "secret", "results": early}
        refused = await room.coordinator.send("POST", room.path, body)
        assert refused.status_code == 422
        assert refused.json()["errors"][0]["field"] == "results"


async def test_names_are_shown_in_open_polls_to_managers_in_confidential_ones(room: PollRoom) -> None:
    for secrecy, seen_by_member in (("open", True), ("confidential", False)):
        poll = await room.ask(secrecy=secrecy)
        await room.vote(room["member"], poll, options(poll)["Montag"])
        await room.close(poll)
        for role, shown in (("moderator", True), ("member", seen_by_member)):
            results = await room.results(poll, room[role])
            voters = results["questions"][0]["options"][0]["voters"]
            assert (voters is not None, results["ballots"] is not None) == (shown, shown), (secrecy, role)
            if shown:
                assert [voter["name"] for voter in voters] == ["member"]
        own = (await room.send("GET", poll, "ballot", person=room["member"])).json()
        assert (own["cast_by"] is not None) == (secrecy == "open")


async def test_every_kind_of_question_is_counted(room: PollRoom) -> None:
    two = ("A", "B")
    poll = await room.ask(
        questions=[
            question("single", options=two),
            question("multiple", options=two, max=2),
            question("rating", options=two),
            question("weighting", options=two),
            question("ranking", options=two),
            question("motion"),
            question("text"),
        ]
    )
    ids = [options(poll, number) for number in range(7)]
    answers = [
        ids[0]["A"],
        [ids[1]["A"], ids[1]["B"]],
        {ids[2]["A"]: 5, ids[2]["B"]: 2},
        {ids[3]["A"]: 70, ids[3]["B"]: 30},
        [ids[4]["B"], ids[4]["A"]],
        "yes",
        "Mehr davon",
    ]
    reply = await room.vote(room["member"], poll, *answers)
    assert reply.status_code == 201, reply.text
    await room.close(poll)
    results = (await room.results(poll))["questions"]
    assert [result["answered"] for result in results] == [1] * 7
    assert [option["count"] for option in results[1]["options"]] == [1, 1]
    assert [option["score"] for option in results[2]["options"]] == [5.0, 2.0]
    assert [option["share"] for option in results[3]["options"]] == [0.7, 0.3]
    assert results[4]["schulze"]["order"] == [[ids[4]["B"]], [ids[4]["A"]]]
    assert results[4]["borda"] == [{"option": ids[4]["B"], "points": 1.0}, {"option": ids[4]["A"], "points": 0.0}]
    assert results[5]["motion"]["outcome"] == "accepted"
    assert results[6]["texts"] == ["Mehr davon"]
