"""Who has a page open for editing: a mark that fades. It is no change of the page."""

import uuid
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, not_, or_, select

from netzraum_content.wiki.models import WikiEditing, WikiPage
from netzraum_content.wiki.on_page import OnPage
from netzraum_contracts.content import WikiEditingChanged
from netzraum_items.authorize import InSpace, refuse
from netzraum_items.on_item import Author
from netzraum_items.tables import AccessMembership, Institution, Person
from netzraum_platform.context import WorkContext
from netzraum_platform.dialect import inserting

HEARD_OF_AGAIN = timedelta(seconds=60)
"""So long lasts the mark of a form that says again and again that it is open."""
HEARD_OF_ONCE = timedelta(minutes=20)
"""And so long that of a form without scripts, which can say so only when it is opened."""
FADE = "wiki.editing_fades"


@dataclass(frozen=True)
class Editor(Author):
    """Who has a page open. ``opened_at``: since when, where nothing more is known; None where it was open just now."""

    opened_at: datetime | None = None


async def begin(on: OnPage, *, once: bool) -> None:
    """Mark that the caller has the page open, or has it still; ``once``: nothing more will be heard of it.

    Raises:
        NotFound, Forbidden: they may not change it.
    """
    context, page = on.context, on.item
    account = context.principal.account
    await on.may("update")
    await context.begin_write()
    same = _mark(page.id, account) & (WikiEditing.once == once) & _lasts(context.now)
    is_known = await context.db.scalar(select(WikiEditing.at).where(same)) is not None
    values = {"at": context.now, "once": once}
    insert = inserting(context.app.database.dialect)(WikiEditing).values(page_id=page.id, account_id=account, **values)
    await context.db.execute(insert.on_conflict_do_update(index_elements=["page_id", "account_id"], set_=values))
    fades = {"page": page.id, "space": page.space_id, "account": account}
    until = context.now + (HEARD_OF_ONCE if once else HEARD_OF_AGAIN)
    await context.schedule(FADE, fades, until, key=f"{page.id}:{account}")
    if once or not is_known:
        _tell(context, page.id, page.space_id)


async def end(on: OnPage) -> None:
    """Take the caller's mark away.

    Raises:
        NotFound, Forbidden: they may not read the page.
    """
    context, page = on.context, on.item
    refuse(await on.ask(page.action("read"), on.resource))
    await context.begin_write()
    gone = await context.db.execute(
        delete(WikiEditing).where(_mark(page.id, context.principal.account)).returning(WikiEditing.at)
    )
    if gone.first() is not None:
        _tell(context, page.id, page.space_id)


async def fade(context: WorkContext, payload: dict[str, Any]) -> None:
    """Take away a mark whose time has come; one that was made anew has a later time."""
    page, space, account = (uuid.UUID(payload[name]) for name in ("page", "space", "account"))
    faded = delete(WikiEditing).where(_mark(page, account), not_(_lasts(context.now)))
    gone = await context.db.execute(faded.returning(WikiEditing.at))
    if gone.first() is not None:
        _tell(context, page, space)


async def editors(room: InSpace, page: WikiPage) -> list[Editor]:
    """Who else has the page open for editing and is still a member; a reader from outside learns nothing of it."""
    context, now = room.context, room.context.now
    me = context.known_principal
    if me is None or not room.place.is_member(now):
        return []
    stays = or_(AccessMembership.ends_at.is_(None), AccessMembership.ends_at > now)
    here = and_(AccessMembership.space_id == page.space_id, AccessMembership.account_id == WikiEditing.account_id)
    rows = await context.db.execute(
        select(WikiEditing.account_id, Person.name, Institution.name, WikiEditing.once, WikiEditing.at)
        .join(AccessMembership, and_(here, stays))
        .outerjoin(Person, Person.account_id == WikiEditing.account_id)
        .outerjoin(Institution, Institution.institution_id == Person.institution_id)
        .where(WikiEditing.page_id == page.id, WikiEditing.account_id != me.account, _lasts(now))
        .order_by(Person.name, WikiEditing.account_id)
    )
    return [Editor(account, name, institution, at if once else None) for account, name, institution, once, at in rows]


def _mark(page: uuid.UUID, account: uuid.UUID) -> ColumnElement[bool]:
    return and_(WikiEditing.page_id == page, WikiEditing.account_id == account)


def _lasts(now: datetime) -> ColumnElement[bool]:
    return or_(
        WikiEditing.at > now - HEARD_OF_AGAIN,
        and_(WikiEditing.once.is_(True), WikiEditing.at > now - HEARD_OF_ONCE),
    )


def _tell(context: WorkContext, page: uuid.UUID, space: uuid.UUID) -> None:
    context.tell(WikiEditingChanged(item=page, tool=WikiPage.TOOL), subject=page, space=space)
