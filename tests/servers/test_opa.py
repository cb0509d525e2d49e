"""The policy sidecar: signed bundles only, and a newer one goes live without a restart."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp
import pytest

from netzraum_standalone.policy import publication
from netzraum_standalone.servers.native import ServerFailed
from netzraum_standalone.servers.opa import BundleRefused, OpaServer, SignedBundle

RULE = """package netzraum.authz
decision := {{"allow": {allow}}}
"""
TEST = """package netzraum.authz_test
test_nothing if data.does.not.matter
"""
MASK = """package system.log
mask contains "/input/secret"
"""


def write_policies(folder: Path, *, allow: str = "true", mask: bool = False) -> Path:
    authz = folder / "netzraum" / "authz"
    authz.mkdir(parents=True, exist_ok=True)
    (authz / "authz.rego").write_text(RULE.format(allow=allow))
    (authz / "authz_test.rego").write_text(TEST)
    (folder / ".manifest").write_text(json.dumps({"revision": allow, "roots": ["netzraum", "system"]}))
    if mask:
        (folder / "mask.rego").write_text(MASK)
    return folder


async def decide(server: OpaServer) -> object:
    question = {"input": {"secret": "a name that nobody may read"}}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{server.url}/v1/data/netzraum/authz/decision", json=question) as answer,
    ):
        return (await answer.json()).get("result")


@asynccontextmanager
async def running(folder: Path, bundle: SignedBundle) -> AsyncIterator[OpaServer]:
    """A sidecar that takes the bundle."""
    server = OpaServer(folder, bundle)
    await bundle.start()
    try:
        await server.start()
        yield server
    finally:
        await server.stop()
        await bundle.stop()


async def eventually(wanted: object, ask: Callable[[], Awaitable[object]]) -> None:
    """Wait at most 10 s for an answer."""
    async with asyncio.timeout(10):
        while await ask() != wanted:
            await asyncio.sleep(0.1)


async def test_decides_by_its_bundle_and_takes_a_newer_one(server_folder: Path) -> None:
    bundle = SignedBundle(server_folder)
    await bundle.publish(write_policies(server_folder / "first"))
    async with running(server_folder, bundle) as server:
        assert await decide(server) == {"allow": True}
        await bundle.publish(write_policies(server_folder / "second", allow="false"))
        await eventually({"allow": False}, lambda: decide(server))
        await server.kill()
        await server.start()
        assert await decide(server) == {"allow": False}


async def test_policy_of_the_netzraum_command_goes_live_and_goes_back(server_folder: Path) -> None:
    bundle = SignedBundle(server_folder / "active")
    bundle.make_key()
    policies = {}
    for allow in ("true", "false"):
        policies[allow] = server_folder / allow
        write_policies(policies[allow] / "bundle", allow=allow)
        (policies[allow] / "policy.wasm").touch()  # for standalone; no sidecar reads it
    publication.install(policies["true"], bundle.key.parent, bundle.key)
    async with running(server_folder, bundle) as server:
        assert await decide(server) == {"allow": True}
        publication._put(policies["false"], bundle.key.parent, b"", "test", bundle.key)
        await eventually({"allow": False}, lambda: decide(server))
        publication.rollback(bundle.key.parent)
        await eventually({"allow": True}, lambda: decide(server))


async def test_bundle_with_another_signature_never_becomes_ready(server_folder: Path) -> None:
    forged = SignedBundle(server_folder / "forged")
    await forged.publish(write_policies(server_folder / "policies"))
    genuine = SignedBundle(server_folder / "genuine")
    await genuine.publish(write_policies(server_folder / "policies"))
    genuine.archive.write_bytes(forged.archive.read_bytes())
    await genuine.start()
    server = OpaServer(server_folder, genuine)
    server.ready_within_s = 4
    with pytest.raises(ServerFailed, match=r"(?s)was not ready within 4 s.*verif"):
        await server.start()
    assert not server.runs
    await genuine.stop()


async def test_forged_bundle_does_not_replace_a_genuine_one(server_folder: Path) -> None:
    forged = SignedBundle(server_folder / "forged")
    await forged.publish(write_policies(server_folder / "open", allow="true"))
    genuine = SignedBundle(server_folder / "genuine")
    await genuine.publish(write_policies(server_folder / "closed", allow="false"))
    async with running(server_folder, genuine) as server:
        genuine.archive.write_bytes(forged.archive.read_bytes())

        async def was_refused() -> bool:
            return "verif" in server.log.read_text()

        await eventually(True, was_refused)
        assert await decide(server) == {"allow": False}


async def test_policy_that_does_not_compile_leaves_the_former_in_force(server_folder: Path) -> None:
    bundle = SignedBundle(server_folder)
    await bundle.publish(write_policies(server_folder / "good"))
    former = bundle.archive.read_bytes()
    with pytest.raises(BundleRefused, match=r"authz\.rego.*no_such_rule"):
        await bundle.publish(write_policies(server_folder / "bad", allow="no_such_rule"))
    assert bundle.archive.read_bytes() == former
    assert not list(server_folder.glob(".*.tar.gz"))


async def test_decision_log_leaves_out_what_the_policy_masks(server_folder: Path) -> None:
    bundle = SignedBundle(server_folder)
    await bundle.publish(write_policies(server_folder / "policies", mask=True))
    async with running(server_folder, bundle) as server:
        await decide(server)

        async def was_logged() -> bool:
            return "Decision Log" in server.log.read_text()

        await eventually(True, was_logged)
        assert "nobody may read" not in server.log.read_text()
