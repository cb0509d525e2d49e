"""Examples of the calendar's pages."""

from datetime import date
from typing import Any

from netzraum_gateway.calendar.colours import by_category, by_space
from tests.gateway.answers import (
    ACCESS,
    CLASSES,
    COUNTS,
    CREATABLE,
    EMPTY,
    HTML,
    NETWORK,
    PERSONAL_ACCESS,
    ROLES,
    SPACES,
    TAKEN_IN,
    typed,
)
from tests.gateway.calendar_answers import (
    DATE,
    FEED_TOKENS,
    FIRST,
    IMPORTED,
    MANY_MEMBERS,
    MEMBERS,
    OCCURRENCES,
    PEOPLE,
    REPLIES,
    SERIES,
    SINGLE,
    at_day,
    event,
    in_form,
    on_page,
    shown,
)
from tests.gateway.example import Example, home, in_space

CALENDAR = "calendar"
ALL: dict[str, Any] = {"tool": CALENDAR, "space": None, "path": "/termine"}
FORM: dict[str, Any] = {
    "event": None,
    "scope": "",
    "termin": "",
    "creatable": CREATABLE,
    "roles": ROLES,
    "preview": None,
    "conflict": None,
    "gone": False,
    "members": MEMBERS,
    "bodies": SPACES[1:3],
}


def in_calendar(template: str, name: str = "", /, **context: object) -> Example:
    return in_space(f"calendar/{template}", CALENDAR, name, **context)


def listed(*items: dict[str, Any], creatable: bool = True) -> dict[str, Any]:
    return {"items": list(items), "next": None, "creatable": CREATABLE if creatable else [], "counts": COUNTS}


