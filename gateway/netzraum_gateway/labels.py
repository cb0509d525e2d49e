"""What the page calls the values that the API speaks in: words and icons, one table per kind of value.

Words are English message ids; ``msg`` marks them for the catalogue, templates translate them with ``_()``.
"""

from dataclasses import dataclass


def msg(text: str) -> str:
    """Mark a text for the catalogue."""
    return text


@dataclass(frozen=True)
class Label:
    label: str
    icon: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Classification:
    """`badge` is KERN's variant of the badge; `rule` says how to handle an item, `hint` whom it is for."""

    label: str
    icon: str
    badge: str
    hint: str
    rule: str


@dataclass(frozen=True)
class Level:
    """`strength` is the filling of the bar beside the word, 0 to 3."""

    label: str
    strength: int
    hint: str


@dataclass(frozen=True)
class Tool:
    """`path` is the tool's part of the address of a space; `built` whether a page stands behind it."""

    label: str
    item: str
    icon: str
    path: str
    built: bool = False


@dataclass(frozen=True)
class PollStep:
    """What is asked once before it is done; `path` is its part of the address of a poll."""

    title: str
    text: str
    button: str
    path: str


CLASSIFICATIONS = {
    "public": Classification(
        msg("Public"),
        icon="public",
        badge="success",
        hint=msg("May leave the network, for example for a website"),
        rule=msg("May be passed on and published."),
    ),
    "internal": Classification(
        msg("Internal"),
        icon="domain",
        badge="info",
        hint=msg("Everyone in this space whose role reads the tool"),
        rule=msg("Pass on within the institutions taking part only. Do not publish."),
    ),
    "confidential": Classification(
        msg("Confidential"),
        icon="lock",
        badge="warning",
        hint=msg("Only roles that may see confidential items; never in mails"),
        rule=msg("Do not pass on. Others do not learn that it exists."),
    ),
    "personal": Classification(
        msg("Personal data"),
        icon="shield_person",
        badge="danger",
        hint=msg("Names or cases; purpose and deletion date are required"),
        rule=msg("Only for the purpose named. Every reading is recorded, and it is deleted on its day."),
    ),
}

CLEARANCES = {"none": msg("Nothing"), **{name: row.label for name, row in CLASSIFICATIONS.items()}}

LEVELS = {
    "none": Level(msg("No access"), 0, msg("The tool does not appear.")),
    "read": Level(msg("Read"), 1, msg("Open, search and download.")),
    "contribute": Level(msg("Contribute"), 2, msg("Also create, and change one's own.")),
    "manage": Level(msg("Manage"), 3, msg("Also change and delete what others wrote.")),
}

TOOLS = {
    "notices": Tool(msg("Notice board"), msg("Notice"), icon="campaign", path="brett", built=True),
    "records": Tool(msg("Records"), msg("Record"), icon="gavel", path="protokolle"),
    "calendar": Tool(msg("Calendar"), msg("Event"), icon="calendar_month", path="kalender", built=True),
    "files": Tool(msg("Files"), msg("File"), icon="folder", path="dateien"),
    "bookmarks": Tool(msg("Bookmarks"), msg("Bookmark"), icon="bookmark", path="lesezeichen"),
    "wiki": Tool(msg("Wiki"), msg("Wiki page"), icon="menu_book", path="wiki", built=True),
    "forum": Tool(msg("Forum"), msg("Thread"), icon="forum", path="forum"),
    "blog": Tool(msg("Blog"), msg("Article"), icon="article", path="blog"),
    "polls": Tool(msg("Polls"), msg("Poll"), icon="ballot", path="umfragen", built=True),
    "members": Tool(msg("Members"), msg("Membership"), icon="groups", path="mitglieder", built=True),
}

ROLES = {
    "coordinator": Label(msg("Coordinator"), hint=msg("Manages everything, members and roles included")),
    "moderator": Label(msg("Moderator"), hint=msg("Manages what the tools hold")),
    "member": Label(msg("Member"), hint=msg("Contributes; reads the notice board and the records")),
    "guest": Label(msg("Guest"), hint=msg("Reads what is internal or public")),
    "auditor": Label(msg("Auditor"), hint=msg("Reads the audit and the policy, no content")),
}

SPACE_KINDS = {
    "network": Label(msg("Network space"), icon="hub"),
    "body": Label(msg("Body"), icon="diversity_3"),
    "community": Label(msg("Community group"), icon="public"),
}

SPACE_GROUPS = {
    "network": Label(msg("Networks")),
    "body": Label(msg("Bodies")),
    "community": Label(msg("Community groups")),
}

TEMPLATES = {
    "equal": Label(msg("Equal"), hint=msg("Everyone contributes everywhere, to the notice board too.")),
    "graded": Label(msg("Graded"), hint=msg("Coordinators and moderators publish, members contribute, guests read.")),
    "community": Label(msg("Community"), hint=msg("For members of many networks; moderators take new members in.")),
}

