"""The wiki as a ZIP of Markdown: out, back in, and what somebody could hide in such a file."""

import asyncio
import io
import zipfile
from itertools import pairwise
from typing import Any

import httpx
import pytest
import yaml
from sqlalchemy import func, select

from netzraum_content.wiki import archive, writing
from netzraum_content.wiki.models import WikiPage
from netzraum_platform.tables import AuditRow
from tests.content.wiki_room import WikiRoom, wiki_room
from tests.harness import access_token
from tests.taken_in import taken_in
from tests.world import Person, World, personal

HEAD = "---\ntitle: Titel\n---\n"
LEVELS = [f"{each}: &{each} [{', '.join([f'*{below}'] * 9)}]\n" for below, each in pairwise("abcdefghi")]
ALIASES = "a: &a [x, x]\n" + "".join(LEVELS)
"""Of aliases of aliases: 86 million values in some hundred letters."""
FLAGS = ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8))
"""Where the flags of a file stand, in its own header and in the directory (APPNOTE.TXT, 4.3)."""


def zipped(files: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", method) as written:
        for name, content in files.items():
            written.writestr(name, content)
    return file.getvalue()


async def export(wiki: WikiRoom, person: Person, page: str | None = None) -> dict[str, str]:
    reply = await person.send("GET", f"{wiki.page(page)}/export" if page else f"{wiki.path}/export")
    assert reply.status_code == 200, reply.text
    assert reply.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(reply.content)) as sent:
        return {name: sent.read(name).decode() for name in sent.namelist()}


async def send(
    wiki: WikiRoom, content: bytes, person: Person | None = None, *, dry_run: bool = False
) -> httpx.Response:
    who = person or wiki["member"]
    token = access_token(who.account, institution=who.institution, **who.token)
    return await who.service.public.post(
        f"/api/v1/{wiki.path}/import",
        params={"dry_run": str(dry_run).lower()},
        files={"file": ("wiki.zip", content, "application/zip")},
        headers=token,
    )


async def take_in(wiki: WikiRoom, content: bytes, person: Person | None = None, *, dry_run: bool = False) -> Any:
    """What became of a file; with ``dry_run``, what would come of it."""
    reply = await send(wiki, content, person, dry_run=dry_run)
    if not dry_run:
        found = await taken_in(reply, person or wiki["member"])
        return {**found, "summary": {state: number for state, number in found["summary"].items() if number}}
    assert reply.status_code == 200, reply.text
    return reply.json()


async def test_what_goes_out_comes_back_in_as_it_was(wiki: WikiRoom, world: World) -> None:
    await wiki.write("start", title="Start: „Anfang“", text="Zu [[Schulen]]\n\n---\n\nund Ende\n")
    await wiki.write("schulen", title="Schulen", text="", parent="start")
    await wiki.write("cuno", title="Cuno", text="\n# Kopf", parent="schulen")
    files = await export(wiki, wiki["member"])
    assert sorted(files) == ["start.md", "start/schulen.md", "start/schulen/cuno.md"]
    _, head, text = files["start/schulen/cuno.md"].split("---\n", 2)
    assert text == "\n# Kopf"
    known = yaml.safe_load(head)
    assert (known["title"], known["slug"], known["parent"], known["classification"]) == (
        "Cuno",
        "cuno",
        "schulen",
        "internal",
    )
    assert known["author"] == "member, Institution von member"

    other = await wiki_room(world)
    content = zipped(dict(files))
    planned = await take_in(other, content, dry_run=True)
    assert planned["summary"] == {"new": 3}
    assert await other.listed() == []
    assert (await take_in(other, content))["summary"] == {"new": 3}
    for slug in ("start", "schulen", "cuno"):
        was, now = await wiki.read(slug), await other.read(slug)
        same = ("title", "text", "parent", "slug", "links", "classification")
        assert [was[name] for name in same] == [now[name] for name in same]
    assert (await take_in(other, content))["summary"] == {"unchanged": 3}
    assert [page["revision"] for page in await other.listed()] == [1, 1, 1]


async def test_a_page_goes_out_with_all_below_it(wiki: WikiRoom) -> None:
    await wiki.write("start")
    await wiki.write("schulen", parent="start")
    await wiki.write("cuno", parent="schulen")
    await wiki.write("anderes")
    assert sorted(await export(wiki, wiki["guest"], "schulen")) == ["schulen.md", "schulen/cuno.md"]


