"""Two texts compared line by line, as the pages show it.

A line is ``{op: keep | add | remove, text, old_line, new_line, words, lines}``, as the API answers it; ``lines`` stands
for so many that are the same in both and left out.
"""

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from itertools import groupby, zip_longest
from typing import Any

Line = Mapping[str, Any]
CONTEXT = 3
"""So many equal lines are shown around each that differs."""


def paired(lines: Sequence[Line]) -> list[tuple[Line | None, Line | None]]:
    """Old and new side by side: what was added stands beside what was removed in its place."""
    rows: list[tuple[Line | None, Line | None]] = []
    for same, group in groupby(lines, key=lambda line: line["op"] == "keep"):
        place = list(group)
        if same:
            rows += [(line, line) for line in place]
        else:
            rows += zip_longest(_of(place, "remove"), _of(place, "add"))
    return rows


def counted(lines: Sequence[Line]) -> dict[str, int]:
    """In how many places the texts differ, and by how many lines."""
    places = [same for same, _ in groupby(lines, key=lambda line: line["op"] == "keep") if not same]
    return {"places": len(places), "added": len(_of(lines, "add")), "removed": len(_of(lines, "remove"))}


def compared(old: str, new: str) -> list[Line]:
    """Two texts of which one is no revision; without the words within a line."""
    before, after = old.splitlines(), new.splitlines()
    lines: list[Line] = []
    end = 0
    for group in SequenceMatcher(None, before, after).get_grouped_opcodes(CONTEXT):
        if (left_out := group[0][1] - end) > 0:
            lines.append(_left_out(left_out))
        for op, old_start, old_end, new_start, new_end in group:
            if op == "equal":
                lines += [
                    _kept(before[old_start + n], old_start + n, new_start + n) for n in range(old_end - old_start)
                ]
            else:
                lines += [_differs("remove", before[n], n) for n in range(old_start, old_end)]
                lines += [_differs("add", after[n], n) for n in range(new_start, new_end)]
        end = group[-1][2]
    if (left_out := len(before) - end) > 0:
        lines.append(_left_out(left_out))
    return lines


def _of(lines: Sequence[Line], op: str) -> list[Line]:
    return [line for line in lines if line["op"] == op]


def _kept(text: str, old: int, new: int) -> Line:
    return {"op": "keep", "text": text, "old_line": old + 1, "new_line": new + 1, "words": None, "lines": None}


def _differs(op: str, text: str, number: int) -> Line:
    place = {"old_line": number + 1, "new_line": None} if op == "remove" else {"old_line": None, "new_line": number + 1}
    return {"op": op, "text": text, "words": None, "lines": None, **place}


def _left_out(number: int) -> Line:
    return {"op": "keep", "text": "", "old_line": None, "new_line": None, "words": None, "lines": number}
