"""`netzraum policy`: a changed policy goes live, a broken one changes nothing, a former one comes back."""

import asyncio
import hashlib
import json
import shutil
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from netzraum_platform.policy import CompiledPolicy
from netzraum_standalone import policy
from netzraum_standalone.policy import checks, publication
from netzraum_standalone.policy.bundle import Engine
from netzraum_standalone.policy.checks import Findings
from netzraum_standalone.policy.samples import Samples
from netzraum_standalone.servers import programs
from netzraum_standalone.servers.opa import SignedBundle

Edit = Callable[[Path, str, str], None]
ROLES = "netzraum/roles/data.yaml"
CEILINGS = "netzraum/ceilings/data.yaml"
RULES = "netzraum/authz/gates.rego"
BOARD = ("guest:\n    levels: {notices: read", "guest:\n    levels: {notices: none")


def edit(policies: Path, file: str, old: str, new: str) -> None:
    path = policies / "bundle" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def guest_reads_the_board(active: Path) -> bool:
    engine = Engine.of(active)
    samples = Samples(engine.data)
    asked = samples.question("content.notice.read", samples.membership("guest"), classification="internal")
    return bool(engine.ask("decision", asked)["allow"])


@pytest.fixture(scope="module")
def checked() -> dict[tuple[bool, str], Findings]:
    return {}


@pytest.fixture(autouse=True)
def each_policy_is_checked_once(monkeypatch: pytest.MonkeyPatch, checked: dict[tuple[bool, str], Findings]) -> None:
    """Many tests publish the same change, and thousands of questions tell each time what they told before."""

    def check(policies: Path, *, whole: bool = True) -> Findings:
        files = sorted(file for file in policies.rglob("*") if file.is_file())
        digest = hashlib.sha256(repr([(file.relative_to(policies), file.read_bytes()) for file in files]).encode())
        asked = (whole, digest.hexdigest())
        if asked not in checked:
            checked[asked] = checks.check(policies, whole=whole)
        return checked[asked]

    monkeypatch.setattr(publication, "check", check)


@pytest.fixture
def active(policies: Path, tmp_path: Path) -> Path:
    folder = tmp_path / "active"
    policy.install(policies, folder)
    return folder