async def test_only_what_the_channel_lets_out_goes_out(wiki: WikiRoom) -> None:
    await wiki.write("offen")
    await wiki.write("vertraulich", wiki["moderator"], classification="confidential")
    await wiki.write("unten", parent="offen")
    await wiki.change("unten", wiki["moderator"], parent="vertraulich")
    await wiki.write("fall", wiki.coordinator, **personal())
    await wiki.write("entwurf", state="draft")
    assert sorted(await export(wiki, wiki["member"])) == ["offen.md", "unten.md"]
    assert sorted(await export(wiki, wiki["moderator"])) == ["offen.md", "vertraulich.md", "vertraulich/unten.md"]
    assert "fall.md" in await export(wiki, wiki.coordinator)
    async with wiki.world.service.app.database.session() as session:
        audited = select(func.count()).where(AuditRow.what.in_(["wiki_page:read", "wiki_page:export"]))
        assert await session.scalar(audited) == 4
    other = wiki.coordinator.with_token(second_factor=False)
    assert "fall.md" not in await export(wiki, other)
    assert await wiki["auditor"].status("GET", f"{wiki.path}/export") in (403, 404)


async def test_a_file_changes_only_what_it_may(wiki: WikiRoom) -> None:
    await wiki.write("plan", title="Plan", text="alt")
    await wiki.write("geheim", wiki["moderator"], classification="confidential", text="Geheimes")
    content = zipped(
        {"plan.md": "# Plan\n\nneu", "geheim.md": "Meins", "fall.md": "---\nclassification: personal\n---\nx"}
    )
    rows = (await take_in(wiki, content, dry_run=True))["rows"]
    assert [(row["path"], row["state"]) for row in rows] == [
        ("plan.md", "changed"),
        ("geheim.md", "new"),
        ("fall.md", "faulty"),
    ]
    found = await take_in(wiki, content)
    assert found["summary"] == {"new": 1, "changed": 1, "faulty": 1}
    (refused,) = found["refused"]
    assert (refused["name"], refused["errors"]) == ("fall.md", rows[2]["errors"])
    plan = await wiki.read("plan")
    assert (plan["title"], plan["revision"], plan["comment"]) == ("Plan", 2, "Aus einer Datei übernommen")
    assert (await wiki.read("geheim"))["text"] == "Meins"
    assert (await wiki.read("geheim", wiki["moderator"]))["text"] == "Geheimes"
    (row,) = (await take_in(wiki, zipped({"plan.md": "anders"}), wiki["guest"], dry_run=True))["rows"]
    assert [error["code"] for error in row["errors"]] == ["may_not_update"]
    (row,) = (await take_in(wiki, zipped({"neues.md": "x"}), wiki["guest"]))["refused"]
    assert [error["code"] for error in row["errors"]] == ["may_not_create"]


@pytest.mark.parametrize(
    ("name", "inside", "code"),
    [
        ("../../etc/passwd.md", "x", "path"),
        ("/etc/cron.md", "x", "path"),
        ("ordner/../../x.md", "x", "path"),
        ("c:\\windows\\x.md", "x", "path"),
        ("rechnung\u202egpj.md", "x", "path"),
        ("a\x07.md", "x", "path"),
        ("bild.svg", "<svg onload=alert(1)>", "no_markdown"),
        ("seite.html", "<script>alert(1)</script>", "no_markdown"),
        ("seite", "x", "no_markdown"),
        ("seite.md", b"\xff\xfe\x00", "no_utf_8"),
        ("seite.md", "a\x00b", "control_characters"),
        ("seite.md", "x" * 100_001, "string_too_long"),
        ("seite.md", "x" * 600_000, "file_too_large"),
        ("seite.md", "---\ntitle: [\n---\n", "head"),
        ("seite.md", "---\n- a\n---\n", "head"),
        ("seite.md", "---\nohne Ende", "head"),
        ("seite.md", "---\n" + "[" * 5000 + "\n---\n", "head"),
        ("seite.md", "---\ntitle: !!python/object/apply:os.system ['true']\n---\n", "head"),
        ("seite.md", f"---\n{ALIASES}slug: *i\n---\n", "head"),
        ("seite.md", f"---\n{ALIASES}title: *i\n---\n", "head"),
        ("seite.md", "---\ntitle: 5\n---\n", "string_type"),
        ("seite.md", "---\nclassification: geheim\n---\n", "literal_error"),
        ("???.md", "x", "slug"),
    ],
)
async def test_a_faulty_file_is_told_in_its_row_and_the_others_come_in(
    wiki: WikiRoom, name: str, inside: str | bytes, code: str
) -> None:
    found = await take_in(wiki, zipped({name: inside, "gut.md": "gut"}))
    assert found["summary"] == {"new": 1, "faulty": 1}
    (error,) = found["refused"][0]["errors"]
    assert error["code"] == code
    assert error["message"]
    assert [page["slug"] for page in await wiki.listed()] == ["gut"]


