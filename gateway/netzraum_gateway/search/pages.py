"""Search over all tools of my spaces, or of one."""

from starlette.responses import Response

from netzraum_gateway.days import beginning, end
from netzraum_gateway.navigation import with_query
from netzraum_gateway.page import Page
from netzraum_gateway.site import get

FILTERS = ("q", "tool", "space", "from", "until")


async def search(page: Page) -> Response:
    filters = {name: page.query(name) for name in FILTERS}
    if not filters["q"]:
        return await page.render("search/results", results=None, next=None, filter=filters)
    frame = await page.frame()
    asked = {
        "q": filters["q"],
        "tool": filters["tool"],
        "from": beginning(filters["from"], frame.timezone),
        "until": end(filters["until"], frame.timezone),
        "cursor": page.query("cursor"),
    }
    space = filters["space"] if filters["space"] in frame.space_ids else ""
    found = await page.api.get(f"spaces/{space}/search" if space else "search", **asked)
    more = with_query("/suche", **filters, cursor=found["next"]) if found["next"] else None
    results = [hit for hit in found["items"] if hit["space"] in frame.space_ids]
    return await page.render("search/results", results=results, next=more, filter=filters)


ROUTES = [get("/suche", search)]
