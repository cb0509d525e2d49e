"""An example of every page: its template and a context shaped like the answers of the API."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

NOW = datetime(2026, 11, 24, 8, 14, tzinfo=UTC)
NETWORK, STEERING, COMMITTEE, COMMUNITY = "0193-n", "0193-s", "0193-c", "0193-g"

ME = {
    "id": "0193-kv",
    "email": "vossmann@demo.example",
    "name": "Katrin Vossmann",
    "function": "Koordination",
    "institution": {"id": "0193-am", "name": "agentur mark GmbH"},
    "language": "de",
    "timezone": "Europe/Berlin",
    "mail": "daily",
    "operator": False,
    "second_factor": True,
    "last_visit": "2026-11-17T08:00:00+01:00",
}
SPACES = [
    {"id": NETWORK, "kind": "network", "name": "Netzwerk Hagen und Ennepe-Ruhr", "parent": None, "role": "coordinator"},
    {"id": STEERING, "kind": "body", "name": "Steuerkreis", "parent": NETWORK, "role": "coordinator"},
    {"id": COMMITTEE, "kind": "body", "name": "Fachausschuss Berufsorientierung", "parent": NETWORK, "role": "member"},
    {"id": COMMUNITY, "kind": "community", "name": "G.I.B. NRW Referenzkommunen", "parent": None, "role": "member"},
]
UNREAD = {NETWORK: {"notices": 3, "polls": 1}, COMMUNITY: {"notices": 2}}
FRAME: dict[str, Any] = {"me": ME, "spaces": SPACES, "unread": UNREAD, "todo_count": 2, "path": "/"}

ALL_TOOLS = ["notices", "records", "calendar", "files", "bookmarks", "wiki", "forum", "blog", "polls", "members"]
SPACE = {
    "id": NETWORK,
    "kind": "network",
    "name": "Netzwerk Hagen und Ennepe-Ruhr",
    "parent": None,
    "description": "Schulen, Träger, Kammern und Ämter am Übergang von der Schule in den Beruf.",
    "tools": ALL_TOOLS,
    "my": {"role": "coordinator", "levels": dict.fromkeys(ALL_TOOLS, "manage"), "clearance": "personal"},
    "contact": [{"account": "0193-kv", "name": "Katrin Vossmann", "institution": "agentur mark GmbH"}],
    "newcomers_see_earlier": True,
    "version": 4,
    "actions": ["create_body", "create_community", "read_audit", "read_roles", "update"],
}


def person(key: str, name: str, institution: str) -> dict[str, str]:
    return {"account": key, "name": name, "institution": institution}


AUTHOR = person("0193-kv", "Katrin Vossmann", "agentur mark GmbH")
TEXT = """Die Träger haben die **Zeitfenster** für das zweite Schulhalbjahr abgestimmt.

## Was Sie tun

