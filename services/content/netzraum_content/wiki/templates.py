"""What a new page may start from."""

from functools import cache
from importlib.resources import files

from sqlalchemy import select

from netzraum_content.wiki.addresses import named
from netzraum_content.wiki.models import WikiPage
from netzraum_content.wiki.schemas import TemplateView
from netzraum_items.areas import my_role_is_named
from netzraum_items.authorize import AUDITED_READ, InSpace
from netzraum_items.items import Item
from netzraum_items.listing import look_in

MOST_OWN = 50
BUILT_IN = ("protokoll", "so-arbeiten-wir-hier")


@cache
def built_in() -> list[TemplateView]:
    """The templates that come with Netzraum: a title as a heading, then the text."""
    folder = files("netzraum_content.wiki") / "texts"
    found = []
    for name in BUILT_IN:
        title, _, text = (folder / f"{name}.md").read_text("utf-8").partition("\n")
        found.append(TemplateView(name=name, title=title.removeprefix("# "), text=text.strip() + "\n", slug=None))
    return found


async def offered(room: InSpace) -> list[TemplateView]:
    """Own templates of the wiki that the caller sees, then the built-in ones. Those of which each reading is audited
    are left out: nobody needs them to start from."""
    visibility, db = await look_in(room, WikiPage), room.context.db
    rows = await db.execute(
        visibility.visible(select(WikiPage, my_role_is_named))
        .where(WikiPage.tree_id == room.space_id, WikiPage.template.is_(True), Item.deleted_at.is_(None))
        .order_by(Item.title, Item.id)
        .limit(MOST_OWN)
    )
    pages = []
    for page, mine in rows:
        cell = visibility.cell_of(page, mine=mine)
        if cell is not None and AUDITED_READ not in cell.obligations:
            pages.append(page)
    known = await named(db, visibility, [page.id for page in pages])
    own = [
        TemplateView(name=str(page.id), title=page.title, text=page.text, slug=known[page.id].slug) for page in pages
    ]
    return own + built_in()
