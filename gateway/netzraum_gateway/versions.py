"""The access versions of spaces that this process has heard of: from events and out of the services' answers.

Sent with every request as ``Netzraum-Access``, they keep a service that is behind from answering with what was.
"""

import time
import uuid
from collections.abc import Mapping

HEADER = "netzraum-access"
RECENT_S = 60.0
MOST_RECENT = 100
MOST_KEPT = 100_000


class AccessVersions:
    """The highest version per space."""

    def __init__(self) -> None:
        self._versions: dict[uuid.UUID, tuple[int, float]] = {}

    def learn(self, space: uuid.UUID, version: int) -> None:
        known = self._versions.get(space, (0, 0.0))
        if version > known[0]:
            self._versions.pop(space, None)  # the newest stand at the end
            self._versions[space] = (version, time.monotonic())
        if len(self._versions) > MOST_KEPT:
            del self._versions[next(iter(self._versions))]

    def learn_header(self, header: str) -> None:
        for space, version in _parse(header).items():
            self.learn(space, version)

    def changed_at(self, space: uuid.UUID) -> float:
        """When a version of the space was learned that was newer than what was known (monotonic, in seconds)."""
        return self._versions.get(space, (0, 0.0))[1]

    def header_for(self, space: uuid.UUID | None) -> str | None:
        """What to send with a request for a space; without one, of all spaces that changed within the last minute."""
        if space is None:
            return self._recent() or None
        known = self._versions.get(space)
        return f"{space}={known[0]}" if known else None

    def _recent(self) -> str:
        since = time.monotonic() - RECENT_S
        recent: list[str] = []
        for space, (version, at) in reversed(self._versions.items()):
            if at < since or len(recent) == MOST_RECENT:
                break
            recent.append(f"{space}={version}")
        return ", ".join(recent)


def _parse(header: str) -> Mapping[uuid.UUID, int]:
    """``<space>=<version>, …``; what is not readable is left out."""
    versions = {}
    for part in header.split(","):
        space, _, version = part.strip().partition("=")
        try:
            versions[uuid.UUID(space)] = int(version)
        except ValueError:
            continue
    return versions
