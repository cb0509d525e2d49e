"""All pages of the wiki: those that all tools have, and its own; an address of its own comes before that of a page."""

from netzraum_gateway.items.reading import reading_routes
from netzraum_gateway.items.writing import reclassifying_routes
from netzraum_gateway.wiki.files import FILE_ROUTES
from netzraum_gateway.wiki.history import HISTORY_ROUTES
from netzraum_gateway.wiki.moving import MOVING_ROUTES
from netzraum_gateway.wiki.tool import WIKI
from netzraum_gateway.wiki.writing import WRITING_ROUTES

ROUTES = [
    *WRITING_ROUTES,
    *FILE_ROUTES,
    *MOVING_ROUTES,
    *HISTORY_ROUTES,
    *reclassifying_routes(WIKI),
    *reading_routes(WIKI),
]
