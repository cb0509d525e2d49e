"""An example of every page of the wiki: read, written, compared, moved, printed, taken in from a file."""

from typing import Any

from netzraum_gateway.wiki.comparison import counted, paired
from tests.gateway.answers import (
    ACCESS,
    COUNTED_ACCESS,
    CREATABLE,
    EMPTY,
    FILTER,
    PERSONAL_ACCESS,
    READER_ACCESS,
    ROLES,
    TAKEN_IN,
    typed,
)
from tests.gateway.example import Example, in_space
from tests.gateway.wiki_answers import (
    CLASHING,
    IMPORTED,
    KOESTER,
    LINES,
    OPENED,
    OWN,
    PARENTS,
    PERSONAL_PAGE,
    REVISIONS,
    TEMPLATES,
    TREE,
    WIKI_PAGE,
    WIKI_TEXT,
    wiki,
)
from tests.gateway.wiki_answers import PAGES as WIKI_PAGES


def in_wiki(template: str, name: str = "", /, **context: object) -> Example:
    return in_space(f"wiki/{template}", "wiki", name, **context)


def of_page(template: str, name: str = "", /, **context: object) -> Example:
    return in_wiki(template, name, **{"wiki_page": WIKI_PAGE, "own": OWN, "start": "start", **context})


WIKI_LIST: dict[str, Any] = {
    "wiki": wiki(*WIKI_PAGES),
    "tree": TREE,
    "start": "start",
    "next": None,
    "filter": {**FILTER, "sort": "changed"},
}
WIKI_FORM: dict[str, Any] = {
    "wiki_page": None,
    "own": None,
    "form": EMPTY,
    "creatable": CREATABLE,
    "roles": ROLES,
    "parents": PARENTS,
    "templates": TEMPLATES,
    "preview": None,
    "gone": False,
}
CHANGED = typed({"title": "Berufsfelderkundung planen", "text": WIKI_TEXT, "base": "14", "comment": "Fristen"})
COMPARED: dict[str, Any] = {
    "old": REVISIONS[1],
    "new": REVISIONS[0],
    "lines": LINES,
    "rows": paired(LINES),
    "counts": counted(LINES),
}
WIKI = [
    in_wiki("list", **WIKI_LIST),
    in_wiki("list", "empty", **{**WIKI_LIST, "wiki": wiki(), "tree": {"items": [], "more": False}}),
    in_wiki(
        "list",
        "no-hit",
        **{**WIKI_LIST, "wiki": wiki(), "filter": {**FILTER, "q": "Wohnheim", "sort": "title"}, "next": "/weiter"},
    ),
    in_wiki(
        "list",
        "trash",
        **{**WIKI_LIST, "wiki": wiki(*WIKI_PAGES[:2], creatable=False), "filter": {**FILTER, "view": "deleted"}},
    ),
    in_wiki("list", "trash-empty", **{**WIKI_LIST, "wiki": wiki(), "filter": {**FILTER, "view": "deleted"}}),
    in_wiki("list", "no-drafts", **{**WIKI_LIST, "wiki": wiki(), "filter": {**FILTER, "view": "draft"}}),
    of_page("wiki_page", tree=TREE, access=ACCESS),
    of_page("wiki_page", "start", wiki_page={**WIKI_PAGE, "slug": "start", "path": []}, tree=TREE, access=ACCESS),
    of_page("wiki_page", "editing", wiki_page={**WIKI_PAGE, "editing": [KOESTER, OPENED]}, tree=TREE, access=None),
    of_page("wiki_page", "reader", wiki_page={**WIKI_PAGE, "actions": ["read"]}, tree=TREE, access=READER_ACCESS),
    of_page("wiki_page", "personal", wiki_page=PERSONAL_PAGE, tree={**TREE, "more": True}, access=PERSONAL_ACCESS),
    of_page("wiki_page", "draft", wiki_page={**WIKI_PAGE, "state": "draft", "template": True}, tree=TREE, access=None),
    of_page(
        "wiki_page",
        "deleted",
        wiki_page={**WIKI_PAGE, "state": "deleted", "actions": ["read", "restore"]},
        tree=TREE,
        access=None,
    ),
    in_wiki("form", **WIKI_FORM),
    in_wiki(
        "form",
        "errors",
        **{
            **WIKI_FORM,
            "form": typed(
                {"text": WIKI_TEXT, "classification": "personal", "roles": ["guest"], "parent": "praktikum"},
                ("title", "Geben Sie einen Titel ein."),
                ("purpose", "Geben Sie den Zweck an."),
            ),
            "preview": WIKI_PAGE["html"],
        },
    ),
    in_wiki("form", "gone", **{**WIKI_FORM, "form": CHANGED, "gone": True, "templates": []}),
    in_wiki(
        "form", "edit", **{**WIKI_FORM, "form": CHANGED, "own": OWN, "wiki_page": {**WIKI_PAGE, "editing": [KOESTER]}}
    ),
    of_page("conflict", form=CHANGED, rows=paired(CLASHING), theirs=WIKI_TEXT),
    of_page("history", revisions=REVISIONS, next="/weiter", chosen=(13, 14)),
    of_page("history", "one", revisions=REVISIONS[-1:], next=None, chosen=(12, 12)),
    of_page("revision", revision=REVISIONS[1]),
    of_page("revision", "present", revision=REVISIONS[0]),
    of_page("compare", layout="lines", **COMPARED),
    of_page("compare", "columns", layout="columns", **COMPARED),
    of_page("compare", "same", layout="lines", **{**COMPARED, "lines": [], "rows": [], "counts": counted([])}),
    of_page("move", form=typed(WIKI_PAGE), parents=PARENTS, query=""),
    of_page(
        "move",
        "errors",
        form=typed({"title": "", "slug": "x y", "template": "1"}, ("slug", "Nur kleine Buchstaben.")),
        parents=PARENTS,
        query="Prakt",
    ),
    of_page("print"),
    in_wiki(
        "import",
        form=typed({}, ("file", "Wählen Sie eine Datei.")),
        rows=None,
        summary={},
        content=None,
        name="",
        largest=5e6,
        more=0,
        latest=TAKEN_IN,
    ),
    in_wiki(
        "import",
        "preview",
        form=EMPTY,
        rows=IMPORTED,
        summary={"new": 1, "changed": 1, "unchanged": 1, "faulty": 1},
        content="UEsDBA==",
        name="wiki.zip",
        largest=5e6,
        more=3,
        latest=[],
    ),
    in_wiki(
        "import",
        "long",
        form=EMPTY,
        rows=IMPORTED * 5,
        summary={"new": 5, "changed": 5, "unchanged": 5, "faulty": 5},
        content="UEsDBA==",
        name="wiki.zip",
        largest=5e6,
        more=3,
        latest=[],
    ),
    *(
        in_space("imports/progress", "wiki", f"wiki-{each['state']}", found=each, home="/", again="")
        for each in TAKEN_IN
    ),
    in_space("items/access", "wiki", "wiki", item=WIKI_PAGE, own=OWN, access=ACCESS),
    in_space("items/access", "wiki", "counted", item=WIKI_PAGE, own=OWN, access=COUNTED_ACCESS),
]
