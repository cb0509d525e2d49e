"""A folder of policies: its rules (Rego), its data files, and the module that the rules compile to."""

import hashlib
import json
import os
import subprocess
import tarfile
import tempfile
from pathlib import Path
from typing import Any

from opapywasm import OpaWasmPolicy, PolicyConfig

from netzraum_platform.policy import PACKAGE, read_data
from netzraum_standalone.servers.programs import OPA

ENTRY_POINTS = ("decision", "visibility", "audience")
TESTS = "*_test.rego"


class RulesBroken(Exception):
    """The rules do not compile; the message is the compiler's."""


class Engine:
    """A compiled module with data files, ready to be asked."""

    def __init__(self, module: bytes, data: dict[str, Any]) -> None:
        self._module = OpaWasmPolicy.from_wasm_bytes(module, config=PolicyConfig(pool_size=1))
        self._module.set_data(data)
        self.data = data

    @classmethod
    def of(cls, policies: Path) -> "Engine":
        return cls((policies / "policy.wasm").read_bytes(), read_data(policies / "bundle"))

    def ask(self, entry_point: str, question: dict[str, Any]) -> dict[str, Any]:
        answer = self._module.evaluate(question, entrypoint=f"{PACKAGE}/{entry_point}")
        return answer if isinstance(answer, dict) else {}


def read_manifest(bundle: Path) -> dict[str, Any]:
    manifest: dict[str, Any] = json.loads((bundle / ".manifest").read_text(encoding="utf-8"))
    return manifest


def write_manifest(bundle: Path, manifest: dict[str, Any]) -> None:
    (bundle / ".manifest").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")


def rules_digest(bundle: Path) -> str:
    """SHA-256 over names and texts of the rules, without their tests: what policy.wasm is made of."""
    digest = hashlib.sha256()
    for file in sorted(bundle.rglob("*.rego")):
        if not file.match(TESTS):
            digest.update(file.relative_to(bundle).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return digest.hexdigest()


def compile_module(policies: Path) -> bytes:
    """The rules as WebAssembly; the same rules give the same bytes.

    Raises:
        MissingProgram: there is no opa; the message says how to get it.
        RulesBroken: they do not compile.
    """
    entry_points = [part for name in ENTRY_POINTS for part in ("--entrypoint", f"{PACKAGE}/{name}")]
    with tempfile.TemporaryDirectory() as folder:
        archive = Path(folder) / "bundle.tar.gz"
        # The module holds the paths of the rules: always compiled from within the folder.
        command = ["build", "--target", "wasm", *entry_points, "--ignore", TESTS, "--bundle", "bundle"]
        run_opa(policies, *command, "--output", str(archive))
        with tarfile.open(archive) as built:
            module = built.extractfile("/policy.wasm")
            if module is None:
                raise RulesBroken("opa gave no module")
            return module.read()


def build(policies: Path) -> None:
    """Compile the rules into policy.wasm, and note in the manifest which rules it was made of.

    Raises:
        MissingProgram, RulesBroken: as `compile_module`.
    """
    (policies / "policy.wasm").write_bytes(compile_module(policies))
    manifest = read_manifest(policies / "bundle")
    manifest["metadata"] = {**manifest.get("metadata", {}), "rules": rules_digest(policies / "bundle")}
    write_manifest(policies / "bundle", manifest)


def run_opa(folder: Path, *arguments: str) -> str:
    """Run opa in a folder; what it prints.

    Raises:
        MissingProgram: there is no opa.
        RulesBroken: it refuses; the message is what it says.
    """
    environment = {**os.environ, "GOGC": "400"}  # runs for seconds: the heap is cleaned seldom, for 0.8 x the time
    done = subprocess.run([OPA.path(), *arguments], cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        raise RulesBroken((done.stdout + done.stderr).strip())
    return done.stdout
