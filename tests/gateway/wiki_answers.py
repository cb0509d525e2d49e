"""Answers of the API about the wiki, as examples for the pages."""

from typing import Any

from netzraum_gateway.wiki.comparison import compared
from tests.gateway.answers import AUTHOR, COUNTS, CREATABLE, NETWORK, person

KOESTER: dict[str, Any] = {**person("0193-ak", "Andrea Köster", "Cuno-Berufskolleg Hagen"), "opened_at": None}
BERGMANN = person("0193-rb", "Ralf Bergmann", "Schulamt Ennepe-Ruhr-Kreis")
OPENED: dict[str, Any] = {**BERGMANN, "opened_at": "2026-11-24T09:32:00+00:00"}
NEWER = {"number": 15, "author": None}
HOME = f"/raum/{NETWORK}/wiki"
OWN = f"{HOME}/berufsfelderkundung-planen"
WIKI_TEXT = """In der Jahrgangsstufe 8 lernen alle Jugendlichen an drei Tagen drei Berufsfelder kennen.

## Ziel

Die Jugendlichen überprüfen ihre Ergebnisse aus der [[Potenzialanalyse]].

## Ablauf im Schuljahr

| Zeitraum | Schritt | Wer |
|---|---|---|
| September | Bedarf je Schule melden | StuBO |

### Anmeldung der Plätze

Betriebe tragen ihre Plätze bis zum 18. Dezember in das Buchungsportal ein.
"""
WIKI_HTML = (
    "<p>In der Jahrgangsstufe 8 lernen alle Jugendlichen an drei Tagen drei verschiedene Berufsfelder kennen. Diese "
    "Seite beschreibt, wie Schulen, Betriebe und Träger die Tage in unserer Region vorbereiten.</p>"
    '<h2 id="abschnitt-ziel">Ziel</h2><p>Die Jugendlichen überprüfen, ob ihre Ergebnisse aus der '
    f'<a class="nr-wikilink" href="{HOME}/potenzialanalyse">Potenzialanalyse</a> zu den Aufgaben im Betrieb passen '
    f'<sup class="footnote-ref"><a href="#fn1" id="fnref1">[1]</a></sup>. Mehr dazu unter '
    f'<a class="nr-wikilink nr-wikilink--missing" href="{HOME}/neu?titel=Berufswahlpass">Berufswahlpass <span '
    'class="nr-wikilink__note">(gibt es noch nicht)</span></a>.</p>'
    '<h2 id="abschnitt-ablauf">Ablauf im Schuljahr</h2><div class="nr-scroll" tabindex="0"><table><thead><tr>'
    "<th>Zeitraum</th><th>Schritt</th><th>Wer</th></tr></thead><tbody><tr><td>September</td>"
    "<td>Bedarf je Schule melden</td><td>StuBO</td></tr><tr><td>Oktober–Dezember</td>"
    "<td>Plätze im Portal anbieten</td><td>Betriebe, Kammern</td></tr></tbody></table></div>"
    '<h3 id="abschnitt-anmeldung">Anmeldung der Plätze</h3><p>Betriebe tragen ihre Plätze bis zum 18. Dezember in das '
    'Buchungsportal ein.</p><ul class="contains-task-list"><li class="task-list-item"><label><input type="checkbox" '
    'checked disabled> Bedarf abgefragt</label></li><li class="task-list-item"><label><input type="checkbox" disabled> '
    "Portal offen</label></li></ul>"
    "<blockquote><p>Restplätze gehen ab 15. Januar an die trägergestützte Erkundung.</p></blockquote>"
    '<section class="footnotes"><ol class="footnotes-list"><li id="fn1" class="footnote-item"><p>Seit dem Schuljahr '
    '2024. <a href="#fnref1" class="footnote-backref">↩︎</a></p></li></ol></section>'
)


def entry(slug: str, title: str) -> dict[str, Any]:
    return {"slug": slug, "title": title}


def page(number: int, slug: str, title: str, classification: str = "internal", **changes: object) -> dict[str, Any]:
    """A page as a list has it."""
    return {
        "id": f"0193-w{number}",
        "space": NETWORK,
        "type": "wiki_page",
        "title": title,
        "slug": slug,
        "parent": None,
        "children": 0,
        "revision": 14,
        "template": False,
        "excerpt": "In der Jahrgangsstufe 8 lernen alle Jugendlichen an drei Tagen drei Berufsfelder kennen.",
        "state": "published",
        "classification": classification,
        "author": BERGMANN,
        "created_at": "2026-02-01T09:12:00+01:00",
        "updated_at": "2026-11-18T13:20:00+01:00",
        "version": 17,
        "actions": [
            *("read", "update", "delete", "raise", "lower", "make_public", "read_access", "restore_revision", "move")
        ],
        "unread": False,
        "purpose": None,
        "delete_on": None,
        "roles": [],
        **changes,
    }


