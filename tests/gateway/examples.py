"""An example of every page: its template and a context shaped like the answers of the API."""

from tests.gateway.answers import (
    ACCESS,
    ACTIVITY,
    AUDIT,
    CLASSES,
    CREATABLE,
    EMPTY,
    FILTER,
    HITS,
    HTML,
    ME,
    NETWORK,
    NOTICE,
    NOTICES,
    PERSONAL,
    PERSONAL_ACCESS,
    READER_ACCESS,
    ROLES,
    SIX_ROLES,
    SPACE,
    TEXT,
    TODO,
    notice,
    notices,
    typed,
)
from tests.gateway.calendar_examples import CALENDAR_PAGES, NEXT_DATES
from tests.gateway.example import Example, home, in_space, of_account, of_operator, outside
from tests.gateway.people_answers import (
    ACCOUNTS,
    FACTORS,
    INSTITUTIONS,
    INVITATION,
    MEMBERS,
    NEW_FACTOR,
    POLICY,
    SESSIONS,
    TOKENS,
)
from tests.gateway.poll_examples import POLL_PAGES
from tests.gateway.wiki_answers import HOME, KOESTER, NEWER, OPENED
from tests.gateway.wiki_examples import WIKI


def on_board(template: str, name: str = "", /, **context: object) -> Example:
    return in_space(f"board/{template}", "notices", name, **context)


def of_items(template: str, name: str = "", /, **context: object) -> Example:
    return in_space(f"items/{template}", "notices", name, own=f"/raum/{NETWORK}/brett/0193-a1", **context)


def among_members(template: str, name: str = "", /, tool: str = "members", **context: object) -> Example:
    return in_space(f"members/{template}", tool, name, **context)


