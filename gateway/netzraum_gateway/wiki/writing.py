"""The pages on which pages of the wiki are written; whatever becomes of the saving, what was typed is kept."""

import asyncio
from collections.abc import Awaitable
from contextlib import suppress
from typing import Any
from urllib.parse import quote

from starlette.responses import Response

from netzraum_gateway.api import ApiProblem
from netzraum_gateway.items.tool import GONE, Values
from netzraum_gateway.items.writing import roles_of
from netzraum_gateway.page import Form, Page
from netzraum_gateway.site import get, post
from netzraum_gateway.wiki.comparison import compared, paired
from netzraum_gateway.wiki.tool import (
    WIKI,
    editing_api,
    fragment,
    newer_than,
    of_wiki,
    page_in_space,
    places,
    what_goes_on,
)
from netzraum_platform.errors import Unprocessable
from netzraum_platform.text import slug_of

SEVERAL = ("roles",)
EDIT_CONFLICT = "edit_conflict"


class TitleTaken(Unprocessable):
    """A page that the writer sees is called so."""

    de = "Eine Seite mit diesem Titel gibt es schon."
    en = "There is a page of this title already."


async def show_new(page: Page) -> Response:
    begun = {
        "title": page.query("titel"),
        "slug": page.query("adresse"),
        "parent": page.query("eltern"),
        "template": page.query("vorlage"),
    }
    return await _new_form(page, {"classification": "internal", **begun})


async def create(page: Page) -> Response:
    if page.checked("preview"):
        return await _new_form(page, page.typed(SEVERAL), preview=True)
    slug = page.text("slug") or slug_of(page.text("title")) or "-"
    body = {
        **WIKI.written(page, None),
        "parent": page.text("parent") or None,
        "state": page.text("state") or "published",
        "classification": page.text("classification"),
        "purpose": page.text("purpose") or None,
        "delete_on": page.text("delete_on") or None,
        "roles": page.texts("roles"),
    }
    try:
        made = await page.api.put(f"{WIKI.api(page)}/{quote(slug, safe='')}", body)
    except ApiProblem as problem:
        return await _new_form(page, {}, problem=_of_title(problem, page.language).in_form())
    done = "draft_saved" if made["state"] == "draft" else "published"
    return page.redirect(f"{WIKI.home(page)}/{quote(made['slug'])}", f"{WIKI.type}_{done}")


def _of_title(problem: ApiProblem, language: str) -> ApiProblem:
    """What is wrong with the address that was made of a title is said of the title."""
    errors = [dict(error) for error in problem.document.get("errors", [])]
    for error in errors:
        if error["field"] == "base":
            error["message"] = TitleTaken([]).text(language)
        if error["field"] in ("base", "slug"):
            error["field"] = "title"
    return ApiProblem(problem.status, {**problem.document, "errors": errors}, problem.headers)


async def show_edit(page: Page) -> Response:
    """Opening the form marks the page: with scripts the form says again and again that it is open."""
    wiki_page, space = await page_in_space(page)
    await page.api.put(f"{editing_api(page)}?once=true")
    return await _edit_form(
        page, wiki_page, space, page.form({**wiki_page, "base": wiki_page["revision"], "comment": ""})
    )


async def edit(page: Page) -> Response:
    if page.checked("cancel"):
        return await _cancel(page)
    try:
        wiki_page, space = await page_in_space(page)
    except ApiProblem as problem:
        if problem.status not in GONE:
            raise
        return await _new_form(page, page.typed(SEVERAL), gone=True)
    if page.checked("preview"):
        await _still_open(page)
        return await _edit_form(page, wiki_page, space, page.form(page.typed()), preview=True)
    try:
        saved = await page.api.put(WIKI.item_api(page), {**WIKI.written(page, None), "base": _base(page)})
    except ApiProblem as problem:
        await _still_open(page)
        if problem.document.get("code") == EDIT_CONFLICT:
            return await _conflict(page, wiki_page, space, problem.document)
        return await _edit_form(page, wiki_page, space, page.form({}, problem.in_form()), status=problem.status)
    await page.api.delete(editing_api(page))
    return page.redirect(WIKI.item_home(page), f"{WIKI.type}_{'merged' if saved['merged'] else 'updated'}")


def _base(page: Page) -> int | None:
    typed = page.text("base")
    return int(typed) if typed.isdecimal() else None


