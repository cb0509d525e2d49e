"""Figures of the wiki: reading, listing, writing and merging, each against the floor of the same run; and the same
with a hundred times as many pages."""

import uuid
from typing import Any

import aiohttp
from sqlalchemy import insert

from benchmarks.floors import Floor
from benchmarks.load import Load, get, send
from benchmarks.report import Figure
from netzraum_content.wiki.models import WikiAddress, WikiPage, WikiRevision
from netzraum_platform.database import Database, new_id, utc_now
from tests.end_to_end.people import Somebody

FEW, MANY = 50, 5_000
REVISIONS = 20
BELOW_EACH = 10
COUNT = 200
"""How many requests one figure takes."""
ROUNDS = 3
TEXT = "\n\n".join(f"Absatz {number}: " + "Lorem ipsum dolor sit amet. " * 8 for number in range(20))

Headers = dict[str, str]


async def measure(wiki: str, reader: Somebody, database_url: str, bare: Floor) -> list[Figure]:
    """``wiki`` is the address of an empty wiki."""
    floor = max([(await get(f"{bare.address}/item", count=COUNT)).per_second for _ in range(ROUNDS)])
    writing = await _writing(wiki, await _token(reader))
    database = Database(database_url)
    space = uuid.UUID(wiki.split("/")[-2])
    author = uuid.UUID((await _first(wiki, await _token(reader)))["author"]["account"])
    await _fill(database, space, author, "wenig", FEW)
    few = await _reading(wiki, reader, "wenig")
    await _fill(database, space, author, "viel", MANY)
    many = await _reading(wiki, reader, "viel")
    await database.close()
    figures = [
        Figure(f"wiki: {name}, requests/s of a bare route", load.per_second / floor, "×", "")
        for name, load in {**few, **writing}.items()
    ]
    return figures + [
        Figure(
            f"wiki: {name} of {MANY:,} pages of {REVISIONS} revisions, p50 of one of {FEW}",
            many[name].p50_ms / load.p50_ms,
            "×",
            "at most 1.3",
        )
        for name, load in few.items()
    ]


async def _first(wiki: str, token: Headers) -> Any:
    async with aiohttp.ClientSession() as session, session.get(f"{wiki}/pages?limit=1", headers=token) as reply:
        return (await reply.json())["items"][0]


async def _reading(wiki: str, reader: Somebody, slug: str) -> dict[str, Load]:
    paths = {
        "page": f"pages/{slug}-{FEW - 1}?render=html",
        "list": "pages?limit=50",
        "list by title": "pages?limit=50&sort=title",
        "tree": f"tree?open={slug}-{FEW - 1}",
        "revisions": f"pages/{slug}-{FEW - 1}/revisions",
    }
    return {name: await _best(f"{wiki}/{path}", reader) for name, path in paths.items()}


async def _token(reader: Somebody) -> Headers:
    """A fresh one: filling the wiki takes longer than a token lives."""
    await reader.renew()
    return {"authorization": f"Bearer {reader.tokens['access_token']}"}


async def _best(url: str, reader: Somebody) -> Load:
    loads = [await get(url, await _token(reader), count=COUNT) for _ in range(ROUNDS)]
    return min(loads, key=lambda load: load.p50_ms)


async def _writing(wiki: str, token: Headers) -> dict[str, Load]:
    """Pages that are created, saved, and saved once more from the revision before: so they merge."""

    def requests(base: int, changed: str = "") -> list[tuple[str, Any]]:
        text = TEXT.replace(f"{changed}:", "Geändert:") if changed else TEXT
        body = {"title": "Seite", "text": text, "base": base}
        return [(f"{wiki}/pages/geschrieben-{number}", body) for number in range(COUNT)]

    return {
        "page created": await send("PUT", requests(0), token),
        "page saved": await send("PUT", requests(1, "Absatz 0"), token),
        "page saved with a merge": await send("PUT", requests(1, "Absatz 19"), token),
    }


async def _fill(database: Database, space: uuid.UUID, author: uuid.UUID, slug: str, count: int) -> None:
    """Write pages straight into the tables, ten below each."""
    now = utc_now()
    ids = [new_id() for _ in range(count)]
    shared = {
        "space_id": space,
        "tree_id": space,
        "tool": WikiPage.TOOL,
        "type": WikiPage.TYPE,
        "classification": "internal",
        "author_id": author,
        "excerpt": "",
        "text": TEXT,
        "state": "published",
        "pinned": False,
        "created_at": now,
        "updated_at": now,
        "news_at": now,
        "narrowed": False,
        "version": 1,
        "revision": REVISIONS,
        "template": False,
    }
    for number, id_ in enumerate(ids):
        above = ids[(number - 1) // BELOW_EACH] if number else None
        page = {**shared, "id": id_, "slug": f"{slug}-{number}", "title": f"{slug} {number}", "parent_id": above}
        revision = {"page_id": id_, "title": page["title"], "text": TEXT, "at": now, "comment": "", "sent": ""}
        async with database.transaction() as session:
            await session.execute(insert(WikiPage), [page])
            await session.execute(insert(WikiAddress), [{"page_id": id_, "slug": page["slug"], "space_id": space}])
            revisions = [{**revision, "number": each} for each in range(1, REVISIONS + 1)]
            await session.execute(insert(WikiRevision), revisions)