BEFORE_LOGGING_IN = [
    outside("account/login", form=EMPTY, code_wanted=False),
    outside(
        "account/login",
        "refused",
        form=typed(
            {"email": "v@demo.example", "kept": "title=Neu"},
            problem={"title": "Anmeldung nicht möglich", "detail": "E-Mail-Adresse oder Passwort stimmt nicht."},
        ),
        code_wanted=False,
    ),
    outside("account/login", "code", form=typed({}, ("code", "Der Code stimmt nicht.")), code_wanted=True),
    outside("account/register", form=EMPTY),
    outside(
        "account/register",
        "errors",
        form=typed(
            {"name": "agentur mark GmbH", "kind": "municipality"},
            ("town", "Geben Sie einen Ort an."),
            ("registrant.password", "Das Passwort ist zu kurz."),
        ),
    ),
    outside("account/message", message="registered", name=""),
    outside("account/message", "confirmed", message="institution_confirmed", name="agentur mark GmbH"),
    outside("account/confirm", message="confirm_email", action="/konto/email/x"),
    outside("account/invitation", invitation=INVITATION, token="x", form=typed({"name": "Mehmet Yıldız"})),
    outside("account/password_request", form=EMPTY),
    outside("account/password_set", token="x", form=EMPTY),
]
START = [
    home(
        "start",
        todo=TODO,
        dates=NEXT_DATES,
        activity=ACTIVITY,
        invitations=[{"space": NETWORK, "open": 3}],
        more="/aktivitaet",
    ),
    home(
        "start",
        "quiet",
        todo=[],
        dates=[],
        activity=[],
        invitations=[],
        more="/aktivitaet",
        flash={"code": "all_seen", "undo": None},
    ),
    home(
        "start",
        "alone",
        todo=[],
        dates=[],
        activity=[],
        invitations=[],
        more="/aktivitaet",
        spaces=[],
        unread={},
        todo_count=0,
    ),
    home("activity", path="/aktivitaet", activity=ACTIVITY, next="/aktivitaet?cursor=x"),
    home(
        "search/results",
        path="/suche",
        results=None,
        next=None,
        filter=dict.fromkeys(("q", "tool", "space", "from", "until"), ""),
    ),
    home(
        "search/results",
        "hits",
        path="/suche",
        results=HITS,
        next=None,
        filter={"q": "Potenzialanalyse", "tool": "notices", "space": NETWORK, "from": "2026-11-01", "until": ""},
    ),
    home(
        "search/results",
        "nothing",
        path="/suche",
        results=[],
        next=None,
        filter={"q": "Wohnheim", "tool": "notices", "space": "", "from": "", "until": ""},
    ),
]
BOARD = [
    on_board("list", notices=notices(*NOTICES), next="/weiter", filter=FILTER),
    on_board("list", "empty", notices=notices(), next=None, filter=FILTER),
    on_board("list", "no-hit", notices=notices(creatable=False), next=None, filter={**FILTER, "q": "Wohnheim"}),
    on_board("list", "trash", notices=notices(*NOTICES[:2]), next=None, filter={**FILTER, "view": "deleted"}),
    on_board("list", "no-drafts", notices=notices(), next=None, filter={**FILTER, "view": "draft"}),
    on_board("list", "trash-empty", notices=notices(), next=None, filter={**FILTER, "view": "deleted"}),
    on_board("notice", notice=NOTICE, access=ACCESS, flash={"code": "notice_deleted", "undo": "/zurueck"}),
    on_board("notice", "reader", notice={**NOTICE, "actions": ["read"]}, access=READER_ACCESS),
    on_board("notice", "personal", notice=PERSONAL, access=PERSONAL_ACCESS),
    on_board("notice", "draft", notice=notice(6, "Entwurf", state="draft", author=None), access=None),
    on_board("notice", "deleted", notice=notice(7, "Alt", state="deleted", actions=["read", "restore"]), access=None),
    of_items("access", item=NOTICE, access=PERSONAL_ACCESS),
    on_board(
        "form", notice=None, form=EMPTY, creatable=CREATABLE, roles=ROLES, preview=None, conflict=None, gone=False
    ),
    on_board(
        "form",
        "errors",
        notice=None,
        form=typed(
            {
                "text": TEXT,
                "valid_from": "2026-12-01",
                "valid_until": "2026-11-20",
                "classification": "personal",
                "roles": ["guest"],
            },
            ("title", "Geben Sie einen Titel ein."),
            ("purpose", "Geben Sie den Zweck an."),
            ("valid_until", "Das Ende muss nach dem Beginn liegen."),
        ),
        creatable=CREATABLE,
        roles=ROLES,
        preview=HTML,
        conflict=None,
        gone=False,
    ),
    on_board(
        "form",
        "conflict",
        notice=NOTICE,
        form=typed(NOTICE),
        creatable=CREATABLE,
        roles=ROLES,
        preview=None,
        conflict=NOTICES[1],
        gone=False,
    ),
    on_board(
        "form",
        "gone",
        notice=None,
        form=typed(NOTICE),
        creatable=CREATABLE,
        roles=ROLES,
        preview=None,
        conflict=None,
        gone=True,
    ),
    of_items(
        "reclassify",
        item=NOTICE,
        form=typed({"classification": "public"}, ("reason", "Geben Sie einen Grund an.")),
        classifications=CLASSES,
    ),
]
SPACES = [
    in_space(
        "spaces/overview", "overview", pinned=NOTICES[:1], dates=NEXT_DATES[3:], activity=ACTIVITY[:2], can_write=True
    ),
    in_space(
        "spaces/overview",
        "overview",
        "new",
        space={
            **SPACE,
            "welcome": "Schön, dass Sie da sind.",
            "without_coordinator": True,
            "contact": "",
            "description": "",
            "actions": ["read"],
            "my": {**SPACE["my"], "clearance": "none", "levels": dict.fromkeys(SPACE["tools"], "none")},
        },
        pinned=[],
        dates=[],
        activity=[],
        can_write=False,
    ),
    in_space("spaces/new", "overview", kind="body", form=EMPTY),
    in_space(
        "spaces/new", "overview", "community", kind="community", form=typed({}, ("name", "Geben Sie einen Namen an."))
    ),
    in_space("spaces/settings", "settings", form=typed(SPACE)),
    in_space("spaces/activity", "activity", activity=ACTIVITY[:2], next=None, filter={"tool": "notices"}),
    in_space("spaces/activity", "activity", "empty", activity=[], next=None, filter={"tool": ""}),
    in_space("spaces/audit", "audit", entries=AUDIT, next="/weiter"),
    in_space("spaces/audit", "audit", "empty", entries=[], next=None),
]
MEMBER_FILTER = {"q": "", "role": "", "institution": "", "state": ""}
MEMBER_PAGES = [
    among_members("list", members=MEMBERS, next="/weiter", filter=MEMBER_FILTER, roles=ROLES, can_invite=True),
    among_members(
        "list",
        "nobody",
        members=[],
        next=None,
        filter={**MEMBER_FILTER, "institution": "Stadt Hagen"},
        roles=ROLES,
        can_invite=False,
    ),
    among_members(
        "invite",
        form=typed({}, ("email", "Geben Sie eine Adresse an.")),
        roles=ROLES,
        institutions=[{"id": "1", "name": "Stadt Hagen"}],
    ),
    among_members("member", member=MEMBERS[1], roles=ROLES, form=typed(MEMBERS[1])),
    among_members(
        "end",
        "own",
        member={**MEMBERS[1], "account": {**MEMBERS[1]["account"], "id": ME["id"]}},
        form=EMPTY,
    ),
    among_members("end", "invited", member={**MEMBERS[1], "state": "invited"}, form=EMPTY),
    among_members(
        "end",
        member=MEMBERS[1],
        form=typed(problem={"title": "Nicht möglich", "detail": "Niemand bliebe, der den Raum koordiniert."}),
    ),
    among_members("roles", tool="roles", roles=ROLES),
    among_members("roles", "six", tool="roles", roles=SIX_ROLES),
    among_members("roles", "reader", tool="roles", roles=[{**role, "actions": ["read"]} for role in ROLES]),
    among_members("role_form", tool="roles", role=None, bases=ROLES[:4], form=typed({"levels": {}})),
    among_members(
        "role_form",
        "ceiling",
        tool="roles",
        role=ROLES[4],
        bases=ROLES[:4],
        form=typed(ROLES[4], ("level.notices", "Höchstens: Lesen.")),
    ),
    among_members("role_form", "builtin", tool="roles", role=ROLES[3], bases=ROLES[:4], form=typed(ROLES[3])),
]
ZONES = ["Europe/Berlin", "Europe/London"]
ACCOUNT_PAGES = [
    of_account("profile", form=typed(ME), timezones=ZONES),
    of_account(
        "security",
        path="/konto/sicherheit",
        factors=FACTORS,
        sessions=SESSIONS,
        password_form=EMPTY,
        email_form=EMPTY,
        factor_form=EMPTY,
    ),
    of_account(
        "security",
        "errors",
        path="/konto/sicherheit",
        factors={"items": [], "recovery_codes_left": 0},
        sessions=SESSIONS,
        password_form=typed({}, ("current", "Das Passwort stimmt nicht.")),
        email_form=EMPTY,
        factor_form=EMPTY,
    ),
    of_account("second_factor", path="/konto/sicherheit", factor=NEW_FACTOR, form=EMPTY),
    of_account("recovery_codes", path="/konto/sicherheit", recovery_codes=["k3f9-22ab", "9x1c-77de"]),
    of_account("tokens", path="/konto/zugriff", tokens=TOKENS, secret="nrt_0193", form=EMPTY),
    of_account(
        "tokens",
        "errors",
        path="/konto/zugriff",
        tokens=[],
        secret=None,
        form=typed({"scopes": ["read"]}, ("name", "Geben Sie einen Namen an.")),
    ),
    of_account("step_up", path="/anmelden/nachweis", form=EMPTY),
    of_account("step_up", "none", path="/anmelden/nachweis", me={**ME, "second_factor": False}, form=EMPTY),
    of_account(
        "resend", path="/", action="/raum/x/brett/neu", fields=[["title", "Neu"], ["text", TEXT], ["state", "draft"]]
    ),
]
OPERATOR_PAGES = [
    of_operator("institutions", institutions=INSTITUTIONS, next=None, filter={"state": "pending"}),
    of_operator("institutions", "empty", institutions=[], next=None, filter={"state": "rejected"}),
    of_operator(
        "refuse",
        action="reject_institution",
        name="Werkhof Hagen gGmbH",
        target="/betrieb/institutionen/1/ablehnen",
        back="/betrieb",
        form=EMPTY,
    ),
    of_operator("accounts", path="/betrieb/konten", accounts=ACCOUNTS, next=None, filter={"q": ""}),
    of_operator("accounts", "nobody", path="/betrieb/konten", accounts=[], next=None, filter={"q": "x"}),
    of_operator(
        "orphans",
        path="/betrieb/raeume",
        orphans=[{"id": NETWORK, "kind": "body", "name": "Beirat", "since": "2026-11-20T10:00:00+01:00"}],
        accounts=ACCOUNTS,
        form=EMPTY,
    ),
    of_operator("orphans", "none", path="/betrieb/raeume", orphans=[], accounts=[], form=EMPTY),
    of_operator(
        "health",
        path="/betrieb/zustand",
        policy={**POLICY, "error": "roles/data.yaml: line 3"},
        parts=[
            {"name": "identity", "ready": True, "missing": []},
            {"name": "calendar", "ready": False, "missing": []},
            {"name": "content", "ready": False, "missing": ["database", "policy"]},
        ],
    ),
    of_operator("health", "silent", path="/betrieb/zustand", policy=None, parts=[]),
]
ERRORS_AND_FOOTER = [
    home(
        "errors/forbidden",
        reasons=["clearance_too_low", "second_factor_needed"],
        ask="Katrin Vossmann, 02331 12345-0",
        space=SPACE,
        detail="",
    ),
    home("errors/forbidden", "unknown", reasons=[], ask="", space=None, detail="Das dürfen Sie hier nicht."),
    outside("errors/not_found"),
    home(
        "errors/conflict",
        title="Jemand war schneller",
        detail="Der Aushang wurde geändert.",
        fields=[["title", "Neu"], ["text", TEXT], ["other", "x"]],
        back="/raum/x",
    ),
    home("errors/too_many", seconds=30),
    home(
        "errors/unavailable",
        detail="Der Dienst antwortet nicht.",
        fields=[["title", "Neu"]],
        action="/raum/x/brett/neu",
    ),
    home("errors/unavailable", "page", detail="Der Dienst antwortet nicht.", fields=[], action=""),
    home("errors/outdated", fields=[["title", "Neu"]], action="/raum/x/brett/neu", back="/raum/x/brett/neu"),
    outside("errors/outdated", "unkept", fields=[], action="/anmelden", back="/"),
    outside(
        "errors/failed",
        title="Unerwarteter Fehler",
        detail="Bitte versuchen Sie es noch einmal.",
        wrong=[],
        sent=False,
        anew="",
        trace="4bf92f35",
    ),
    home(
        "errors/failed",
        "refused",
        title="Bitte prüfen Sie die Angaben.",
        detail="",
        wrong=["Höchstens 200 Zeichen."],
        sent=True,
        anew="/suche",
        trace="",
    ),
    outside("footer/page", kind="imprint", html="<h2>Anbieter</h2><p>agentur mark GmbH</p>"),
    outside("footer/page", "help", kind="help", html=""),
    outside(
        "footer/accessibility", html="", form=typed({}, ("barrier", "Beschreiben Sie das Hindernis.")), by_mail=True
    ),
    outside("footer/accessibility", "declared", html="<p>Diese Erklärung gilt für …</p>", form=EMPTY, by_mail=False),
]
PAGES = [
    *BEFORE_LOGGING_IN,
    *START,
    *BOARD,
    *CALENDAR_PAGES,
    *WIKI,
    *SPACES,
    *POLL_PAGES,
    *MEMBER_PAGES,
    *ACCOUNT_PAGES,
    *OPERATOR_PAGES,
    *ERRORS_AND_FOOTER,
]
FRAGMENTS = [
    Example("_fragments/news", "gone", {"number": 0, "gone": 2, "href": "/raum/1/brett", "kind": "notices"}),
    Example("_fragments/news", "notices", {"number": 3, "gone": 0, "href": "/raum/1/brett", "kind": "notices"}),
    Example("_fragments/news", "wiki", {"number": 1, "gone": 0, "href": "/raum/1/wiki", "kind": "wiki"}),
    Example("_fragments/news", "others", {"number": 1, "gone": 0, "href": "/raum/1/forum", "kind": "forum"}),
    Example("_fragments/editing", context={"people": [KOESTER, OPENED], "newer": NEWER, "gone": False, "known": "15"}),
    Example("_fragments/editing", "gone", context={"people": [], "newer": None, "gone": True, "known": "gone"}),
    Example("_fragments/logged_out"),
    Example("_fragments/newer", context={"people": [KOESTER], "newer": NEWER, "gone": False, "href": HOME}),
    Example("_fragments/newer", "gone", context={"people": [], "newer": None, "gone": True, "href": HOME}),
    Example("_fragments/error", context={"title": "Nicht erreichbar", "detail": "Der Dienst antwortet nicht."}),
]
