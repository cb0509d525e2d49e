"""The pages of polls: those that all tools have, voting, the result, and the steps in a poll's life."""

import asyncio
from typing import Any

from starlette.responses import Response

from netzraum_gateway.api import ApiProblem
from netzraum_gateway.items.reading import Reading, reading_routes
from netzraum_gateway.items.tool import ItemTool, Values
from netzraum_gateway.items.writing import writing_routes
from netzraum_gateway.page import Page
from netzraum_gateway.polls import written
from netzraum_gateway.polls.ballot import SamePlaceTwice, answers_of, fields_of, several_of
from netzraum_gateway.polls.labels import POLL_STEPS
from netzraum_gateway.site import PageRoute, get, post
from netzraum_platform.errors import DomainError

EXPORTS = ("csv", "ods")


class MayNotWrite(DomainError):
    """The form would offer nothing that could be published."""

    status, code = 403, "may_not_write"
    de = "Mit Ihrer Rolle können Sie in diesem Raum zurzeit keine Umfragen anlegen."
    en = "With your role you cannot write polls in this space at present."


async def _with_poll(page: Page, poll: Values) -> Values:
    """The ballot as its form holds it, what I voted, and the result, as far as they may be seen."""
    ballot, results = await asyncio.gather(_ballot(page, poll), _results(page, poll))
    mine = _by_question(ballot)
    return {
        "mine": mine,
        "cast_by": ballot["cast_by"] if ballot else None,
        "results": results,
        "form": page.form(fields_of(poll["questions"], mine or {})),
    }


async def _ballot(page: Page, poll: Values) -> Any:
    """My ballot, or that of my institution; None where there is none, or where nobody can read it."""
    if not poll["mine"] or poll["secrecy"] == "secret" or poll["state"] == "deleted":
        return None
    try:
        return await page.api.get(f"{POLLS.item_api(page)}/ballot")
    except ApiProblem as problem:
        if problem.status not in (403, 404, 409):
            raise
        return None


def _by_question(ballot: Any) -> dict[str, Any] | None:
    """What was voted (question: value); None where that is not known."""
    return {answer["question"]: answer["value"] for answer in ballot["answers"]} if ballot else None


async def _results(page: Page, poll: Values) -> Any:
    """The result; None where it is hidden."""
    if poll["results_hidden"] or poll["state"] == "deleted" or "read_results" not in poll["actions"]:
        return None
    return await page.api.get(f"{POLLS.item_api(page)}/results")


POLLS = ItemTool(
    "polls",
    "poll",
    templates="polls",
    written=written.written,
    values=written.values,
    started=written.started,
    reshaped=written.reshaped,
    beside_its_fields=written.beside_its_fields,
    with_item=_with_poll,
    may_not_write=MayNotWrite,
)
READING = Reading(POLLS)


async def vote(page: Page) -> Response:
    poll = await page.api.get(POLLS.item_api(page))
    try:
        answers = answers_of(page, poll["questions"])
        cast = await page.api.put(f"{POLLS.item_api(page)}/ballot", {"answers": answers})
    except SamePlaceTwice as error:
        return await _refused(page, poll, ApiProblem.of(error, page.language).beside(error.field))
    except ApiProblem as problem:
        return await _refused(page, poll, problem.in_form())
    changed = cast["changed"] and page.checked("again")  # a double click on the first vote changes nothing
    return page.redirect(POLLS.item_home(page), "ballot_changed" if changed else "ballot_cast")


async def show_ballot(page: Page) -> Response:
    """A ballot that was refused has no address of its own: who comes back to it finds the poll as it is now."""
    return page.redirect(POLLS.item_home(page))


async def _refused(page: Page, poll: Values, problem: ApiProblem) -> Response:
    """The poll with what was chosen, and what is wrong about it."""
    form = page.form({}, problem, several_of(poll["questions"]))
    return await READING.show_item(page, problem.status, form=form)


async def show_results(page: Page) -> Response:
    poll, space = await asyncio.gather(page.api.get(POLLS.item_api(page)), page.space())
    ballot, results = await asyncio.gather(_ballot(page, poll), _results(page, poll))
    shown = {"poll": poll, "mine": _by_question(ballot), "results": results}
    return await page.render("polls/results", space=space, tool=POLLS.name, **shown)


async def export(page: Page) -> Response:
    kind = page.query("format") if page.query("format") in EXPORTS else EXPORTS[0]
    file = await page.api.download(f"{POLLS.item_api(page)}/export?format={kind}")
    passed_on = {name: file.headers[name] for name in ("content-type", "content-disposition") if name in file.headers}
    return Response(file.body, headers=passed_on)


async def show_outcome(page: Page) -> Response:
    poll = await page.api.get(POLLS.item_api(page))
    return await _outcome_form(page, poll, page.form({"text": poll["outcome"] or ""}))


async def write_outcome(page: Page) -> Response:
    try:
        await page.api.post(f"{POLLS.item_api(page)}/outcome", {"text": page.text("text")})
    except ApiProblem as problem:
        poll = await page.api.get(POLLS.item_api(page))
        return await _outcome_form(page, poll, page.form({}, problem.in_form()), problem.status)
    return page.redirect(POLLS.item_home(page), "poll_outcome_saved")


async def _outcome_form(page: Page, poll: Values, form: Values, status: int = 200) -> Response:
    space = await page.space()
    return await page.render("polls/outcome", status, space=space, tool=POLLS.name, poll=poll, form=form)


def _step(step: str, done: str) -> list[PageRoute]:
    """A step in a poll's life: what it means is said, and done after the consent."""

    async def show(page: Page) -> Response:
        return await ask(page, page.form())

    async def ask(page: Page, form: Values, status: int = 200) -> Response:
        poll, space = await asyncio.gather(page.api.get(POLLS.item_api(page)), page.space())
        return await page.render("polls/confirm", status, space=space, tool=POLLS.name, poll=poll, step=step, form=form)

    async def take(page: Page) -> Response:
        try:
            await page.api.post(f"{POLLS.item_api(page)}/{step}")
        except ApiProblem as problem:
            return await ask(page, page.form({}, problem.in_form()), problem.status)
        return page.redirect(POLLS.item_home(page), done)

    path = f"{POLLS.item_path}/{POLL_STEPS[step].path}"
    return [get(path, show), post(path, take)]


ROUTES = [
    *writing_routes(POLLS),
    *reading_routes(POLLS),
    get(POLLS.item_path + "/abstimmen", show_ballot),
    post(POLLS.item_path + "/abstimmen", vote),
    get(POLLS.item_path + "/ergebnis", show_results),
    get(POLLS.item_path + "/ausfuhr", export),
    get(POLLS.item_path + "/ausgang", show_outcome),
    post(POLLS.item_path + "/ausgang", write_outcome),
    *_step("open", "poll_opened"),
    *_step("close", "poll_closed"),
    *_step("remind", "poll_reminded"),
]
