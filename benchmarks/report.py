"""What is printed and written."""

import json
import os
import platform
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table

TARGET = Path("build/benchmarks.json")


@dataclass(frozen=True)
class Figure:
    """One measured figure, in ``unit``; ``wanted`` says what it should be."""

    what: str
    value: float
    unit: str
    wanted: str


def show(figures: Iterable[Figure]) -> None:
    table = Table("figure", "measured", "wanted")
    for figure in figures:
        table.add_row(figure.what, f"{figure.value:.3g} {figure.unit}", figure.wanted)
    Console().print(table)


def write(figures: Iterable[Figure]) -> None:
    TARGET.parent.mkdir(exist_ok=True)
    machine = {"system": platform.platform(), "python": platform.python_version(), "cores": os.cpu_count()}
    TARGET.write_text(json.dumps({"machine": machine, "figures": [asdict(each) for each in figures]}, indent=2))
