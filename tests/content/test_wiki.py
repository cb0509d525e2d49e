"""Wiki pages: their tree, addresses, links and templates."""

import asyncio

from sqlalchemy import select

from netzraum_content.wiki.models import WikiPage
from netzraum_items.timed import erase
from tests.content.wiki_room import WikiRoom


async def test_a_page_is_created_read_and_listed(wiki: WikiRoom) -> None:
    made = await wiki.try_to_write(
        "ausbildungsmarkt", title="Ausbildungsmarkt", text="# Zahlen\n\nViele.", comment="neu"
    )
    assert made.status_code == 201
    page = await wiki.read("ausbildungsmarkt", wiki["guest"], render="html")
    assert (page["slug"], page["revision"], page["comment"]) == ("ausbildungsmarkt", 1, "neu")
    assert page["changed_by"]["name"] == "member"
    assert '<h1 id="abschnitt-zahlen">' in page["html"]
    assert page["toc"] == [{"level": 1, "anchor": "abschnitt-zahlen", "text": "Zahlen"}]
    (listed,) = await wiki.listed()
    assert (listed["slug"], listed["children"], listed["parent"]) == ("ausbildungsmarkt", 0, None)
    assert "text" not in listed
    assert (await wiki.read(page["id"]))["slug"] == "ausbildungsmarkt"


async def test_pages_hang_below_each_other(wiki: WikiRoom) -> None:
    await wiki.write("start")
    await wiki.write("schulen", parent="start")
    page = await wiki.write("abschluesse", parent="schulen")
    assert [above["slug"] for above in page["path"]] == ["start", "schulen"]
    assert {page["slug"]: (page["parent"], page["children"]) for page in await wiki.listed()} == {
        "start": (None, 1),
        "schulen": ("start", 1),
        "abschluesse": ("schulen", 0),
    }
    assert [page["slug"] for page in await wiki.listed(parent="root")] == ["start"]
    assert [page["slug"] for page in await wiki.listed(parent="schulen")] == ["abschluesse"]


async def _write_tree(wiki: WikiRoom) -> None:
    pages = {"start": None, "schulen": "start", "ärzte": "start", "cuno": "schulen", "zuletzt": None, "mehr": "zuletzt"}
    for slug, parent in pages.items():
        await wiki.write(slug, parent=parent)


async def test_the_tree_unfolds_along_the_way_to_the_open_page(wiki: WikiRoom) -> None:
    await _write_tree(wiki)
    tree = await wiki["guest"].get(f"{wiki.path}/tree", open="cuno")
    shown = [(page["slug"], page["parent"], page["depth"], page["children"], page["current"]) for page in tree["items"]]
    assert shown == [
        ("start", None, 0, 2, False),
        ("aerzte", "start", 1, 0, False),
        ("schulen", "start", 1, 1, False),
        ("cuno", "schulen", 2, 0, True),
        ("zuletzt", None, 0, 1, False),
    ]
    assert tree["more"] is False
    closed = await wiki["guest"].get(f"{wiki.path}/tree")
    assert [page["slug"] for page in closed["items"]] == ["start", "zuletzt"]


async def test_a_page_cannot_stand_below_itself(wiki: WikiRoom) -> None:
    await wiki.write("oben")
    await wiki.write("mitte", parent="oben")
    await wiki.write("unten", parent="mitte")
    for parent in ("oben", "unten"):
        reply = await wiki.try_to_change("oben", parent=parent)
        assert [(error["field"], error["code"]) for error in reply.json()["errors"]] == [("parent", "below_itself")]
        assert (await wiki.try_to_write("oben", base=1, parent=parent)).status_code == 422
    assert (await wiki.read("unten"))["parent"] == "mitte"
    assert (await wiki.change("mitte", parent=None))["path"] == []
    assert [page["slug"] for page in (await wiki.read("unten"))["path"]] == ["mitte"]
    assert (await wiki.try_to_change("unten", parent="gibt-es-nicht")).status_code == 422


async def test_two_who_move_pages_below_each_other_at_once_make_no_ring(wiki: WikiRoom) -> None:
    await wiki.write("a")
    await wiki.write("b")
    replies = await asyncio.gather(
        wiki.try_to_change("a", parent="b"), wiki.try_to_change("b", wiki["moderator"], parent="a")
    )
    assert sorted(reply.status_code for reply in replies) == [200, 422]
    assert len(await wiki.listed(parent="root")) == 1


