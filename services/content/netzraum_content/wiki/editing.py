"""Who has a page open for editing: a mark that fades within a minute. It is no change of the page."""

from datetime import timedelta

from sqlalchemy import delete

from netzraum_content.wiki import reading
from netzraum_content.wiki.models import WikiEditing
from netzraum_content.wiki.on_page import OnPage
from netzraum_content.wiki.schemas import EditingView
from netzraum_items.authorize import refuse
from netzraum_items.schemas import AuthorView
from netzraum_platform.dialect import inserting

FORGOTTEN_AFTER = timedelta(hours=1)


async def begin(on: OnPage) -> None:
    """Mark that the caller has the page open, or has it still.

    Raises:
        NotFound, Forbidden: they may not change it.
    """
    context, page = on.context, on.item
    await on.may("update")
    await context.begin_write()
    await context.db.execute(
        delete(WikiEditing).where(WikiEditing.page_id == page.id, WikiEditing.at < context.now - FORGOTTEN_AFTER)
    )
    mark = {"page_id": page.id, "account_id": context.principal.account, "at": context.now}
    insert = inserting(context.app.database.dialect)(WikiEditing).values(**mark)
    keys = ["page_id", "account_id"]
    await context.db.execute(insert.on_conflict_do_update(index_elements=keys, set_={"at": context.now}))


async def around(on: OnPage) -> EditingView:
    """What goes on at the page, for who may change it; nothing of what stands in it, so no reading is audited.

    Raises:
        NotFound, Forbidden: they may not change it.
    """
    context, page = on.context, on.item
    refuse(await on.ask(page.action("update"), on.resource))
    _, changed_by = await reading.last_change(context.db, page)
    return EditingView(
        editing=[AuthorView(**vars(person)) for person in await reading.editing(context, page)],
        revision=page.revision,
        changed_by=AuthorView.of(changed_by),
    )


async def end(on: OnPage) -> None:
    """Take the caller's mark away.

    Raises:
        NotFound, Forbidden: they may not read the page.
    """
    context = on.context
    refuse(await on.ask(on.item.action("read"), on.resource))
    mine = WikiEditing.account_id == context.principal.account
    await context.begin_write()
    await context.db.execute(delete(WikiEditing).where(WikiEditing.page_id == on.item.id, mine))
