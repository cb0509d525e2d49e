"""A page in which others wrote is nobody's own any more."""

from typing import Any

from tests.content.wiki_room import WikiRoom


async def _actions(wiki: WikiRoom, slug: str, role: str) -> tuple[set[str], set[str]]:
    """What somebody may do with a page, as the page says it and as the list does."""
    one = await wiki.read(slug, wiki[role])
    (listed,) = [page for page in await wiki.listed(wiki[role]) if page["slug"] == slug]
    return set(one["actions"]), set(listed["actions"])


async def test_what_is_ones_own_ends_once_another_writes(wiki: WikiRoom) -> None:
    await wiki.write("plan", text="eins")
    page, listed = await _actions(wiki, "plan", "member")
    assert page == listed
    assert "delete" in page
    await wiki.write("plan", wiki["moderator"], text="zwei", base=1)
    page, listed = await _actions(wiki, "plan", "member")
    assert page == listed
    assert "delete" not in page
    assert await wiki["member"].status("DELETE", wiki.page("plan")) == 403
    assert "update" in page


async def test_a_rename_by_another_counts_as_writing(wiki: WikiRoom) -> None:
    await wiki.write("plan")
    changed = await wiki.change("plan", wiki["moderator"], title="Jahresplan")
    assert (await wiki.read("plan"))["version"] == changed["version"]
    assert "delete" not in (await wiki.read("plan"))["actions"]


async def test_a_page_that_one_wrote_alone_stays_ones_own(wiki: WikiRoom) -> None:
    await wiki.write("plan", text="eins")
    await wiki.write("plan", text="zwei", base=1)
    assert "delete" in (await wiki.read("plan"))["actions"]


async def test_a_draft_stays_its_authors_alone(wiki: WikiRoom) -> None:
    await wiki.write("plan", state="draft")
    reply = await wiki.try_to_write(await _id(wiki), wiki["moderator"], text="zwei", base=1)
    assert reply.status_code == 404
    assert (await wiki.read("plan"))["state"] == "draft"


async def _id(wiki: WikiRoom) -> Any:
    return (await wiki.read("plan"))["id"]


async def test_what_was_ones_own_is_no_longer_seen_above_ones_clearance(wiki: WikiRoom) -> None:
    """An author sees what was raised above them, as long as nobody else wrote in it."""
    await wiki.write("allein")
    await wiki.write("zusammen")
    await wiki.write("zusammen", wiki["moderator"], text="zwei", base=1)
    for slug in ("allein", "zusammen"):
        await wiki.change(slug, wiki["moderator"], classification="confidential")
    assert await wiki["member"].status("GET", wiki.page("allein")) == 200
    assert await wiki["member"].status("GET", wiki.page("zusammen")) == 404
    assert [page["slug"] for page in await wiki.listed()] == ["allein"]
    sights = {slug: await wiki["moderator"].get(wiki.page(slug) + "/access") for slug in ("allein", "zusammen")}
    assert sights["allein"]["people"] == sights["zusammen"]["people"] + 1
