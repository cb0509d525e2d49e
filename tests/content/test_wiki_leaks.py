"""Ways in which a hidden page could show all the same; each is tried."""

import uuid
from typing import Any

from sqlalchemy import func, select

from netzraum_platform.tables import AuditRow
from tests.content.test_cost import counted
from tests.content.wiki_room import WikiRoom, wiki_room
from tests.world import World, personal

GEHEIM: dict[str, Any] = {"title": "Geheim", "text": "Von [[Offen]] weg.", "classification": "confidential"}


async def _hidden(wiki: WikiRoom, slug: str = "geheim", **page: Any) -> Any:
    """A page that the moderator sees, and the member does not."""
    return await wiki.write(slug, wiki["moderator"], **{**GEHEIM, **page})


async def test_hidden_and_missing_answer_alike_for_every_verb(wiki: WikiRoom) -> None:
    hidden = await _hidden(wiki)
    for names in (("geheim", "fehlt"), (hidden["id"], str(uuid.uuid4()))):
        for verb, tail, body in (
            ("GET", "", None),
            ("PATCH", "", {"title": "x"}),
            ("PATCH", "", {"slug": "geheim", "parent": "fehlt"}),
            ("DELETE", "", None),
            ("POST", "/restore", None),
            ("GET", "/access", None),
            ("GET", "/revisions", None),
            ("GET", "/revisions/1", None),
            ("GET", "/diff?from=1&to=1", None),
            ("POST", "/revisions/1/restore", None),
            ("GET", "/export", None),
            ("GET", "/editing", None),
            ("PUT", "/editing", None),
            ("DELETE", "/editing", None),
        ):
            answers = [
                await wiki["member"].send(verb, wiki.page(name) + tail, body, {"If-Match": '"1"'}) for name in names
            ]
            assert [reply.status_code for reply in answers] == [404, 404], (verb, tail)
            assert answers[0].content == answers[1].content, (verb, tail)
            assert "etag" not in answers[0].headers


async def test_hidden_and_missing_cost_the_same_questions_and_statements(wiki: WikiRoom, monkeypatch: Any) -> None:
    await _hidden(wiki)
    for verb, tail, body in (
        ("GET", "?render=html", None),
        ("PATCH", "", {"slug": "anders"}),
        ("DELETE", "", None),
        ("POST", "/restore", None),
        ("GET", "/revisions/1?render=html", None),
        ("POST", "/revisions/1/restore", None),
        ("GET", "/export", None),
        ("GET", "/editing", None),
    ):
        costs = []
        for slug in ("geheim", "fehlt"):
            with counted(wiki.world.service, monkeypatch) as cost:
                await wiki["member"].send(verb, wiki.page(slug) + tail, body, {"If-Match": "*"})
            costs.append((cost.questions, cost.of_database))
        assert costs[0] == costs[1], (verb, tail)
        assert costs[0][0] == {"decision": 1}


async def test_an_address_that_is_taken_by_a_hidden_page_is_free(wiki: WikiRoom) -> None:
    hidden = await _hidden(wiki)
    reply = await wiki.try_to_write("geheim", text="Meine Seite", base=None)
    assert (reply.status_code, reply.json()["slug"], reply.json()["revision"]) == (201, "geheim", 1)
    assert reply.json()["id"] != hidden["id"]
    assert (await wiki.read("geheim"))["text"] == "Meine Seite"
    mine = await wiki.write("plan")
    assert (await wiki.change(mine["slug"], slug="fehlt"))["slug"] == "fehlt"
    await _hidden(wiki, "auch-geheim")
    assert (await wiki.change("fehlt", slug="auch-geheim"))["slug"] == "auch-geheim"


async def test_who_sees_both_of_one_address_reaches_both(wiki: WikiRoom) -> None:
    hidden = await _hidden(wiki)
    mine = await wiki.write("geheim", text="Meine Seite")
    moderator = wiki["moderator"]
    shown = {page["id"]: page["slug"] for page in await wiki.listed(moderator)}
    assert shown == {hidden["id"]: "geheim", mine["id"]: mine["id"]}
    for page, slug in shown.items():
        assert (await wiki.read(slug, moderator))["id"] == page
    tree = (await moderator.get(f"{wiki.path}/tree"))["items"]
    assert {page["id"]: page["slug"] for page in tree} == shown


async def test_a_link_to_a_hidden_page_is_one_to_a_page_that_is_not_there(wiki: WikiRoom) -> None:
    await _hidden(wiki)
    page = await wiki.write("offen", text="[[Geheim]] [[Fehlt]]")
    assert [(link["title"], link["exists"]) for link in page["links"]] == [(None, False), (None, False)]
    shown = await wiki.read("offen", render="html")
    assert shown["html"].count("nr-wikilink--missing") == 2
    preview = (await wiki["member"].send("POST", f"{wiki.path}/render", {"text": "[[Geheim]]"})).json()
    assert preview["links"] == [{"slug": "geheim", "title": None, "exists": False}]
    assert (await wiki.read("offen", wiki["moderator"]))["links"][0]["title"] == "Geheim"


