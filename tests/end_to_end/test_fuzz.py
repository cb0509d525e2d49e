"""The API by its own description, with input that nobody would think of: no answer is a failure of ours."""

import asyncio
import json
import shutil
import sys
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.end_to_end.installations import Installation
from tests.end_to_end.people import Network, found_network

# What would end the session that the run goes by, and what streams for ever.
LEFT_OUT = "/session|/me/password|/live"
EXAMPLES = 10
NOT_FOUND = 404


@dataclass(frozen=True)
class Target:
    """An item, which paths are tried with it, and which of them, after that of the item, have to reach it."""

    item: str
    paths: str = ""
    reached: frozenset[str] = frozenset()


@pytest.mark.parametrize("tool", ["notices", "wiki", "polls", "polls_closed", "calendar"])
async def test_strange_input_is_never_a_failure_of_ours(
    installation: Installation, http: httpx.AsyncClient, tmp_path: Path, tool: str
) -> None:
    network = await found_network(installation, http)  # of its own: what is tried changes it
    target = await TARGETS[tool](network)
    (tmp_path / "schemathesis.toml").write_text(
        f'[parameters]\nspace_id = "{network.space}"\nitem_id = "{target.item}"\nslug = "{target.item}"\n'
        '"header.If-Match" = "*"\n',
        encoding="utf-8",
    )
    program = shutil.which("schemathesis", path=str(Path(sys.executable).parent))
    assert program, "schemathesis is not installed: make test installs it"
    process = await asyncio.create_subprocess_exec(
        program, "--config-file", str(tmp_path / "schemathesis.toml"), "run",
        f"{installation.address}/api/v1/openapi.json",
        "--header", f"Authorization: Bearer {network.coordinator.tokens['access_token']}",
        "--checks", "not_a_server_error,response_schema_conformance,content_type_conformance",
        "--phases", "fuzzing", "--max-examples", str(EXAMPLES), "--rate-limit", "25/s", "--seed", "1",
        "--exclude-path-regex", LEFT_OUT, *(["--include-path-regex", target.paths] if target.paths else []),
        "--wait-for-schema", "60", "--report", "har", "--report-har-path", str(tmp_path / "tried.har"), "--no-color",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, cwd=tmp_path,
    )  # fmt: skip
    output = (await process.communicate())[0].decode()
    assert process.returncode == 0, output
    assert target.reached <= _found(tmp_path / "tried.har", target.item)


def _found(tried: Path, item: str) -> set[str]:
    """What of the item's own paths was answered as of something that is there: ``GET``, ``PUT reply``."""
    found = set()
    for each in json.loads(tried.read_text(encoding="utf-8"))["log"]["entries"]:
        asked, answered = each["request"], each["response"]
        _, named, tail = asked["url"].partition("?")[0].partition(f"/{item}")
        if named and answered["status"] != NOT_FOUND:
            found.add(f"{asked['method']} {tail.strip('/')}".strip())
    return found


async def _notice(network: Network) -> Target:
    """With all paths."""
    return Target(str((await network.post_notice(network.coordinator, "Aushang"))["id"]), reached=frozenset({"GET"}))


async def _page(network: Network) -> Target:
    page = {"title": "Seite", "text": "Siehe [[Andere]]."}
    path = f"spaces/{network.space}/wiki/pages/seite"
    return Target(str((await network.coordinator.change(path, page, "PUT"))["id"]), "/wiki")


async def _secret_poll(network: Network) -> Target:
    """Open, and asked of members: the coordinator votes."""
    questions = [{"kind": "motion", "title": "Antrag"}, {"kind": "text", "title": "Warum?", "required": False}]
    return await _poll(network, "/polls", {"GET", "PATCH", "PUT ballot"}, secrecy="secret", questions=questions)


async def _poll(network: Network, paths: str, reached: set[str], **more: Any) -> Target:
    poll = await network.coordinator.post(f"spaces/{network.space}/polls", {"title": "Umfrage", **more})
    return Target(str(poll["id"]), paths, frozenset(reached))


async def _closed_poll(network: Network) -> Target:
    """With an answer to each kind of question that is counted in a way of its own."""
    options = [{"title": title} for title in ("Hagen", "Witten")]
    questions = [{"kind": "motion", "title": "Antrag"}, {"kind": "ranking", "title": "Orte", "options": options}]
    reached = {"GET", "GET results", "GET export", "POST outcome"}
    target = await _poll(network, r"/polls/\{item_id\}", reached, questions=questions)
    path = f"spaces/{network.space}/polls/{target.item}"
    asked = (await network.coordinator.get(path))["questions"]
    values = ["yes", [option["id"] for option in asked[1]["options"]]]
    answers = [{"question": each["id"], "value": value} for each, value in zip(asked, values, strict=True)]
    assert (await network.coordinator.send("PUT", f"{path}/ballot", {"answers": answers})).status_code == 201
    await network.coordinator.post(f"{path}/close")
    return target


async def _series(network: Network) -> Target:
    """Every role is invited, and one date is moved."""
    start = datetime.now(UTC).replace(microsecond=0) + timedelta(days=7)
    body = {
        "title": "Steuerkreis",
        "start": start.isoformat(),
        "end": (start + timedelta(hours=1)).isoformat(),
        "rrule": "FREQ=WEEKLY",
        "attendees": [{"role": "coordinator"}, {"role": "member"}],
    }
    event = await network.coordinator.post(f"spaces/{network.space}/events", body)
    second = start + timedelta(weeks=1)
    part = httpx.QueryParams({"occurrence": second.isoformat(), "scope": "this"})
    path = f"spaces/{network.space}/events/{event['id']}"
    await network.coordinator.change(f"{path}?{part}", {"start": (second + timedelta(hours=1)).isoformat()})
    reached = {"GET", "PATCH", "DELETE", "POST restore", "PUT reply", "GET replies", "GET access"}
    return Target(str(event["id"]), r"/events|/occurrences|/calendar\.ics", frozenset(reached))


TARGETS = {
    "notices": _notice,
    "wiki": _page,
    "polls": _secret_poll,
    "polls_closed": _closed_poll,
    "calendar": _series,
}
