"""Another title, address or place for a page."""

from urllib.parse import quote

from starlette.responses import Response

from netzraum_gateway.api import ApiProblem
from netzraum_gateway.items.tool import Values
from netzraum_gateway.page import Page
from netzraum_gateway.site import get, post
from netzraum_gateway.wiki.tool import WIKI, page_in_space, places

SLUG_TAKEN = "slug_taken"


async def show_move(page: Page) -> Response:
    return await _move_form(page, *await page_in_space(page))


async def move(page: Page) -> Response:
    wiki_page, space = await page_in_space(page)
    wanted = {
        "title": page.text("title"),
        "slug": page.text("slug"),
        "parent": page.text("parent") or None,
        "template": page.checked("template"),
    }
    changed = {name: value for name, value in wanted.items() if value != wiki_page[name]}
    try:
        moved = await page.api.patch(WIKI.item_api(page), changed, version=page.text("version"))
    except ApiProblem as problem:
        return await _move_form(page, wiki_page, space, _of_address(problem.in_form()))
    return page.redirect(f"{WIKI.home(page)}/{quote(moved['slug'])}", f"{WIKI.type}_moved")


def _of_address(problem: ApiProblem) -> ApiProblem:
    """That an address is taken is said beside the field."""
    if problem.document.get("code") != SLUG_TAKEN:
        return problem
    return problem.beside("slug")


async def _move_form(page: Page, wiki_page: Values, space: Values, problem: ApiProblem | None = None) -> Response:
    """Pages to hang it under are those around it, and those that a search found."""
    found = await places(page, words=page.query("q")) if page.query("q") else []
    around = await places(page, near=str(wiki_page["slug"]))
    parents = {slug: title for slug, title in [*found, *around] if slug != wiki_page["slug"]}
    return await page.render(
        "wiki/move",
        problem.status if problem else 200,
        space=space,
        tool=WIKI.name,
        wiki_page=wiki_page,
        own=WIKI.item_home(page),
        form=page.form(wiki_page, problem),
        parents=list(parents.items()),
        query=page.query("q"),
    )


MOVING_ROUTES = [
    get(WIKI.item_path + "/verschieben", show_move),
    post(WIKI.item_path + "/verschieben", move),
]
