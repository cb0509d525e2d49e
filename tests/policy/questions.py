"""Questions as hypothesis draws them: any role with any overrides, any log-in, any way in."""

from typing import Any

from hypothesis import strategies as st

from netzraum_contracts.tools import TOOLS
from netzraum_standalone.policy.samples import NOW

LEVELS = st.sampled_from(["none", "read", "contribute", "manage"])
CLASSIFICATIONS = ["public", "internal", "confidential", "personal"]
EVERY_TOOL = [*TOOLS, "audit", "policy"]
BASES = ["coordinator", "moderator", "member", "guest", "auditor"]
TIMES = st.one_of(st.none(), st.integers(min_value=NOW - 2, max_value=NOW + 2))


@st.composite
def overrides(draw: st.DrawFn) -> dict[str, Any]:
    changed: dict[str, Any] = {"levels": draw(st.dictionaries(st.sampled_from(EVERY_TOOL), LEVELS, max_size=6))}
    if clearance := draw(st.one_of(st.none(), st.sampled_from(CLASSIFICATIONS))):
        changed["clearance"] = clearance
    return changed


@st.composite
def memberships(draw: st.DrawFn) -> dict[str, Any]:
    base = draw(st.sampled_from(BASES))
    return {
        "space_kind": draw(st.sampled_from(["network", "body", "community"])),
        "role": draw(st.sampled_from([base, "Berufsberatung"])),
        "base": base,
        "overrides": draw(overrides()),
        "from": draw(TIMES),
        "until": draw(TIMES),
    }


@st.composite
def listings(draw: st.DrawFn) -> dict[str, Any]:
    """A question for visibility."""
    return {
        "subject": {
            "account": "a",
            "institution": "i",
            "operator": draw(st.integers(0, 9)) == 0,
            "second_factor": draw(st.booleans()),
            "scopes": draw(st.sampled_from([["read", "write"], ["read"], ["feed"], ["dav"], []])),
        },
        "memberships": draw(st.lists(memberships(), min_size=1, max_size=3)),
        "tools": draw(st.lists(st.sampled_from(EVERY_TOOL), min_size=1, max_size=3, unique=True)),
        "context": {
            "channel": draw(st.sampled_from(["web", "api", "feed", "dav", "mail", "push", "export"])),
            "now": NOW,
            "access_age_s": draw(st.sampled_from([0, 15, 45, 100, 1000, 10000])),
        },
    }
