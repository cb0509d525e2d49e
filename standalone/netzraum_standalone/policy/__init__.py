"""``netzraum policy``: check a changed policy, see what it changes for whom, put it in force, take it back."""

from netzraum_standalone.policy.checks import Findings, check
from netzraum_standalone.policy.commands import app
from netzraum_standalone.policy.differences import Difference, compare, compare_in_spaces
from netzraum_standalone.policy.holders import holders_in
from netzraum_standalone.policy.publication import PolicyRefused, Status, install, publish, rollback, status

__all__ = [
    "Difference",
    "Findings",
    "PolicyRefused",
    "Status",
    "app",
    "check",
    "compare",
    "compare_in_spaces",
    "holders_in",
    "install",
    "publish",
    "rollback",
    "status",
]
