"""The polls of a space."""

from starlette.responses import Response

from netzraum_gateway.page import Page
from netzraum_gateway.site import get


async def show_polls(page: Page) -> Response:
    return await page.render("polls/list", space=await page.space(), tool="polls")


ROUTES = [get("/raum/{space:uuid}/umfragen", show_polls)]
