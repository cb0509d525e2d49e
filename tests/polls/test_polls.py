"""Polls by api.md: written, opened, voted in."""

from tests.polls.rooms import PollRoom, later, options, single


async def test_a_published_poll_is_open_and_says_its_rules_before_the_first_click(room: PollRoom) -> None:
    poll = await room.ask(title="Nächstes Treffen", text="Bitte **bald**", closes_at=later(days=3))
    read = await room.send("GET", poll, render="html", person=room["member"])
    answer = read.json()
    assert read.headers["etag"] == '"1"'
    assert (answer["title"], answer["state"], answer["secrecy"]) == ("Nächstes Treffen", "open", "open")
    assert answer["html"] == "<p>Bitte <strong>bald</strong></p>\n"
    assert answer["results"] == "after_close"
    assert answer["results_hidden"] == ["until_closed"]
    assert answer["turnout"] == {"voted": 0, "entitled": 3}
    assert (answer["mine"], answer["may_vote"]) == (False, True)
    assert [option["title"] for option in answer["questions"][0]["options"]] == ["Montag", "Dienstag"]
    guest = await room.read(poll, room["guest"])
    assert (guest["may_vote"], guest["mine"]) == (False, False)


async def test_a_ballot_is_taken_counted_and_changed(room: PollRoom) -> None:
    poll = await room.ask()
    days = options(poll)
    first = await room.vote(room["member"], poll, days["Montag"])
    assert (first.status_code, first.json()) == (201, {"changed": False})
    second = await room.vote(room["member"], poll, days["Dienstag"])
    assert (second.status_code, second.json()) == (200, {"changed": True})
    read = await room.read(poll, room["member"])
    assert (read["mine"], read["turnout"]) == (True, {"voted": 1, "entitled": 3})
    own = (await room.send("GET", poll, "ballot", person=room["member"])).json()
    assert own["answers"] == [{"question": poll["questions"][0]["id"], "value": days["Dienstag"]}]
    assert own["cast_by"]["name"] == "member"
    assert (await room.send("GET", poll, "ballot", person=room["moderator"])).status_code == 404


async def test_the_list_says_where_each_poll_stands(room: PollRoom) -> None:
    running = await room.ask(title="läuft")
    await room.ask(title="Entwurf", state="draft")
    await room.ask(title="kommt", opens_at=later(days=1), closes_at=later(days=2))
    await room.vote(room["member"], running, options(running)["Montag"])
    polls = (await room["member"].get(room.path))["items"]
    assert [(poll["title"], poll["state"], poll["mine"]) for poll in polls] == [("läuft", "open", True)]
    assert polls[0]["turnout"] == {"voted": 1, "entitled": None}
    mine = (await room.coordinator.get(room.path, state="current,coming,draft"))["items"]
    assert {poll["title"]: poll["state"] for poll in mine} == {"läuft": "open", "Entwurf": "draft", "kommt": "coming"}


async def test_a_draft_is_opened_by_hand(room: PollRoom) -> None:
    draft = await room.ask(state="draft", closes_at=later(days=2))
    assert draft["results_hidden"] == ["not_opened"]
    assert (await room.vote(room.coordinator, draft, options(draft)["Montag"])).status_code == 403
    opened = await room.send("POST", draft, "open")
    assert (opened.status_code, opened.json()["state"]) == (200, "open")
    assert (await room.send("POST", draft, "open")).json()["code"] == "poll_opened"
    assert (await room.vote(room["member"], draft, options(draft)["Montag"])).status_code == 201


async def test_what_voters_were_told_stays_once_it_is_open(room: PollRoom) -> None:
    poll = await room.ask()
    for change in (
        {"questions": [single("Wo?")]},
        {"secrecy": "confidential"},
        {"results": "always"},
        {"electorate": "institutions"},
        {"change_allowed": False},
    ):
        refused = await room.change(poll, **change)
        assert (refused.status_code, refused.json()["code"]) == (409, "poll_opened"), change
    assert (await room.change(poll, title="Neuer Titel", closes_at=later(days=1))).status_code == 200


async def test_a_drafts_questions_change_and_keep_their_ids(room: PollRoom) -> None:
    draft = await room.ask(state="draft")
    (question,) = draft["questions"]
    renamed = {**single("Welcher Tag?"), "id": question["id"]}
    changed = await room.change(draft, questions=[renamed, single("Wo?", ("Hagen", "Iserlohn"))])
    assert changed.status_code == 200, changed.text
    first, second = changed.json()["questions"]
    assert (first["id"], first["title"], second["title"]) == (question["id"], "Welcher Tag?", "Wo?")


async def test_polls_and_ballots_stay_when_their_people_are_erased(room: PollRoom) -> None:
    author = await room.place.take_in(await room.world.person("Vorgängerin"), "moderator")
    (voter,) = await room.members(1)
    poll = await room.ask(author)
    assert (await room.vote(voter, poll, options(poll)["Montag"])).status_code == 201
    for gone, role in ((author, "moderator"), (voter, "member")):
        await room.place.dismiss(gone, role)
        await room.world.erase(gone)
    assert (await room.read(poll))["author"]["account"] == str(author.account)
    await room.close(poll)
    assert (await room.results(poll))["turnout"]["voted"] == 1
