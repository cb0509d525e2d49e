"""By what the occurrences of a view are coloured, and the letters that say the same without colours."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from operator import itemgetter
from typing import Any

from netzraum_gateway.calendar.entries import Occurrence
from netzraum_gateway.formats import initials

WITHOUT = "blau"
HUES = ("violett", "gruen", "orange", "grau", "rot", "tuerkis", "gelb", "limette")
"""Neighbours are told apart best; after the last they come again, with another edge."""


@dataclass(frozen=True)
class Colours:
    """Each is coloured by its space, or by its first category.

    ``names``: what all spaces or categories are called, by their keys, in the order in which they came into use: so
    nothing new takes away a colour.
    """

    by_space: bool
    names: Mapping[str, str]

    def key(self, occurrence: Occurrence) -> str:
        """What it is coloured by; nothing where it has no category."""
        if self.by_space:
            return str(occurrence["space"])
        return next(iter(occurrence["categories"]), "")

    def classes(self, key: str) -> str:
        """One colour for each, and one of its own for what has none."""
        return self._classes.get(key, f"nr-hue--{WITHOUT}")

    def letters(self, key: str) -> str:
        return initials(self.names.get(key, ""))

    @cached_property
    def _classes(self) -> Mapping[str, str]:
        rounds = {key: divmod(place, len(HUES)) for place, key in enumerate(self.names)}
        return {
            key: f"nr-hue--{HUES[hue]}" + (" nr-hue--again" if again else "") for key, (again, hue) in rounds.items()
        }


def by_category(categories: Iterable[str]) -> Colours:
    return Colours(by_space=False, names={name: name for name in categories})


def by_space(spaces: Iterable[Mapping[str, Any]]) -> Colours:
    """Their ids are in the order in which the spaces were founded (UUIDv7)."""
    return Colours(by_space=True, names={space["id"]: space["name"] for space in sorted(spaces, key=itemgetter("id"))})
