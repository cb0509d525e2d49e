"""Wiki pages in the API."""

import uuid
from typing import Annotated, Any, Literal, Self

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

from netzraum_content.wiki.merging import Written
from netzraum_content.wiki.models import WikiPage, WikiRevision
from netzraum_items.lists import ItemQuery
from netzraum_items.on_item import Author
from netzraum_items.schemas import AuthorView, ItemChange, ItemView, NewItem
from netzraum_platform.fields import Line, Markdown, RequestBody, ShortText

Comment = Annotated[ShortText, StringConstraints(max_length=200)]


class PageText(NewItem):
    """A page as somebody writes it: the whole of it.

    ``base`` is the revision that it was edited from; 0, or none, where there was no page. ``parent`` is a slug, null
    for the top. Classification, purpose, day of deletion, roles and state are those of a new page; a page that is
    there changes them by PATCH.
    """

    text: Markdown
    parent: Line | None = None
    comment: Comment = ""
    base: int | None = Field(default=None, ge=0, le=2**31 - 1)
    template: bool = False

    @property
    def written(self) -> Written:
        return Written(self.title, self.text)


class PageChange(ItemChange):
    """``slug``: the new address; the one before goes on working. ``parent`` null: to the top."""

    slug: Line = ""
    parent: Line | None = None
    template: bool = False


class PageQuery(ItemQuery):
    """``parent``: those below this slug, or ``root``."""

    parent: Annotated[str, StringConstraints(max_length=200)] | None = None
    template: bool | None = None


class Named(BaseModel):
    slug: str
    title: str


class LinkView(BaseModel):
    """A page that the text links to; where the reader sees no such page, ``exists`` is false and there is no title."""

    slug: str
    title: str | None
    exists: bool


class HeadingView(BaseModel):
    level: int
    anchor: str
    text: str


class PageSummary(ItemView):
    """A page in a list. ``parent``: the page below which the reader sees it; ``children``: how many below it."""

    slug: str
    parent: str | None
    revision: int
    template: bool
    children: int


class RevisionSummary(BaseModel):
    number: int
    title: str
    author: AuthorView | None
    at: AwareDatetime
    comment: str

    @classmethod
    def of(cls, revision: WikiRevision, author: Author | None, **more: Any) -> Self:
        names = ("number", "title", "at", "comment")
        known = {name: getattr(revision, name) for name in names}
        return cls(**known, author=AuthorView.of(author), **more)


class EditorView(AuthorView):
    """Who has a page open for editing; ``opened_at``: since when, where nothing was heard of it since, else None."""

    opened_at: AwareDatetime | None


class PageView(ItemView):
    """A page as its reader gets it.

    ``html`` and ``toc`` with ``?render=html``; ``path``: its ancestors; ``comment``: of the last change, which
    ``changed_by`` made; ``editing``: who else has it open for editing; ``merged``: what was saved holds what
    somebody else saved meanwhile, too.
    """

    slug: str
    parent: str | None
    path: list[Named]
    text: str
    html: str | None = None
    toc: list[HeadingView] | None = None
    revision: int
    comment: str
    changed_by: AuthorView | None
    links: list[LinkView]
    backlinks: list[Named]
    editing: list[EditorView]
    template: bool
    merged: bool = False

    @staticmethod
    def own_columns(page: WikiPage) -> dict[str, Any]:
        return {name: getattr(page, name) for name in ("text", "revision", "template")}


class BranchView(BaseModel):
    """A page in the tree; ``depth`` 0 is the top, ``current`` the page that was opened."""

    id: uuid.UUID
    slug: str
    title: str
    parent: str | None
    depth: int
    children: int
    state: Literal["draft", "coming", "published"]
    current: bool


class Tree(BaseModel):
    """The top of the wiki, and what hangs along the way to the open page. ``more``: it was cut."""

    items: list[BranchView]
    more: bool


class EditingView(BaseModel):
    """Who else has a page open for editing, and what became of it by now."""

    editing: list[EditorView]
    revision: int
    changed_by: AuthorView | None
    deleted: bool


class RevisionView(RevisionSummary):
    """A former state of a page; ``html`` with ``?render=html``."""

    text: str
    html: str | None = None


class RevisionComment(RequestBody):
    comment: Comment = ""


class WordsView(BaseModel):
    """A piece of a line; ``add`` and ``remove`` are what differs from the line across."""

    model_config = ConfigDict(from_attributes=True)

    op: Literal["keep", "add", "remove"]
    text: str


class HunkView(BaseModel):
    """A line, with its number before and after; or an unchanged stretch that is left out, of so many ``lines``.

    ``words``: of a line that was changed, what in it is other than in the line across.
    """

    model_config = ConfigDict(from_attributes=True)

    op: Literal["keep", "add", "remove"]
    text: str
    old_line: int | None
    new_line: int | None
    lines: int | None
    words: list[WordsView] | None


class DiffView(BaseModel):
    from_: RevisionSummary = Field(alias="from")
    to: RevisionSummary
    hunks: list[HunkView]


class TextToRender(RequestBody):
    text: Markdown


class RenderedView(BaseModel):
    html: str
    toc: list[HeadingView]
    links: list[LinkView]


class TemplateView(BaseModel):
    """Something to start from: a page of the wiki that is marked so (``slug``), or one that comes with Netzraum."""

    name: str
    title: str
    text: str
    slug: str | None


class Templates(BaseModel):
    items: list[TemplateView]


class FaultView(BaseModel):
    field: str
    code: str
    message: str


class ImportRow(BaseModel):
    """A file of an archive, and what comes of it."""

    path: str
    title: str | None
    slug: str | None
    state: Literal["new", "unchanged", "changed", "faulty"]
    errors: list[FaultView]


class ImportView(BaseModel):
    """``summary``: how many files are in each state."""

    rows: list[ImportRow]
    summary: dict[str, int]