CATEGORIES = [f"Kategorie {number}" for number in range(1, 18)]
MANY_CATEGORIES = shown(
    "monat",
    some=[{**OCCURRENCES[day % 2], **at_day(day + 1), "categories": [name]} for day, name in enumerate(CATEGORIES)],
    colours=by_category(CATEGORIES),
    legend_rows=[{"key": name, "label": name} for name in CATEGORIES],
)
LIST_FILTER = {"view": "current", "q": "", "classification": ""}
VIEWS = [
    in_calendar("view", **shown("monat")),
    in_calendar("view", "week", **shown("woche")),
    in_calendar("view", "many-categories", **MANY_CATEGORIES),
    in_calendar("view", "busy", **shown("monat", some=[{**each, **at_day(25)} for each in OCCURRENCES])),
    in_calendar("view", "cut", **shown("monat", shown_until="2026-11-20T10:00:00+01:00")),
    in_calendar("view", "list", **shown("liste")),
    in_calendar("view", "no-school", **shown("woche", school_until=date(2026, 11, 7))),
    in_calendar(
        "view",
        "empty",
        **shown("liste", some=[], holidays={}, legend_rows=[], creatable=False, filter={"kategorie": "", "land": ""}),
    ),
    home(
        "calendar/view",
        "all",
        **ALL,
        **shown(
            "monat",
            categories=[],
            creatable=False,
            colours=by_space(SPACES),
            legend_rows=[{"key": space["id"], "label": space["name"]} for space in SPACES],
        ),
    ),
]
EVENTS = [
    in_calendar("event", **on_page(SINGLE, people=PEOPLE, replies=REPLIES), access=ACCESS, form=typed({})),
    in_calendar(
        "event",
        "series",
        **on_page(SERIES, people=PEOPLE, replies=REPLIES),
        access=ACCESS,
        form=typed({"answer": "accepted", "whole": "1"}),
        flash={"code": "event_replied", "undo": None},
    ),
    in_calendar(
        "event", "cancelled", **on_page(SERIES, occurrence={**DATE, "cancelled": True}), access=None, form=typed({})
    ),
    in_calendar("event", "draft", **on_page(event(state="draft", author=None)), access=None, form=typed({})),
    in_calendar(
        "event",
        "deleted",
        **on_page(event(state="deleted", actions=["read", "restore"], attending=False)),
        access=None,
        form=typed({}),
    ),
    in_calendar(
        "event",
        "personal",
        **on_page(
            event(classification="personal", purpose="Fallbesprechung", delete_on="2027-01-31", roles=["coordinator"])
        ),
        access=PERSONAL_ACCESS,
        form=typed({}, ("answer", "Geben Sie eine Antwort.")),
    ),
    in_calendar("scope", event=SERIES, occurrence=DATE),
    in_calendar("cancel", event=SINGLE, occurrence=DATE, series=False, form=typed({"scope": "this"})),
    in_calendar("cancel", "series", event=SERIES, occurrence=DATE, series=True, form=typed({"scope": "this"})),
]
FORMS = [
    in_calendar("form", **FORM | {"form": typed(in_form(None))}),
    in_calendar(
        "form",
        "errors",
        **FORM
        | {
            "form": typed(
                in_form(
                    None,
                    repeat="monthly_weekday",
                    ends="count",
                    repeat_count="0",
                    classification="personal",
                    attendees=[f"space:{NETWORK}"],
                ),
                ("title", "Geben Sie einen Titel ein."),
                ("start", "Geben Sie eine Uhrzeit an."),
                ("rrule", "Die Regel ergibt keinen Termin."),
            ),
            "preview": HTML,
        },
    ),
    in_calendar(
        "form",
        "many-people",
        **FORM
        | {
            "members": MANY_MEMBERS,
            "form": typed(
                in_form(None, attendees=["account:0193-p7"]), ("attendees", "Wer eingeladen ist, gibt es nicht.")
            ),
        },
    ),
    in_calendar("form", "series", **FORM | {"event": SERIES, "form": typed(in_form(SERIES))}),
    in_calendar(
        "form",
        "kept",
        **FORM | {"event": event(rrule="FREQ=YEARLY;BYWEEKNO=20"), "form": typed(in_form(SERIES, repeat="kept"))},
    ),
    in_calendar(
        "form",
        "one",
        **FORM
        | {"event": SERIES, "scope": "this", "termin": FIRST, "form": typed(in_form(SERIES)), "conflict": SERIES},
    ),
    in_calendar("form", "gone", **FORM | {"form": typed(in_form(SERIES)), "gone": True}),
]
LISTS = [
    in_calendar("list", calendar=listed(SINGLE, event(rrule="FREQ=DAILY")), next="/weiter", filter=LIST_FILTER),
    in_calendar("list", "empty", calendar=listed(), next=None, filter=LIST_FILTER),
    in_calendar("list", "no-hit", calendar=listed(), next=None, filter={**LIST_FILTER, "q": "Wohnheim"}),
    in_calendar("list", "trash", calendar=listed(SINGLE), next=None, filter={**LIST_FILTER, "view": "deleted"}),
    in_calendar("list", "trash-empty", calendar=listed(), next=None, filter={**LIST_FILTER, "view": "deleted"}),
    in_space("items/access", CALENDAR, "event", item=SINGLE, own="/", access=ACCESS),
    in_space("items/reclassify", CALENDAR, "event", item=SINGLE, own="/", form=typed({}), classifications=CLASSES),
]
NOT_SHOWN: dict[str, Any] = {"more": 0, "latest": [], "largest": 5_000_000, "most": 10_000}
BESIDE = [
    in_calendar("import", form=typed({"content": ""}), rows=None, summary={}, **{**NOT_SHOWN, "latest": TAKEN_IN}),
    in_calendar(
        "import",
        "refused",
        form=typed({"content": ""}, ("file", "Das ist keine Kalenderdatei.")),
        rows=None,
        summary={},
        **NOT_SHOWN,
    ),
    in_calendar(
        "import", "preview", form=typed({"content": "BEGIN:VCALENDAR"}), **IMPORTED, **{**NOT_SHOWN, "more": 7}
    ),
    in_calendar(
        "import",
        "long",
        form=typed({"content": "BEGIN:VCALENDAR"}),
        **{**IMPORTED, "rows": IMPORTED["rows"] * 5},
        **{**NOT_SHOWN, "more": 7},
    ),
    in_calendar("import", "nothing", form=typed({"content": "x"}), rows=IMPORTED["rows"][1:], summary={}, **NOT_SHOWN),
    *(in_space("imports/progress", CALENDAR, each["state"], found=each, home="/", again="") for each in TAKEN_IN),
    in_calendar("subscribe", form=EMPTY, tokens=FEED_TOKENS, address=None),
    in_calendar("subscribe", "made", form=EMPTY, tokens=FEED_TOKENS, address="https://netzraum.example/feeds/x.ics"),
    home(
        "calendar/subscribe",
        "all",
        **ALL,
        form=typed({}, ("name", "Geben Sie einen Namen an.")),
        tokens=[],
        address=None,
    ),
]
CALENDAR_PAGES = [*VIEWS, *EVENTS, *FORMS, *LISTS, *BESIDE]
NEXT_DATES = OCCURRENCES[6:10]
