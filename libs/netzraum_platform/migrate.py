"""Migrations: each owner (platform, items, a service) keeps a branch of its own; one run brings all to their heads."""

from collections.abc import Sequence
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, MetaData

from netzraum_platform import dialect
from netzraum_platform.database import Database

SCRIPTS = Path(__file__).parent / "migrations"


def configuration(locations: Sequence[Path], metadata: Sequence[MetaData], connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    config.set_main_option("path_separator", "newline")
    config.set_main_option(
        "version_locations",
        "\n".join(str(folder) for folder in (SCRIPTS / "versions", *locations)),
    )
    config.attributes["connection"] = connection
    config.attributes["metadata"] = list(metadata)
    return config


async def upgrade(database: Database, locations: Sequence[Path]) -> None:
    """Bring the database to the newest revision of every owner."""

    def run(connection: Connection) -> None:
        command.upgrade(configuration(locations, (), connection), "heads")

    async with dialect.migrating(database.engine) as connection:
        await connection.run_sync(run)


async def write_revision(
    owner: str, folder: Path, metadata: MetaData, message: str, others: Sequence[Path] = ()
) -> None:
    """Write the next migration of one owner (a developer's tool): what its models have and its migrations lack.

    ``folder`` is the owner's migrations folder, ``others`` those of further owners that must be known.
    """
    number = len(list(folder.glob("*_[0-9][0-9][0-9][0-9]_*.py"))) + 1  # noqa: ASYNC240  # a command, serves nobody
    database = Database("sqlite+aiosqlite:///:memory:")

    def run(connection: Connection) -> None:
        known = configuration([*others, folder], [metadata], connection)
        command.upgrade(known, "heads")
        command.revision(
            known,
            message,
            autogenerate=True,
            version_path=str(folder),
            rev_id=f"{owner}_{number:04}",
            branch_label=owner if number == 1 else None,
            head=f"{owner}@head" if number > 1 else "base",
        )

    async with database.engine.begin() as connection:
        await connection.run_sync(run)
    await database.close()
