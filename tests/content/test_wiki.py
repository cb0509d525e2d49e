"""Wiki pages: their tree, addresses, links and templates."""

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
