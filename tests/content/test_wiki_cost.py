"""What reading the wiki costs does not grow with its pages, their revisions, and their depth."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event

from netzraum_content.wiki.models import WikiAddress, WikiLink, WikiPage, WikiRevision
from netzraum_items import search
from netzraum_items.imports import TOGETHER
from netzraum_platform.database import new_id, utc_now
from tests.content.test_cost import counted
from tests.content.test_wiki_files import send, zipped
from tests.content.wiki_room import WikiRoom
from tests.harness import ServiceUnderTest
from tests.taken_in import taken_in

SMALL, LARGE = (30, 2), (600, 20)
"""Pages, and revisions of each."""
PATHS = (
    "wiki/pages",
    "wiki/pages?sort=changed",
    "wiki/pages?sort=title",
    "wiki/pages?parent=seite-0",
    "wiki/tree",
    "wiki/tree?open=seite-22",
    "wiki/pages/seite-22?render=html",
    "wiki/templates",
    "search?q=Absatz",
)
FIRST = 150
"""Pages that come after these hang below the last of them: so the ways to the others show as much, however many pages
there are."""
WRITTEN = ("items", "wiki_", "search_words", "UPDATE search_entries", "activity", "audit")
"""Of pages that are taken in; what asks how far it is reads none of them. Without what the database numbers, which
SQLite takes row by row."""
BY_INDEX = (
    "wiki/pages",
    "wiki/pages?sort=changed",
    "wiki/pages?sort=title",
    "wiki/tree",
    "wiki/tree?open=seite-22",
    "wiki/pages/seite-22?render=html",
)
"""What an index gives, in its order or by its place in the tree."""


async def fill(wiki: WikiRoom, pages: int, revisions: int) -> None:
    """A tree with three pages below each (and the tree of those after ``FIRST`` below that), every page linking to the
    one before."""
    now = utc_now()
    ids = [new_id() for _ in range(pages)]
    filled = [_page(wiki.place.id, ids, number) for number in range(pages)]
    async with wiki.world.service.app.database.transaction() as session:
        session.add_all(filled)
        await session.flush()
        await search.index_new(session, [(page, page.text) for page in filled])
        for number, page in enumerate(filled):
            session.add(WikiAddress(page_id=page.id, slug=page.slug, space_id=page.space_id))
            session.add(WikiLink(page_id=page.id, slug=f"seite-{max(number - 1, 0)}", space_id=page.space_id))
            session.add_all(
                WikiRevision(page_id=page.id, number=each, title=page.title, text=page.text, at=now)
                for each in range(1, revisions + 1)
            )


def _page(space: uuid.UUID, ids: list[uuid.UUID], number: int) -> WikiPage:
    at = utc_now() - timedelta(hours=number + 1)
    return WikiPage(
        id=ids[number],
        space_id=space,
        tree_id=space,
        tool=WikiPage.TOOL,
        classification=("internal", "internal", "confidential")[number % 3],
        author_id=new_id(),
        title=f"Seite {number}",
        slug=f"seite-{number}",
        text=f"Ein Absatz.\n\nSiehe [[Seite {max(number - 1, 0)}]] und [[Seite {number + 1}]].",
        parent_id=ids[_above(number)] if number else None,
        revision=1,
        state="published",
        created_at=at,
        updated_at=at,
        news_at=at,
        narrowed=False,
    )


def _above(number: int) -> int:
    return FIRST + (number - FIRST - 1) // 3 if number > FIRST else (number - 1) // 3


@pytest.mark.parametrize(
    ("path", "questions", "statements"),
    [
        ("wiki/pages", {"visibility": 1}, 5),
        ("wiki/pages?parent=seite-0&sort=title", {"visibility": 1}, 6),
        ("wiki/tree", {"visibility": 1}, 4),
        ("wiki/tree?open=seite-22", {"visibility": 1}, 6),
        ("wiki/pages/seite-22?render=html", {"visibility": 1, "decision": 1}, 8),
        ("wiki/pages/seite-22/revisions", {"decision": 1}, 3),
        ("wiki/pages/seite-22/diff?from=1&to=2", {"decision": 1}, 3),
        ("search?q=Absatz&limit=10", {"visibility": 1}, 3),
    ],
)
async def test_reading_takes_as_many_questions_and_statements_whatever_there_is(
    wiki: WikiRoom, monkeypatch: pytest.MonkeyPatch, path: str, questions: dict[str, int], statements: int
) -> None:
    costs = []
    for size in (SMALL, LARGE):
        fresh = wiki if size is SMALL else await _another(wiki)
        await fill(fresh, *size)
        with counted(wiki.world.service, monkeypatch) as cost:
            await fresh["member"].get(f"{fresh.place.path}/{path}")
        costs.append(cost)
    small, large = costs
    assert large.questions == questions
    assert large.of_database == small.of_database, (small.statements, large.statements)
    assert large.of_database == statements, large.statements


async def _another(wiki: WikiRoom) -> WikiRoom:
    place = await wiki.world.place().found(tools=["wiki"])
    for role, person in wiki.people.items():
        await place.take_in(person, role)
    return WikiRoom(wiki.world, place, wiki.people)


async def test_lists_never_load_the_texts(wiki: WikiRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    await wiki.write("plan")
    for path, column in (
        ("pages", "wiki_pages.text"),
        ("tree", "text"),
        ("pages/plan/revisions", "wiki_revisions.text"),
    ):
        with counted(wiki.world.service, monkeypatch) as cost:
            await wiki["member"].get(f"{wiki.path}/{path}")
        assert cost.statements
        assert [each for each in cost.statements if column in each] == []


async def test_saving_costs_the_same_however_many_revisions_there_are(
    wiki: WikiRoom, monkeypatch: pytest.MonkeyPatch
) -> None:
    costs = []
    await wiki.write("plan", text="0")
    for number in range(1, 13):
        with counted(wiki.world.service, monkeypatch) as cost:
            await wiki.write("plan", text=str(number), base=number)
        costs.append(cost.of_database)
    assert costs[0] == costs[-1]


async def test_taking_pages_in_takes_as_many_statements_for_many_as_for_a_few(wiki: WikiRoom) -> None:
    engine = wiki.world.service.app.database.engine.sync_engine
    costs = []
    for count in (2, TOGETHER - 1):
        names = [f"teil-{count}-{number}" for number in range(count)]
        content = zipped({f"{name}.md": f"# {name}\n\nSiehe [[{names[0]}]]." for name in names})
        statements: list[str] = []

        def note(_connection: Any, _cursor: Any, statement: str, *_: Any, into: list[str] = statements) -> None:
            into.append(statement)

        event.listen(engine, "before_cursor_execute", note)
        found = await taken_in(await send(wiki, content), wiki["member"])
        event.remove(engine, "before_cursor_execute", note)
        assert found["summary"]["new"] == count
        costs.append(sum(1 for each in statements if any(table in each for table in WRITTEN)))
    assert costs[0] == costs[1]


@contextmanager
def worked(service: ServiceUnderTest) -> Iterator[list[int]]:
    """Counts SQLite's own steps, in hundreds."""
    hundreds = [0]

    def step() -> int:
        hundreds[0] += 1
        return 0

    def watch(connection: Any, *_more: Any) -> None:
        connection.driver_connection._conn.set_progress_handler(step, 100)

    engine = service.app.database.engine.sync_engine
    event.listen(engine, "checkout", watch)
    yield hundreds
    event.remove(engine, "checkout", watch)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_what_the_database_does_for_a_page_does_not_grow_with_the_wiki(wiki: WikiRoom) -> None:
    """Only SQLite tells how many steps a statement took. A page that is not shown may be counted, or put in order,
    which takes up to 200 steps (20 where an index gives what is shown); looked at for each page that is shown, it takes
    thousands."""
    few, many = FIRST + 1, 600
    done: dict[str, list[int]] = {}
    for pages in (few, many):
        fresh = wiki if pages == few else await _another(wiki)
        await fill(fresh, pages, revisions=1)
        for path in PATHS:
            await fresh["member"].get(f"{fresh.place.path}/{path}")
            with worked(wiki.world.service) as hundreds:
                await fresh["member"].get(f"{fresh.place.path}/{path}")
            done.setdefault(path, []).append(hundreds[0])
    growth = {path: (work[1] - work[0]) / (many - few) for path, work in done.items()}
    assert {path: more for path, more in growth.items() if more > (0.2 if path in BY_INDEX else 2)} == {}
