"""Imprint, privacy, accessibility, help: texts of the operator; and the form to report a barrier."""

import asyncio
import html
from pathlib import Path

from starlette.responses import Response

from netzraum_gateway.api import ApiProblem
from netzraum_gateway.page import Form, House, Page
from netzraum_gateway.site import get, post
from netzraum_platform.errors import Unavailable, Unprocessable
from netzraum_platform.mail import compose
from netzraum_platform.text import to_html
from netzraum_platform.validation_texts import field_error

DEFAULTS = Path(__file__).parent / "texts"
ACCESSIBILITY = "/barrierefreiheit"
FIELDS = ("page", "barrier", "email")
LONGEST = 5000


async def show_imprint(page: Page) -> Response:
    return await _text_page(page, "imprint", "impressum")


async def show_privacy(page: Page) -> Response:
    return await _text_page(page, "privacy", "datenschutz")


async def show_help(page: Page) -> Response:
    return await _text_page(page, "help", "hilfe")


async def _text_page(page: Page, kind: str, name: str) -> Response:
    return await page.render("footer/page", kind=kind, html=await text_of(page.house, name, page.language))


async def show_accessibility(page: Page) -> Response:
    form = page.form({"page": page.query("page")})
    return await _accessibility(page, form)


async def _accessibility(page: Page, form: Form, status: int = 200) -> Response:
    html = await text_of(page.house, "barrierefreiheit", page.language)
    return await page.render("footer/accessibility", status, html=html, form=form, by_mail=_reaches_the_operator(page))


def _reaches_the_operator(page: Page) -> bool:
    return page.house.mail is not None and bool(page.house.settings.operator_email)


async def text_of(house: House, name: str, language: str) -> str:
    """The operator's file ``name.<language>.md`` (or ``name.md``), else ours, as HTML; "" where there is none."""
    return await asyncio.to_thread(_read, house.settings.footer, name, language)


def _read(folder: Path | None, name: str, language: str) -> str:
    folders = [folder, DEFAULTS] if folder is not None else [DEFAULTS]
    for place in folders:
        for file in (place / f"{name}.{language}.md", place / f"{name}.md"):
            if file.is_file():
                return to_html(file.read_text(encoding="utf-8"))
    return ""


async def report_barrier(page: Page) -> Response:
    """Mail the operator; what was typed stays where that is not possible.

    Raises:
        Unavailable: no mail goes out.
    """
    typed = {name: page.text(name)[:LONGEST] for name in FIELDS}
    if not typed["barrier"]:
        wrong = Unprocessable([field_error("barrier", "missing", page.language)])
        problem = ApiProblem.of(wrong, page.language)
        return await _accessibility(page, page.form(problem=problem), problem.status)
    settings = page.house.settings
    if page.house.mail is None or not settings.operator_email:
        raise Unavailable("mail")
    text = f"Seite: {typed['page']}\nAntwort an: {typed['email']}\n\n{typed['barrier']}\n"
    letter = compose(
        settings.mail_from, settings.operator_email, "Barriere gemeldet", text, f"<pre>{html.escape(text)}</pre>"
    )
    await page.house.mail.send(letter)
    return page.redirect(ACCESSIBILITY, "barrier_reported")


ROUTES = [
    get("/impressum", show_imprint, open=True),
    get("/datenschutz", show_privacy, open=True),
    get("/hilfe", show_help, open=True),
    get(ACCESSIBILITY, show_accessibility, open=True),
    post(ACCESSIBILITY, report_barrier, open=True),
]
