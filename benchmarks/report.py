"""What is measured, as it comes: printed row by row, and kept in a file that holds at any time what is known so far."""

import asyncio
import json
import os
import platform
import time
from collections.abc import Awaitable, Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeVar

from rich.console import Console
from rich.table import Table

ROW_S = 90.0
"""How long a row may take."""
FILLING_S = 180.0


@dataclass(frozen=True)
class Figure:
    """One measured figure, in ``unit``; ``wanted`` says what it should be. Without a value: why there is none."""

    what: str
    value: float | None
    unit: str = ""
    wanted: str = ""
    error: str = ""

    def __str__(self) -> str:
        return f"failed: {self.error}" if self.value is None else f"{self.value:.3g} {self.unit}".strip()


F = TypeVar("F", bound=Iterable[Figure])


class Report:
    """Gathers the figures. A row that fails is a figure without a value, and the next one goes on."""

    def __init__(self, target: Path) -> None:
        self._target = target
        self._figures: list[Figure] = []
        self._begun = time.perf_counter()

    @property
    def failed(self) -> bool:
        return any(figure.value is None for figure in self._figures)

    async def part(self, name: str, measuring: Awaitable[None]) -> None:
        """Measure a part, row by row. What ends it before its last row is its own row that failed."""
        print(f"{name}:", flush=True)
        started = time.perf_counter()
        try:
            await measuring
        except Exception as error:  # the other parts go on
            self.add([_failure(name, error)])
        print(f"{name}: {time.perf_counter() - started:.0f} s", flush=True)

    async def row(self, name: str, measuring: Awaitable[F]) -> F | None:
        """Measure a row; None where it fails or takes too long."""
        print(f"  {name} …", end=" ", flush=True)
        started = time.perf_counter()
        try:
            async with asyncio.timeout(ROW_S):
                figures = await measuring
        except Exception as error:  # the other rows go on
            print(f"{time.perf_counter() - started:.1f} s", flush=True)
            self.add([_failure(name, error)])
            return None
        print(f"{time.perf_counter() - started:.1f} s", flush=True)
        self.add(figures)
        return figures

    async def filling(self, what: str, filling: Awaitable[None]) -> None:
        """Wait until what the next rows need is there.

        Raises:
            TimeoutError: it takes too long.
        """
        print(f"  filling in {what} …", end=" ", flush=True)
        started = time.perf_counter()
        async with asyncio.timeout(FILLING_S):
            await filling
        print(f"{time.perf_counter() - started:.1f} s", flush=True)

    def add(self, figures: Iterable[Figure]) -> None:
        for figure in figures:
            self._figures.append(figure)
            print(f"    {figure.what}: {figure}", flush=True)
        self._write(whole=False)

    def end(self) -> None:
        """Print all as a table; the file says that the run reached its end."""
        table = Table("figure", "measured", "wanted")
        for figure in self._figures:
            table.add_row(figure.what, str(figure), figure.wanted)
        Console().print(table)
        self._write(whole=True)
        print(f"{time.perf_counter() - self._begun:.0f} s; {self._target}")

    def _write(self, *, whole: bool) -> None:
        machine = {"system": platform.platform(), "python": platform.python_version(), "cores": os.cpu_count()}
        took_s = round(time.perf_counter() - self._begun)
        figures = [asdict(each) for each in self._figures]
        self._target.parent.mkdir(exist_ok=True)
        content = {"machine": machine, "load": os.getloadavg(), "whole": whole, "took_s": took_s, "figures": figures}
        self._target.write_text(json.dumps(content, indent=2, ensure_ascii=False), encoding="utf-8")


def _failure(what: str, error: Exception) -> Figure:
    late = "took too long" if isinstance(error, TimeoutError) else type(error).__name__
    return Figure(what, None, error=str(error) or late)
