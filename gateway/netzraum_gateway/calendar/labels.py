"""What the calendar calls things."""

from netzraum_gateway.labels import Label, msg

CALENDAR_VIEWS = {
    "monat": Label(msg("Month")),
    "woche": Label(msg("Week")),
    "liste": Label(msg("List")),
}

PARTS_OF_A_DAY = {
    "all_day": msg("all day"),
    "morning": msg("in the morning"),
    "afternoon": msg("in the afternoon"),
    "evening": msg("in the evening"),
}

REPEATS = {
    "none": Label(msg("Does not repeat")),
    "daily": Label(msg("By days")),
    "weekly": Label(msg("By weeks")),
    "monthly_day": Label(msg("By months, on the same date")),
    "monthly_weekday": Label(msg("By months, on the same weekday (for example the second Tuesday)")),
    "monthly_last": Label(msg("By months, on the last such weekday of the month")),
    "yearly": Label(msg("By years")),
}

WEEKDAYS = {
    "MO": Label(msg("Monday")),
    "TU": Label(msg("Tuesday")),
    "WE": Label(msg("Wednesday")),
    "TH": Label(msg("Thursday")),
    "FR": Label(msg("Friday")),
    "SA": Label(msg("Saturday")),
    "SU": Label(msg("Sunday")),
}

ORDINALS = {
    1: Label(msg("first")),
    2: Label(msg("second")),
    3: Label(msg("third")),
    4: Label(msg("fourth")),
    5: Label(msg("fifth")),
}

SERIES_SCOPES = {
    "this": Label(msg("Only this one"), hint=msg("All other dates of the series stay as they are.")),
    "following": Label(msg("This one and all that follow"), hint=msg("The dates before it stay as they are.")),
    "all": Label(msg("The whole series"), hint=msg("Past dates too.")),
}

ANSWERS = {
    "accepted": Label(msg("I come"), icon="task_alt"),
    "tentative": Label(msg("Perhaps"), icon="help"),
    "declined": Label(msg("I do not come"), icon="block"),
}

# The same answers, said of somebody.
ANSWERED = {
    "accepted": Label(msg("has accepted"), icon="task_alt"),
    "tentative": Label(msg("perhaps"), icon="help"),
    "declined": Label(msg("has declined"), icon="block"),
    "open": Label(msg("no answer yet"), icon="schedule"),
}

REMINDERS = {
    "10080": Label(msg("one week before")),
    "2880": Label(msg("two days before")),
    "1440": Label(msg("one day before")),
    "120": Label(msg("two hours before")),
    "30": Label(msg("half an hour before")),
}
"""By minutes."""

EVENT_IMPORT_STATES = {
    "new": Label(msg("new"), icon="add"),
    "unchanged": Label(msg("there already"), icon="task_alt"),
    "changed": Label(msg("changed"), icon="edit"),
    "faulty": Label(msg("cannot be taken over"), icon="warning"),
}

GERMAN_STATES = {
    "BW": Label(msg("Baden-Württemberg")),
    "BY": Label(msg("Bavaria")),
    "BE": Label(msg("Berlin")),
    "BB": Label(msg("Brandenburg")),
    "HB": Label(msg("Bremen")),
    "HH": Label(msg("Hamburg")),
    "HE": Label(msg("Hesse")),
    "MV": Label(msg("Mecklenburg-Western Pomerania")),
    "NI": Label(msg("Lower Saxony")),
    "NW": Label(msg("North Rhine-Westphalia")),
    "RP": Label(msg("Rhineland-Palatinate")),
    "SL": Label(msg("Saarland")),
    "SN": Label(msg("Saxony")),
    "ST": Label(msg("Saxony-Anhalt")),
    "SH": Label(msg("Schleswig-Holstein")),
    "TH": Label(msg("Thuringia")),
}

FIELDS = {
    "start": msg("Beginning"),
    "end": msg("Finish"),
    "place": msg("Place"),
    "link": msg("Link"),
    "rrule": msg("Repetition"),
    "categories": msg("Categories"),
    "attendees": msg("Who is asked to come"),
    "reminders": msg("Reminders"),
    "answer": msg("Reply"),
    "deputy": msg("Deputy"),
}

SUBJECTS = {
    "event": msg("Event"),
}

VERBS = {
    "reply": msg("answered"),
    "cancelled": msg("cancelled"),
    "cancel": msg("cancelled"),
}

MESSAGES = {
    "event_published": msg("The event is in the calendar."),
    "event_draft_saved": msg("The draft is saved. Only you see it."),
    "event_updated": msg("The event is changed."),
    "event_deleted": msg("The event is deleted."),
    "event_restored": msg("The event is back."),
    "event_reclassified": msg("The protection level is changed."),
    "event_cancelled": msg("The event is cancelled."),
    "event_uncancelled": msg("The event takes place after all."),
    "event_replied": msg("Your answer is saved. You can change it at any time."),
}
