"""The demo: made through the API, the same after a restart, and kept by a backup."""

import asyncio
import email
import email.policy
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from sqlalchemy import select

from netzraum_calendar.events.tables import Reminded
from netzraum_platform.tables import JobRow
from netzraum_standalone import backup as backups
from netzraum_standalone.demo.client import DemoFailed, Person
from netzraum_standalone.demo.fill import fill_standalone
from netzraum_standalone.process import Standalone, running
from netzraum_standalone.settings import StandaloneSettings

LOG_INS = ("koordination", "moderation", "mitglied", "gast")


@pytest.fixture(scope="module")
async def demo_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the demo in it; nothing runs on it."""
    folder = tmp_path_factory.mktemp("demo")
    async with running(StandaloneSettings(data=folder)) as standalone:
        await fill_standalone(standalone)
    return folder


@asynccontextmanager
async def people_of(standalone: Standalone) -> AsyncIterator[dict[str, Person]]:
    transport = httpx.ASGITransport(app=standalone.gateway.asgi)
    async with httpx.AsyncClient(transport=transport, base_url=standalone.settings.address, timeout=30) as http:
        yield {name: Person(http, name) for name in (*LOG_INS, "operator")}


async def test_the_region_is_there_after_a_restart(demo_folder: Path) -> None:
    async with running(StandaloneSettings(data=demo_folder)) as standalone, people_of(standalone) as people:
        accounts = (await people["operator"].get("accounts?limit=200"))["items"]
        assert len(accounts) == 40
        spaces = (await people["koordination"].get("spaces"))["items"]
        assert sorted(space["kind"] for space in spaces) == ["body"] * 4 + ["community", "network"]
        (network,) = [space["id"] for space in spaces if space["kind"] == "network"]
        members = (await people["koordination"].get(f"spaces/{network}/members?limit=200"))["items"]
        assert len({member["account"]["institution"] for member in members}) == 1 + 9


async def test_each_log_in_finds_something_new(demo_folder: Path) -> None:
    async with running(StandaloneSettings(data=demo_folder)) as standalone, people_of(standalone) as people:
        for name in LOG_INS:
            unread = await people[name].get("unread")
            assert sum(count for tools in unread.values() for count in tools.values() if isinstance(count, int)) > 0


async def test_nobody_finds_more_than_one_mail_about_what_is_new(demo_folder: Path) -> None:
    """Half a year happens within a minute; who is told by mail of it is told in one."""
    files = (demo_folder / "mail").glob("*.eml")
    mails = [email.message_from_bytes(file.read_bytes(), policy=email.policy.default) for file in files]
    told = Counter(mail["To"] for mail in mails if str(mail["Subject"]).startswith("Neu für Sie"))
    assert max(told.values(), default=0) <= 1
    kinds = JobRow.kind.in_(["news_in_space", "news_mail"])
    async with (
        running(StandaloneSettings(data=demo_folder)) as standalone,
        standalone.services["identity"].app.database.session() as session,
    ):
        assert await session.scalar(select(JobRow.id).where(kinds).limit(1)), "what is new waits to be told"


async def test_nobody_is_reminded_of_dates_that_have_passed(demo_folder: Path) -> None:
    async with running(StandaloneSettings(data=demo_folder)) as standalone:
        calendar = standalone.services["calendar"].app.database
        async with calendar.session() as session:
            assert (await session.scalars(select(Reminded))).all() == []


async def test_the_wiki_has_pages_that_were_written_together(demo_folder: Path) -> None:
    async with running(StandaloneSettings(data=demo_folder)) as standalone, people_of(standalone) as people:
        member = people["mitglied"]
        spaces = (await member.get("spaces"))["items"]
        (network,) = [space["id"] for space in spaces if space["kind"] == "network"]
        start = await member.get(f"spaces/{network}/wiki/pages/start")
        assert start["revision"] == 2
        assert [link["slug"] for link in start["links"] if not link["exists"]] == ["praktikumsbetriebe"]
        tree = (await member.get(f"spaces/{network}/wiki/tree?open=bildungsgaenge"))["items"]
        assert {page["depth"] for page in tree} == {0, 1, 2}
        assert "foerderantrag-2027" not in {page["slug"] for page in tree}


async def test_a_weighting_waits_for_the_member_and_a_motion_is_carried(demo_folder: Path) -> None:
    async with running(StandaloneSettings(data=demo_folder)) as standalone, people_of(standalone) as people:
        waiting = [each for each in (await people["mitglied"].get("todo"))["items"] if each["what"] == "vote"]
        assert len(waiting) == 2
        weighting = next(each for each in waiting if each["title"].startswith("Welche Themen"))
        poll = await people["mitglied"].get(f"spaces/{weighting['space']}/polls/{weighting['item']}")
        assert (poll["state"], poll["questions"][0]["kind"], poll["turnout"]["voted"]) == ("open", "weighting", 9)
        spaces = {space["name"]: space["id"] for space in (await people["koordination"].get("spaces"))["items"]}
        (motion,) = (await people["koordination"].get(f"spaces/{spaces['Steuerkreis']}/polls?state=past"))["items"]
        results = await people["koordination"].get(f"spaces/{spaces['Steuerkreis']}/polls/{motion['id']}/results")
        assert results["questions"][0]["motion"]["outcome"] == "accepted"
        assert "angenommen" in motion["outcome"]


async def test_a_series_has_a_moved_and_a_cancelled_date_and_asks_the_body(demo_folder: Path) -> None:
    async with running(StandaloneSettings(data=demo_folder)) as standalone, people_of(standalone) as people:
        spaces = {space["name"]: space["id"] for space in (await people["mitglied"].get("spaces"))["items"]}
        path = f"spaces/{spaces['Fachausschuss Berufsorientierung']}/events"
        (series,) = (await people["mitglied"].get(path))["items"]
        assert [each["cancelled"] for each in series["changed"]] == [False, True]
        assert series["replies"] == {"accepted": 2, "declined": 1, "tentative": 1, "open": 7}
        waiting = [each["title"] for each in (await people["mitglied"].get("todo"))["items"] if each["what"] == "reply"]
        assert "Netzwerktreffen der Region" in waiting


async def test_a_second_start_makes_nothing_anew(demo_folder: Path) -> None:
    async with running(StandaloneSettings(data=demo_folder)) as standalone, people_of(standalone) as people:
        before = await people["operator"].get("accounts?limit=200")
        await fill_standalone(standalone)
        after = await people["operator"].get("accounts?limit=200")
        assert [each["id"] for each in before["items"]] == [each["id"] for each in after["items"]]


async def test_the_demo_is_made_on_loopback_only(tmp_path: Path) -> None:
    settings = StandaloneSettings(data=tmp_path, host="0.0.0.0", public_url="https://netzraum.example")
    async with running(settings) as standalone:
        with pytest.raises(DemoFailed, match="loopback"):
            await fill_standalone(standalone)


async def test_a_backup_of_the_running_process_can_be_restored(demo_folder: Path, tmp_path: Path) -> None:
    archive, target = tmp_path / "backup.tar.gz", StandaloneSettings(data=tmp_path / "restored")
    async with running(StandaloneSettings(data=demo_folder)) as standalone, people_of(standalone) as people:
        await asyncio.to_thread(backups.backup, standalone.settings, archive)
        before = await people["mitglied"].get("activity?limit=200")
    backups.restore(target, archive)
    async with running(target) as standalone, people_of(standalone) as people:
        after = (await people["mitglied"].get("activity?limit=200"))["items"]
    void = [step for step in after if step not in before["items"]]
    assert {(step["tool"], step["what"]) for step in void} <= {
        ("polls", "updated")
    }  # a secret one: its key is in no backup
    assert [step for step in after if step not in void] == before["items"][: len(after) - len(void)]


async def test_a_restore_overwrites_nothing(demo_folder: Path, tmp_path: Path) -> None:
    settings, archive = StandaloneSettings(data=demo_folder), tmp_path / "backup.tar.gz"
    backups.backup(settings, archive)
    with pytest.raises(backups.CannotRestore, match="holds data already"):
        backups.restore(settings, archive)


def test_what_is_no_backup_is_not_restored(tmp_path: Path) -> None:
    archive = tmp_path / "backup.tar.gz"
    archive.write_bytes(b"no archive")
    with pytest.raises(backups.CannotRestore, match="cannot be read"):
        backups.restore(StandaloneSettings(data=tmp_path / "data"), archive)
