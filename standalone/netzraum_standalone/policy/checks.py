"""Checks of a policy before it goes live: words, rules, their tests, and what no policy may break."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from opapywasm import OpaWasmError

from netzraum_platform.policy import read_data
from netzraum_standalone.policy.bundle import (
    Engine,
    RulesBroken,
    compile_module,
    read_manifest,
    rules_digest,
    run_opa,
)
from netzraum_standalone.policy.invariants import broken
from netzraum_standalone.policy.words import unknown_words
from netzraum_standalone.servers.programs import OPA

RULE_TESTS = r"^data\.(netzraum\.authz_test|system\.log\.mask_test)\."
MATRIX_TESTS = r"^data\.netzraum\.matrix_test\."


@dataclass
class Findings:
    """What a check found. Errors keep a policy from going live; notes are worth reading."""

    errors: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    module: bytes = b""


def check(policies: Path, *, whole: bool = True) -> Findings:
    """Check a folder of policies, laid out as policies/ of the product.

    Without `whole`, rules that are as they were built are not tested again, and the matrix is not asked.
    """
    found = Findings()
    try:
        data = read_data(policies / "bundle")
        found.errors += unknown_words(data.get("netzraum", {}))
        if not found.errors:
            found.module = _checked_module(policies, found, whole)
        if not found.errors:
            found.errors += broken(Engine(found.module, data))
        if whole and not found.errors and OPA.find() is not None:
            found.notes += _against_matrix(policies)
    except (OSError, ValueError, yaml.YAMLError, OpaWasmError, RulesBroken) as error:
        found.errors.append(str(error))
    return found


def _checked_module(policies: Path, found: Findings, whole: bool) -> bytes:
    """The module of these rules: the one that lies there if it was built from them, else made anew."""
    unchanged = _noted_rules(policies) == rules_digest(policies / "bundle")
    if OPA.find() is not None and (whole or not unchanged):
        found.errors += _rule_errors(policies)
        return b"" if found.errors else compile_module(policies)
    if not unchanged:
        raise RulesBroken(
            f"The rules (Rego) have changed, and only opa can compile them. This installs it: {OPA.command}"
        )
    if whole:
        found.notes.append("opa is not on this machine: the rules are unchanged, their tests were not run")
    return (policies / "policy.wasm").read_bytes()


def _rule_errors(policies: Path) -> list[str]:
    schema = policies / "schemas" / "input.json"
    with_schema = ["--schema", str(schema.resolve())] if schema.exists() else []
    errors = []
    for arguments in (
        ["fmt", "--fail", "--list", "bundle"],
        ["check", "--strict", *with_schema, "bundle"],
        ["test", "--timeout", "60s", "--run", RULE_TESTS, "bundle"],
    ):
        try:
            run_opa(policies, *arguments)
        except RulesBroken as error:
            errors.append(f"opa {arguments[0]}: {error}")
    return errors


def _against_matrix(policies: Path) -> list[str]:
    try:
        run_opa(policies, "test", "--timeout", "120s", "--run", MATRIX_TESTS, "bundle")
    except RulesBroken as error:
        table = "bundle/netzraum/matrix/data.yaml"
        return [f"The table in {table} says otherwise; change it too if this is meant:\n{error}"]
    return []


def _noted_rules(policies: Path) -> Any:
    return read_manifest(policies / "bundle").get("metadata", {}).get("rules")
