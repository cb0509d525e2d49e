"""Answers of the API, as examples for the pages."""

from collections.abc import Mapping
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
SPACES: list[dict[str, Any]] = [
    {"id": NETWORK, "kind": "network", "name": "Netzwerk Hagen und Ennepe-Ruhr", "parent": None, "role": "coordinator"},
    {"id": STEERING, "kind": "body", "name": "Steuerkreis", "parent": NETWORK, "role": "coordinator"},
    {"id": COMMITTEE, "kind": "body", "name": "Fachausschuss Berufsorientierung", "parent": NETWORK, "role": "member"},
    {"id": COMMUNITY, "kind": "community", "name": "G.I.B. NRW Referenzkommunen", "parent": None, "role": "member"},
]
UNREAD = {NETWORK: {"notices": 3, "polls": 1}, COMMUNITY: {"notices": 2}}
FRAME: dict[str, Any] = {"me": ME, "spaces": SPACES, "unread": UNREAD, "todo_count": 2, "path": "/"}

ALL_TOOLS = ["notices", "records", "calendar", "files", "bookmarks", "wiki", "forum", "blog", "polls", "members"]
SPACE: dict[str, Any] = {
    "id": NETWORK,
    "kind": "network",
    "name": "Netzwerk Hagen und Ennepe-Ruhr",
    "parent": None,
    "description": "Schulen, Träger, Kammern und Ämter am Übergang von der Schule in den Beruf.",
    "tools": ALL_TOOLS,
    "my": {
        "role": "coordinator",
        "title": "Koordination",
        "levels": dict.fromkeys(ALL_TOOLS, "manage"),
        "clearance": "personal",
    },
    "contact": "Katrin Vossmann, 02331 12345-0\nMo-Fr 8-16 Uhr",
    "newcomers_see_history": True,
    "without_coordinator": False,
    "welcome": "",
    "bodies": [{"id": STEERING, "name": "Steuerkreis"}],
    "version": 4,
    "actions": ["create_body", "create_community", "read", "update"],
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
    '<div class="nr-scroll" tabindex="0"><table><thead><tr><th>Schule</th><th>Tag</th></tr></thead>'
    "<tbody><tr><td>Haspe</td><td>9. März</td></tr></tbody></table></div>"
)