INSTITUTION_KINDS = {
    "school": Label(msg("School")),
    "vocational_school": Label(msg("Vocational school")),
    "training_provider": Label(msg("Training provider")),
    "employment_agency": Label(msg("Employment agency")),
    "chamber": Label(msg("Chamber")),
    "municipality": Label(msg("Municipality")),
    "other": Label(msg("Other institution")),
}

INSTITUTION_STATES = {
    "pending": Label(msg("Waiting for approval"), icon="schedule"),
    "approved": Label(msg("Approved"), icon="task_alt"),
    "rejected": Label(msg("Rejected"), icon="block"),
    "suspended": Label(msg("Suspended"), icon="block"),
}

ACCOUNT_STATES = {
    "invited": Label(msg("Invited"), icon="mail"),
    "active": Label(msg("Active"), icon="task_alt"),
    "suspended": Label(msg("Suspended"), icon="block"),
}

MEMBERSHIP_STATES = {
    "invited": Label(msg("Invitation open"), icon="mail"),
    "bounced": Label(msg("Mail came back"), icon="warning"),
    "active": Label(msg("Active"), icon="task_alt"),
    "ended": Label(msg("Ended"), icon="block"),
}

MAIL_RHYTHMS = {
    "each": Label(msg("At once"), hint=msg("One mail for each item")),
    "daily": Label(msg("Once a day"), hint=msg("Gathered, in the morning")),
    "weekly": Label(msg("Once a week"), hint=msg("Gathered, on Monday")),
    "never": Label(msg("Never"), hint=msg("Only mails about your account")),
}

SCOPES = {
    "read": Label(msg("Read"), hint=msg("Open and search what you may see")),
    "write": Label(msg("Write"), hint=msg("Create and change as you may")),
    "feed": Label(msg("Feeds"), hint=msg("Read feeds and subscribe to calendars")),
    "dav": Label(msg("Files by DAV"), hint=msg("Open the file store as a drive")),
}

TODOS = {
    "acknowledge": Label(msg("Confirm"), icon="task_alt"),
    "reply": Label(msg("Answer"), icon="event"),
    "vote": Label(msg("Vote"), icon="how_to_vote"),
    "catch_up": Label(msg("Catch up"), icon="inbox"),
    "publish": Label(msg("Publish"), icon="campaign"),
}

QUESTION_KINDS = {
    "single": Label(msg("One answer"), icon="radio_button_checked", hint=msg("Choose one answer.")),
    "multiple": Label(msg("Several answers"), icon="check_box", hint=msg("Choose what applies.")),
    "rating": Label(msg("Rating"), icon="star", hint=msg("Each answer gets points on a scale.")),
    "weighting": Label(msg("Spread points"), icon="balance", hint=msg("All points are spread over the answers.")),
    "ranking": Label(msg("Ranking"), icon="format_list_numbered", hint=msg("The answers are put in order.")),
    "motion": Label(msg("Motion"), icon="gavel", hint=msg("Yes, no or abstention, with quorum and majority.")),
    "text": Label(msg("Free text"), icon="notes", hint=msg("An answer in one's own words.")),
}

SECRECIES = {
    "open": Label(msg("Open"), icon="visibility", hint=msg("Everyone who sees the result sees who voted for what.")),
    "confidential": Label(
        msg("Confidential"), icon="lock", hint=msg("Only those who manage polls see who voted for what.")
    ),
    "secret": Label(msg("Secret"), icon="how_to_vote", hint=msg("Nobody can find out who voted for what.")),
}

RESULTS_SHOWN = {
    "after_close": Label(msg("After the end")),
    "always": Label(msg("At any time")),
    "after_vote": Label(msg("To everyone who has voted")),
    "managers": Label(msg("Only to those who manage polls")),
}

ELECTORATES = {
    "members": Label(msg("Everyone who may contribute here")),
    "institutions": Label(msg("One vote for each institution")),
}

MAJORITIES = {
    "simple": Label(msg("Simple majority"), hint=msg("More yes than no; abstentions do not count.")),
    "absolute": Label(
        msg("Absolute majority"), hint=msg("Yes from more than half of all votes, abstentions among them.")
    ),
    "two_thirds": Label(msg("Two-thirds majority"), hint=msg("At least twice as many yes as no.")),
}

POLL_STATES = {
    "draft": Label(msg("Draft"), icon="edit"),
    "coming": Label(msg("Coming"), icon="schedule"),
    "open": Label(msg("Open"), icon="how_to_vote"),
    "closed": Label(msg("Closed"), icon="task_alt"),
    "void": Label(msg("Void"), icon="block"),
    "deleted": Label(msg("Deleted"), icon="delete"),
}

MOTION_ANSWERS = {"yes": Label(msg("Yes")), "no": Label(msg("No")), "abstain": Label(msg("Abstention"))}

MOTION_OUTCOMES = {
    "accepted": Label(msg("Accepted"), icon="task_alt"),
    "rejected": Label(msg("Rejected"), icon="block"),
    "no_quorum": Label(msg("No quorum"), icon="warning"),
}

