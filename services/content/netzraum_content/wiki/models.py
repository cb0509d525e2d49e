"""What a wiki page has beside what every item has: revisions of its text, a place in the tree, addresses, links."""

import uuid
from datetime import datetime
from typing import Any, ClassVar

from sqlalchemy import ForeignKey, Index, String, Text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from netzraum_contracts.content import WikiPageChanged
from netzraum_items.items import Item
from netzraum_items.tables import ItemsBase
from netzraum_platform.database import UtcDateTime, Uuid
from netzraum_platform.text import to_plain


class WikiPage(Item):
    """A page as its newest ``revision`` is. ``template``: others may start from it.

    ``tree_id`` is the space once more, so that an index gives the pages below a page or at the top of a wiki.
    """

    __tablename__ = "wiki_pages"
    __mapper_args__ = {"polymorphic_identity": "wiki_page"}  # noqa: RUF012  # read once by SQLAlchemy

    SERVICE: ClassVar = "content"
    TOOL: ClassVar = "wiki"
    TYPE: ClassVar = "wiki_page"
    EVENT: ClassVar = WikiPageChanged
    NOT_LISTED: ClassVar = ("text",)

    id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("items.id", ondelete="CASCADE"), primary_key=True)
    text: Mapped[str] = mapped_column(Text)
    slug: Mapped[str] = mapped_column(String(100))
    tree_id: Mapped[uuid.UUID] = mapped_column(Uuid)
    parent_id: Mapped[uuid.UUID | None] = mapped_column(Uuid, ForeignKey("wiki_pages.id", ondelete="SET NULL"))
    revision: Mapped[int]
    template: Mapped[bool] = mapped_column(default=False)

    def searchable(self) -> str:
        return to_plain(self.text)

    async def let_go(self, db: AsyncSession) -> None:
        """What hangs below it hangs below its own parent from now on."""
        pages: Any = WikiPage.__table__  # the table without the columns of all items; has no narrower type
        await db.execute(update(pages).where(pages.c.parent_id == self.id).values(parent_id=self.parent_id))


Index("wiki_pages_of_tree", WikiPage.tree_id, WikiPage.parent_id)
Index("wiki_pages_of_parent", WikiPage.parent_id)
Index("wiki_pages_by_slug", WikiPage.tree_id, WikiPage.slug)


class WikiRevision(ItemsBase):
    """A page as somebody left it. ``sent``: a digest of what they sent, by which a repeated request is known."""

    __tablename__ = "wiki_revisions"

    page_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("wiki_pages.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text)
    author_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    institution_id: Mapped[uuid.UUID | None] = mapped_column(Uuid)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    comment: Mapped[str] = mapped_column(String(200), default="")
    sent: Mapped[str] = mapped_column(String(64), default="")


class WikiAddress(ItemsBase):
    """A slug by which a page is or was found: a renamed page is still reached by what it was called.

    Two pages may have the same one: whoever made the second may not see the first.
    """

    __tablename__ = "wiki_addresses"
    __table_args__ = (Index("wiki_addresses_by_slug", "space_id", "slug"),)

    page_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("wiki_pages.id", ondelete="CASCADE"), primary_key=True)
    slug: Mapped[str] = mapped_column(String(100), primary_key=True)
    space_id: Mapped[uuid.UUID] = mapped_column(Uuid)


class WikiLink(ItemsBase):
    """A page's text names a slug, whether there is such a page or not."""

    __tablename__ = "wiki_links"
    __table_args__ = (Index("wiki_links_by_slug", "space_id", "slug"),)

    page_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("wiki_pages.id", ondelete="CASCADE"), primary_key=True)
    slug: Mapped[str] = mapped_column(String(100), primary_key=True)
    space_id: Mapped[uuid.UUID] = mapped_column(Uuid)


class WikiEditing(ItemsBase):
    """An account had the page open for editing, last at ``at``; ``once``: it said only that it opened it."""

    __tablename__ = "wiki_editing"

    page_id: Mapped[uuid.UUID] = mapped_column(Uuid, ForeignKey("wiki_pages.id", ondelete="CASCADE"), primary_key=True)
    account_id: Mapped[uuid.UUID] = mapped_column(Uuid, primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    once: Mapped[bool] = mapped_column(default=False)
