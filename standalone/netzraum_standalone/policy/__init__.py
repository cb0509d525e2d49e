"""``netzraum policy``: check a changed policy, see what it changes for whom, put it in force, take it back."""

from netzraum_standalone.policy.checks import Findings, check
from netzraum_standalone.policy.commands import app
from netzraum_standalone.policy.differences import Difference, compare
from netzraum_standalone.policy.publication import PolicyRefused, Status, install, publish, rollback, status

__all__ = [
    "Difference",
    "Findings",
    "PolicyRefused",
    "Status",
    "app",
    "check",
    "compare",
    "install",
    "publish",
    "rollback",
    "status",
]
