"""Who can see an item, summed up for the panel beside it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from netzraum_gateway.formats import institution


@dataclass(frozen=True)
class Audience:
    """`roles` counts people by role, most first; `mine` is my own row, None where I am not a member."""

    people: int
    institutions: int
    roles: list[tuple[str, int]]
    mine: Mapping[str, Any] | None


def summary(access: Iterable[Mapping[str, Any]], account: str) -> Audience:
    """`access` is the list that `GET …/{id}/access` answers with."""
    rows = list(access)
    seen = [row for row in rows if row["visible"]]
    roles = Counter(str(row["role"]) for row in seen)
    return Audience(
        people=len(seen),
        institutions=len({institution(row["account"]["institution"]) for row in seen}),
        roles=roles.most_common(),
        mine=next((row for row in seen if row["account"]["id"] == account), None),
    )