POLL_STEPS = {
    "open": PollStep(
        msg("Open the poll now"),
        msg("From then on its questions, its secrecy and who may vote can no longer be changed."),
        button=msg("Open it"),
        path="oeffnen",
    ),
    "close": PollStep(
        msg("Close the poll"),
        msg("From then on no more votes are taken, and the result is sealed. This cannot be undone."),
        button=msg("Close for good"),
        path="schliessen",
    ),
    "remind": PollStep(
        msg("Remind those who have not voted"),
        msg("They get a mail, at most once a day. You do not learn who they are."),
        button=msg("Remind"),
        path="erinnern",
    ),
}

FIELDS = {
    "title": msg("Title"),
    "text": msg("Text"),
    "classification": msg("Protection level"),
    "purpose": msg("What the data are needed for"),
    "delete_on": msg("Delete for good on"),
    "roles": msg("Only for these roles"),
    "valid_from": msg("Visible from"),
    "valid_until": msg("Visible until"),
    "email": msg("E-mail address"),
    "password": msg("Password"),
    "institution": msg("Institution"),
    "clearance": msg("Clearance"),
    **{f"level.{name}": tool.label for name, tool in TOOLS.items()},
    "name": msg("Name"),
    "description": msg("Purpose"),
    "contact": msg("Contact"),
    "role": msg("Role"),
    "function": msg("Function"),
    "until": msg("Membership ends on"),
    "reason": msg("Reason"),
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
    "secrecy": msg("Secrecy"),
    "results": msg("Who sees the result, and when"),
    "electorate": msg("Who may vote"),
    "opens_at": msg("Opens on"),
    "closes_at": msg("Closes on"),
    "questions": msg("Questions"),
    "parent": msg("Is a subpage of"),
    "comment": msg("What have you changed?"),
    "slug": msg("Address"),
    "file": msg("File"),
}

# How Markdown is written, for the help beside the field.
WIKI_SYNTAX = {
    "## …": msg("heading, ### for the next level"),
    "**…** *…*": msg("bold, italic"),
    "- …": msg("list, 1. for a numbered one"),
    "- [ ] …": msg("task, - [x] for a done one"),
    "[[…]]": msg("another page of the wiki by its title; [[title|words]] to say it otherwise"),
    "[…](https://…)": msg("link to a website"),
    "| … | … |": msg("table, with |---|---| below its head"),
    "> …": msg("quotation"),
    "…[^1]": msg("footnote, with [^1]: … at the end"),
}

IMPORT_STATES = {
    "new": Label(msg("New"), icon="add"),
    "changed": Label(msg("Becomes a new revision"), icon="history"),
    "unchanged": Label(msg("Is there already"), icon="task_alt"),
    "faulty": Label(msg("Cannot be taken in"), icon="warning"),
}

FOOTER_PAGES = {
    "help": msg("Help"),
    "privacy": msg("Privacy"),
    "imprint": msg("Imprint"),
}

SUBJECTS = {
    "notice": msg("Notice"),
    "event": msg("Event"),
    "poll": msg("Poll"),
    "wiki_page": msg("Wiki page"),
    "membership": msg("Membership"),
    "role": msg("Role"),
    "space": msg("Space"),
    "institution": msg("Institution"),
    "account": msg("Account"),
    "invitation": msg("Invitation"),
    "session": msg("Session"),
    "second_factor": msg("Second factor"),
    "api_token": msg("API token"),
}

VERBS = {
    "create": msg("created"),
    "created": msg("created"),
    "read": msg("read"),
    "update": msg("changed"),
    "updated": msg("changed"),
    "publish": msg("published"),
    "published": msg("published"),
    "delete": msg("deleted"),
    "deleted": msg("deleted"),
    "restore": msg("brought back"),
    "restored": msg("brought back"),
    "erased": msg("deleted for good"),
    "lower": msg("protection level lowered"),
    "raise": msg("protection level raised"),
    "make_public": msg("made public"),
    "pin": msg("pinned"),
    "unpin": msg("unpinned"),
    "move": msg("moved"),
    "end": msg("ended"),
    "ended": msg("ended"),
    "invite": msg("invited"),
    "accept": msg("accepted"),
    "register": msg("registered"),
    "open": msg("opened"),
    "close": msg("closed"),
    "void": msg("void"),
    "key_found": msg("key found again"),
    "write_outcome": msg("the outcome stated"),
    "regain_coordinator": msg("is coordinated again"),
    "resend": msg("invitation sent again"),
    "import": msg("imported"),
    "appoint": msg("appointed"),
    "approve": msg("approved"),
    "approved": msg("approved"),
    "reject": msg("rejected"),
    "suspend": msg("suspended"),
    "unsuspend": msg("let in again"),
    "reclassified": msg("protection level changed"),
    "reclassify": msg("protection level changed"),
    "active": msg("taken up"),
    "invited": msg("invited"),
    "bounced": msg("the invitation came back"),
    "archive": msg("archived"),
    "lose_coordinator": msg("lost its last coordinator"),
    "reply": msg("answered"),
    "moved": msg("moved"),
    "cancelled": msg("cancelled"),
    "cancel": msg("cancelled"),
    "restore_revision": msg("older revision restored"),
    "export": msg("taken along as a file"),
}

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
