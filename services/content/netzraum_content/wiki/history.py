"""A page's revisions: listed, read, compared."""

import asyncio
from collections.abc import Sequence
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import defer

from netzraum_content.wiki import comparing, reading
from netzraum_content.wiki.models import WikiRevision
from netzraum_content.wiki.on_page import OnPage
from netzraum_content.wiki.schemas import DiffView, HunkView, RevisionSummary, RevisionView
from netzraum_items import life
from netzraum_items.on_item import Author
from netzraum_items.schemas import Render
from netzraum_items.tables import Institution, Person
from netzraum_items.visibility import Rows
from netzraum_platform.errors import NotFound
from netzraum_platform.paging import BadCursor, Page, cursor_of, position_of


def _revisions(on: OnPage) -> Rows:
    return (
        select(WikiRevision, Person.name, Institution.name)
        .outerjoin(Person, Person.account_id == WikiRevision.author_id)
        .outerjoin(Institution, Institution.institution_id == WikiRevision.institution_id)
        .where(WikiRevision.page_id == on.item.id)
    )


def _author(revision: WikiRevision, name: str | None, institution: str | None) -> Author | None:
    return Author(revision.author_id, name, institution) if revision.author_id is not None else None


async def listed(on: OnPage, limit: int, cursor: str | None) -> Page[RevisionSummary]:
    """The newest first, without their texts."""
    await life.read(on)
    wanted = _revisions(on).options(defer(WikiRevision.text, raiseload=True)).order_by(WikiRevision.number.desc())
    if cursor:
        wanted = wanted.where(WikiRevision.number < _number_in(cursor))
    rows = (await on.context.db.execute(wanted.limit(limit + 1))).all()
    items = [RevisionSummary.of(revision, _author(revision, *names)) for revision, *names in rows[:limit]]
    return Page(items=items, next=cursor_of(items[-1].number) if len(rows) > limit else None)


def _number_in(cursor: str) -> int:
    (number,) = position_of(cursor, 1)
    if not isinstance(number, int) or not 0 <= number < 2**31:
        raise BadCursor
    return number


async def _found(
    on: OnPage, numbers: Sequence[int], *, sight: bool = False
) -> dict[int, tuple[WikiRevision, Author | None]]:
    """
    Raises:
        NotFound: the caller may not read the page, or there is no such revision.
    """
    await life.read(on, on.sight if sight else None)
    rows: Sequence[Any] = (await on.context.db.execute(_revisions(on).where(WikiRevision.number.in_(numbers)))).all()
    found = {revision.number: (revision, _author(revision, *names)) for revision, *names in rows}
    if set(numbers) - found.keys():
        raise NotFound
    return found


async def one(on: OnPage, number: int, render: Render) -> RevisionView:
    revision, author = (await _found(on, [number], sight=bool(render)))[number]
    html = (await reading.rendered_text(on, await on.sight(), revision.text)).html if render else None
    return RevisionView.of(revision, author, text=revision.text, html=html)


async def compared(on: OnPage, before: int, after: int) -> DiffView:
    """What was changed from one revision to another, whichever is newer."""
    found = await _found(on, [before, after])
    (old, old_author), (new, new_author) = found[before], found[after]
    hunks = await asyncio.to_thread(comparing.hunks, old.text, new.text)
    return DiffView.model_validate(
        {
            "from": RevisionSummary.of(old, old_author),
            "to": RevisionSummary.of(new, new_author),
            "hunks": [HunkView.model_validate(hunk) for hunk in hunks],
        }
    )