async def test_a_hidden_page_links_back_to_nothing(wiki: WikiRoom) -> None:
    await wiki.write("offen")
    await _hidden(wiki)
    assert (await wiki.read("offen"))["backlinks"] == []
    assert [page["slug"] for page in (await wiki.read("offen", wiki["moderator"]))["backlinks"]] == ["geheim"]


async def test_tree_counts_and_paths_pass_over_hidden_pages(wiki: WikiRoom) -> None:
    await wiki.write("oben")
    await _hidden(wiki, parent="oben")
    await wiki.write("unten", parent="oben")
    await wiki.change("unten", wiki["moderator"], parent="geheim")
    tree = (await wiki["member"].get(f"{wiki.path}/tree", open="unten"))["items"]
    assert [(page["slug"], page["parent"], page["children"]) for page in tree] == [
        ("oben", None, 1),
        ("unten", "oben", 0),
    ]
    page = await wiki.read("unten")
    assert (page["parent"], [above["slug"] for above in page["path"]]) == ("oben", ["oben"])
    assert {page["slug"]: (page["parent"], page["children"]) for page in await wiki.listed()} == {
        "oben": (None, 1),
        "unten": ("oben", 0),
    }
    assert [page["slug"] for page in await wiki.listed(parent="oben")] == ["unten"]
    assert await wiki.listed(parent="geheim") == []
    assert (await wiki["member"].get(f"{wiki.path}/tree", open="geheim"))["items"] == [
        page | {"current": False} for page in tree if page["slug"] == "oben"
    ]


async def test_saving_with_the_parent_that_is_shown_does_not_move_a_page_out_of_a_hidden_one(wiki: WikiRoom) -> None:
    await wiki.write("oben")
    await _hidden(wiki, parent="oben")
    await wiki.write("unten", parent="oben")
    await wiki.change("unten", wiki["moderator"], parent="geheim")
    await wiki.write("unten", text="neu", base=1, parent="oben")
    await wiki.change("unten", title="Unten", parent="oben")
    assert (await wiki.read("unten", wiki["moderator"]))["parent"] == "geheim"


async def test_no_page_can_be_put_below_a_hidden_one(wiki: WikiRoom) -> None:
    await _hidden(wiki)
    await wiki.write("offen")
    for parent in ("geheim", "fehlt"):
        answers = [
            (await wiki.try_to_write("neues", parent=parent)).json(),
            (await wiki.try_to_change("offen", parent=parent)).json(),
        ]
        assert [answer["errors"][0]["code"] for answer in answers] == ["unknown_page", "unknown_page"]


async def test_templates_of_others_stay_hidden(wiki: WikiRoom) -> None:
    await _hidden(wiki, template=True)
    offered = (await wiki["member"].get(f"{wiki.path}/templates"))["items"]
    assert [template["slug"] for template in offered] == [None, None]


async def test_each_reading_of_a_personal_page_is_audited_in_every_form(wiki: WikiRoom) -> None:
    coordinator = wiki.coordinator
    await wiki.write("fall", coordinator, text="A\n\nB", **personal())
    await wiki.write("fall", coordinator, text="A1\n\nB", base=1)
    page = await wiki.read("fall", coordinator)
    readings = await _readings(wiki, page["id"])
    for path in ("fall", "fall/revisions", "fall/revisions/1", "fall/diff?from=1&to=2"):
        await wiki.read(path, coordinator)
        readings += 1
        assert await _readings(wiki, page["id"]) == readings, path
    reply = await wiki.try_to_write("fall", coordinator, text="A2\n\nB", base=1)
    assert reply.json()["code"] == "edit_conflict"
    assert await _readings(wiki, page["id"]) == readings + 1
    assert "text" not in (await wiki.listed(coordinator))[0]


async def _readings(wiki: WikiRoom, page: str) -> int:
    async with wiki.world.service.app.database.session() as session:
        wanted = select(func.count()).where(AuditRow.what == "wiki_page:read", AuditRow.item == page)
        return await session.scalar(wanted) or 0


async def test_a_public_page_tells_an_outsider_nothing_of_others(wiki: WikiRoom, world: World) -> None:
    await wiki.write("offen", text="[[Andere]] [[Fehlt]]", parent=None)
    await wiki.write("andere", text="[[Offen]]")
    await wiki.change("offen", wiki.coordinator, classification="public", reason="Für alle")
    outsider = await world.person("fremd")
    page = await outsider.get(wiki.page("offen"), render="html")
    assert (page["backlinks"], page["path"]) == ([], [])
    assert "nr-wikilink" not in page["html"]
    assert await outsider.status("GET", wiki.page("andere")) == 404
    assert await outsider.status("GET", f"{wiki.path}/pages") == 404
    assert await outsider.status("GET", f"{wiki.path}/tree") == 404


async def test_a_slug_leads_into_its_own_space_only(wiki: WikiRoom, world: World) -> None:
    other = await wiki_room(world)
    await other.place.take_in(wiki["member"], "member")
    page = await wiki.write("plan")
    assert await wiki["member"].status("GET", other.page("plan")) == 404
    assert await wiki["member"].status("GET", other.page(page["id"])) == 404
    await other.write("start", wiki["member"], text="[[Plan]]")
    assert (await other.read("start", wiki["member"]))["links"][0]["exists"] is False
    assert (await wiki.read("plan"))["backlinks"] == []
