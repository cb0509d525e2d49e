"""What no policy may break: each sentence holds for the policy of this repository, and each can be broken."""

from pathlib import Path
from typing import Any

import pytest

from netzraum_platform.policy import read_data
from netzraum_standalone.policy.bundle import Engine
from netzraum_standalone.policy.invariants import INVARIANTS, Invariant, allowed, broken
from netzraum_standalone.policy.samples import Samples
from netzraum_standalone.policy.words import unknown_words
from tests.policy.conftest import POLICIES


def test_the_policy_breaks_none(engine: Engine) -> None:
    assert broken(engine) == []


EVERYTHING = {"allow": True, "actions": ["read", "create", "update", "delete"], "obligations": [], "reasons": []}
NOTHING = {"allow": False, "actions": [], "obligations": [], "reasons": []}


@pytest.mark.parametrize("invariant", INVARIANTS, ids=lambda invariant: invariant.says)
def test_an_invariant_notices_a_policy_that_allows_or_refuses_everything(invariant: Invariant, engine: Engine) -> None:
    assert list(invariant.questions(Samples(engine.data)))
    assert not invariant.holds(NOTHING if invariant.holds is allowed else EVERYTHING)


# Where in the data, what stands there instead, and the sentence that it breaks.
BREAKING = [
    (("ceilings", "network", "guest", "clearance"), "personal", "A guest never sees"),
    (("classifications", "personal", "second_factor"), False, "Personal data need a second factor"),
    (("classifications", "confidential", "channels"), ["web", "mail"], "Nothing confidential or personal goes by mail"),
    (("classifications", "personal", "obligations", "read"), [], "Reading personal data is audited"),
    (("classifications", "personal", "obligations", "write"), ["needs_purpose"], "Personal data have a purpose"),
    (("classifications", "personal", "moves"), True, "Personal data never move"),
    (("roles", "network", "coordinator", "must_remain"), False, "The last coordinator stays"),
    (("roles", "network", "coordinator", "levels", "members"), "read", "A coordinator can take members in"),
    (("actions", "kinds", "read", "others", "read"), ["published", "draft"], "Drafts are their author's alone"),
    (("actions", "kinds", "change", "reads"), True, "A token without `write` changes nothing"),
    (("actions", "kinds", "approve", "operator"), [], "The operator can approve institutions"),
]


def put(data: dict[str, Any], place: tuple[str, ...], value: Any) -> None:
    for name in place[:-1]:
        data = data[name]
    data[place[-1]] = value


def broken_by(says: str, changes: dict[tuple[str, ...], Any]) -> list[str]:
    """What breaks of the sentences that begin so, when the data files say this."""
    data = read_data(POLICIES / "bundle")
    for place, value in changes.items():
        put(data["netzraum"], place, value)
    engine = Engine((POLICIES / "policy.wasm").read_bytes(), data)
    return broken(engine, [invariant for invariant in INVARIANTS if invariant.says.startswith(says)])


@pytest.mark.parametrize(("place", "value", "says"), BREAKING)
def test_a_data_file_that_breaks_one_is_found(place: tuple[str, ...], value: Any, says: str) -> None:
    assert broken_by(says, {place: value})


def test_opening_a_classification_for_strangers_takes_two_changes_and_is_found() -> None:
    opened: dict[tuple[str, ...], Any] = {("classifications", "internal", "open"): True}
    cleared: dict[tuple[str, ...], Any] = {
        ("roles", kind, "visitor", "clearance"): "internal" for kind in ("network", "body", "community")
    }
    assert broken_by("Whoever is no member", opened) == []
    assert broken_by("Whoever is no member", cleared) == []
    assert broken_by("Whoever is no member", opened | cleared)


MISSPELT = [
    (("roles", "network", "guest", "levels", "notices"), "raed", "roles: network, guest: notices has the level 'raed'"),
    (("roles", "network", "guest", "levels", "notice"), "read", "roles: network, guest: there is no tool 'notice'"),
    (("ceilings", "body", "member", "clearance"), "secret", "ceilings: body, member: there is no classification"),
    (
        ("classifications", "internal", "channels"),
        ["letter"],
        "classifications: internal: there is no channel",
    ),
    (("classifications", "internal", "rank"), "1", "classifications: internal: rank is '1'"),
    (("actions", "channels", "web"), ["reed"], "actions: channel web: there is no scope ['reed']"),
    (("actions", "kinds", "read", "own"), {"look": []}, "actions: kind read: there is no level 'look'"),
    (
        ("actions", "types", "notice", "verbs", "pin"),
        "mange",
        "actions: notice.pin: there is no kind of action",
    ),
    (("actions", "types", "notice", "verbs"), {"pin": "manage"}, "actions: notice: nothing says who reads it"),
    (("roles", "castle"), {}, "roles: roles and ceilings name different kinds of space"),
    (("roles", "network", "guest"), {}, "a data file lacks a part or has it in the wrong place: KeyError('levels')"),
]


@pytest.mark.parametrize(("place", "value", "says"), MISSPELT)
def test_a_misspelt_word_is_named_with_its_place(place: tuple[str, ...], value: Any, says: str) -> None:
    data = read_data(POLICIES / "bundle")["netzraum"]
    assert unknown_words(data) == []
    put(data, place, value)
    assert any(word.startswith(says) for word in unknown_words(data)), unknown_words(data)


def test_the_data_files_are_read_as_opa_reads_them(tmp_path: Path, engine: Engine) -> None:
    assert {"roles", "ceilings", "classifications", "actions", "matrix"} == engine.data["netzraum"].keys()
