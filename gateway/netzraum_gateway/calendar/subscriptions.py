"""Subscribing to a calendar: an address that holds a token of one's own for feeds."""

from typing import Any

from starlette.responses import Response

from netzraum_gateway.api import ApiProblem
from netzraum_gateway.calendar.tool import EVENTS
from netzraum_gateway.page import Page
from netzraum_gateway.site import get, post

SCOPE = "feed"
OF_ALL, OF_A_SPACE = "/termine/abonnieren", EVENTS.path + "/abonnieren"


async def show_subscribe(page: Page) -> Response:
    return await _form(page)


async def subscribe(page: Page) -> Response:
    """The address is shown by the answer itself, for the token in it exists only once."""
    try:
        token = await page.api.post("me/tokens", {"name": page.text("name"), "scopes": [SCOPE]})
    except ApiProblem as problem:
        return await _form(page, problem=problem.in_form())
    return await _form(page, address=_address(page, token["secret"]))


def _address(page: Page, secret: str) -> str:
    space = page.request.path_params.get("space")
    within = f"/raum/{space}" if space else ""
    return f"{page.house.settings.public_url.rstrip('/')}/feeds/{secret}{within}/calendar.ics"


async def _form(page: Page, *, address: str | None = None, problem: ApiProblem | None = None) -> Response:
    tokens: dict[str, Any] = await page.api.get("me/tokens")
    in_a_space = "space" in page.request.path_params
    return await page.render(
        "calendar/subscribe",
        problem.status if problem else 200,
        space=await page.space() if in_a_space else None,
        tool=EVENTS.name,
        tokens=[token for token in tokens["items"] if SCOPE in token["scopes"]],
        address=address,
        form=page.form({}, problem),
    )


ROUTES = [
    get(OF_A_SPACE, show_subscribe),
    post(OF_A_SPACE, subscribe),
    get(OF_ALL, show_subscribe),
    post(OF_ALL, subscribe),
]
