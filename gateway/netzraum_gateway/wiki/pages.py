"""All pages of the wiki: those that all tools have, and its own; an address of its own comes before that of a page."""

from starlette.responses import Response

from netzraum_gateway.api import ApiProblem
from netzraum_gateway.items.reading import Reading, reading_routes
from netzraum_gateway.items.tool import GONE
from netzraum_gateway.items.writing import reclassifying_routes
from netzraum_gateway.page import Page
from netzraum_gateway.site import get
from netzraum_gateway.wiki.files import FILE_ROUTES
from netzraum_gateway.wiki.history import HISTORY_ROUTES
from netzraum_gateway.wiki.moving import MOVING_ROUTES
from netzraum_gateway.wiki.tool import STARTS, WIKI
from netzraum_gateway.wiki.writing import WRITING_ROUTES

READING = Reading(WIKI)


async def show_wiki(page: Page) -> Response:
    """The wiki's start page; the list where there is none that the reader sees, and where the list is asked for."""
    if page.request.query_params:
        return await READING.show_list(page)
    for address in STARTS:
        page.request.path_params["item"] = address
        try:
            return await READING.show_item(page)
        except ApiProblem as problem:
            if problem.status not in GONE:
                raise
    del page.request.path_params["item"]
    return await READING.show_list(page)


ROUTES = [
    get(WIKI.path, show_wiki),
    *WRITING_ROUTES,
    *FILE_ROUTES,
    *MOVING_ROUTES,
    *HISTORY_ROUTES,
    *reclassifying_routes(WIKI),
    *reading_routes(WIKI),
]
