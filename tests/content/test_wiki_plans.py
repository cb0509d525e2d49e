"""What PostgreSQL reads to show a page of the wiki does not grow with the wiki: counted in its own plans."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import event, text

from tests.content.test_wiki_cost import BY_INDEX, fill
from tests.content.wiki_room import WikiRoom
from tests.harness import ServiceUnderTest

PAGES = 3000
PATHS = (
    *BY_INDEX,
    "wiki/pages?q=Absatz",
    "search?q=Absatz",  # a word of every page
    "search?q=nirgends",
)


@contextmanager
def selects(service: ServiceUnderTest) -> Iterator[list[tuple[str, Any]]]:
    """The statements that read, with their parameters."""
    found: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if statement.startswith(("SELECT", "WITH")) and " jobs" not in statement:
            found.append((statement, parameters))

    engine = service.app.database.engine.sync_engine
    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def rows_read(plan: Mapping[str, Any]) -> float:
    """How many rows of items, pages and their words a plan took out of the tables, those that it then left out too."""
    of_wiki = plan.get("Relation Name", "").startswith(("items", "wiki_", "search_entries"))
    kept: float = plan["Actual Rows"] + plan.get("Rows Removed by Filter", 0) if of_wiki else 0
    loops: float = plan["Actual Loops"]
    return loops * kept + sum(rows_read(part) for part in plan.get("Plans", ()))


async def read_for(wiki: WikiRoom, path: str) -> float:
    """Rows that PostgreSQL reads for a request, as it plans with what it knows of the tables by now."""
    with selects(wiki.world.service) as found:
        await wiki["member"].get(f"{wiki.place.path}/{path}")
    assert found
    rows = 0.0
    async with wiki.world.service.app.database.engine.connect() as connection:
        for statement, parameters in found:
            answer = await connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters)
            explained = answer.scalar_one()
            (whole,) = json.loads(explained) if isinstance(explained, str) else explained
            rows += rows_read(whole["Plan"])
    return rows


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_postgresql_reads_what_is_shown_and_not_the_wiki(wiki: WikiRoom) -> None:
    """A table that is read from its beginning to its end alone would be as many rows as there are pages."""
    await fill(wiki, PAGES, revisions=1)
    async with wiki.world.service.app.database.engine.connect() as connection:
        by_itself = await connection.execution_options(isolation_level="AUTOCOMMIT")
        await by_itself.execute(text("VACUUM ANALYZE"))  # as PostgreSQL does by itself after so much was written
    rows = {path: await read_for(wiki, path) for path in PATHS}
    assert {path: read for path, read in rows.items() if read >= PAGES} == {}
