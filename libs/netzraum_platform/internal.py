"""Who calls our ``/internal``: a service of ours, by its own key."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import Depends, Header, Request

from netzraum_platform.context import App, RequestContext, app_of
from netzraum_platform.errors import Unauthenticated


def _caller(
    app: Annotated[App, Depends(app_of)],
    authorization: Annotated[str | None, Header()] = None,
) -> str:
    if authorization is None:
        raise Unauthenticated
    return app.service_tokens.caller(authorization)


Caller = Annotated[str, Depends(_caller)]
"""The name of the calling service; without a genuine token the request ends with 401."""


async def _internal_context(request: Request, _caller: Caller) -> AsyncIterator[RequestContext]:
    app = app_of(request)
    async with app.database.session() as session:
        context = RequestContext(app, session, request, None)
        yield context
        await context.commit()


InternalRequest = Annotated[RequestContext, Depends(_internal_context, scope="function")]
"""A transaction for a calling service; it has no principal: a service asks, no account."""