- Termin prüfen
- bis Freitag bestätigen
"""
HTML = (
    "<p>Die Träger haben die <strong>Zeitfenster</strong> für das zweite Schulhalbjahr abgestimmt.</p>"
    "<h2>Was Sie tun</h2><ul><li>Termin prüfen</li><li>bis Freitag bestätigen</li></ul>"
    "<table><thead><tr><th>Schule</th><th>Tag</th></tr></thead><tbody><tr><td>Haspe</td><td>9. März</td></tr></tbody></table>"
)


def notice(number: int, title: str, classification: str = "internal", **changes: object) -> dict[str, Any]:
    return {
        "id": f"0193-a{number}",
        "space": NETWORK,
        "title": title,
        "text": TEXT,
        "html": HTML,
        "state": "published",
        "classification": classification,
        "author": AUTHOR,
        "created_at": "2026-11-23T09:12:00+01:00",
        "updated_at": "2026-11-23T13:20:00+01:00",
        "version": 3,
        "actions": ["read", "update", "delete", "pin", "raise", "lower", "make_public", "read_access"],
        "unread": False,
        "pinned": False,
        "valid_from": None,
        "valid_until": None,
        "purpose": None,
        "delete_on": None,
        "roles": [],
        **changes,
    }


NOTICE = notice(1, "Neue Termine für die Potenzialanalyse 2027", pinned=True, unread=True, valid_until="2027-01-15T23:59:59+01:00")
PERSONAL = notice(
    4,
    "Fallbesprechung Gruppe B am 30. November",
    "personal",
    purpose="Vorbereitung der Fallbesprechung",
    delete_on="2027-01-31",
    roles=["coordinator", "Berufsberatung"],
)
NOTICES = [
    NOTICE,
    notice(2, "Geschäftsordnung des Fachausschusses", "public", created_at="2025-09-10T10:00:00+02:00"),
    notice(3, "Förderbescheid 2027: Zwischenstand der Verhandlungen", "confidential", unread=True),
    PERSONAL,
    notice(5, "Girls’ Day und Boys’ Day 2027", valid_from="2026-12-01T00:00:00+01:00", author=person("0193-ss", "Şule Şahin", "Cuno-Berufskolleg Hagen")),
]


def access_row(key: str, name: str, institution: str, role: str, *reasons: str) -> dict[str, Any]:
    account = {"id": key, "name": name, "institution": institution}
    return {"account": account, "role": role, "visible": not reasons, "actions": [], "reasons": list(reasons)}


ACCESS = [
    access_row("0193-kv", "Katrin Vossmann", "agentur mark GmbH", "coordinator"),
    access_row("0193-my", "Mehmet Yıldız", "Agentur für Arbeit Hagen", "Berufsberatung"),
    access_row("0193-tb", "Thomas Breuer", "Gesamtschule Haspe", "member"),
    access_row("0193-jr", "Jonas Reuter", "Werkhof Hagen gGmbH", "guest", "level_too_low"),
]


def role(name: str, title: str, base: str, level: str, clearance: str, builtin: bool = True) -> dict[str, Any]:
    return {
        "name": name,
        "title": title,
        "base": base,
        "builtin": builtin,
        "levels": dict.fromkeys(ALL_TOOLS, level),
        "clearance": clearance,
        "ceiling": {"levels": dict.fromkeys(ALL_TOOLS, level), "clearance": clearance},
        "version": 1,
        "actions": ["update"] if builtin else ["update", "delete"],
    }


ROLES = [
    role("coordinator", "Koordination", "coordinator", "manage", "personal"),
    role("moderator", "Moderation", "moderator", "manage", "confidential"),
    role("member", "Mitglied", "member", "contribute", "internal"),
    role("guest", "Gast", "guest", "read", "internal"),
    role("Berufsberatung", "Berufsberatung", "member", "contribute", "confidential", builtin=False),
]


def typed(values: Mapping[str, object] | None = None, *errors: tuple[str, str], problem: object = None) -> dict[str, Any]:
    faults = [{"field": name, "code": "invalid", "message": message} for name, message in errors]
    return {"values": dict(values or {}), "errors": faults, "problem": problem}


EMPTY = typed()
CLASSES = ["public", "internal", "confidential", "personal"]
FILTER = {"state": "current", "q": "", "classification": ""}
VIEWS = ["current", "coming", "past", "draft", "deleted"]


@dataclass(frozen=True)
class Example:
    """One page: `name` tells it from other examples of the same template."""

    template: str
    name: str = ""
    context: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return "-".join(part for part in (self.template.replace("/", "-"), self.name) if part)


def outside(template: str, name: str = "", **context: object) -> Example:
    """A page before logging in."""
    return Example(template, name, context)


def home(template: str, name: str = "", **context: object) -> Example:
    return Example(template, name, {**FRAME, **context})


def in_space(template: str, tool: str, name: str = "", **context: object) -> Example:
    return Example(template, name, {**FRAME, "path": f"/raum/{NETWORK}", "space": SPACE, "tool": tool, **context})


def entry(space: str, number: int, title: str, what: str = "created") -> dict[str, Any]:
    return {
        "space": space,
        "tool": "notices",
        "item": f"0193-a{number}",
        "title": title,
        "what": what,
        "who": AUTHOR,
        "at": "2026-11-23T16:42:00+01:00",
        "seen": False,
        "classification": "internal",
    }


ACTIVITY = [
    entry(NETWORK, 1, "Neue Termine für die Potenzialanalyse 2027"),
    entry(NETWORK, 2, "Geschäftsordnung des Fachausschusses", "updated"),
    entry(COMMUNITY, 3, "Wie Gelsenkirchen die Anschlussquote misst"),
]
TODO = [
    {"what": "acknowledge", "space": NETWORK, "tool": "notices", "item": "0193-a1", "title": "Neue Termine", "due": "2026-11-27"},
    {"what": "vote", "space": STEERING, "tool": "polls", "item": "0193-p1", "title": "Jahresprogramm gewichten", "due": None},
]

EXAMPLES = [
    outside("account/login", form=EMPTY, code_wanted=False),
    outside(
        "account/login",
        "refused",
        form=typed({"email": "v@demo.example"}, problem={"title": "Anmeldung nicht möglich", "detail": "E-Mail-Adresse oder Passwort stimmt nicht."}),
        code_wanted=False,
    ),
    outside("account/login", "code", form=typed({}, ("code", "Der Code stimmt nicht.")), code_wanted=True),
    home("start", todo=TODO, activity=ACTIVITY, invitations=[{"space": NETWORK, "open": 3}], more="/aktivitaet"),
    home("start", "quiet", todo=[], activity=[], invitations=[], more="/aktivitaet", flash={"code": "all_seen", "undo": None}),
    home("start", "alone", todo=[], activity=[], invitations=[], more="/aktivitaet", spaces=[], unread={}, todo_count=0),
    in_space("board/list", "notices", notices=NOTICES, next="/weiter", filter=FILTER, can_create=True, more_views=VIEWS),
    in_space("board/list", "notices", "empty", notices=[], next=None, filter=FILTER, can_create=True, more_views=VIEWS),
    in_space("board/list", "notices", "no-hit", notices=[], next=None, filter={**FILTER, "q": "Wohnheim"}, can_create=False, more_views=["current"]),
    in_space("board/list", "notices", "trash", notices=NOTICES[:2], next=None, filter={**FILTER, "state": "deleted"}, can_create=True, more_views=VIEWS),
    in_space("board/notice", "notices", notice=NOTICE, access=ACCESS, flash={"code": "notice_deleted", "undo": "/zurueck"}),
    in_space("board/notice", "notices", "personal", notice=PERSONAL, access=ACCESS),
    in_space("board/notice", "notices", "draft", notice=notice(6, "Entwurf", state="draft"), access=[]),
    in_space("board/notice", "notices", "deleted", notice=notice(7, "Alt", actions=["read", "restore"]), access=[]),
    in_space("board/access", "notices", notice=NOTICE, access=ACCESS),
    in_space("board/form", "notices", notice=None, form=EMPTY, classifications=CLASSES, roles=ROLES, preview=None, conflict=None),
    in_space(
        "board/form",
        "notices",
        "errors",
        notice=None,
        form=typed({"text": TEXT, "valid_from": "2026-12-01", "valid_until": "2026-11-20", "classification": "personal", "roles": ["guest"]}, ("title", "Geben Sie einen Titel ein."), ("purpose", "Geben Sie den Zweck an."), ("valid_until", "Das Ende muss nach dem Beginn liegen.")),
        classifications=CLASSES,
        roles=ROLES,
        preview=HTML,
        conflict=None,
    ),
    in_space("board/form", "notices", "conflict", notice=NOTICE, form=typed(NOTICE), classifications=CLASSES, roles=ROLES, preview=None, conflict=NOTICES[1]),
    in_space("board/reclassify", "notices", notice=NOTICE, form=typed({"classification": "public"}, ("reason", "Geben Sie einen Grund an.")), classifications=CLASSES),
    Example("_fragments/news", context={"number": 3, "href": "/raum/1/brett", "kind": "notices"}),
]
