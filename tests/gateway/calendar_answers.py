"""Answers of the calendar, as examples for its pages."""

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from netzraum_gateway.calendar.colours import by_category
from netzraum_gateway.calendar.entries import by_day
from netzraum_gateway.calendar.recurrence import choices_of
from netzraum_gateway.calendar.spans import span_of
from netzraum_gateway.calendar.tool import new_values, values
from netzraum_gateway.formats import HOME_ZONE
from tests.gateway.answers import AUTHOR, HTML, NETWORK, SPACES, STEERING

TODAY = date(2026, 11, 24)
FIRST = "2026-12-01T14:00:00+01:00"
EVENT = "0193-e1"


def occurrence(title: str, start: str, end: str, **changes: object) -> dict[str, Any]:
    return {
        "event": EVENT,
        "space": NETWORK,
        "occurrence": start,
        "start": start,
        "end": end,
        "all_day": "T" not in start,
        "title": title,
        "place": None,
        "classification": "internal",
        "categories": [],
        "moved": False,
        "cancelled": False,
        "recurs": False,
        "attending": False,
        "my_reply": None,
        "unread": False,
        "conflict": False,
        **changes,
    }


def timed(title: str, day: str, start: str, end: str, **changes: object) -> dict[str, Any]:
    return occurrence(title, f"{day}T{start}:00+01:00", f"{day}T{end}:00+01:00", **changes)


def at_day(day: int) -> dict[str, str]:
    """When an occurrence on that day of the month is."""
    return {"start": f"2026-11-{day:02}T10:00:00+01:00", "end": f"2026-11-{day:02}T11:00:00+01:00"}


OCCURRENCES = [
    timed("27. Sitzung Fachausschuss", "2026-11-03", "14:00", "16:00", categories=["Sitzung"]),
    timed("AG Übergangssystem", "2026-11-05", "09:00", "11:00", categories=["Arbeitsgruppe"], cancelled=True),
    timed("StuBO-Treffen Hagen", "2026-11-10", "10:00", "12:00", categories=["Treffen"], unread=True),
    timed("Austausch Referenzkommunen", "2026-11-10", "13:30", "15:00", space=SPACES[3]["id"]),
    occurrence("Meldeschluss Bedarf BFE", "2026-11-12", "2026-11-12", categories=["Frist"]),
    occurrence("Tage der Berufsorientierung", "2026-11-18", "2026-11-20"),
    timed(
        "Steuerkreis",
        "2026-11-26",
        "09:30",
        "12:00",
        space=STEERING,
        place="Rathaus Hagen, Raum A 201",
        my_reply="accepted",
        conflict=True,
        attending=True,
        categories=["Sitzung"],
    ),
    timed("Sprechstunde Berufsberatung", "2026-11-26", "10:00", "16:00", conflict=True, moved=True),
    timed("Fallbesprechung Gruppe B", "2026-11-30", "13:00", "15:00", classification="personal", place=None),
    timed("28. Sitzung Fachausschuss", "2026-12-01", "14:00", "16:00", place="Videokonferenz", categories=["Sitzung"]),
    occurrence("Klausur", "2026-12-03T18:00:00+01:00", "2026-12-05T12:00:00+01:00", categories=["Treffen"]),
]
HOLIDAYS = {
    date(2026, 11, 18): [{"name": "Buß- und Bettag", "kind": "public", "first": True}],
    **{
        date(2026, 11, 2) + timedelta(n): [{"name": "Herbstferien", "kind": "school", "first": n == 0}]
        for n in range(6)
    },
}


def shown(
    view: str, *, day: str = "", some: Sequence[dict[str, Any]] = OCCURRENCES, **changes: object
) -> dict[str, Any]:
    """The context of a view."""
    span = span_of(view, day, TODAY)
    days = by_day(some, span.first, span.last, HOME_ZONE)
    return {
        "shown_until": None,
        "span": span,
        "days": days,
        "phone": {day: entries for day, entries in days.items() if day >= TODAY},
        "today": TODAY,
        "holidays": HOLIDAYS,
        "school_until": None,
        "categories": sorted({name for each in some for name in each["categories"]}),
        "colours": by_category(["Sitzung", "Arbeitsgruppe", "Treffen", "Frist"]),
        "legend_rows": [{"key": "Sitzung", "label": "Sitzung"}, {"key": "", "label": ""}],
        "filter": {"kategorie": "", "land": "NW"},
        "my_spaces": {space["id"]: space for space in SPACES},
        "creatable": True,
        **changes,
    }


