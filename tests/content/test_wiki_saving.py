"""Two people edit at once, and nobody's text is lost."""

import asyncio

from hypothesis import given
from hypothesis import strategies as st

from netzraum_content.wiki.merging import Clash, Written, merge
from tests.content.wiki_room import WikiRoom

TEXT = "# Ziele\n\nEins.\n\n# Termine\n\nZwei.\n"


async def test_changes_in_different_places_are_merged(wiki: WikiRoom) -> None:
    await wiki.write("plan", text=TEXT)
    theirs = await wiki.write("plan", wiki["moderator"], text=TEXT.replace("Eins", "Ihres"), base=1)
    mine = await wiki.write("plan", text=TEXT.replace("Zwei", "Meines"), base=1)
    assert (theirs["merged"], mine["merged"], mine["revision"]) == (False, True, 3)
    assert mine["text"] == "# Ziele\n\nIhres.\n\n# Termine\n\nMeines.\n"
    assert [await _text_of(wiki, number) for number in (1, 2)] == [TEXT, TEXT.replace("Eins", "Ihres")]


async def _text_of(wiki: WikiRoom, number: int) -> str:
    text: str = (await wiki.read(f"plan/revisions/{number}"))["text"]
    return text


async def test_a_clash_gives_all_three_texts_and_changes_nothing(wiki: WikiRoom) -> None:
    await wiki.write("plan", text=TEXT)
    await wiki.write("plan", wiki["moderator"], text=TEXT.replace("Eins", "Ihres"), base=1)
    reply = await wiki.try_to_write("plan", text=TEXT.replace("Eins", "Meines"), base=1)
    assert reply.status_code == 409
    problem = reply.json()
    assert (problem["code"], problem["theirs_revision"]) == ("edit_conflict", 2)
    assert problem["mine"] == TEXT.replace("Eins", "Meines")
    assert problem["theirs"] == TEXT.replace("Eins", "Ihres")
    assert problem["base"] == TEXT
    assert (await wiki.read("plan"))["text"] == problem["theirs"]
    solved = await wiki.write("plan", text=TEXT.replace("Eins", "Ihres und meines"), base=2)
    assert (solved["revision"], solved["merged"]) == (3, False)


async def test_a_request_whose_answer_was_lost_is_saved_once(wiki: WikiRoom) -> None:
    await wiki.write("plan", text=TEXT)
    mine = {"text": TEXT.replace("Zwei", "Meines"), "base": 1}
    for _ in range(2):
        assert (await wiki.write("plan", **mine))["revision"] == 2
    await wiki.write("plan", wiki["moderator"], text=TEXT.replace("Zwei", "Ihres"), base=2)
    again = await wiki.write("plan", **mine)
    assert (again["revision"], "Ihres" in again["text"]) == (3, True)


async def test_a_creation_whose_answer_was_lost_is_one_page(wiki: WikiRoom) -> None:
    first = await wiki.write("plan", text=TEXT)
    await wiki.write("plan", wiki["moderator"], text=TEXT + "Drei.", base=1)
    again = await wiki.write("plan", text=TEXT)
    assert (again["id"], again["revision"], again["text"]) == (first["id"], 2, TEXT + "Drei.")


async def test_a_base_that_is_old_is_merged_as_one_that_is_new(wiki: WikiRoom) -> None:
    await wiki.write("plan", text=TEXT)
    for number in range(1, 8):
        await wiki.write("plan", wiki["moderator"], text=TEXT.replace("Eins", f"Stand {number}"), base=number)
    mine = await wiki.write("plan", text=TEXT.replace("Zwei", "Meines"), base=1)
    assert mine["text"] == TEXT.replace("Eins", "Stand 7").replace("Zwei", "Meines")


async def test_a_page_that_is_there_is_saved_with_a_base_only(wiki: WikiRoom) -> None:
    await wiki.write("plan", text=TEXT)
    for base, code in ((None, "missing"), (9, "unknown_revision")):
        reply = await wiki.try_to_write("plan", text="anders", base=base)
        assert reply.status_code == 422
        assert [(error["field"], error["code"]) for error in reply.json()["errors"]] == [("base", code)]
    assert (await wiki.try_to_write("plan", text="anders", base=0)).json()["code"] == "edit_conflict"
    assert (await wiki.read("plan"))["text"] == TEXT


