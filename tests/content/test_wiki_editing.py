"""An open form asks what goes on at its page, again and again, and learns nothing of what stands there."""

from tests.content.wiki_room import WikiRoom


async def test_an_open_form_learns_who_else_is_there_and_what_was_saved(wiki: WikiRoom) -> None:
    await wiki.write("plan")
    await wiki["moderator"].send("PUT", wiki.page("plan/editing"))
    now = await wiki.read("plan/editing")
    assert [person["name"] for person in now["editing"]] == ["moderator"]
    assert (now["revision"], now["changed_by"]["name"]) == (1, "member")
    await wiki.write("plan", wiki["moderator"], text="Neuer Text", base=1)
    now = await wiki.read("plan/editing")
    assert (now["revision"], now["changed_by"]["name"]) == (2, "moderator")
    assert now.keys() == {"editing", "revision", "changed_by"}


async def test_who_may_not_change_a_page_is_told_nothing_of_who_does(wiki: WikiRoom) -> None:
    await wiki.write("plan", classification="internal")
    await wiki.write("geheim", wiki["moderator"], classification="confidential")
    assert await wiki["guest"].status("GET", wiki.page("plan/editing")) == 403
    assert await wiki["guest"].status("GET", wiki.page("geheim/editing")) == 404
    assert await wiki["member"].status("GET", wiki.page("geheim/editing")) == 404
