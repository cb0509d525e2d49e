"""Which policy is in force, since when, by whom, and what kept a later one from it: for the operator's page.

`netzraum policy publish` notes it in the folder of the policy in force (``active.json``, ``last_error.json``), and in
the bundle's manifest, which travels to sidecars.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson


@dataclass(frozen=True)
class Publication:
    """``since`` and ``by`` are None for the policy that came with the product."""

    revision: str
    since: datetime | None
    by: str | None
    error: str | None


def publication(
    revision: str, metadata: Mapping[str, Any], folder: Path | None, engine_error: str | None = None
) -> Publication:
    """What is known of the revision in force, from its manifest's metadata and the folder that it was published in."""
    noted = _read(folder / "active.json") if folder is not None else {}
    known = noted if noted.get("revision") == revision else metadata
    since = known.get("since")
    return Publication(
        revision=revision,
        since=datetime.fromisoformat(since) if since else None,
        by=known.get("by"),
        error=engine_error or (_last_error(folder) if folder is not None else None),
    )


def _last_error(folder: Path) -> str | None:
    error = _read(folder / "last_error.json")
    return "{at} ({by}): {message}".format_map(error) if error else None


def _read(file: Path) -> dict[str, Any]:
    return dict(orjson.loads(file.read_bytes())) if file.exists() else {}
