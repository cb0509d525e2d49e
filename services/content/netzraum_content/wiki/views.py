"""Pages as they are answered."""

from collections.abc import Sequence
from typing import Any

from fastapi import Response

from netzraum_content.wiki import addresses, reading, tree
from netzraum_content.wiki.editing import editors
from netzraum_content.wiki.models import WikiPage
from netzraum_content.wiki.on_page import OnPage
from netzraum_content.wiki.schemas import (
    BranchView,
    EditingView,
    EditorView,
    HeadingView,
    Named,
    PageQuery,
    PageSummary,
    PageView,
    Tree,
)
from netzraum_items import life
from netzraum_items.authorize import InSpace, refuse
from netzraum_items.listing import listed, look_in
from netzraum_items.lists import ItemList, answer
from netzraum_items.on_item import Shown
from netzraum_items.schemas import AuthorView, Render
from netzraum_items.visibility import Visibility
from netzraum_platform.context import etag
from netzraum_platform.text import Document


async def open_page(on: OnPage) -> Shown[WikiPage]:
    return await life.read(on, on.sight)


async def on_page_view(
    _view: type[PageView], on: OnPage, shown: Shown[WikiPage], response: Response, render: Render = None
) -> PageView:
    """As ``page_view``, for the routes that all items have."""
    return await page_view(on, await on.sight(), shown, response, render)


async def page_view(
    room: InSpace,
    visibility: Visibility,
    shown: Shown[WikiPage],
    response: Response,
    render: Render = None,
    *,
    merged: bool = False,
) -> PageView:
    """A page with all that is shown beside it."""
    page, document = shown.item, Document(shown.item.text)
    around = await reading.surroundings(room, visibility, page, document.names)
    response.headers["ETag"] = etag(page.version)
    more: dict[str, Any] = {}
    if render:
        more["html"] = reading.rendered(document, room, visibility, around.links)
        more["toc"] = [HeadingView(**vars(heading)) for heading in document.headings]
    return PageView(
        **PageView.fields_of(shown, room.context.now),
        **PageView.own_columns(page),
        slug=around.address,
        parent=around.path[-1].slug if around.path else None,
        path=_named(around.path),
        links=around.links,
        backlinks=_named(around.backlinks),
        editing=[EditorView(**vars(person)) for person in around.editing],
        comment=around.comment,
        changed_by=AuthorView.of(around.changed_by),
        merged=merged,
        **more,
    )


async def what_goes_on(on: OnPage) -> EditingView:
    """What an open page or form of it asks for; nothing of what stands in it, so no reading is audited.

    Raises:
        NotFound, Forbidden: the caller may not read it.
    """
    page = on.item
    refuse(await on.ask(page.action("read"), on.resource))
    _, changed_by = await reading.last_change(on.context.db, page)
    return EditingView(
        editing=[EditorView(**vars(person)) for person in await editors(on, page)],
        revision=page.revision,
        changed_by=AuthorView.of(changed_by),
        deleted=page.deleted_at is not None,
    )


def _named(pages: Sequence[addresses.Named]) -> list[Named]:
    return [Named(slug=page.slug, title=page.title) for page in pages]


async def page_list(room: InSpace, query: PageQuery) -> ItemList[PageSummary]:
    """A page of the list, each with its place in the tree; the number of statements does not grow with it."""
    visibility = await look_in(room, WikiPage)
    db, wanted = room.context.db, query.of(room.context.principal.account)
    if query.parent is not None:
        wanted = wanted.narrowed(await reading.below(db, visibility, room.space_id, query.parent))
    if query.template is not None:
        wanted = wanted.narrowed(WikiPage.template.is_(query.template))
    found = await listed(room, WikiPage, wanted, visibility)
    ids = [shown.item.id for shown in found.items]
    parents = await tree.parents_of(db, visibility, ids)
    children = await tree.children_counts(db, visibility, room.space_id, ids)
    known = await addresses.named(db, visibility, [*ids, *parents.values()])

    def summary(shown: Shown[WikiPage]) -> PageSummary:
        page = shown.item
        parent = parents.get(page.id)
        return PageSummary(
            **PageSummary.fields_of(shown, room.context.now),
            slug=known[page.id].slug,
            parent=known[parent].slug if parent else None,
            revision=page.revision,
            template=page.template,
            children=children.get(page.id, 0),
        )

    return answer(found, summary)


async def page_tree(room: InSpace, opened: str | None) -> Tree:
    """The top of the wiki, and what hangs along the way to the page that is open.

    Raises:
        NotFound, Forbidden: the caller may not read the wiki here.
    """
    visibility = await look_in(room, WikiPage)
    db = room.context.db
    page = await addresses.page_named(db, visibility, room.space_id, opened) if opened else None
    way = [*await tree.path_of(db, visibility, page), page] if page else []
    leaves, more = await tree.along(db, visibility, room.space_id, way)
    known = await addresses.named(db, visibility, [leaf.id for leaf in leaves])
    return Tree(
        items=[
            BranchView(
                id=leaf.id,
                **vars(known[leaf.id]),
                parent=known[leaf.parent].slug if leaf.parent else None,
                depth=leaf.depth,
                children=leaf.children,
                state=leaf.state,
                current=leaf.id == page,
            )
            for leaf in leaves
        ],
        more=more,
    )
