"""Secret polls in which people have voted, and all that a database then holds."""

from typing import Any

from sqlalchemy import inspect, select, text

from netzraum_platform.tables import OutboxRow
from tests.polls.rooms import PollRoom, options, question, single
from tests.world import Person

WRITTEN = "Ich bin dagegen, und zwar entschieden"
"""Of ASCII alone: so it reads the same in JSON, in bytes and in what Python shows of them."""


async def secret_poll(room: PollRoom, **more: Any) -> Any:
    return await room.ask(secrecy="secret", questions=[single(), question("text", required=False)], **more)


async def voters(room: PollRoom, poll: Any, count: int = 6) -> list[Person]:
    """So many more people have voted."""
    return await vote_all(room, poll, await room.members(count))


async def vote_all(room: PollRoom, poll: Any, people: list[Person]) -> list[Person]:
    """All vote: the first for Dienstag and with a text, the others for Montag."""
    days = options(poll)
    for number, person in enumerate(people):
        values = (days["Dienstag"], WRITTEN) if number == 0 else (days["Montag"],)
        assert (await room.vote(person, poll, *values)).status_code == 201
    return people


async def dump(room: PollRoom) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table, with what PostgreSQL knows of it beside (transaction id, place)."""
    engine = room.service.app.database.engine
    hidden = ", xmin::text AS xmin, ctid::text AS ctid" if engine.dialect.name == "postgresql" else ""
    async with engine.connect() as connection:
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
        return {
            name: [dict(row._mapping) for row in await connection.execute(text(f'SELECT *{hidden} FROM "{name}"'))]
            for name in names
        }


async def all_is_told(room: PollRoom) -> bool:
    """Whether every event has left the outbox."""
    async with room.service.app.database.session() as session:
        return await session.scalar(select(OutboxRow.sequence).where(OutboxRow.sent_at.is_(None)).limit(1)) is None


def says(rows: Any, *words: str) -> list[str]:
    """Which of the words stand anywhere in what was kept."""
    kept = repr(rows)
    return [word for word in words if word in kept]
