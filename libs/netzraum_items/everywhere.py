"""A request about all spaces of the caller at once."""

from collections.abc import Sequence
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

    async def look(self) -> Visibility:
        """What the caller may read of this service's tools, and do with what waits for them: one question, however
        many spaces there are."""
        context = self.context
        verbs = todo.verbs_of(context.app.name, context.principal.account, context.now)
        return await look(context, self.places, tools_of(context.app.name), [*READ, *verbs])


async def _in_all_spaces(
    context: LoggedIn, response: Response, netzraum_access: Annotated[str | None, Header()] = None
) -> InAllSpaces:
    await _catch_up(context, netzraum_access)
    account = context.principal.account
    places = await standings(context.db, account, context.now)
    if any(access.age_s(context.app, place.space.space_id) > access.SILENT_S for place in places):
        await context.end_read()
        if await access.refresh(context.app, [place.space.space_id for place in places]):
            places = await standings(context.db, account, context.now)
    response.headers[ACCESS_HEADER] = ", ".join(f"{place.space.space_id}={place.space.version}" for place in places)
    return InAllSpaces(context, places)


async def _catch_up(context: RequestContext, header: str | None) -> None:
    """Catch up with every space of which the caller knows a newer version; a space that is no more has no news."""
    wanted = wanted_versions(header)
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


Everywhere = Annotated[InAllSpaces, Depends(_in_all_spaces, scope="function")]
"""A route parameter: the caller's request over all own spaces, as new as ``Netzraum-Access`` asks for."""
