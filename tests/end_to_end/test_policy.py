"""A changed policy goes live without a restart, in all spaces; a broken one changes nothing."""

import shutil
from pathlib import Path

import pytest

from netzraum_standalone.demo.client import until
from tests.end_to_end.installations import POLICIES, Installation
from tests.end_to_end.people import Network


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """A copy of the policy, to be changed."""
    copy = tmp_path / "policies"
    shutil.copytree(POLICIES, copy)
    return copy


def edit(policies: Path, name: str, before: str, after: str) -> None:
    file = policies / "bundle" / "netzraum" / name / "data.yaml"
    text = file.read_text(encoding="utf-8")
    assert before in text
    file.write_text(text.replace(before, after), encoding="utf-8")


def keep_guests_from_the_board(policies: Path) -> None:
    """By the ceiling of guests, in all kinds of space."""
    edit(
        policies,
        "ceilings",
        "levels: {notices: read, records: read, calendar: contribute",
        "levels: {notices: none, records: read, calendar: contribute",
    )


async def test_a_published_policy_is_in_force_without_a_restart(
    installation: Installation, network: Network, changed: Path
) -> None:
    guest, board = network.people["guest"], f"spaces/{network.space}/notices"
    assert await guest.status("GET", board) == 200
    before = await network.operator.get("operator/policy")
    keep_guests_from_the_board(changed)
    await installation.command("policy", "publish", "--policies", str(changed), "--by", "Revision")

    async def status_is(expected: int) -> bool:
        return await guest.status("GET", board) == expected

    async def operator_reads(name: str, expected: str) -> bool:
        """Each service has a sidecar of its own, which takes a bundle when it next asks for it."""
        return bool((await network.operator.get("operator/policy"))[name] == expected)

    try:
        await until(lambda: status_is(403), "the guest to be kept from the board")
        await until(lambda: operator_reads("by", "Revision"), "the operator to read who published")
        assert (await network.operator.get("operator/policy"))["error"] is None
    finally:
        await installation.command("policy", "rollback")
    await until(lambda: status_is(200), "the guest to be let in again")
    await until(lambda: operator_reads("revision", before["revision"]), "the operator to read the former revision")


async def test_a_broken_policy_changes_nothing_and_the_operator_reads_why(
    installation: Installation, network: Network, changed: Path
) -> None:
    before = await network.operator.get("operator/policy")
    edit(changed, "roles", "network:", "network: [")
    with pytest.raises(AssertionError, match="Error"):
        await installation.command("policy", "publish", "--policies", str(changed))
    after = await network.operator.get("operator/policy")
    assert after["revision"] == before["revision"]
    assert after["error"]
    assert await network.people["guest"].status("GET", f"spaces/{network.space}/notices") == 200
