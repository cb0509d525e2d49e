"""Answers of the API about people and institutions, as examples for the pages."""

from typing import Any

from tests.gateway.answers import NETWORK


def member(number: int, name: str, institution: str, role: str, state: str, **changes: object) -> dict[str, Any]:
    return {
        "id": f"0193-m{number}",
        "account": {"id": f"0193-p{number}", "name": name, "institution": institution},
        "function": "Studien- und Berufswahlkoordination",
        "role": role,
        "from": "2026-02-01T08:00:00+01:00",
        "until": None,
        "state": state,
        "last_seen": "2026-11-23T12:00:00+01:00",
        "version": 1,
        "actions": ["update", "end", "resend"],
        **changes,
    }


MEMBERS = [
    member(1, "Ralf Bergmann", "Schulamt Ennepe-Ruhr-Kreis", "coordinator", "active", actions=[]),
    member(2, "Thomas Breuer", "Gesamtschule Haspe", "member", "active", until="2027-07-31T23:59:59+02:00"),
    member(3, "Mehmet Yıldız", "Agentur für Arbeit Hagen", "berufsberatung", "invited", last_seen=None),
    member(4, "", "Werkhof Hagen gGmbH", "guest", "invited", last_seen=None, function=None),
    member(5, "Petra Lindner", "Stadt Hagen", "guest", "ended"),
]
INSTITUTIONS = [
    {
        "id": "0193-i1",
        "name": "agentur mark GmbH",
        "town": "Hagen",
        "kind": "municipality",
        "state": "pending",
        "reason": None,
        "registrant": {"id": "0193-kv", "name": "Katrin Vossmann", "email": "vossmann@demo.example"},
        "created_at": "2026-11-23T09:12:00+01:00",
        "actions": ["approve", "reject"],
    },
    {
        "id": "0193-i2",
        "name": "Werkhof Hagen gGmbH",
        "town": "Hagen",
        "kind": "training_provider",
        "state": "suspended",
        "reason": "Aufgelöst",
        "registrant": None,
        "created_at": "2026-01-23T09:12:00+01:00",
        "actions": ["approve"],
    },
]


def account(number: int, name: str, state: str, *actions: str, second_factor: bool = True) -> dict[str, Any]:
    return {
        "id": f"0193-o{number}",
        "email": f"person{number}@demo.example",
        "name": name,
        "function": None,
        "institution": {"id": "0193-am", "name": "agentur mark GmbH"},
        "state": state,
        "operator": False,
        "second_factor": second_factor,
        "seen_at": "2026-11-23T12:00:00+01:00" if state == "active" else None,
        "created_at": "2026-01-23T12:00:00+01:00",
        "actions": list(actions),
    }


ACCOUNTS = [
    account(1, "Katrin Vossmann", "active", "suspend", "reset_second_factor"),
    account(2, "Thomas Breuer", "suspended", "unsuspend", second_factor=False),
    account(3, "Svenja Brandt", "invited"),
]
SESSIONS = [
    {
        "id": f"0193-z{number}",
        "kind": "browser",
        "client": client,
        "created_at": "2026-11-20T08:00:00+01:00",
        "seen_at": "2026-11-24T08:00:00+01:00",
        "second_factor": True,
        "current": current,
    }
    for number, client, current in ((1, "Firefox, Linux", True), (2, "", False))
]
FACTORS = {
    "items": [{"id": "0193-f", "kind": "totp", "created_at": "2026-02-01T08:00:00+01:00", "confirmed": True}],
    "recovery_codes_left": 8,
}
NEW_FACTOR = {
    "id": "0193-f",
    "secret": "JBSWY3DPEHPK3PXP",
    "uri": "otpauth://totp/Netzraum:v@demo.example?secret=JBSWY3DPEHPK3PXP",
    "picture": '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 2 2"><path d="M0 0h1v1H0zM1 1h1v1H1z"/></svg>',
}
TOKENS = [
    {
        "id": "0193-t",
        "name": "Abgleich",
        "scopes": ["read", "write"],
        "created_at": "2026-10-01T08:00:00+02:00",
        "expires_at": "2027-10-01T08:00:00+02:00",
        "last_used_at": None,
    }
]
INVITATION = {
    "email": "yildiz@demo.example",
    "name": "Mehmet Yıldız",
    "institution": {"id": "0193-aa", "name": "Agentur für Arbeit Hagen"},
    "space": {"id": NETWORK, "name": "Netzwerk Hagen und Ennepe-Ruhr"},
    "invited_by": "Katrin Vossmann",
    "expires_at": "2026-12-08T08:00:00+01:00",
}
POLICY = {
    "revision": "2026-11-20.1",
    "since": "2026-11-20T10:00:00+01:00",
    "by": "compliance@demo.example",
    "error": None,
}
