"""The rules in their own tools: laid out, checked against the schema, tested line by line, compiled, registered."""

import json
import runpy
from pathlib import Path

from netzraum_standalone.policy.bundle import TESTS, compile_module, read_manifest, rules_digest, run_opa
from netzraum_standalone.policy.checks import MATRIX_TESTS, RULE_TESTS
from tests.policy.conftest import POLICIES


def test_the_rules_are_laid_out_and_fit_what_services_send() -> None:
    run_opa(POLICIES, "fmt", "--fail", "--list", "bundle")
    run_opa(POLICIES, "check", "--strict", "--schema", str(POLICIES / "schemas" / "input.json"), "bundle")


def test_the_tests_of_the_rules_pass_and_reach_every_line() -> None:
    report = json.loads(run_opa(POLICIES, "test", "--coverage", "--timeout", "120s", "--run", RULE_TESTS, "bundle"))
    rules = {name: file for name, file in report["files"].items() if not name.endswith("_test.rego")}
    assert {file.name for file in (POLICIES / "bundle").rglob("*.rego") if not file.match(TESTS)} == {
        Path(name).name for name in rules
    }
    assert {name: file["not_covered"] for name, file in rules.items() if file.get("not_covered")} == {}


def test_the_matrix_holds_in_the_rules_own_tests() -> None:
    run_opa(POLICIES, "test", "--timeout", "300s", "--run", MATRIX_TESTS, "bundle")


def test_the_committed_module_is_what_the_rules_compile_to() -> None:
    assert (POLICIES / "policy.wasm").read_bytes() == compile_module(POLICIES)
    assert read_manifest(POLICIES / "bundle")["metadata"]["rules"] == rules_digest(POLICIES / "bundle")


def test_a_changed_rule_is_noticed(policies: Path) -> None:
    rule = policies / "bundle" / "netzraum" / "authz" / "gates.rego"
    rule.write_text(rule.read_text().replace("profile.member", "not profile.member", 1))
    assert rules_digest(policies / "bundle") != rules_digest(POLICIES / "bundle")
    assert compile_module(policies) != compile_module(POLICIES)


def test_the_register_is_current() -> None:
    written = runpy.run_path(str(POLICIES / "register.py"))["register"]()
    assert (POLICIES / "register.md").read_text(encoding="utf-8") == written
