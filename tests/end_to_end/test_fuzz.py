"""The API by its own description, with input that nobody would think of: no answer is a failure of ours."""

import asyncio
import shutil
import sys
from pathlib import Path

import httpx
import pytest

from tests.end_to_end.installations import Installation
from tests.end_to_end.people import Network, found_network

# What would end the session that the run goes by, and what streams for ever.
LEFT_OUT = "/session|/me/password|/live"
EXAMPLES = 10


@pytest.mark.parametrize("tool", ["notices", "wiki", "polls"])
async def test_strange_input_is_never_a_failure_of_ours(
    installation: Installation, http: httpx.AsyncClient, tmp_path: Path, tool: str
) -> None:
    network = await found_network(installation, http)  # of its own: what is tried changes it
    item, paths = await _something_to_try(network, tool)
    (tmp_path / "schemathesis.toml").write_text(
        f'[parameters]\nspace_id = "{network.space}"\nitem_id = "{item}"\nslug = "{item}"\n', encoding="utf-8"
    )
    program = shutil.which("schemathesis", path=str(Path(sys.executable).parent))
    assert program, "schemathesis is not installed: make test installs it"
    process = await asyncio.create_subprocess_exec(
        program, "--config-file", str(tmp_path / "schemathesis.toml"), "run",
        f"{installation.address}/api/v1/openapi.json",
        "--header", f"Authorization: Bearer {network.coordinator.tokens['access_token']}",
        "--checks", "not_a_server_error,response_schema_conformance,content_type_conformance",
        "--phases", "fuzzing", "--max-examples", str(EXAMPLES), "--rate-limit", "25/s", "--seed", "1",
        "--exclude-path-regex", LEFT_OUT, *paths, "--no-color",
        stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT, cwd=tmp_path,
    )  # fmt: skip
    output = (await process.communicate())[0].decode()
    assert process.returncode == 0, output


async def _something_to_try(network: Network, tool: str) -> tuple[str, list[str]]:
    """An item, and which paths are tried with it: a notice with all, a page with those of the wiki, an open secret
    poll with those of polls."""
    if tool == "notices":
        return str((await network.post_notice(network.coordinator, "Aushang"))["id"]), []
    if tool == "wiki":
        page = {"title": "Seite", "text": "Siehe [[Andere]]."}
        path = f"spaces/{network.space}/wiki/pages/seite"
        return str((await network.coordinator.change(path, page, "PUT"))["id"]), ["--include-path-regex", "/wiki"]
    questions = [{"kind": "motion", "title": "Antrag"}, {"kind": "text", "title": "Warum?", "required": False}]
    body = {"title": "Umfrage", "secrecy": "secret", "questions": questions}
    poll = await network.coordinator.post(f"spaces/{network.space}/polls", body)
    return str(poll["id"]), ["--include-path-regex", "/polls"]