@pytest.fixture
def without_opa(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(publication, "check", checks.check)  # another answer than with opa
    nowhere = programs.Program("no-such-opa", "NO_SUCH_OPA", (), command="make servers")
    for module in ("bundle", "checks"):
        monkeypatch.setattr(f"netzraum_standalone.policy.{module}.OPA", nowhere)


def test_the_policy_of_this_repository_may_go_live(policies: Path) -> None:
    found = policy.check(policies, whole=False)
    assert (found.errors, found.notes) == ([], [])
    assert found.module == (policies / "policy.wasm").read_bytes()


def test_a_change_against_the_matrix_is_noted(policies: Path) -> None:
    edit(policies, ROLES, *BOARD)
    table = policies / "bundle" / "netzraum" / "matrix" / "data.yaml"
    text = table.read_text()
    # Few things are enough to notice, and quicker asked about.
    table.write_text(text.replace(text[text.index("types: [notice") : text.index("poll]")], "types: [notice, "))
    found = policy.check(policies)
    assert found.errors == []
    assert "change it too if this is meant" in found.notes[0]


def test_the_policy_that_came_with_the_product_is_put_in_force_once(policies: Path, active: Path) -> None:
    first = policy.status(active)
    assert (first.by, first.previous, first.error) == ("netzraum", None, None)
    assert policy.install(policies, active) == first
    assert guest_reads_the_board(active)


def test_a_changed_data_file_goes_live_with_who_and_when(policies: Path, active: Path) -> None:
    before = policy.status(active)
    edit(policies, ROLES, *BOARD)
    policy.publish(policies, active, by="operator@demo.example")
    now = policy.status(active)
    assert not guest_reads_the_board(active)
    assert now.by == "operator@demo.example"
    assert now.previous == before.revision
    assert now.since >= before.since
    manifest = json.loads((active / "bundle" / ".manifest").read_text())
    assert manifest["revision"] == now.revision
    assert manifest["metadata"]["by"] == "operator@demo.example"


def test_what_is_published_are_rules_and_data_without_tests(active: Path) -> None:
    files = {file.name for file in (active / "bundle").rglob("*") if file.is_file()}
    assert "gates.rego" in files
    assert not any(name.endswith("_test.rego") for name in files)
    assert not (active / "bundle" / "netzraum" / "matrix").exists()


BROKEN = [
    (ROLES, "guest:\n", "guest\n", "could not find expected"),
    (ROLES, BOARD[0], "guest:\n    levels: {notices: raed", "'raed'"),
    (CEILINGS, "clearance: internal", "clearance: personal", "A guest never sees what is confidential or personal"),
    (RULES, "package netzraum.authz", "package netzraum authz", "rego_parse_error"),
    (RULES, "	profile.member\n", "	not profile.member\n", "opa test"),
]


@pytest.mark.parametrize(("file", "old", "new", "says"), BROKEN)
def test_a_broken_policy_changes_nothing_and_the_operator_is_told(
    file: str, old: str, new: str, says: str, policies: Path, active: Path
) -> None:
    before, target = policy.status(active), (active / "current").readlink()
    edit(policies, file, old, new)
    with pytest.raises(policy.PolicyRefused, match=says):
        policy.publish(policies, active, by="operator")
    after = policy.status(active)
    assert (active / "current").readlink() == target
    assert after.revision == before.revision
    assert after.error is not None
    assert says in after.error["message"]
    assert after.error["by"] == "operator"


def test_the_error_is_forgotten_when_a_policy_goes_live(policies: Path, active: Path) -> None:
    edit(policies, ROLES, BOARD[0], "guest:\n    levels: {notices: raed")
    with pytest.raises(policy.PolicyRefused):
        policy.publish(policies, active)
    edit(policies, ROLES, "notices: raed", "notices: none")
    policy.publish(policies, active)
    assert policy.status(active).error is None


def test_a_former_policy_comes_back(policies: Path, active: Path) -> None:
    first = policy.status(active)
    edit(policies, ROLES, *BOARD)
    policy.publish(policies, active)
    second = policy.status(active)
    policy.rollback(active, by="operator")
    assert guest_reads_the_board(active)
    assert policy.status(active).revision == first.revision
    assert policy.status(active).by == "operator"
    policy.rollback(active)
    assert policy.status(active).revision == second.revision


def test_there_may_be_nothing_to_go_back_to(active: Path, tmp_path: Path) -> None:
    for folder in (active, tmp_path / "empty"):
        with pytest.raises(policy.PolicyRefused, match="no former version"):
            policy.rollback(folder)


def test_a_policy_that_lies_there_as_plain_files_becomes_the_first_version(policies: Path, tmp_path: Path) -> None:
    plain = shutil.copytree(policies, tmp_path / "plain")
    edit(policies, ROLES, *BOARD)
    policy.publish(policies, plain, by="operator")
    assert policy.status(plain).previous == "1"
    assert not guest_reads_the_board(plain)
    policy.rollback(plain)
    assert policy.status(plain).revision == "1"
    assert guest_reads_the_board(plain)


def test_readers_never_find_half_a_policy(policies: Path, active: Path) -> None:
    """While versions are switched back and forth, every read finds one whole version."""
    edit(policies, ROLES, *BOARD)
    policy.publish(policies, active)
    stop, seen = threading.Event(), set()

    def read() -> None:
        while not stop.is_set():
            version = (active / "current").resolve()
            seen.add((json.loads((version / "bundle" / ".manifest").read_text())["revision"], version.name))

    reader = threading.Thread(target=read)
    reader.start()
    for _ in range(20):
        policy.rollback(active)
    stop.set()
    reader.join()
    assert all(revision == name for revision, name in seen)


async def test_a_running_engine_takes_what_is_published(policies: Path, active: Path) -> None:
    running = CompiledPolicy(active, "test")
    await running.start()
    first = running.revision
    edit(policies, ROLES, *BOARD)
    policy.publish(policies, active)
    await _eventually(lambda: running.revision == policy.status(active).revision)
    assert running.revision != first
    policy.rollback(active)
    await _eventually(lambda: running.revision == first)
    await running.stop()


async def _eventually(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not holds():
            await asyncio.sleep(0.05)


async def test_sidecars_get_a_signed_bundle(policies: Path, tmp_path: Path) -> None:
    bundle = SignedBundle(tmp_path / "active")
    await bundle.publish(policies / "bundle")
    edit(policies, ROLES, *BOARD)
    policy.publish(policies, tmp_path / "active", by="operator")
    with tarfile.open(bundle.archive) as archive:
        names = set(archive.getnames())
        manifest = json.load(archive.extractfile("/.manifest"))  # type: ignore[arg-type]  # None for a folder only
    assert "/.signatures.json" in names
    assert manifest["revision"] == policy.status(tmp_path / "active").revision


@pytest.mark.usefixtures("without_opa")
def test_without_opa_a_changed_data_file_goes_live(policies: Path, active: Path) -> None:
    edit(policies, ROLES, *BOARD)
    policy.publish(policies, active)
    assert not guest_reads_the_board(active)
    found = policy.check(policies)
    assert found.errors == []
    assert found.notes == ["opa is not on this machine: the rules are unchanged, their tests were not run"]


@pytest.mark.usefixtures("without_opa")
def test_without_opa_a_broken_data_file_is_refused(policies: Path, active: Path) -> None:
    edit(policies, CEILINGS, "clearance: internal", "clearance: personal")
    with pytest.raises(policy.PolicyRefused, match="A guest never sees"):
        policy.publish(policies, active)


@pytest.mark.usefixtures("without_opa")
def test_without_opa_changed_rules_say_how_to_get_it(policies: Path, active: Path) -> None:
    edit(policies, RULES, "profile.member", "profile.member == true")
    with pytest.raises(policy.PolicyRefused, match="make servers"):
        policy.publish(policies, active)


@pytest.mark.usefixtures("without_opa")
def test_without_opa_nothing_is_put_in_force_that_sidecars_would_miss(policies: Path, active: Path) -> None:
    (active / "signing-key.pem").write_text("a key")
    before = policy.status(active).revision
    with pytest.raises(policy.PolicyRefused, match="make servers"):
        policy.publish(policies, active)
    assert policy.status(active).revision == before


def test_changed_rules_are_compiled_and_go_live(policies: Path, active: Path) -> None:
    edit(policies, RULES, 'named in {"none", "mine"}', 'named in {"mine", "none", "any"}')
    policy.publish(policies, active)
    assert (active / "policy.wasm").read_bytes() != (policies / "policy.wasm").read_bytes()


def test_the_difference_says_who_loses_what(policies: Path) -> None:
    before = Engine.of(policies)
    edit(policies, ROLES, *BOARD)
    found = policy.compare(before, Engine.of(policies))
    assert {one.who for one in found} == {"guest"}
    assert {one.space_kind for one in found} == {"network", "body", "community"}
    assert {one.tool for one in found} == {"notices"}
    assert all(one.gains == () for one in found)
    internal = next(one for one in found if one.classification == "internal" and one.space_kind == "network")
    assert {"read", "acknowledge", "read (own, draft)"} <= set(internal.loses)


def test_the_difference_of_a_ceiling_shows_where_spaces_had_gone_up_to_it(policies: Path) -> None:
    before = Engine.of(policies)
    edit(policies, CEILINGS, "guest:\n    levels: {notices: read", "guest:\n    levels: {notices: none")
    found = policy.compare(before, Engine.of(policies))
    assert {one.who for one in found} == {"guest", "guest at the ceiling"}


def test_the_difference_knows_strangers(policies: Path) -> None:
    before = Engine.of(policies)
    edit(policies, ROLES, "visitor:\n    levels: {notices: read", "visitor:\n    levels: {notices: none")
    found = policy.compare(before, Engine.of(policies))
    assert {one.who for one in found} == {"stranger", "anonymous reader of a public page"}
    assert policy.compare(before, before) == []


def test_the_commands_say_what_happened(policies: Path, active: Path) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        result = CliRunner().invoke(policy.app, list(arguments), env={"COLUMNS": "200"})
        return result.exit_code, result.output

    here = ["--policies", str(policies), "--active", str(active)]
    assert run("diff", *here) == (0, "Nobody gains or loses anything.\n")
    edit(policies, ROLES, *BOARD)
    code, text = run("diff", *here)
    assert code == 0
    assert "guest" in text
    assert "0 gain" in text
    code, text = run("publish", *here, "--by", "operator")
    assert (code, "by operator" in text) == (0, True)
    edit(policies, ROLES, "notices: none", "notices: nothing")
    code, text = run("check", "--policies", str(policies))
    assert (code, "'nothing'" in text) == (1, True)
    code, text = run("publish", *here)
    assert (code, "'nothing'" in text) == (1, True)
    code, text = run("status", "--active", str(active))
    assert (code, "Failed at" in text) == (0, True)
    code, text = run("rollback", "--active", str(active))
    assert (code, "In force: 1-" in text) == (0, True)
    assert run("build", "--policies", str(policies))[0] == 0
    edit(policies, RULES, "package netzraum.authz", "package netzraum authz")
    code, text = run("build", "--policies", str(policies))
    assert (code, "rego_parse_error" in text) == (1, True)