async def test_pages_below_one_in_the_trash_move_up_for_as_long(wiki: WikiRoom) -> None:
    await wiki.write("oben")
    await wiki.write("mitte", parent="oben")
    await wiki.write("unten", parent="mitte")
    assert await wiki["member"].status("DELETE", wiki.page("mitte")) == 204
    assert (await wiki.read("unten"))["parent"] == "oben"
    assert [page["slug"] for page in await wiki.listed(parent="oben")] == ["unten"]
    assert [page["slug"] for page in await wiki.listed(state="deleted")] == ["mitte"]
    assert (await wiki.read("oben"))["backlinks"] == []
    assert await wiki["member"].status("POST", wiki.page("mitte/restore")) == 200
    assert [page["slug"] for page in (await wiki.read("unten"))["path"]] == ["oben", "mitte"]


async def test_pages_below_one_that_goes_for_good_stay_where_they_were_seen(wiki: WikiRoom) -> None:
    await wiki.write("oben")
    await wiki.write("mitte", parent="oben")
    await wiki.write("unten", parent="mitte")
    assert await wiki["member"].status("DELETE", wiki.page("mitte")) == 204
    async with wiki.world.service.work() as context:
        page = (await context.db.scalars(select(WikiPage).where(WikiPage.slug == "mitte"))).one()
        await erase(context, page)
    assert [page["slug"] for page in (await wiki.read("unten"))["path"]] == ["oben"]
    assert await wiki.listed(state="deleted") == []
    assert await wiki["member"].status("GET", wiki.page("mitte")) == 404


async def test_a_page_whose_address_was_taken_while_it_was_in_the_trash_gets_another(wiki: WikiRoom) -> None:
    old = await wiki.write("plan", text="alt")
    assert await wiki["member"].status("DELETE", wiki.page("plan")) == 204
    new = await wiki.write("plan", text="neu")
    assert new["id"] != old["id"]
    reply = await wiki["member"].send("POST", wiki.page(f"{old['id']}/restore"))
    assert (reply.status_code, reply.json()["slug"]) == (200, "plan-2")
    assert (await wiki.read("plan"))["text"] == "neu"
    assert (await wiki.read("plan-2"))["text"] == "alt"


async def test_links_tell_what_is_there_and_who_links_back(wiki: WikiRoom) -> None:
    await wiki.write("beratung", title="Beratung", text="Siehe [[Über uns]] und [[ueber-uns|hier]], auch [[Ideen]].")
    await wiki.write("Über uns", title="Über uns")
    page = await wiki.read("beratung", render="html")
    assert page["links"] == [
        {"slug": "ueber-uns", "title": "Über uns", "exists": True},
        {"slug": "ideen", "title": None, "exists": False},
    ]
    assert f'<a class="nr-wikilink" href="/raum/{wiki.place.id}/wiki/ueber-uns"' in page["html"]
    assert "nr-wikilink--missing" in page["html"]
    assert "(gibt es noch nicht)" in page["html"]
    assert "/wiki/neu?titel=Ideen" in page["html"]
    assert (await wiki.read("ueber-uns"))["backlinks"] == [{"slug": "beratung", "title": "Beratung"}]
    await wiki.write("beratung", title="Beratung", text="Ohne.", base=1)
    assert (await wiki.read("ueber-uns"))["backlinks"] == []


async def test_renaming_keeps_addresses_and_links_working(wiki: WikiRoom) -> None:
    await wiki.write("plan", title="Plan")
    await wiki.write("start", text="Zum [[Plan]]")
    renamed = await wiki.change("plan", title="Jahresplan", slug="Jahresplan 2027")
    assert renamed["slug"] == "jahresplan-2027"
    assert (await wiki.read("plan"))["slug"] == "jahresplan-2027"
    assert (await wiki.read("start"))["links"] == [{"slug": "plan", "title": "Jahresplan", "exists": True}]
    assert [page["slug"] for page in (await wiki.read("plan"))["backlinks"]] == ["start"]
    back = await wiki.change("plan", slug="plan")
    assert back["slug"] == "plan"
    await wiki.write("anderes", title="Anderes")
    taken = await wiki.try_to_change("plan", slug="anderes")
    assert (taken.status_code, taken.json()["code"]) == (409, "slug_taken")
    assert "Anderes" in taken.json()["title"]


