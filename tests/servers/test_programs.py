"""Where the programs of others are looked for."""

from pathlib import Path

import pytest

from netzraum_standalone.servers.programs import MissingProgram, Program


def make_executable(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("#!/bin/sh\n")
    path.chmod(0o755)
    return path


def program(tmp_path: Path, **more: str) -> Program:
    return Program("no-such-program", "NO_SUCH_PROGRAM", (f"{tmp_path}/lib/*/bin/no-such-program",), **more)


def test_the_newest_of_several_versions_is_taken(tmp_path: Path) -> None:
    make_executable(tmp_path / "lib" / "14" / "bin" / "no-such-program")
    newest = make_executable(tmp_path / "lib" / "15" / "bin" / "no-such-program")
    assert program(tmp_path).path() == newest


def test_the_variable_names_another(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make_executable(tmp_path / "lib" / "15" / "bin" / "no-such-program")
    own = make_executable(tmp_path / "own")
    monkeypatch.setenv("NO_SUCH_PROGRAM", str(own))
    assert program(tmp_path).path() == own


def test_what_cannot_be_run_is_not_taken(tmp_path: Path) -> None:
    make_executable(tmp_path / "lib" / "15" / "bin" / "no-such-program").chmod(0o644)
    assert program(tmp_path).find() is None


def test_missing_program_names_the_command_that_installs_it(tmp_path: Path) -> None:
    with pytest.raises(MissingProgram, match=r"no-such-program is missing.*: apt-get install some-package"):
        program(tmp_path, package="some-package").path()
