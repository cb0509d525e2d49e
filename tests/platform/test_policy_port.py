"""The policy port: the sidecar and the compiled module answer alike, and say nothing where they cannot."""

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from netzraum_platform import policy as policy_module
from netzraum_platform.policy import CompiledPolicy, NoDecision, Policy, SidecarPolicy
from tests.harness import POLICIES, eventually

MEMBERSHIP = {"role": "member", "base": "member", "overrides": {}, "from": 0, "until": None}
SUBJECT = {
    "account": "a",
    "institution": "i",
    "operator": False,
    "second_factor": False,
    "scopes": ["read", "write"],
    "membership": MEMBERSHIP,
}
RESOURCE = {
    "type": "notice",
    "space": "s",
    "space_kind": "network",
    "classification": "internal",
    "own": False,
    "state": "published",
    "named": "none",
}
CONTEXT = {"channel": "web", "now": 1_795_506_000, "access_age_s": 0}


def question(**changed: Any) -> dict[str, Any]:
    subject = {**SUBJECT, "membership": changed.pop("membership", MEMBERSHIP)}
    return {
        "subject": subject,
        "action": changed.pop("action", "content.notice.read"),
        "resource": {**RESOURCE, **changed},
        "context": CONTEXT,
    }


@pytest.fixture(params=["sidecar", "compiled"])
def sidecar(request: pytest.FixtureRequest) -> str | None:
    """The address of a sidecar, or None for the compiled module."""
    return request.getfixturevalue("opa") if request.param == "sidecar" else None


@pytest.fixture
async def policy(sidecar: str | None) -> AsyncIterator[Policy]:
    started: Policy = SidecarPolicy(sidecar, "content") if sidecar else CompiledPolicy(POLICIES, "content")
    await started.start()
    yield started
    await started.stop()


async def test_a_member_reads_what_is_internal(policy: Policy) -> None:
    answer = await policy.evaluate("decision", question())
    assert (answer["allow"], answer["reasons"]) == (True, [])


async def test_a_denial_has_its_reasons(policy: Policy) -> None:
    answer = await policy.evaluate("decision", question(classification="personal"))
    assert answer["allow"] is False
    assert answer["reasons"]


async def test_questions_without_sense_allow_nothing(policy: Policy) -> None:
    for nonsense in ({}, {"subject": 7}, question(action="content.notice.fly"), question(type="spaceship")):
        answer = await policy.evaluate("decision", nonsense)
        assert answer.get("allow", False) is False


async def test_every_answer_knows_its_revision(policy: Policy) -> None:
    await policy.evaluate("decision", question())
    assert policy.revision


async def test_many_ask_at_the_same_time(policy: Policy) -> None:
    classes = ["internal", "personal"] * 20
    answers = await asyncio.gather(*(policy.evaluate("decision", question(classification=c)) for c in classes))
    assert [answer["allow"] for answer in answers] == [True, False] * 20


async def test_no_sidecar_is_no_decision() -> None:
    nobody = SidecarPolicy("http://127.0.0.1:1", "content")
    await nobody.start()
    with pytest.raises(NoDecision) as raised:
        await nobody.evaluate("decision", question())
    assert raised.value.status == 503
    await nobody.stop()
    with pytest.raises(NoDecision):
        await nobody.evaluate("decision", question())


async def test_a_sidecar_that_hangs_is_no_decision() -> None:
    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(silent, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    slow = SidecarPolicy(f"http://127.0.0.1:{port}", "content", timeout_s=0.1)
    await slow.start()
    with pytest.raises(NoDecision):
        await slow.evaluate("decision", question())
    await slow.stop()
    server.close()


async def test_a_module_that_was_not_loaded_is_no_decision() -> None:
    with pytest.raises(NoDecision):
        await CompiledPolicy(POLICIES, "content").evaluate("decision", question())


@pytest.fixture
async def editable(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[tuple[CompiledPolicy, Path]]:
    """A compiled policy, and the folder of its data files."""
    monkeypatch.setattr(policy_module, "WATCH_S", 0.05)
    shutil.copytree(POLICIES / "bundle", tmp_path / "bundle")
    shutil.copy(POLICIES / "policy.wasm", tmp_path / "policy.wasm")
    compiled = CompiledPolicy(tmp_path, "content")
    await compiled.start()
    yield compiled, tmp_path / "bundle"
    await compiled.stop()


async def test_a_changed_data_file_is_in_force_at_once(editable: tuple[CompiledPolicy, Path]) -> None:
    compiled, bundle = editable
    (bundle / ".manifest").write_text('{"revision": "next", "roots": [""]}')
    await eventually(lambda: compiled.revision == "next")


@pytest.mark.parametrize("broken", ["{", "- a list", "", "just a text", "\0"])
async def test_a_broken_data_file_leaves_the_old_policy_in_force(
    editable: tuple[CompiledPolicy, Path], broken: str
) -> None:
    compiled, bundle = editable
    file = bundle / "netzraum" / "roles" / "data.yaml"
    good = file.read_text()
    file.write_text(broken)
    await eventually(lambda: compiled.error)
    assert (await compiled.evaluate("decision", question()))["allow"] is True
    file.write_text(good)
    await eventually(lambda: compiled.error is None)


async def test_a_module_that_decides_nothing_leaves_the_old_policy_in_force(
    editable: tuple[CompiledPolicy, Path],
) -> None:
    compiled, bundle = editable
    (bundle.parent / "policy.wasm").write_bytes(b"\0asm no module")
    await eventually(lambda: compiled.error)
    assert (await compiled.evaluate("decision", question()))["allow"] is True
