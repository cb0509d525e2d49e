"""The set-up ends with the command that mends what it cannot do itself."""

import importlib.util
import os
import shutil
import sys
from collections.abc import Callable

import pytest

from netzraum_standalone.servers.programs import Program
from setup import assets, environment, servers


@pytest.fixture
def nothing_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which no program is found."""
    monkeypatch.setattr(shutil, "which", lambda _: None)


@pytest.fixture
def ran(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The commands that the set-up would run."""
    commands: list[str] = []

    def record(*command: object, **_: str) -> None:
        commands.append(" ".join(map(str, command)))

    monkeypatch.setattr(servers, "run", record)
    monkeypatch.setattr(environment, "run", record)
    return commands


def message_of(step: Callable[[], None]) -> str:
    with pytest.raises(SystemExit) as ended:
        step()
    return str(ended.value.code)


def test_python_that_is_too_old_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 10, 9))
    assert "apt-get install python3.11 python3.11-venv" in message_of(environment.check_python)


@pytest.mark.usefixtures("nothing_installed")
def test_python_without_venv_is_refused(monkeypatch: pytest.MonkeyPatch, ran: list[str]) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _: None)
    assert f"apt-get install python3.{sys.version_info.minor}-venv" in message_of(environment.make_environment)
    assert ran == []


@pytest.mark.usefixtures("nothing_installed")
def test_without_uv_pip_installs_and_checks_hashes(ran: list[str]) -> None:
    environment.install_pinned("runtime")
    assert len(ran) == 1
    assert "bin/python -m pip install" in ran[0]
    assert "--require-hashes" in ran[0]


@pytest.mark.parametrize(("version", "is_enough"), [("9.9.4", False), ("10.0.0", True), ("11.19.1", True), ("", False)])
def test_npm_is_taken_from_10_on(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch, version: str, is_enough: bool
) -> None:
    npm = tmp_path_factory.mktemp("bin") / "npm"
    npm.write_text(f"#!/bin/sh\necho {version}\n")
    npm.chmod(0o755)
    monkeypatch.setattr(shutil, "which", lambda _: str(npm))
    assert assets.has_npm() is is_enough


MISSING = Program("no-such-server", "NO_SUCH_SERVER", ("/nowhere/no-such-server",), package="no-such-server")


def test_missing_servers_end_with_the_command_for_who_is_not_root(
    monkeypatch: pytest.MonkeyPatch, ran: list[str]
) -> None:
    monkeypatch.setattr(servers, "DEBIAN", (MISSING,))
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    message = message_of(servers.install_debian_packages)
    assert "sudo apt-get install --yes --no-install-recommends no-such-server" in message
    assert ran == []


def test_missing_servers_are_installed_by_root_and_named(
    monkeypatch: pytest.MonkeyPatch, ran: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(servers, "DEBIAN", (MISSING,))
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.setattr(shutil, "which", {"apt-get": "/usr/bin/apt-get"}.get)
    servers.install_debian_packages()
    assert "Installing Debian packages: no-such-server" in capsys.readouterr().out
    assert ran[0].startswith("apt-get update")
    assert ran[1].startswith("apt-get install --yes --no-install-recommends no-such-server")