async def test_somebody_restores_meanwhile(wiki: WikiRoom) -> None:
    await wiki.write("plan", text=TEXT)
    await wiki.write("plan", text=TEXT.replace("Eins", "Neues"), base=1)
    reply = await wiki["moderator"].send("POST", wiki.page("plan/revisions/1/restore"))
    assert (reply.status_code, reply.json()["revision"], reply.json()["text"]) == (200, 3, TEXT)
    mine = await wiki.write("plan", text=TEXT.replace("Eins", "Neues").replace("Zwei", "Meines"), base=2)
    assert mine["text"] == TEXT.replace("Zwei", "Meines")
    clash = await wiki.try_to_write("plan", text=TEXT.replace("Eins", "Neuestes"), base=2)
    assert clash.json()["code"] == "edit_conflict"


async def test_a_page_that_was_renamed_meanwhile_takes_the_text(wiki: WikiRoom) -> None:
    await wiki.write("plan", title="Plan", text=TEXT)
    await wiki.change("plan", wiki["moderator"], title="Jahresplan", slug="jahresplan")
    saved = await wiki.write("plan", title="Plan", text=TEXT + "Drei.", base=1)
    assert (saved["slug"], saved["title"], saved["text"]) == ("jahresplan", "Jahresplan", TEXT + "Drei.")


async def test_many_save_at_the_same_moment(wiki: WikiRoom) -> None:
    lines = [f"Absatz {number}" for number in range(16)]
    await wiki.write("plan", text="\n".join(lines))

    async def save(number: int) -> int:
        mine = [*lines]
        mine[2 * number] += " geändert"
        person = wiki["moderator"] if number % 2 else wiki["member"]
        return (await wiki.try_to_write("plan", person, text="\n".join(mine), base=1)).status_code

    assert await asyncio.gather(*(save(number) for number in range(8))) == [200] * 8
    page = await wiki.read("plan")
    assert page["text"].count("geändert") == 8
    assert page["revision"] == 9


async def test_many_create_the_same_page_at_the_same_moment(wiki: WikiRoom) -> None:
    people = [wiki["member"], wiki["moderator"], wiki.coordinator]
    replies = await asyncio.gather(
        *(wiki.try_to_write("plan", person, text=f"Text von {person.name}", base=0) for person in people)
    )
    assert sorted(reply.status_code for reply in replies) == [201, 409, 409]
    assert len(await wiki.listed()) == 1
    for reply, person in zip(replies, people, strict=True):
        mine = reply.json()["mine"] if reply.status_code == 409 else reply.json()["text"]
        assert mine == f"Text von {person.name}"


lines = st.lists(st.sampled_from(["a", "b", "c", "", "lange Zeile"]), max_size=12).map("\n".join)


@given(base=lines, mine=lines, theirs=lines)
def test_a_merge_holds_every_line_that_somebody_added_or_it_clashes(base: str, mine: str, theirs: str) -> None:
    try:
        merged = merge(*(Written("Titel", text) for text in (base, mine, theirs))).text
    except Clash:
        assert mine not in (base, theirs)
        return
    kept = merged.split("\n")
    for text in (mine, theirs):
        added = set(text.split("\n")) - set(base.split("\n"))
        assert added <= set(kept)
    if mine == base:
        assert merged == theirs
    if theirs in (base, mine):
        assert merged == mine


async def test_who_else_is_editing_is_shown_until_they_leave(wiki: WikiRoom) -> None:
    await wiki.write("plan", text=TEXT)
    assert await wiki["moderator"].status("PUT", wiki.page("plan/editing")) == 204
    (editing,) = (await wiki.read("plan"))["editing"]
    assert (editing["name"], editing["institution"]) == ("moderator", "Institution von moderator")
    assert (await wiki.read("plan", wiki["moderator"]))["editing"] == []
    assert await wiki["moderator"].status("DELETE", wiki.page("plan/editing")) == 204
    assert (await wiki.read("plan"))["editing"] == []
    assert await wiki["guest"].status("PUT", wiki.page("plan/editing")) == 403
