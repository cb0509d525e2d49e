"""What the page calls the values that the API speaks in: words and icons, one table per kind of value.

Here is what the pages of several folders share; ``labels.py`` in a folder has what is of that folder alone, and its
``FIELDS``, ``SUBJECTS``, ``VERBS`` and ``MESSAGES`` join those of the others (words.py). Words are English message ids;
``msg`` marks them for the catalogue, templates translate them with ``_()``.
"""

from dataclasses import dataclass

from netzraum_contracts import tools


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
    """`badge` is KERN's variant of the badge; `rule` says how to handle an item, `hint` whom it is for. `usual` is what
    goes without saying where there is little room; `guarded` is what is marked even where there is hardly any."""

    label: str
    icon: str
    badge: str
    hint: str
    rule: str
    usual: bool = False
    guarded: bool = False


@dataclass(frozen=True)
class Level:
    """`strength` is the filling of the bar beside the word, 0 to 3."""

    label: str
    strength: int
    hint: str


@dataclass(frozen=True)
class Tool:
    """`item` is what one thing in it is called; `path` and `built` are as in the list of tools."""

    label: str
    item: str
    icon: str
    path: str
    built: bool


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
        usual=True,
    ),
    "confidential": Classification(
        msg("Confidential"),
        icon="lock",
        badge="warning",
        hint=msg("Only roles that may see confidential items; never in mails"),
        rule=msg("Do not pass on. Others do not learn that it exists."),
        guarded=True,
    ),
    "personal": Classification(
        msg("Personal data"),
        icon="shield_person",
        badge="danger",
        hint=msg("Names or cases; purpose and deletion date are required"),
        rule=msg("Only for the purpose named. Every reading is recorded, and it is deleted on its day."),
        guarded=True,
    ),
}

CLEARANCES = {"none": msg("Nothing"), **{name: row.label for name, row in CLASSIFICATIONS.items()}}

IMPORT_RESULTS = {
    "new": Label(msg("New"), icon="add"),
    "changed": Label(msg("Changed"), icon="edit"),
    "unchanged": Label(msg("There already"), icon="task_alt"),
    "faulty": Label(msg("Not taken over"), icon="warning"),
}

LEVELS = {
    "none": Level(msg("No access"), 0, msg("The tool does not appear.")),
    "read": Level(msg("Read"), 1, msg("Open, search and download.")),
    "contribute": Level(msg("Contribute"), 2, msg("Also create, and change one's own.")),
    "manage": Level(msg("Manage"), 3, msg("Also change and delete what others wrote.")),
}


def _tool(name: str, label: str, item: str, *, icon: str) -> Tool:
    tool = tools.TOOLS[name]
    return Tool(label, item, icon, tool.path, tool.built)


TOOLS = {
    "notices": _tool("notices", msg("Notice board"), msg("Notice"), icon="campaign"),
    "records": _tool("records", msg("Records"), msg("Record"), icon="gavel"),
    "calendar": _tool("calendar", msg("Calendar"), msg("Event"), icon="calendar_month"),
    "files": _tool("files", msg("Files"), msg("File"), icon="folder"),
    "bookmarks": _tool("bookmarks", msg("Bookmarks"), msg("Bookmark"), icon="bookmark"),
    "wiki": _tool("wiki", msg("Wiki"), msg("Wiki page"), icon="menu_book"),
    "forum": _tool("forum", msg("Forum"), msg("Thread"), icon="forum"),
    "blog": _tool("blog", msg("Blog"), msg("Article"), icon="article"),
    "polls": _tool("polls", msg("Polls"), msg("Poll"), icon="ballot"),
    "members": _tool("members", msg("Members"), msg("Membership"), icon="groups"),
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

INSTITUTION_KINDS = {
    "school": Label(msg("School")),
    "vocational_school": Label(msg("Vocational school")),
    "training_provider": Label(msg("Training provider")),
    "employment_agency": Label(msg("Employment agency")),
    "chamber": Label(msg("Chamber")),
    "municipality": Label(msg("Municipality")),
    "other": Label(msg("Other institution")),
}

TODOS = {
    "acknowledge": Label(msg("Confirm"), icon="task_alt"),
    "reply": Label(msg("Answer"), icon="event"),
    "vote": Label(msg("Vote"), icon="how_to_vote"),
    "catch_up": Label(msg("Catch up"), icon="inbox"),
    "publish": Label(msg("Publish"), icon="campaign"),
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
    "name": msg("Name"),
    "description": msg("Purpose"),
    "contact": msg("Contact"),
    "reason": msg("Reason"),
    "file": msg("File"),
}

FOOTER_PAGES = {
    "help": msg("Help"),
    "privacy": msg("Privacy"),
    "imprint": msg("Imprint"),
}

SUBJECTS = {
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
    "regain_coordinator": msg("is coordinated again"),
    "resend": msg("invitation sent again"),
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
    "archive": msg("archived"),
    "lose_coordinator": msg("lost its last coordinator"),
    "moved": msg("moved"),
    "export": msg("taken along as a file"),
    "begin_import": msg("sent as a file"),
}
