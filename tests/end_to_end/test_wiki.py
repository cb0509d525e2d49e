"""A way through the wiki by the API, on both installations."""

import io
import secrets
import zipfile
from typing import Any

from netzraum_standalone.demo.client import until
from tests.end_to_end.people import Network, Somebody

TEXT = "# Ziele\n\nEins.\n\n# Termine\n\nZwei.\n"


def unique(name: str) -> str:
    return f"{name}-{secrets.token_hex(4)}"


async def save(person: Somebody, network: Network, slug: str, **page: Any) -> Any:
    return await person.change(f"spaces/{network.space}/wiki/pages/{slug}", {"title": slug, **page}, "PUT")


async def test_a_page_is_written_by_two_found_renamed_and_brought_back(network: Network) -> None:
    member, moderator = network.people["member"], network.people["moderator"]
    slug = unique("jahresplan")
    wiki = f"spaces/{network.space}/wiki"
    await save(member, network, slug, text=TEXT, base=0)
    await save(moderator, network, slug, text=TEXT.replace("Eins", "Ihres"), base=1)
    merged = await save(member, network, slug, text=TEXT.replace("Zwei", "Meines"), base=1, comment="Termine")
    assert (merged["merged"], merged["text"]) == (True, TEXT.replace("Eins", "Ihres").replace("Zwei", "Meines"))
    clash = {"title": slug, "text": TEXT.replace("Eins", "Anderes"), "base": 1}
    reply = await member.send("PUT", f"{wiki}/pages/{slug}", clash)
    assert (reply.status_code, reply.json()["theirs"]) == (409, merged["text"])

    renamed = await member.change(f"{wiki}/pages/{slug}", {"slug": f"{slug}-neu"})
    assert (await member.get(f"{wiki}/pages/{slug}"))["slug"] == renamed["slug"]
    diff = await member.get(f"{wiki}/pages/{slug}/diff?from=1&to=3")
    assert [hunk["text"] for hunk in diff["hunks"] if hunk["op"] == "add"] == ["Ihres.", "Meines."]
    back = await moderator.post(f"{wiki}/pages/{slug}/revisions/1/restore")
    assert (back["revision"], back["text"]) == (4, TEXT)

    hits = (await member.get(f"search?q={slug}"))["items"]
    assert [(hit["tool"], hit["item"]) for hit in hits] == [("wiki", renamed["id"])]
    steps = (await member.get(f"spaces/{network.space}/activity?tool=wiki"))["items"]
    assert renamed["id"] in {step["item"] for step in steps}
    assert await member.status("DELETE", f"{wiki}/pages/{slug}") == 403  # two wrote it: it is nobody's own
    assert await moderator.status("DELETE", f"{wiki}/pages/{slug}") == 204
    await moderator.post(f"{wiki}/pages/{slug}/restore")
    await until(lambda: _is_read(member, f"{wiki}/pages/{slug}"), "the page to be back")


async def _is_read(person: Somebody, path: str) -> bool:
    return await person.status("GET", path) == 200


async def test_a_hidden_page_leaves_no_trace_for_a_member(network: Network) -> None:
    member, wiki = network.people["member"], f"spaces/{network.space}/wiki"
    hidden, seen = unique("geheim"), unique("offen")
    await save(network.coordinator, network, hidden, text=f"[[{seen}]]", classification="confidential")
    page = await save(member, network, seen, text=f"[[{hidden}]]")
    assert [link["exists"] for link in page["links"]] == [False]
    assert page["backlinks"] == []
    assert await member.status("GET", f"{wiki}/pages/{hidden}") == 404
    mine = await save(member, network, hidden, text="Meins")
    assert (mine["slug"], mine["revision"]) == (hidden, 1)


async def test_the_wiki_goes_out_as_a_file_and_comes_back_in(network: Network) -> None:
    member, wiki = network.people["member"], f"spaces/{network.space}/wiki"
    slug = unique("ausfuhr")
    await save(member, network, slug, text=TEXT)
    reply = await member.send("GET", f"{wiki}/pages/{slug}/export")
    assert reply.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(reply.content)) as archive:
        assert archive.namelist() == [f"{slug}.md"]
        assert archive.read(f"{slug}.md").decode().endswith(TEXT)
    sent = {"authorization": f"Bearer {member.tokens['access_token']}"}
    files = {"file": ("wiki.zip", reply.content, "application/zip")}
    taken = await member.http.post(f"/api/v1/{wiki}/import?dry_run=true", files=files, headers=sent)
    assert taken.json()["summary"] == {"unchanged": 1}
