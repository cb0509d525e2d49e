"""What a changed policy would give to, and take from, the members that there are."""

import asyncio
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from netzraum_standalone import policy
from netzraum_standalone.policy.bundle import Engine
from tests.harness import POLICIES
from tests.spaces.conftest import Network

READS_THE_BOARD = "guest:\n    levels: {notices: read"


@pytest.fixture
def stricter(tmp_path: Path) -> Path:
    """The policy with guests that do not read the notice board."""
    changed = shutil.copytree(POLICIES, tmp_path / "policies")
    roles = changed / "bundle/netzraum/roles/data.yaml"
    text = roles.read_text(encoding="utf-8")
    assert text.count(READS_THE_BOARD) == 3
    roles.write_text(text.replace(READS_THE_BOARD, READS_THE_BOARD.replace("read", "none")), encoding="utf-8")
    return changed


@pytest.fixture
async def spaces_with_guests(network: Network) -> tuple[str, str]:
    """A network with two guests and a former one, and a body that keeps the board from its one guest by itself."""
    coordinator = network.coordinator
    for name in ("Gast eins", "Gast zwei"):
        await network.region.take_in(coordinator, network.id, "guest", name)
    _, former = await network.region.take_in(coordinator, network.id, "guest", "Gast drei")
    await coordinator.send("DELETE", f"{network.path}/members/{former['id']}", if_match="*")
    body = await network.body()
    await network.region.take_in(coordinator, body, "guest", "Gast vier")
    roles = (await coordinator.get(f"spaces/{body}/roles"))["items"]
    guest = next(role for role in roles if role["name"] == "guest")
    rights = {"levels": {"notices": "none"}, "clearance": guest["clearance"]}
    set_by_itself = {"title": guest["title"], "base": "guest", **rights}
    await coordinator.change(f"spaces/{body}/roles/guest", set_by_itself, method="PUT")
    return network.id, body


async def test_it_counts_the_members_of_each_space_who_lose_something(
    spaces_with_guests: tuple[str, str], stricter: Path, database_url: str
) -> None:
    network, _body = spaces_with_guests
    holders = await policy.holders_in(database_url)
    assert {(each.name, each.role): each.count for each in holders} == {
        ("agentur mark GmbH", "coordinator"): 1,
        ("agentur mark GmbH", "guest"): 2,
        ("Steuerkreis", "coordinator"): 1,
        ("Steuerkreis", "guest"): 1,
    }
    found = policy.compare_in_spaces(Engine.of(POLICIES), Engine.of(stricter), holders)
    assert {(str(one.holders.space), one.holders.role, one.holders.count) for one in found} == {(network, "guest", 2)}
    assert {one.tool for one in found} == {"notices"}
    assert all(one.gains == () for one in found)
    internal = next(one for one in found if one.classification == "internal")
    assert "read" in internal.loses
    gained = policy.compare_in_spaces(Engine.of(stricter), Engine.of(POLICIES), holders)
    assert [one.gains for one in gained] == [one.loses for one in found]


async def test_the_command_says_it_for_each_space(
    spaces_with_guests: tuple[str, str], stricter: Path, database_url: str
) -> None:
    network, _body = spaces_with_guests
    arguments = ["diff", "--policies", str(stricter), "--active", str(POLICIES), "--database", database_url]
    result = await asyncio.to_thread(CliRunner(env={"COLUMNS": "250"}).invoke, policy.app, arguments)
    assert result.exit_code == 0, result.output
    assert f"agentur mark GmbH ({network}): 0 gain, 2 lose." in result.output
    assert "Steuerkreis (" not in result.output
