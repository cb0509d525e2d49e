"""What `make up` and `make down` do with a set in the background, and find out about it."""

import asyncio
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

from netzraum_standalone.background import CLONE, MODULE, RunningSet, down, run_folder, up
from netzraum_standalone.demo import fill_running
from netzraum_standalone.demo.client import Person
from tests.harness import eventually

LOG_INS = ("koordination", "moderation", "mitglied", "gast")


async def test_the_set_comes_with_the_demo_and_goes(
    server_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("NETZRAUM_RUN", str(server_folder))
    running = RunningSet(run_folder())
    await asyncio.to_thread(up, running)
    try:
        assert running.address
        assert f"Netzraum runs at {running.address}" in capsys.readouterr().out
        await fill_running(running.address, server_folder / "mail", no_second_operator)
        async with httpx.AsyncClient(base_url=running.address, timeout=30) as http:
            await look_at_the_demo({name: Person(http, name) for name in LOG_INS})
    finally:
        await asyncio.to_thread(down, running)
    assert capsys.readouterr().out == "Netzraum is stopped.\n"
    left = RunningSet(server_folder)
    assert left.pid is None
    assert left.address is None


async def no_second_operator(*_who: str) -> None:
    """The demo is made once."""
    raise AssertionError("made again")


async def look_at_the_demo(people: dict[str, Person]) -> None:
    spaces = (await people["koordination"].get("spaces"))["items"]
    assert sorted(space["kind"] for space in spaces) == ["body"] * 4 + ["community", "network"]
    (network,) = [space["id"] for space in spaces if space["kind"] == "network"]
    members = (await people["koordination"].get(f"spaces/{network}/members?limit=200"))["items"]
    assert len({member["account"]["institution"] for member in members}) == 1 + 9
    for person in people.values():
        unread = await person.get("unread")
        assert sum(sum(tools.values()) for tools in unread.values()) > 0


def test_without_a_set_there_is_nothing_to_stop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    down(RunningSet(tmp_path))
    assert capsys.readouterr().out == "Netzraum was not running.\n"


def test_another_process_with_the_old_number_is_left_alone(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        (tmp_path / "pid").write_text(str(other.pid))
        assert RunningSet(tmp_path).pid is None
        assert not RunningSet(tmp_path).stop()
        assert other.poll() is None
        other.kill()


async def test_the_set_is_stopped_by_its_number(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "input()", MODULE], stdin=subprocess.PIPE) as running:
        (tmp_path / "pid").write_text(str(running.pid))
        # /proc says what a process is called a moment after it was started.
        await eventually(lambda: RunningSet(tmp_path).pid == running.pid)
        assert await asyncio.to_thread(RunningSet(tmp_path).stop)
        assert not (tmp_path / "pid").exists()
        assert running.wait() != 0


def test_state_lies_in_the_clone_unless_another_folder_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("netzraum_standalone.background.system_user", lambda: None)
    monkeypatch.delenv("NETZRAUM_RUN", raising=False)
    assert run_folder() == CLONE / "run"
    monkeypatch.setenv("NETZRAUM_RUN", str(tmp_path))
    assert run_folder() == tmp_path


def test_root_in_a_closed_clone_keeps_the_state_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NETZRAUM_RUN", raising=False)
    monkeypatch.setattr("netzraum_standalone.background.system_user", lambda: "postgres")
    monkeypatch.setattr("netzraum_standalone.background.can_enter", lambda _folder, _user: False)
    assert run_folder().parent == Path("/var/lib/netzraum")
