"""A request about one wiki page, found by its slug, by one that it once had, or by its id."""

import uuid
from typing import Annotated, Self

from fastapi import Depends, Header, Path, Response
from pydantic import AfterValidator, StringConstraints

from netzraum_content.wiki.addresses import candidates
from netzraum_content.wiki.models import WikiPage
from netzraum_items.authorize import InSpace
from netzraum_items.on_item import OnItem, find_first
from netzraum_items.visibility import Visibility, look
from netzraum_platform.context import AnyRequest
from netzraum_platform.fields import printable_line

Name = Annotated[str, StringConstraints(max_length=200), AfterValidator(printable_line)]
Slug = Annotated[Name, Path()]
WIKI = (WikiPage.TOOL,)


async def sight_of(room: InSpace) -> Visibility:
    """What the caller sees of this wiki; asked before the first write. A reader from outside sees no other page."""
    principal = room.context.known_principal
    if principal is None:
        return Visibility(uuid.UUID(int=0), room.context.now, {})
    return await look(room.context, [room.place], WIKI)


class OnPage(OnItem[WikiPage]):
    """A request about one page."""

    _sight: Visibility | None = None

    @classmethod
    def of(cls, on: OnItem[WikiPage]) -> Self:
        return cls(on.context, on.place, on.item, on.author, on.roles, on.unread)

    async def sight(self) -> Visibility:
        """As ``sight_of``, asked once."""
        if self._sight is None:
            self._sight = await sight_of(self)
        return self._sight


async def on_page(
    context: AnyRequest,
    space_id: uuid.UUID,
    slug: Slug,
    response: Response,
    netzraum_access: Annotated[str | None, Header()] = None,
) -> OnPage:
    """The dependency of a route with ``/spaces/{space_id}/wiki/pages/{slug}``."""
    ids = await candidates(context.db, space_id, slug)
    return OnPage.of(await find_first(WikiPage, context, space_id, ids, response, netzraum_access))


ThisPage = Annotated[OnPage, Depends(on_page, scope="function")]
