"""Texts line by line: merged where two people changed the same one."""

import difflib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from merge3 import Merge3

LONGEST_COMPARED = 3000
"""Lines between the first and the last difference; more than that all count as changed: comparing is quadratic."""


@dataclass(frozen=True)
class Written:
    """What somebody can write in a page."""

    title: str
    text: str


class Clash(Exception):
    """Both changed the same lines."""


class Lines:
    """Which lines two texts share; takes what ``difflib.SequenceMatcher`` takes, in bounded time."""

    def __init__(
        self,
        isjunk: Callable[[str], bool] | None = None,
        a: Sequence[str] = "",
        b: Sequence[str] = "",
        autojunk: bool = True,
    ) -> None:
        self._a, self._b = a, b

    def get_matching_blocks(self) -> list[tuple[int, int, int]]:
        """(place in a, place in b, how many), in order; an empty one ends it."""
        a, b = self._a, self._b
        shorter = min(len(a), len(b))
        head = next((number for number in range(shorter) if a[number] != b[number]), shorter)
        rest = shorter - head
        tail = next((number for number in range(rest) if a[-1 - number] != b[-1 - number]), rest)
        blocks = [(0, 0, head), *self._between(head, len(a) - tail, len(b) - tail)]
        blocks.append((len(a) - tail, len(b) - tail, tail))
        return [block for block in blocks if block[2]] + [(len(a), len(b), 0)]

    def _between(self, start: int, end_a: int, end_b: int) -> list[tuple[int, int, int]]:
        if max(end_a, end_b) - start > LONGEST_COMPARED:
            return []
        matcher = difflib.SequenceMatcher(None, self._a[start:end_a], self._b[start:end_b])
        return [(start + a, start + b, size) for a, b, size in matcher.get_matching_blocks()]


def merge(base: Written, mine: Written, theirs: Written) -> Written:
    """Both people's changes since ``base``.

    Raises:
        Clash: both changed the title, or the same lines or neighbouring ones, and not alike.
    """
    return Written(_merge_title(base.title, mine.title, theirs.title), _merge_text(base.text, mine.text, theirs.text))


def _merge_title(base: str, mine: str, theirs: str) -> str:
    if mine in (base, theirs):
        return theirs
    if theirs != base:
        raise Clash
    return mine


def _merge_text(base: str, mine: str, theirs: str) -> str:
    if mine in (base, theirs):
        return theirs
    if theirs == base:
        return mine
    matcher: Any = Lines  # a block is a plain tuple here, which merge3 takes too
    merged: list[str] = []
    groups = Merge3(base.split("\n"), mine.split("\n"), theirs.split("\n"), sequence_matcher=matcher).merge_groups()
    for kind, *lines in groups:
        if kind == "conflict":
            raise Clash
        merged += lines[0]
    return "\n".join(merged)
