"""Ports that nobody listens on: any, or out of a range of one's own."""

import socket

import pytest

from netzraum_standalone.servers.process import free_port


def test_ports_come_in_turn_out_of_the_range_that_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    first = free_port()
    monkeypatch.setenv("NETZRAUM_PORTS", f"{first}-{first + 9}")
    found = [free_port() for _ in range(5)]
    assert len(set(found)) == 5
    assert all(first <= port <= first + 9 for port in found)


def test_a_port_that_somebody_listens_on_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        monkeypatch.setenv("NETZRAUM_PORTS", f"{port}-{port}")
        with pytest.raises(OSError, match="NETZRAUM_PORTS"):
            free_port()


def test_without_a_range_the_system_names_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NETZRAUM_PORTS", raising=False)
    assert 1024 <= free_port() <= 65535
