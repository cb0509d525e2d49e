"""Who calls our ``/internal``: a service of ours, by its own key."""

from typing import Annotated

from fastapi import Depends, Header

from netzraum_platform.context import App, app_of
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
