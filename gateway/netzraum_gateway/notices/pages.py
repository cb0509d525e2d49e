"""The pages of the notice board: those that all tools have, and pinning."""

from typing import Any

from starlette.responses import Response

from netzraum_gateway.days import beginning, end, last_day
from netzraum_gateway.items.reading import reading_routes
from netzraum_gateway.items.tool import ItemTool, Values
from netzraum_gateway.items.writing import writing_routes
from netzraum_gateway.page import Page
from netzraum_gateway.site import post
from netzraum_platform.errors import DomainError


def _written(page: Page, timezone: str | None) -> dict[str, Any]:
    """Days are those of the account's zone."""
    return {
        "text": page.text("text"),
        "valid_from": beginning(page.text("valid_from"), timezone),
        "valid_until": end(page.text("valid_until"), timezone),
        "pinned": page.checked("pinned"),
    }


def _values(notice: Values) -> dict[str, Any]:
    """The form has the last day that a notice is visible, not the first that it is not."""
    return {**notice, "valid_until": last_day(notice["valid_until"]), "pinned": "1" if notice["pinned"] else ""}


class MayNotWrite(DomainError):
    """The form would offer nothing that could be published."""

    status, code = 403, "may_not_write"
    de = "Mit Ihrer Rolle können Sie in diesem Raum zurzeit keine Aushänge schreiben."
    en = "With your role you cannot write notices in this space at present."


BOARD = ItemTool("notices", "notice", templates="board", written=_written, values=_values, may_not_write=MayNotWrite)


async def pin(page: Page) -> Response:
    pinned = page.checked("pinned")
    await page.api.patch(BOARD.item_api(page), {"pinned": pinned}, version=page.text("version"))
    return page.redirect(BOARD.item_home(page), "notice_pinned" if pinned else "notice_unpinned")


ROUTES = [
    *writing_routes(BOARD),
    *reading_routes(BOARD),
    post(BOARD.item_path + "/anheften", pin),
]