async def test_what_the_page_has_addresses_for_is_no_slug(wiki: WikiRoom) -> None:
    for title in ("Neu", "Ausfuhr", "einfuhr"):
        assert (await wiki.write(title, title=title))["slug"] == f"seite-{title.lower()}"
        assert (await wiki.read(title))["title"] == title


async def test_a_preview_resolves_links_as_the_reader_sees(wiki: WikiRoom) -> None:
    await wiki.write("plan", title="Plan")
    reply = await wiki["guest"].send("POST", f"{wiki.path}/render", {"text": "# A\n\n[[Plan]] [[Fehlt]]"})
    shown = reply.json()
    assert [(link["slug"], link["exists"]) for link in shown["links"]] == [("plan", True), ("fehlt", False)]
    assert shown["toc"] == [{"level": 1, "anchor": "abschnitt-a", "text": "A"}]
    assert shown["html"].count("nr-wikilink--missing") == 1


async def test_templates_are_the_built_in_ones_and_own_pages(wiki: WikiRoom) -> None:
    await wiki.write("vorlage", title="Steckbrief", text="Name:", template=True)
    await wiki.write("keine")
    offered = (await wiki["guest"].get(f"{wiki.path}/templates"))["items"]
    assert [template["title"] for template in offered] == ["Steckbrief", "Protokoll", "So arbeiten wir hier"]
    assert [template["slug"] for template in offered] == ["vorlage", None, None]
    assert "## Tagesordnung" in offered[1]["text"]
    assert [page["slug"] for page in await wiki.listed(template="true")] == ["vorlage"]
    assert (await wiki.change("vorlage", template=False))["template"] is False


async def test_classification_changes_by_patch_and_not_by_saving(wiki: WikiRoom) -> None:
    await wiki.write("plan")
    reply = await wiki.try_to_write("plan", base=1, text="neu", classification="confidential")
    assert [(error["field"], error["code"]) for error in reply.json()["errors"]] == [
        ("classification", "only_at_creation")
    ]
    raised = await wiki.change("plan", wiki["moderator"], classification="confidential")
    assert (raised["classification"], raised["revision"]) == ("confidential", 1)
    assert await wiki["guest"].status("GET", wiki.page("plan")) == 404


async def test_a_draft_is_its_authors_until_it_is_published(wiki: WikiRoom) -> None:
    await wiki.write("plan", state="draft")
    assert (await wiki.listed(wiki["moderator"])) == []
    assert [page["slug"] for page in await wiki.listed(state="draft")] == ["plan"]
    await wiki.write("plan", text="weiter", base=1)
    assert await wiki["moderator"].status("GET", wiki.page("plan")) == 404
    await wiki.change("plan", state="published")
    assert [page["slug"] for page in await wiki.listed(wiki["moderator"])] == ["plan"]


async def test_guests_read_and_do_not_write(wiki: WikiRoom) -> None:
    await wiki.write("plan")
    guest = wiki["guest"]
    assert (await wiki.try_to_write("plan", guest, base=1, text="x")).status_code == 403
    assert (await wiki.try_to_write("neues", guest)).status_code == 403
    assert (await wiki.try_to_change("plan", guest, slug="x")).status_code == 403


async def test_pages_sort_by_title(wiki: WikiRoom) -> None:
    for title in ("Zebra", "anfang", "Mitte"):
        await wiki.write(title, title=title)
    assert [page["title"] for page in await wiki.listed(sort="title")] == ["anfang", "Mitte", "Zebra"]


async def test_pages_stay_when_their_author_is_erased(wiki: WikiRoom) -> None:
    author = await wiki.place.take_in(await wiki.world.person("Vorgängerin"), "member")
    await wiki.write("bleibt", author, text="Das Erbe", comment="erste Fassung")
    await wiki.place.dismiss(author, "member")
    await wiki.world.erase(author)
    page = await wiki.read("bleibt")
    assert (page["text"], page["author"]["account"], page["author"]["name"]) == ("Das Erbe", str(author.account), "")
    assert len((await wiki["member"].get(f"{wiki.page('bleibt')}/revisions"))["items"]) == 1
