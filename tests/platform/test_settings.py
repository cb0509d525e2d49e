"""What is missing or careless stops the start, with a message that names the variable and shows no value."""

import json
import sys
from pathlib import Path
from subprocess import run

import pytest

from netzraum_platform.serve import compose
from netzraum_platform.settings import BadSettings, ServiceSettings, read_settings
from netzraum_platform.tokens import new_service_key

KEY = new_service_key("content")
PASSWORD = "c0rrect-horse"
GOOD = {
    "DATABASE_URL": f"postgresql+asyncpg://content:{PASSWORD}@127.0.0.1/content",
    "BUS_URL": f"amqp://content:{PASSWORD}@127.0.0.1/netzraum",
    "POLICY_URL": "http://127.0.0.1:8181",
    "SERVICE_KEY": json.dumps(KEY.as_dict(private=True)),
    "PEER_KEYS": json.dumps({"keys": [KEY.as_dict(private=False)]}),
    "BLOBS_URL": "file:///nowhere/blobs",
    "MAIL_URL": "smtp://127.0.0.1:25",
    "PEERS": '{"identity": "http://127.0.0.1:8001"}',
}


@pytest.fixture(autouse=True)
def good(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in {**GOOD, "BLOBS_URL": (tmp_path / "blobs").as_uri()}.items():
        monkeypatch.setenv(f"NETZRAUM_{name}", value)


def start() -> str:
    return compose("content", read_settings(ServiceSettings)).name


async def test_good_settings_start() -> None:
    assert start() == "content"


@pytest.mark.parametrize("name", ["DATABASE_URL", "BUS_URL", "SERVICE_KEY", "PEER_KEYS", "BLOBS_URL", "MAIL_URL"])
async def test_what_is_missing_is_named(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.delenv(f"NETZRAUM_{name}")
    with pytest.raises(BadSettings, match=rf"NETZRAUM_{name} is not set \(NETZRAUM_{name}_FILE may name a file"):
        start()


async def test_neither_one_policy_nor_two(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NETZRAUM_POLICY_DIRECTORY", "policies")
    with pytest.raises(BadSettings, match="exactly one of NETZRAUM_POLICY_URL and NETZRAUM_POLICY_DIRECTORY"):
        start()
    for name in ("POLICY_DIRECTORY", "POLICY_URL"):
        monkeypatch.delenv(f"NETZRAUM_{name}")
    with pytest.raises(BadSettings, match="exactly one of"):
        start()


@pytest.mark.parametrize("password", ["guest", "postgres", "change-me", "secret", "%67uest"])
@pytest.mark.parametrize("name", ["DATABASE_URL", "BUS_URL"])
async def test_a_default_password_stops_the_start(monkeypatch: pytest.MonkeyPatch, name: str, password: str) -> None:
    monkeypatch.setenv(f"NETZRAUM_{name}", GOOD[name].replace(PASSWORD, password))
    with pytest.raises(BadSettings, match=f"^NETZRAUM_{name}: this is a default password") as raised:
        start()
    assert f":{password}@" not in str(raised.value)


@pytest.mark.parametrize("name", ["DATABASE_URL", "SERVICE_KEY", "PEER_KEYS", "MAIL_URL"])
async def test_each_may_come_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str) -> None:
    file = tmp_path / "secret"
    file.write_text(GOOD[name] + "\n")
    monkeypatch.delenv(f"NETZRAUM_{name}")
    monkeypatch.setenv(f"NETZRAUM_{name}_FILE", str(file))
    assert start() == "content"
    file.unlink()
    with pytest.raises(BadSettings, match=f"NETZRAUM_{name}_FILE: .* cannot be read"):
        start()


@pytest.mark.parametrize(
    ("name", "value"), [("SERVICE_KEY", "s3cret-but-no-key"), ("PEER_KEYS", "s3cret"), ("PORT", "s3cret")]
)
async def test_a_wrong_value_is_named_and_not_shown(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(f"NETZRAUM_{name}", value)
    with pytest.raises(BadSettings, match=f"NETZRAUM_{name}") as raised:
        start()
    assert "s3cret" not in str(raised.value)


def test_a_service_that_cannot_start_says_so_and_shows_no_trace(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NETZRAUM_BUS_URL")
    program = (
        "from netzraum_platform.serve import main; from netzraum_platform.service import Service;"
        "main(Service(name='content', routers=[], migrations=[]))"
    )
    ended = run([sys.executable, "-c", program], capture_output=True, text=True)
    assert ended.returncode == 1
    assert ended.stderr.startswith("netzraum content cannot start:\nNETZRAUM_BUS_URL is not set")
    assert "Traceback" not in ended.stderr
    assert PASSWORD not in ended.stderr + ended.stdout
