"""Imprint, privacy, accessibility, help: texts of the operator; and the form to report a barrier."""

import asyncio
import html
from pathlib import Path

from starlette.responses import Response

from netzraum_gateway.page import Page
from netzraum_gateway.site import get, post
from netzraum_platform.errors import Unavailable, Unprocessable
from netzraum_platform.mail import compose
from netzraum_platform.text import to_html
from netzraum_platform.validation_texts import message

DEFAULTS = Path(__file__).parent / "texts"
ACCESSIBILITY = "/barrierefreiheit"
FIELDS = ("page", "barrier", "email")
LONGEST = 5000


async def show_imprint(page: Page) -> Response:
    return await page.render("footer/page", kind="imprint", html=await text_of(page, "impressum"))


async def show_privacy(page: Page) -> Response:
    return await page.render("footer/page", kind="privacy", html=await text_of(page, "datenschutz"))


async def show_help(page: Page) -> Response:
    return await page.render("footer/page", kind="help", html=await text_of(page, "hilfe"))


async def show_accessibility(page: Page) -> Response:
    form = page.form({"page": page.query("page")})
    return await page.render("footer/accessibility", html=await text_of(page, "barrierefreiheit"), form=form)


async def text_of(page: Page, name: str) -> str:
    """The operator's file ``name.<language>.md`` (or ``name.md``), else ours, as HTML; "" where there is none."""
    return await asyncio.to_thread(_read, page.house.settings.footer, name, page.language)


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
        raise Unprocessable([{"field": "barrier", "code": "missing", "message": message("missing", page.language)}])
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