async def say_editing(page: Page) -> Response:
    """The form is still open: say so, and answer who else is at the page and whether it was saved meanwhile.

    What the form shows already (``known``) is not sent again, or it would be read out each time.
    """
    now = await _after(page.api.put(editing_api(page)), page)
    newer, people = (newer_than(now, _base(page) or 0), now["editing"]) if now else (None, [])
    marks = [person["account"] + "?" * bool(person["opened_at"]) for person in people]
    known = " ".join([str(newer["number"]), *marks] if newer else marks) if now else "gone"
    if known == page.text("known"):
        return Response(status_code=204)
    return await fragment(page, "editing", people=people, newer=newer, gone=now is None, known=known)


async def _after(said: Awaitable[Any], page: Page) -> Any:
    """What goes on at the page once this was said; None where it is no longer there to be changed."""
    try:
        await said
    except ApiProblem as problem:
        if problem.status in GONE:
            return None
        raise
    return await what_goes_on(page)


async def _cancel(page: Page) -> Response:
    """Back to the page; without scripts nothing else tells the others that the form was left. Where that fails, the
    mark ends by itself after a while."""
    try:
        await page.api.delete(editing_api(page))
    except ApiProblem as problem:
        return page.redirect(WIKI.home(page) if problem.status in GONE else WIKI.item_home(page))
    return page.redirect(WIKI.item_home(page))


async def say_left(page: Page) -> Response:
    """The form was left: what the browser sends then, without waiting for an answer."""
    await page.api.delete(editing_api(page))
    return Response(status_code=204)


async def _still_open(page: Page) -> None:
    """The form is shown again: without scripts nothing else tells the others. What was typed matters more."""
    with suppress(ApiProblem):
        await page.api.put(f"{editing_api(page)}?once=true")


async def _new_form(
    page: Page, values: Form, *, problem: ApiProblem | None = None, preview: bool = False, gone: bool = False
) -> Response:
    """An empty form, or with what was typed; of a page that is ``gone`` too, which can be saved as another one."""
    near = str(values.get("parent") or page.text("parent"))
    space, roles, found, parents, templates = await asyncio.gather(
        page.space(),
        roles_of(page),
        page.api.get(WIKI.api(page), limit=1),
        places(page, near=near),
        page.api.get(f"{of_wiki(page)}/templates"),
    )
    if not (found["creatable"] or problem or preview or gone):
        raise ApiProblem.of(WIKI.may_not_write(), page.language)
    form = page.form({"classification": "internal", **_begun(values, templates["items"])}, problem, SEVERAL)
    return await page.render(
        "wiki/form",
        problem.status if problem else 409 if gone else 200,
        space=space,
        tool=WIKI.name,
        wiki_page=None,
        own=None,
        form=form,
        creatable=found["creatable"],
        roles=roles,
        parents=parents,
        templates=templates["items"] if page.request.method == "GET" else [],
        preview=await rendered(page) if preview else None,
        gone=gone,
    )


def _begun(values: Form, templates: list[Values]) -> Form:
    """With the text of the template that was chosen."""
    chosen = next((each for each in templates if each["name"] == values.get("template")), None)
    return {**values, "text": chosen["text"]} if chosen and not values.get("text") else values


async def _edit_form(
    page: Page, wiki_page: Values, space: Values, form: Form, *, status: int = 200, preview: bool = False
) -> Response:
    return await page.render(
        "wiki/form",
        status,
        space=space,
        tool=WIKI.name,
        wiki_page=wiki_page,
        own=WIKI.item_home(page),
        form=form,
        creatable=[],
        roles=[],
        parents=[],
        templates=[],
        preview=await rendered(page) if preview else None,
        gone=False,
    )


async def _conflict(page: Page, wiki_page: Values, space: Values, clash: Values) -> Response:
    """Both texts side by side; what is saved next starts from theirs, as both were seen."""
    rows = paired(await asyncio.to_thread(compared, clash["theirs"], clash["mine"]))
    return await page.render(
        "wiki/conflict",
        409,
        space=space,
        tool=WIKI.name,
        wiki_page={**wiki_page, "title": clash["titles"]["theirs"], "revision": clash["theirs_revision"]},
        own=WIKI.item_home(page),
        form=page.form({**page.typed(), "base": clash["theirs_revision"]}),
        rows=rows,
        theirs=clash["theirs"],
    )


async def rendered(page: Page) -> Any:
    """What was typed as the page will show it, with its wiki links."""
    return (await page.api.post(f"{of_wiki(page)}/render", {"text": page.text("text")}))["html"]


WRITING_ROUTES = [
    get(WIKI.path + "/neu", show_new),
    post(WIKI.path + "/neu", create),
    get(WIKI.item_path + "/bearbeiten", show_edit),
    post(WIKI.item_path + "/bearbeiten", edit),
    post(WIKI.item_path + "/ich-bearbeite", say_editing),
    post(WIKI.item_path + "/bearbeite-nicht-mehr", say_left),
]
