"""``netzraum events``: dead events are shown and put back."""

import asyncio
import uuid
from pathlib import Path

import pytest
from typer.testing import CliRunner

from netzraum_content.app import SERVICE
from netzraum_platform import migrate
from netzraum_platform.database import Database, utc_now
from netzraum_platform.inbox import kept_events
from netzraum_platform.tables import InboxRow
from netzraum_standalone.cli import app
from netzraum_standalone.settings import StandaloneSettings


@pytest.fixture
def dead_event(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> uuid.UUID:
    """An event that content gave up on, in the data folder that the command looks at."""
    monkeypatch.setenv("NETZRAUM_DATA", str(tmp_path))
    (tmp_path / "databases").mkdir()
    event_id = uuid.uuid4()
    asyncio.run(_give_up(StandaloneSettings().database_url("content"), event_id))
    return event_id


async def _give_up(url: str, event_id: uuid.UUID) -> None:
    database = Database(url)
    await migrate.upgrade(database, SERVICE.migrations)
    async with database.transaction() as session:
        envelope = {"type": "identity.account.changed.v1"}
        row = InboxRow(handler="content.events", event_id=event_id, state="dead", envelope=envelope, attempts=5)
        row.error, row.run_at = "ValueError('broken')", utc_now()
        session.add(row)
    await database.close()


async def _states(url: str) -> list[str]:
    database = Database(url)
    async with database.session() as session:
        states = [row.state for row in await kept_events(session)]
    await database.close()
    return states


def test_a_dead_event_is_listed_with_its_error(dead_event: uuid.UUID) -> None:
    listed = CliRunner(env={"COLUMNS": "300"}).invoke(app, ["events", "list"])
    assert listed.exit_code == 0, listed.output
    assert str(dead_event) in listed.output
    assert "broken" in listed.output


def test_a_replayed_event_waits_for_another_try(dead_event: uuid.UUID) -> None:
    replayed = CliRunner().invoke(app, ["events", "replay", str(dead_event)])
    assert replayed.exit_code == 0, replayed.output
    assert "1 events" in replayed.output
    assert asyncio.run(_states(StandaloneSettings().database_url("content"))) == ["waiting"]
