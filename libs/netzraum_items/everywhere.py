"""A request about all spaces of the caller at once."""

import uuid
from collections.abc import Mapping, Sequence
from typing import Annotated

from fastapi import Depends, Header, Response
from sqlalchemy import select

from netzraum_items import access, todo
from netzraum_items.authorize import ACCESS_HEADER, Standing, wanted_versions
from netzraum_items.items import tools_of
from netzraum_items.tables import AccessSpace
from netzraum_items.visibility import Visibility, look, standings
from netzraum_platform.context import LoggedIn, RequestContext
from netzraum_platform.errors import NotFound

READ = ("read",)


class InAllSpaces:
    """Where the caller stands in each space in which the membership runs."""

    def __init__(self, context: RequestContext, places: Sequence[Standing]) -> None:
        self.context = context
        self.places = places

    async def look(self, *more: str) -> Visibility:
        """What the caller may read of this service's tools, and do with what waits for them: one question, however
        many spaces there are. ``more`` are further verbs."""
        context = self.context
        verbs = todo.verbs_of(context.app.name, context.principal.account, context.now)
        return await look(context, self.places, tools_of(context.app.name), [*READ, *verbs, *more])


async def in_all_spaces(context: RequestContext, wanted: Mapping[uuid.UUID, int]) -> InAllSpaces:
    """Where the caller stands at these access versions or newer ones."""
    await _catch_up(context, wanted)
    account = context.principal.account
    places = await standings(context.db, account, context.now)
    if any(access.age_s(context.app, place.space.space_id) > access.SILENT_S for place in places):
        await context.end_read()
        if await access.refresh(context.app, [place.space.space_id for place in places]):
            places = await standings(context.db, account, context.now)
    return InAllSpaces(context, places)


async def _everywhere(
    context: LoggedIn, response: Response, netzraum_access: Annotated[str | None, Header()] = None
) -> InAllSpaces:
    found = await in_all_spaces(context, wanted_versions(netzraum_access))
    versions = (f"{place.space.space_id}={place.space.version}" for place in found.places)
    response.headers[ACCESS_HEADER] = ", ".join(versions)
    return found


async def _catch_up(context: RequestContext, wanted: Mapping[uuid.UUID, int]) -> None:
    """Catch up with every space of which the caller knows a newer version; a space that is no more has no news."""
    if not wanted:
        return
    rows = await context.db.execute(
        select(AccessSpace.space_id, AccessSpace.version).where(AccessSpace.space_id.in_(wanted))
    )
    known = {row.space_id: row.version for row in rows}
    behind = [space for space, version in wanted.items() if known.get(space, 0) < version]
    if behind:
        await context.db.rollback()
        for space in behind:
            try:
                await access.catch_up(context.app, space)
            except NotFound:
                continue


Everywhere = Annotated[InAllSpaces, Depends(_everywhere, scope="function")]
"""A route parameter: the caller's request over all own spaces, as new as ``Netzraum-Access`` asks for."""
