"""A secret poll whose key is lost, in a crash, by a hand that slipped, or as an old backup came back, is void at once:
it says so, takes no ballot, and waits for nobody."""

import tarfile
import uuid
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from nacl.public import PrivateKey
from sqlalchemy import select

from netzraum_platform.tables import AuditRow
from netzraum_polls.app import SERVICE, see_to_keys
from netzraum_polls.polls import reminders
from netzraum_polls.polls.secret_keys import keys_of
from netzraum_standalone import backup as backups
from netzraum_standalone.settings import StandaloneSettings
from tests.harness import Surroundings, eventually, running
from tests.polls.rooms import PollRoom, later, options
from tests.polls.secret_rooms import WRITTEN, dump, secret_poll, voters
from tests.world import Person, World


async def is_asked(person: Person) -> bool:
    """A vote waits for the person."""
    return bool((await person.get("todo"))["items"])


async def asks_nobody(room: PollRoom, poll: Any, reason: str = "key_missing") -> None:
    """The poll is void for good or for now: wherever it is looked at, and without anybody being named for it."""

    async def is_said() -> bool:
        return (await room.row(poll)).void == reason

    await eventually(is_said)
    for person in room.people.values():
        if person is not room["auditor"]:
            view = await room.read(poll, person)
            assert (view["state"], view["void"], view["may_vote"]) == ("void", reason, False)
        assert not await is_asked(person)
    async with room.service.app.database.session() as session:
        noted = (await session.scalars(select(AuditRow).where(AuditRow.what == "poll:void"))).all()
    assert [(row.item, row.account_id) for row in noted] == [(poll["id"], None)]


@pytest.mark.parametrize(("loss", "reason"), [("gone", "key_missing"), ("another", "key_does_not_fit")])
async def test_who_comes_to_vote_finds_a_lost_key(room: PollRoom, loss: str, reason: str) -> None:
    poll = await secret_poll(room)
    await voters(room, poll, 5)
    assert await is_asked(room["member"])
    lose(room, poll, loss)
    refused = await room.vote(room["member"], poll, options(poll)["Montag"], WRITTEN)
    assert (refused.status_code, refused.json()["code"]) == (409, "void")
    await asks_nobody(room, poll, reason)
    assert len((await dump(room))["envelopes"]) == 5


def lose(room: PollRoom, poll: Any, loss: str = "gone") -> None:
    keys, poll_id = keys_of(room.service.app), uuid.UUID(poll["id"])
    keys.destroy(poll_id)
    if loss == "another":
        keys.keep(poll_id, PrivateKey.generate())


async def test_who_looks_at_a_poll_finds_a_lost_key(room: PollRoom) -> None:
    poll = await secret_poll(room)
    lose(room, poll)
    (listed,) = (await room["member"].get(room.path))["items"]
    assert (listed["state"], listed["void"]) == ("void", "key_missing")
    await asks_nobody(room, poll)


async def test_a_start_finds_a_lost_key(room: PollRoom) -> None:
    poll = await secret_poll(room)
    lose(room, poll)
    assert await is_asked(room["member"])
    await see_to_keys(room.service.app)
    await asks_nobody(room, poll)


async def test_a_key_folder_that_comes_back_lets_its_polls_go_on(room: PollRoom) -> None:
    """It was not mounted, and nothing of what was voted is lost."""
    poll = await secret_poll(room)
    await voters(room, poll, 5)
    folder = room.service.app.keys_folder
    assert folder is not None
    folder.rename(folder.with_name("elsewhere"))
    await see_to_keys(room.service.app)
    await asks_nobody(room, poll)
    folder.with_name("elsewhere").rename(folder)
    await see_to_keys(room.service.app)
    await eventually(lambda: is_asked(room["member"]))
    assert (await room.vote(room["member"], poll, options(poll)["Montag"])).status_code == 201
    assert (await room.close(poll))["state"] == "closed"
    assert [option["count"] for option in (await room.results(poll))["questions"][0]["options"]] == [5, 1]


async def test_nobody_is_reminded_of_a_poll_whose_key_is_lost(room: PollRoom, monkeypatch: pytest.MonkeyPatch) -> None:
    poll = await secret_poll(room, closes_at=later(hours=30))
    lose(room, poll)
    refused = await room.send("POST", poll, "remind")
    assert (refused.status_code, refused.json()["code"]) == (409, "void")
    await room.when(reminders.remind_due, poll, monkeypatch, hours=12)
    assert (await room.row(poll)).reminded_at is None


