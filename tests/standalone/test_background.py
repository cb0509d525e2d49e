"""What `make up` and `make down` find out about a set in the background."""

import subprocess
import sys
from pathlib import Path

import pytest

from netzraum_standalone.background import CLONE, MODULE, RunningSet, down, run_folder


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


def test_the_set_is_stopped_by_its_number(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)", MODULE]) as running:
        (tmp_path / "pid").write_text(str(running.pid))
        assert RunningSet(tmp_path).pid == running.pid
        assert RunningSet(tmp_path).stop()
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
