"""What differs between two revisions: by lines, and in a line that was changed by words."""

import difflib
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from netzraum_content.wiki.merging import Lines

AROUND = 3
"""Unchanged lines that are shown before and after each change."""
MOST_PAIRS = 500_000
"""Pairs of equal words that are weighed in one comparison."""
ALIKE = 0.4
"""From here on a line that was taken out and one that was put in are one line that was changed."""
_WORDS = re.compile(r"\w+|\s+|[^\w\s]")

Op = Literal["keep", "add", "remove"]


@dataclass(frozen=True)
class Words:
    op: Op
    text: str


@dataclass(frozen=True)
class Hunk:
    """A line, or an unchanged stretch of ``lines`` that is left out; see schemas.HunkView."""

    op: Op
    text: str
    old_line: int | None = None
    new_line: int | None = None
    lines: int | None = None
    words: list[Words] | None = None


def hunks(before: str, after: str) -> list[Hunk]:
    """From ``before`` to ``after``."""
    old, new = before.split("\n"), after.split("\n")
    compare, found = WordByWord(), list[Hunk]()
    at_old = at_new = 0
    for in_old, in_new, size in Lines(None, old, new).get_matching_blocks():
        found += _changed(old[at_old:in_old], new[at_new:in_new], at_old, at_new, compare)
        ends = in_old + size == len(old) and in_new + size == len(new)
        found += _kept(old[in_old : in_old + size], in_old, in_new, AROUND if found else 0, 0 if ends else AROUND)
        at_old, at_new = in_old + size, in_new + size
    return found


def _kept(lines: Sequence[str], old: int, new: int, head: int, tail: int) -> Iterator[Hunk]:
    """Unchanged lines; of more than six in a row, those around a change."""
    if len(lines) <= 2 * AROUND:
        head, tail = len(lines), 0
    left_out = range(head, len(lines) - tail)
    for number, line in enumerate(lines, 1):
        if number - 1 not in left_out:
            yield Hunk("keep", line, old + number, new + number)
        elif number - 1 == left_out.start:
            yield Hunk("keep", "", old + number, new + number, lines=len(left_out))


def _changed(removed: Sequence[str], added: Sequence[str], old: int, new: int, compare: "WordByWord") -> Iterator[Hunk]:
    """Lines that were replaced; where they are as many, each is compared with the one across."""
    pairs = [compare(*pair) for pair in zip(removed, added, strict=True)] if len(removed) == len(added) else []
    for number, line in enumerate(removed):
        yield Hunk("remove", line, old_line=old + number + 1, words=pairs[number][0] if pairs else None)
    for number, line in enumerate(added):
        yield Hunk("add", line, new_line=new + number + 1, words=pairs[number][1] if pairs else None)


class WordByWord:
    """Compares pairs of lines by words, for as long as that costs little."""

    def __init__(self) -> None:
        self._left = MOST_PAIRS

    def __call__(self, before: str, after: str) -> tuple[list[Words] | None, list[Words] | None]:
        """The pieces of both lines; nothing where they have too little in common, or comparing costs too much."""
        old, new = _WORDS.findall(before), _WORDS.findall(after)
        times = Counter(new)
        pairs = sum(times[word] for word in old)
        if pairs > self._left:
            return None, None
        self._left -= pairs
        matcher = difflib.SequenceMatcher(None, old, new, autojunk=False)
        if matcher.ratio() < ALIKE:
            return None, None
        codes = matcher.get_opcodes()
        was = [Words("keep" if op == "equal" else "remove", "".join(old[a:b])) for op, a, b, _c, _d in codes if a < b]
        now = [Words("keep" if op == "equal" else "add", "".join(new[c:d])) for op, _a, _b, c, d in codes if c < d]
        return was, now