def event(**changes: object) -> dict[str, Any]:
    return {
        "id": EVENT,
        "space": NETWORK,
        "type": "event",
        "title": "28. Sitzung Fachausschuss",
        "excerpt": "Tagesordnung folgt.",
        "text": "Tagesordnung **folgt**.",
        "html": HTML,
        "state": "published",
        "classification": "internal",
        "author": AUTHOR,
        "created_at": "2026-11-02T09:12:00+01:00",
        "updated_at": "2026-11-23T13:20:00+01:00",
        "deleted_at": None,
        "version": 3,
        "actions": ["read", "update", "delete", "raise", "lower", "read_access", "reply"],
        "unread": False,
        "purpose": None,
        "delete_on": None,
        "roles": [],
        "place": "Videokonferenz",
        "link": "https://konferenz.example/fachausschuss",
        "start": FIRST,
        "end": "2026-12-01T16:00:00+01:00",
        "all_day": False,
        "timezone": "Europe/Berlin",
        "rrule": None,
        "exdates": [],
        "rdates": [],
        "categories": ["Sitzung"],
        "reminders": [1440, 90],
        "uid": "0193@netzraum",
        "sequence": 1,
        "changed": [],
        "attendees": [
            {"account": None, "role": None, "space": NETWORK, "name": None, "institution": None},
            {"account": "0193-my", "role": None, "space": None, "name": "Mehmet Yıldız", "institution": "Agentur"},
        ],
        "next": FIRST,
        "attending": True,
        "my_reply": None,
        "replies": {"accepted": 12, "declined": 2, "tentative": 1, "open": 9},
        "conflicts": [],
        **changes,
    }


SINGLE = event()
SERIES = event(
    rrule="FREQ=MONTHLY;INTERVAL=2;BYDAY=1TU;UNTIL=20271231T225959Z",
    my_reply={"answer": "accepted", "comment": "Ich komme etwas später.", "deputy": None, "occurrence": None},
    conflicts=[
        {
            "event": "0193-e2",
            "space": STEERING,
            "title": "Steuerkreis",
            "start": "2026-12-01T15:00:00+01:00",
            "end": "2026-12-01T17:00:00+01:00",
        }
    ],
)
DATE = {**OCCURRENCES[9], "text": "", "link": None}
DATES = [
    DATE,
    timed("28. Sitzung", "2027-02-02", "14:00", "16:00", cancelled=True),
    timed("28. Sitzung", "2027-04-06", "15:00", "17:00", moved=True),
]
REPLIES = {
    "items": [
        {
            "account": "0193-my",
            "name": "Mehmet Yıldız",
            "institution": "Agentur für Arbeit Hagen",
            "answer": "declined",
            "comment": "An dem Tag bin ich in Urlaub.",
            "deputy": {"account": "0193-ss", "name": "Şule Şahin", "institution": "Cuno-Berufskolleg Hagen"},
            "at": "2026-11-23T13:20:00+01:00",
            "occurrence": FIRST,
        },
        {
            "account": "0193-tb",
            "name": "Thomas Breuer",
            "institution": "Gesamtschule Haspe",
            "answer": None,
            "comment": None,
            "deputy": None,
            "at": None,
            "occurrence": None,
        },
    ]
}
PEOPLE = [{"id": "0193-ss", "name": "Şule Şahin", "institution": "Cuno-Berufskolleg Hagen"}]
MEMBERS = [{"account": each} for each in PEOPLE]
MANY_MEMBERS = [
    *MEMBERS,
    *({"account": {"id": f"0193-p{n}", "name": f"Person {n}", "institution": "Schule Ost"}} for n in range(1, 40)),
]


def on_page(each: dict[str, Any], **changes: object) -> dict[str, Any]:
    """The context of the page of one event."""
    return {
        "event": each,
        "occurrence": DATE,
        "dates": DATES if each["rrule"] else [],
        "rule": choices_of(each["rrule"], date(2026, 12, 1), HOME_ZONE),
        "day": date(2026, 12, 1),
        "day_shown": date(2026, 12, 1),
        "replies": None,
        "people": [],
        "my_spaces": {space["id"]: space for space in SPACES},
        **changes,
    }


def in_form(each: dict[str, Any] | None, **changes: object) -> dict[str, Any]:
    """What the form of an event holds."""
    return {**(values(each) if each else new_values(TODAY, HOME_ZONE)), **changes}


IMPORTED: dict[str, Any] = {
    "rows": [
        {"line": 3, "uid": "a", "title": "Beirat", "start": "2026-12-03T10:00:00+01:00", "state": "new", "errors": []},
        {"line": 20, "uid": "b", "title": "Ferien", "start": "2026-12-23", "state": "unchanged", "errors": []},
        {
            "line": 31,
            "uid": "c",
            "title": None,
            "start": None,
            "state": "faulty",
            "errors": [{"column": "RRULE", "code": "rrule_too_frequent", "message": "Die Regel wiederholt zu oft."}],
        },
    ],
    "summary": {"new": 1, "unchanged": 1, "changed": 0, "faulty": 1},
}
FEED_TOKENS = [
    {
        "id": "0193-t1",
        "name": "Diensttelefon",
        "scopes": ["feed"],
        "created_at": "2026-11-02T09:12:00+01:00",
        "expires_at": None,
        "last_used_at": "2026-11-23T13:20:00+01:00",
    }
]
