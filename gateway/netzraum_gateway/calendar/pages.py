"""The calendar of a space."""

from starlette.responses import Response

from netzraum_gateway.page import Page
from netzraum_gateway.site import get


async def show_calendar(page: Page) -> Response:
    return await page.render("calendar/list", space=await page.space(), tool="calendar")


ROUTES = [get("/raum/{space:uuid}/kalender", show_calendar)]