async def test_a_file_that_hides_its_name_or_its_content_is_told_in_its_row(wiki: WikiRoom) -> None:
    files = zipped({"versteckt_md": "x", "gut.md": "gut"}).replace(b"versteckt_md", b"versteckt.md")
    named = files.replace(b"versteckt.md", b"versteck\0.md")
    locked = bytearray(files)
    for signature, at in FLAGS:
        locked[locked.index(signature) + at] |= 1
    for content, code in ((named, "path"), (bytes(locked), "encrypted")):
        found = await take_in(wiki, content, dry_run=True)
        assert [[error["code"] for error in row["errors"]] for row in found["rows"]] == [[code], []]


async def test_what_is_no_archive_is_refused_as_a_whole(wiki: WikiRoom) -> None:
    good = zipped({"a.md": "x" * 1000, "b.md": "y" * 1000})
    first, second = (good.rindex(name) - 46 + 42 for name in (b"a.md", b"b.md"))  # where the directory says each begins
    overlapping = good[:second] + good[first : first + 4] + good[second + 4 :]
    other_name = good.replace(b"a.md", b"c.md", 1)
    for content in (b"", b"%PDF-1.7", good[: len(good) // 2], other_name, overlapping):
        reply = await send(wiki, content)
        assert (reply.status_code, reply.json()["errors"][0]["code"]) == (422, "no_archive")
    assert await wiki.listed() == []


async def test_a_bomb_does_not_go_off(wiki: WikiRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    really = zipfile.ZipExtFile.read

    def noting(file: zipfile.ZipExtFile, size: int | None = -1) -> bytes:
        content = really(file, size)
        read.append(len(content))
        return content

    monkeypatch.setattr(zipfile.ZipExtFile, "read", noting)
    zeros = "0" * 499_000
    bomb = zipped({f"{number}.md": zeros for number in range(150)})
    assert len(bomb) < 200_000
    reply = await send(wiki, bomb)
    assert (reply.status_code, reply.json()["code"]) == (413, "archive_too_large")
    many = zipped({f"{number}.md": "" for number in range(archive.MOST_FILES + 1)})
    assert (await send(wiki, many)).status_code == 413
    one = zipped({"eine.md": "0" * 50_000_000})
    assert (await take_in(wiki, one))["refused"][0]["errors"][0]["code"] == "file_too_large"
    assert (await send(wiki, b"0" * 21_000_000)).status_code == 413
    assert sum(read) <= archive.LARGEST_ALTOGETHER + 2 * (archive.LARGEST_FILE + 1)
    assert await wiki.listed() == []


async def test_pages_that_name_each_other_as_parent_come_in_without_a_ring(wiki: WikiRoom) -> None:
    files: dict[str, str | bytes] = {
        "a.md": "---\nparent: b\n---\nA",
        "b.md": "---\nparent: a\n---\nB",
        "c.md": "---\nparent: fehlt\n---\nC",
        "a2.md": "---\nslug: a\n---\nnoch einmal",
    }
    found = await take_in(wiki, zipped(files))
    assert found["summary"] == {"new": 3, "faulty": 1}
    assert {page["slug"]: page["parent"] for page in await wiki.listed()} == {"a": "b", "b": None, "c": None}


async def test_others_come_in_between_the_pages_of_a_block(wiki: WikiRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    """Long texts take a while each; what others ask for is not to wait for fifty of them."""
    turns = 0
    read, begun = [], []
    really_read, really_begin = WikiPage.searchable, writing.begin

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    def reading(page: WikiPage) -> str:
        read.append(turns)
        return really_read(page)

    def begin(*arguments: Any) -> None:
        begun.append(turns)
        really_begin(*arguments)

    monkeypatch.setattr(WikiPage, "searchable", reading)
    monkeypatch.setattr(writing, "begin", begin)
    counting = asyncio.create_task(count())
    found = await take_in(wiki, zipped({f"{number}.md": "Text" for number in range(9)}))
    counting.cancel()
    assert found["summary"] == {"new": 9}
    assert len(set(read)) == len(set(begun)) == 9
