"""The notice that greets whoever enters a new space."""

from netzraum_content.notices.models import Notice
from netzraum_contracts.spaces import SpaceChanged, SpaceKind
from netzraum_items.items import DEFAULT_CLASSIFICATION
from netzraum_items.tables import Institution, Person
from netzraum_items.traces import leave_traces
from netzraum_platform.context import WorkContext
from netzraum_platform.database import new_id

FIRST_VERSION = 1
TITLE = "Willkommen in diesem Raum"

PURPOSE: dict[SpaceKind, str] = {
    "network": "Hier arbeitet das Netzwerk zusammen: Mitteilungen, Termine, Unterlagen und Absprachen an einem Ort, "
    "zu dem nur seine Mitglieder Zugang haben.",
    "body": "Hier arbeitet das Gremium: Einladungen, Unterlagen, Beschlüsse und Protokolle an einem Ort, zu dem nur "
    "seine Mitglieder Zugang haben.",
    "community": "Hier tauschen sich Mitglieder mehrerer Netzwerke aus, an einem Ort, zu dem nur sie Zugang haben.",
}
PURPOSE_IN_ENGLISH: dict[SpaceKind, str] = {
    "network": "This is where the network works together; only its members have access.",
    "body": "This is where the body works; only its members have access.",
    "community": "This is where members of several networks meet; only they have access.",
}
TEXT = """{purpose}

**Ansprechperson:** {contact}

- Das Schwarze Brett zeigt, was alle wissen sollen. Neues ist gekennzeichnet, bis Sie es gelesen haben.
- Jeder Beitrag trägt eine Schutzstufe und sagt, wer ihn sehen kann.
- Die Koordination kann diesen Aushang ändern und um Zweck und Regeln des Raums ergänzen.

---

**In English:** {purpose_in_english} Contact: {contact}. Every item says who can see it.
"""


async def greet(context: WorkContext, event: SpaceChanged) -> None:
    """Pin a welcome to the board of a space that came into being, in the name of who founded it."""
    if event.access_version != FIRST_VERSION or Notice.TOOL not in event.state.tools:
        return
    kind = event.state.kind
    text = TEXT.format(
        purpose=PURPOSE[kind],
        purpose_in_english=PURPOSE_IN_ENGLISH[kind],
        contact=await _contact(context, event),
    )
    notice = Notice(
        id=new_id(),
        space_id=event.space,
        tool=Notice.TOOL,
        classification=DEFAULT_CLASSIFICATION,
        author_id=event.state.creator,
        institution_id=event.state.institution,
        title=TITLE,
        text=text,
        state="published",
        pinned=True,
        created_at=context.now,
        updated_at=context.now,
        news_at=context.now,
    )
    context.db.add(notice)
    await leave_traces(context, notice, "published")


async def _contact(context: WorkContext, event: SpaceChanged) -> str:
    """The founder's name and institution, as far as they are known here already."""
    person = await context.db.get(Person, event.state.creator) if event.state.creator else None
    institution_id = person.institution_id if person else event.state.institution
    institution = await context.db.get(Institution, institution_id) if institution_id else None
    names = [known.name for known in (person, institution) if known is not None]
    return ", ".join(names) or "die Koordination des Raums"
