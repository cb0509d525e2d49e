"""The catalogues of the page.

python -m netzraum_gateway.locale_build            compile every .po into a .mo beside it
python -m netzraum_gateway.locale_build --update   take new texts of the templates over into every .po
"""

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

PACKAGE = Path(__file__).parent
LOCALE = PACKAGE / "locale"
DOMAIN = "netzraum"
WIDTH = 120
METHODS = [("templates/**.html", "jinja2"), ("**.py", "python")]
OPTIONS = {"templates/**.html": {"trimmed": "true", "extensions": "jinja2.ext.do"}}
KEYWORDS: dict[str, Any] = {"_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2), "msg": None, "_gettext": None}


def extracted() -> Catalog:
    """All texts of templates, label tables and formats."""
    catalog = Catalog(project="Netzraum", charset="utf-8", fuzzy=False)
    found = extract_from_dir(str(PACKAGE), METHODS, OPTIONS, KEYWORDS, directory_filter=lambda _folder: True)
    for file, _line, message, comments, context in sorted(found, key=lambda hit: (hit[0], hit[1])):
        catalog.add(message, None, [(file, 0)], auto_comments=comments, context=context)
    return catalog


def catalogues() -> Iterator[Path]:
    return LOCALE.glob(f"*/LC_MESSAGES/{DOMAIN}.po")


def load(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name, domain=DOMAIN)


def update() -> None:
    template = extracted()
    for path in catalogues():
        catalog = load(path)
        catalog.update(template, no_fuzzy_matching=True)
        catalog.obsolete.clear()
        with path.open("wb") as file:
            write_po(file, catalog, width=WIDTH, no_location=True, omit_header=False, sort_output=True)


def compile_all() -> None:
    """Several processes may do this at the same time; none reads half a file."""
    for path in catalogues():
        part = path.with_suffix(f".{os.getpid()}.part")
        with part.open("wb") as file:
            write_mo(file, load(path))
        part.replace(path.with_suffix(".mo"))


if __name__ == "__main__":
    if "--update" in sys.argv:
        update()
    compile_all()
