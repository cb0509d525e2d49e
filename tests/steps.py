"""The cost of a piece of work, whatever else the machine does."""

import sys
from collections.abc import Callable
from types import FrameType
from typing import Self


class Steps:
    """Counts the functions that are called within the block; with ``built_in`` those of the interpreter too."""

    def __init__(self, *, built_in: bool = False) -> None:
        self.number = 0
        self._counted = ("call", "c_call") if built_in else ("call",)

    def __enter__(self) -> Self:
        sys.setprofile(self._count)
        return self

    def __exit__(self, *_error: object) -> None:
        sys.setprofile(None)

    def _count(self, _frame: FrameType, what: str, _argument: object) -> None:
        self.number += what in self._counted


def steps(work: Callable[[], object], *, built_in: bool = False) -> int:
    """How many functions a piece of work calls."""
    with Steps(built_in=built_in) as counted:
        work()
    return counted.number