def notice(number: int, title: str, classification: str = "internal", **changes: object) -> dict[str, Any]:
    return {
        "id": f"0193-a{number}",
        "space": NETWORK,
        "title": title,
        "excerpt": "Die Träger haben die Zeitfenster für das zweite Schulhalbjahr abgestimmt. Bitte bestätigen.",
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


NOTICE = notice(
    1, "Neue Termine für die Potenzialanalyse 2027", pinned=True, unread=True, valid_until="2027-01-15T23:59:59+01:00"
)
PERSONAL = notice(
    4,
    "Fallbesprechung Gruppe B am 30. November",
    "personal",
    purpose="Vorbereitung der Fallbesprechung",
    delete_on="2027-01-31",
    roles=["coordinator", "berufsberatung"],
)
NOTICES = [
    NOTICE,
    notice(2, "Geschäftsordnung des Fachausschusses", "public", created_at="2025-09-10T10:00:00+02:00"),
    notice(3, "Förderbescheid 2027: Zwischenstand der Verhandlungen", "confidential", unread=True),
    PERSONAL,
    notice(
        5,
        "Girls’ Day und Boys’ Day 2027",
        state="coming",
        valid_from="2026-12-01T00:00:00+01:00",
        author=person("0193-ss", "Şule Şahin", "Cuno-Berufskolleg Hagen"),
    ),
]


def access_row(key: str, name: str, institution: str, role: str, *reasons: str) -> dict[str, Any]:
    return {
        "account": person(key, name, institution),
        "role": role,
        "function": "Koordination",
        "is_author": key == "0193-kv",
        "visible": not reasons,
        "actions": [],
        "reasons": list(reasons),
    }


def role_sight(role: str, members: int, clearance: str, visible: bool = True) -> dict[str, Any]:
    reasons = [] if visible else ["clearance_too_low"]
    return {
        "role": role,
        "members": members,
        "visible": visible,
        "level": "read",
        "clearance": clearance,
        "reasons": reasons,
    }


ACCESS: dict[str, Any] = {
    "items": [
        access_row("0193-kv", "Katrin Vossmann", "agentur mark GmbH", "coordinator"),
        access_row("0193-my", "Mehmet Yıldız", "Agentur für Arbeit Hagen", "berufsberatung"),
        access_row("0193-tb", "Thomas Breuer", "Gesamtschule Haspe", "member"),
        access_row("0193-jr", "Jonas Reuter", "Werkhof Hagen gGmbH", "guest", "level_too_low"),
    ],
    "named": True,
    "people": 27,
    "institutions": 14,
    "roles": [
        role_sight("coordinator", 4, "personal"),
        role_sight("berufsberatung", 3, "confidential"),
        role_sight("member", 20, "internal"),
        role_sight("guest", 3, "none", visible=False),
    ],
    "rule": {"classification": "internal", "roles": [], "second_factor_needed": False},
}
READER_ACCESS = {**ACCESS, "items": [access_row("0193-tb", "Thomas Breuer", "Gesamtschule Haspe", "member")]}
COUNTED_ACCESS = {**READER_ACCESS, "named": False}
PERSONAL_ACCESS = {
    **ACCESS,
    "rule": {"classification": "personal", "roles": ["coordinator", "berufsberatung"], "second_factor_needed": True},
}


def role(name: str, title: str, base: str, level: str, clearance: str, builtin: bool = True) -> dict[str, Any]:
    return {
        "name": name,
        "title": title,
        "base": base,
        "builtin": builtin,
        "levels": dict.fromkeys(ALL_TOOLS, level),
        "clearance": clearance,
        "ceiling": {"levels": {**dict.fromkeys(ALL_TOOLS, level), "notices": "manage"}, "clearance": clearance},
        "members": 4,
        "version": 1,
        "actions": ["update"] if builtin else ["update", "delete"],
    }


ROLES = [
    role("coordinator", "Koordination", "coordinator", "manage", "personal"),
    role("moderator", "Moderation", "moderator", "manage", "confidential"),
    role("member", "Mitglied", "member", "contribute", "internal"),
    role("guest", "Gast", "guest", "read", "internal"),
    role("berufsberatung", "Berufsberatung", "member", "contribute", "confidential", builtin=False),
]
SIX_ROLES = [
    *ROLES[:3],
    {**ROLES[3], "ceiling": {"levels": dict.fromkeys(ALL_TOOLS, "contribute"), "clearance": "internal"}},
    ROLES[4],
    {**role("auditor", "Revision", "auditor", "none", "none"), "members": 0},
]


def typed(
    values: Mapping[str, object] | None = None, *errors: tuple[str, str], problem: object = None
) -> dict[str, Any]:
    faults = [{"field": name, "code": "invalid", "message": message} for name, message in errors]
    return {"values": dict(values or {}), "errors": faults, "problem": problem}


EMPTY = typed()
CLASSES = ["public", "internal", "confidential", "personal"]
CREATABLE = [
    {"classification": name, "needs": ["purpose", "delete_on"] if name == "personal" else []} for name in CLASSES
]
FILTER = {"view": "current", "q": "", "classification": "", "sort": "newest"}
COUNTS = {"current": 12, "unread": 3, "mine": 4, "coming": 1, "past": 0, "draft": 2, "deleted": 1}


def notices(*items: dict[str, Any], creatable: bool = True) -> dict[str, Any]:
    """The answer of a list of notices."""
    return {"items": list(items), "next": None, "creatable": CREATABLE if creatable else [], "counts": COUNTS}


def entry(space: str, number: int, title: str, what: str = "created") -> dict[str, Any]:
    return {
        "space": space,
        "tool": "notices",
        "item": f"0193-a{number}",
        "title": title,
        "what": what,
        "who": AUTHOR,
        "at": "2026-11-23T16:42:00+01:00",
        "seen": number > 2,
        "classification": "internal",
    }


ACTIVITY = [
    entry(NETWORK, 1, "Neue Termine für die Potenzialanalyse 2027"),
    entry(NETWORK, 2, "Geschäftsordnung des Fachausschusses", "updated"),
    entry(COMMUNITY, 3, "Wie Gelsenkirchen die Anschlussquote misst"),
]


def todo(what: str, space: str, tool: str, title: str, due: str | None) -> dict[str, Any]:
    return {"what": what, "space": space, "tool": tool, "item": "0193-x", "title": title, "due": due}


TODO = [
    todo("acknowledge", NETWORK, "notices", "Neue Termine für die Potenzialanalyse 2027", "2026-11-27T12:00:00+01:00"),
    todo("vote", STEERING, "polls", "Jahresprogramm gewichten", None),
]


AUDIT = [
    {
        "at": "2026-11-23T09:12:00+01:00",
        "who": AUTHOR,
        "what": "notice:lower",
        "item": "0193-a1",
        "reason": "Der Bescheid liegt vor",
        "policy_revision": "2026-11-20.1",
    },
    {
        "at": "2026-11-23T09:00:00+01:00",
        "who": None,
        "what": "space:create",
        "item": None,
        "reason": None,
        "policy_revision": None,
    },
    {
        "at": "2026-11-22T09:00:00+01:00",
        "who": AUTHOR,
        "what": "thing:odd",
        "item": None,
        "reason": None,
        "policy_revision": None,
    },
]
HITS = [
    {
        "space": NETWORK,
        "tool": "notices",
        "item": "0193-a1",
        "title": "Neue Termine für die Potenzialanalyse 2027",
        "classification": "internal",
        "author": AUTHOR,
        "at": "2026-11-23T09:12:00+01:00",
        "snippet": "Zeitfenster für die Potenzialanalyse im zweiten Halbjahr",
        "marks": [[20, 36]],
        "rank": 2,
    },
    {
        "space": NETWORK,
        "tool": "notices",
        "item": "0193-a4",
        "title": "Fallbesprechung Gruppe B",
        "classification": "personal",
        "author": None,
        "at": "2026-11-17T09:12:00+01:00",
        "snippet": None,
        "marks": [],
        "rank": 1,
    },
]

TAKEN_IN: list[dict[str, Any]] = [
    {
        "id": f"imports-progress-{state}",
        "state": state,
        "account": ME["id"],
        "started_at": "2026-11-24T08:00:00+01:00",
        "ended_at": None,
        "done": done,
        "total": 5_000,
        "summary": {"new": done - 1, "unchanged": 0, "changed": 0, "faulty": 1},
        "refused": [{"name": "Beirat", "errors": [{"column": "start", "code": "missing", "message": "Das fehlt."}]}],
    }
    for state, done in (("running", 1_250), ("done", 5_000), ("stopped", 2_000), ("failed", 50))
]