@pytest.mark.parametrize(("loss", "reason"), [("gone", "key_missing"), ("another", "key_does_not_fit")])
async def test_without_its_key_a_poll_is_void_and_says_so(room: PollRoom, loss: str, reason: str) -> None:
    poll = await secret_poll(room)
    people = await voters(room, poll)
    keys, poll_id = keys_of(room.service.app), uuid.UUID(poll["id"])
    keys.destroy(poll_id)
    if loss == "another":
        keys.keep(poll_id, PrivateKey.generate())
    closed = await room.close(poll)
    assert (closed["state"], closed["void"], closed["sha256"]) == ("void", reason, None)
    for person in (people[0], room["guest"]):
        view = await room.read(poll, person)
        assert (view["state"], view["void"], view["results_hidden"]) == ("void", reason, ["void"])
        assert (await room.send("GET", poll, "results", person=person)).json()["reasons"] == ["void"]
    tables = await dump(room)
    assert tables["envelopes"] == tables["secret_ballots"] == tables["seals"] == []
    assert not keys.holds(poll_id)


async def test_an_open_poll_without_its_key_takes_no_ballot_that_nobody_could_count(room: PollRoom) -> None:
    poll = await secret_poll(room)
    keys_of(room.service.app).destroy(uuid.UUID(poll["id"]))
    view = await room.read(poll, room["member"])
    assert (view["state"], view["void"], view["may_vote"]) == ("void", "key_missing", False)
    refused = await room.vote(room["member"], poll, options(poll)["Montag"])
    assert (refused.status_code, refused.json()["code"]) == (409, "void")


class TestBackup:
    """A standalone installation's backup: the databases without the keys."""

    @pytest.fixture
    def settings(self, tmp_path: Path) -> StandaloneSettings:
        settings = StandaloneSettings(data=tmp_path / "data")
        settings.database_file("polls").parent.mkdir(parents=True)
        return settings

    @pytest.fixture
    async def installed(self, settings: StandaloneSettings) -> AsyncIterator[PollRoom]:
        around = Surroundings(settings.data)
        async with running(SERVICE, settings.database_url("polls"), around) as service:
            yield await PollRoom.furnished(World(service))

    async def test_a_backup_holds_no_key(
        self, installed: PollRoom, settings: StandaloneSettings, tmp_path: Path
    ) -> None:
        poll = await secret_poll(installed)
        await voters(installed, poll, 5)
        (file,) = settings.keys.iterdir()
        backups.backup(settings, tmp_path / "backup.tar.gz")
        with tarfile.open(tmp_path / "backup.tar.gz") as archive:
            held = {member.name: archive.extractfile(member) for member in archive.getmembers() if member.isfile()}
            contents = {name: content.read() for name, content in held.items() if content is not None}
        assert "databases/polls.db" in contents
        assert not [name for name in contents if "key" in name]
        assert not [name for name, content in contents.items() if file.read_bytes() in content]

    async def test_an_old_backup_brings_an_open_secret_poll_back_void(
        self, installed: PollRoom, settings: StandaloneSettings, tmp_path: Path
    ) -> None:
        poll = await secret_poll(installed)
        people = await voters(installed, poll, 5)
        backups.backup(settings, tmp_path / "backup.tar.gz")
        await installed.close(poll)
        elsewhere = StandaloneSettings(data=tmp_path / "restored")
        backups.restore(elsewhere, tmp_path / "backup.tar.gz")
        async with running(SERVICE, elsewhere.database_url("polls"), Surroundings(elsewhere.data)) as service:
            restored = PollRoom(World(service), installed.place, installed.people)
            for person in restored.people.values():
                person.service = service
            people[0].service = service
            view = await restored.read(poll, people[0])
            assert (view["state"], view["void"], view["turnout"]["voted"]) == ("void", "key_missing", 5)
            for person in people[1:]:
                person.service = service
            assert not [person for person in people if await is_asked(person)]
            assert not await is_asked(restored["member"])
            assert (await restored.close(poll))["void"] == "key_missing"
            assert (await dump(restored))["envelopes"] == []
