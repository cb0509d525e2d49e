"""Files out of which items are taken in: how large they may be, what is said of those that cannot be taken, and how far
those are that were."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from starlette.responses import Response

from netzraum_gateway.api import ApiProblem
from netzraum_gateway.items.tool import ItemTool
from netzraum_gateway.page import Page
from netzraum_gateway.site import PageRoute, get
from netzraum_platform.errors import DomainError
from netzraum_platform.limits import LARGEST_IMPORT

LARGEST_FORM = LARGEST_IMPORT * 3 // 2
"""Bytes: in base64 a file is a third larger."""


class FileMissing(DomainError):
    """Nothing was chosen."""

    status, code = 422, "missing"
    de = "Wählen Sie eine Datei."
    en = "Choose a file."


class FileTooLarge(DomainError):
    status, code = 422, "file_too_large"
    de = "Die Datei ist zu groß."
    en = "The file is too large."


def check_size(content: bytes, language: str) -> None:
    """
    Raises:
        ApiProblem: there is nothing in the file, or too much.
    """
    if not 0 < len(content) <= LARGEST_IMPORT:
        raise ApiProblem.of(FileTooLarge() if content else FileMissing(), language).beside("file")


MOMENT_S, STEP_S = 2.0, 0.2
"""How long a browser waits for a small file before it is told how far it is, and how often is looked."""
STOP_ASKING = 286
"""The status that tells htmx to ask no more; what came with it is shown."""
MOST_SHOWN = 500
"""Rows of a preview."""
State = dict[str, Any]


def previewed(found: Any) -> State:
    """Of what would come of a file (None: none was chosen yet), what the page shows: all numbers, and the first rows,
    those before the others that somebody has to see to."""
    if found is None:
        return {"rows": None, "more": 0, "summary": {}}
    rows = sorted(found["rows"], key=lambda row: row["state"] != "faulty")
    return {"rows": rows[:MOST_SHOWN], "more": len(rows[MOST_SHOWN:]), "summary": found["summary"]}


@dataclass(frozen=True)
class Importing:
    """Where a tool takes files in; ``api`` says where in the API."""

    tool: ItemTool
    api: Callable[[Page], str]

    async def send(self, page: Page, name: str, content: bytes, media_type: str) -> Response:
        """Let a file be taken in, and show what becomes of it; a small one is done by then.

        Raises:
            ApiProblem: it is refused as a whole, or another one is being taken in.
        """
        sent = await page.api.upload(self.api(page), name, content, media_type)
        until = asyncio.get_running_loop().time() + MOMENT_S
        while sent["state"] == "running" and asyncio.get_running_loop().time() < until:
            await asyncio.sleep(STEP_S)
            sent = await page.api.get(f"{self.api(page)}s/{sent['id']}")
        return page.redirect(f"{self.home(page)}/{sent['id']}")

    async def preview(self, page: Page, name: str, content: bytes, media_type: str) -> Any:
        """What would come of the file.

        Raises:
            ApiProblem: it is refused as a whole.
        """
        return await page.api.upload(f"{self.api(page)}?dry_run=true", name, content, media_type)

    def home(self, page: Page) -> str:
        return f"{self.tool.home(page)}/einfuhr"

    @property
    def path(self) -> str:
        """In the site."""
        return f"{self.tool.path}/einfuhr"

    async def latest(self, page: Page) -> list[State]:
        """What was taken in here within a week."""
        found: list[State] = (await page.api.get(f"{self.api(page)}s"))["items"]
        return found

    async def show(self, page: Page) -> Response:
        """How far a file is, or what became of it."""
        found = await page.api.get(f"{self.api(page)}s/{page.part('import')}")
        return await page.render(
            "imports/progress",
            STOP_ASKING if page.by_htmx and found["state"] != "running" else 200,
            space=await page.space(),
            tool=self.tool.name,
            found=found,
            home=self.tool.home(page),
            again=self.home(page),
        )

    @property
    def routes(self) -> list[PageRoute]:
        return [get(self.path + "/{import:uuid}", self.show)]