def whole(listed: dict[str, Any], **changes: object) -> dict[str, Any]:
    """The same page opened."""
    return {
        **listed,
        "path": [entry("standardelemente", "Standardelemente")],
        "text": WIKI_TEXT,
        "html": WIKI_HTML,
        "toc": [
            {"level": 2, "anchor": "abschnitt-ziel", "text": "Ziel"},
            {"level": 2, "anchor": "abschnitt-ablauf", "text": "Ablauf im Schuljahr"},
            {"level": 3, "anchor": "abschnitt-anmeldung", "text": "Anmeldung der Plätze"},
        ],
        "comment": "Frist und Restplätze nach Beschluss vom 10. November",
        "changed_by": KOESTER,
        "links": [{"slug": "potenzialanalyse", "title": "Potenzialanalyse", "exists": True}],
        "backlinks": [entry("praktikum", "Praktikum"), entry("ansprechpersonen", "Ansprechpersonen")],
        "editing": [],
        **changes,
    }


PAGES = [
    page(
        1, "berufsfelderkundung-planen", "Berufsfelderkundung planen", "public", children=2, parent="standardelemente"
    ),
    page(2, "ansprechpersonen", "Ansprechpersonen", unread=True, revision=3),
    page(3, "fallkonferenz", "Ablauf der Fallkonferenz", "confidential"),
    page(4, "protokoll-vorlage", "Protokoll des Fachausschusses", template=True),
    page(5, "daten", "Daten und Statistik", state="draft", author=AUTHOR, excerpt=None),
]
WIKI_PAGE = whole(PAGES[0])
PERSONAL_PAGE = whole(
    page(6, "faelle", "Fallbesprechung Gruppe B", "personal"),
    purpose="Vorbereitung der Fallbesprechung",
    delete_on="2027-01-31",
    roles=["coordinator", "berufsberatung"],
    toc=[],
    path=[],
    backlinks=[],
)


def row(slug: str, title: str, depth: int, children: int = 0, current: bool = False) -> dict[str, Any]:
    place = {"parent": None, "depth": depth, "children": children, "current": current}
    return {"id": f"0193-{slug}", "slug": slug, "title": title, **place}


BRANCHES = [
    row("startseite", "Wiki-Startseite", 0),
    row("standardelemente", "Standardelemente", 0, 4),
    row("potenzialanalyse", "Potenzialanalyse", 1, 3),
    row("berufsfelderkundung-planen", "Berufsfelderkundung planen", 1, 2, current=True),
    row("checkliste", "Checkliste für Betriebe", 2),
    row("elternbriefe", "Vorlagen für Elternbriefe", 2),
    row("praktikum", "Praktikum", 1),
    row("bildungsgaenge", "Bildungsgänge am Berufskolleg", 0, 12),
    row("ansprechpersonen", "Ansprechpersonen", 0),
]
TREE: dict[str, Any] = {"items": BRANCHES, "more": False}
PARENTS = [(each["slug"], each["title"]) for each in BRANCHES]
TEMPLATES = [
    {
        "name": "0193-w4",
        "title": "Protokoll des Fachausschusses",
        "text": "## Beschlüsse\n",
        "slug": "protokoll-vorlage",
    },
    {"name": "protokoll", "title": "Protokoll", "text": "## Anwesend\n", "slug": None},
]


def wiki(*items: dict[str, Any], creatable: bool = True) -> dict[str, Any]:
    """The answer of a list of pages."""
    return {"items": list(items), "next": None, "creatable": CREATABLE if creatable else [], "counts": COUNTS}


def revision(number: int, author: dict[str, str] | None, comment: str, **changes: object) -> dict[str, Any]:
    return {
        "number": number,
        "title": "Berufsfelderkundung planen",
        "text": WIKI_TEXT,
        "html": WIKI_HTML,
        "author": author,
        "at": f"2026-11-{number:02}T13:20:00+01:00",
        "comment": comment,
        **changes,
    }


REVISIONS = [
    revision(14, KOESTER, "Frist und Restplätze nach Beschluss vom 10. November"),
    revision(13, BERGMANN, ""),
    revision(12, None, "Tabelle ergänzt"),
]


def line(op: str, text: str, old: int | None, new: int | None, *words: tuple[str, str]) -> dict[str, Any]:
    parts = [{"op": kind, "text": part} for kind, part in words] or None
    return {"op": op, "text": text, "old_line": old, "new_line": new, "words": parts, "lines": None}


LINES = [
    line("keep", "### Anmeldung der Plätze", 18, 18),
    line(
        *("remove", "Betriebe tragen ihre Plätze bis zum 30. November ein.", 19, None),
        *(("keep", "Betriebe tragen ihre Plätze bis zum "), ("remove", "30. November"), ("keep", " ein.")),
    ),
    line(
        *("add", "Betriebe tragen ihre Plätze bis zum 18. Dezember ein.", None, 19),
        *(("keep", "Betriebe tragen ihre Plätze bis zum "), ("add", "18. Dezember"), ("keep", " ein.")),
    ),
    {**line("keep", "", None, None), "lines": 7},
    line("add", "- Gespräch mit Auszubildenden", None, 27),
    line("remove", "", 27, None),
]
CLASHING = compared("Eins\nZwei\nDrei\nVier", "Eins\nZwei und mehr\nDrei\nVier\nFünf")
IMPORTED = [
    {"path": "start.md", "title": "Startseite", "state": "unchanged", "errors": []},
    {"path": "praktikum.md", "title": "Praktikum", "state": "changed", "errors": []},
    {"path": "neu/termine.md", "title": "Termine", "state": "new", "errors": []},
    {
        "path": "bild.exe",
        "title": None,
        "state": "faulty",
        "errors": [{"code": "type", "message": "Nur Dateien mit der Endung .md werden übernommen."}],
    },
]
