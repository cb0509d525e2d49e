"""All words that templates take: labels.py, sentences.py and the labels.py of each folder."""

from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

from netzraum_gateway import labels, sentences

PACKAGE = Path(__file__).parent


@cache
def tables() -> dict[str, dict[Any, Any]]:
    """Every table by its name. Where several modules have one of the same name (FIELDS), they make one."""
    together: dict[str, dict[Any, Any]] = {}
    for name, table in _all():
        together[name] = {**together.get(name, {}), **table}
    return together


def _all() -> list[tuple[str, dict[Any, Any]]]:
    folders = sorted(path.parent.name for path in PACKAGE.glob("*/labels.py"))
    modules = [labels, sentences, *(import_module(f"{__package__}.{folder}.labels") for folder in folders)]
    named = ((name, table) for module in modules for name, table in vars(module).items())
    return [(name, table) for name, table in named if name.isupper() and isinstance(table, dict)]
