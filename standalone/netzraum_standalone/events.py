"""``netzraum events``: what handlers failed at, and putting it back."""

import asyncio
import uuid
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from netzraum_platform import inbox
from netzraum_platform.database import Database
from netzraum_platform.tables import InboxRow
from netzraum_standalone.settings import StandaloneSettings

app = typer.Typer(help="Events that a handler failed at.", no_args_is_help=True)
DatabaseUrl = Annotated[
    str | None, typer.Option(help="one service's database; without it all of the standalone data folder")
]


def _databases(url: str | None) -> list[str]:
    if url is not None:
        return [url]
    settings = StandaloneSettings()
    return [settings.database_url(file.stem) for file in sorted((settings.data / "databases").glob("*.db"))]


@app.command("list")
def list_events(database: DatabaseUrl = None) -> None:
    """Show what waits for another try or is dead."""
    table = Table("queue", "event", "type", "state", "tries", "next try", "error")
    for row in asyncio.run(_kept(_databases(database))):
        event_type = (row.envelope or {}).get("type", "")
        table.add_row(
            row.handler, str(row.event_id), event_type, row.state, str(row.attempts), str(row.run_at), row.error
        )
    Console().print(table)


@app.command()
def replay(
    event: Annotated[uuid.UUID | None, typer.Argument(help="one event; without it all dead ones")] = None,
    database: DatabaseUrl = None,
) -> None:
    """Put dead events back, to be tried at once."""
    count = asyncio.run(_replay(_databases(database), event))
    typer.echo(f"{count} events are tried again")


async def _kept(urls: list[str]) -> list[InboxRow]:
    rows: list[InboxRow] = []
    for url in urls:
        database = Database(url)
        async with database.session() as session:
            rows += await inbox.kept_events(session)
        await database.close()
    return rows


async def _replay(urls: list[str], event: uuid.UUID | None) -> int:
    count = 0
    for url in urls:
        database = Database(url)
        async with database.transaction() as session:
            count += await inbox.replay(session, event)
        await database.close()
    return count
