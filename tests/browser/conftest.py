"""The example pages served as the gateway serves its own: from one origin, with the real policy."""

from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from playwright.async_api import Browser, Page

from netzraum_gateway import locale_build
from netzraum_gateway.templating import CONTENT_SECURITY_POLICY, STATIC_URL, Pages
from tests.chromium import axe, browser
from tests.gateway.answers import NETWORK, NOW
from tests.gateway.examples import FRAGMENTS, PAGES

__all__ = ["axe", "browser", "example_site"]

STATIC = locale_build.PACKAGE / "static"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
# What the list of notices asks for by itself: its filter, and what has come since.
ANSWERS = {
    f"/raum/{NETWORK}/brett": "board-list-no-hit",
    f"/raum/{NETWORK}/brett/neues": "_fragments-news-notices",
}


@pytest.fixture(scope="session")
def example_site() -> Iterator[str]:
    """The address under which each example lies by its name; `?theme=` chooses light or dark."""
    locale_build.compile_all()
    pages = Pages(STATIC, locale_build.LOCALE, operator="agentur mark GmbH")
    examples = {str(example): example for example in [*PAGES, *FRAGMENTS]}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:  # the name is the library's
            path, _, query = self.path.partition("?")
            if path.startswith(STATIC_URL):
                file = STATIC / path.removeprefix(STATIC_URL)
                self._answer(200, TYPES[file.suffix], file.read_bytes())
            elif (example := examples.get(ANSWERS.get(path, path.removeprefix("/")))) is not None:
                theme = query.removeprefix("theme=") if query.startswith("theme=") else "auto"
                html = pages.render(example.template, "de", theme, now=NOW, csrf="token", **example.context)
                self._answer(200, "text/html; charset=utf-8", html.encode())
            else:
                self._answer(404, "text/plain", b"")

        def do_POST(self) -> None:  # the name is the library's
            """What a page sends by itself has nothing new to tell."""
            self._answer(204, "text/plain", b"")

        def _answer(self, status: int, kind: str, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Security-Policy", CONTENT_SECURITY_POLICY)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments: object) -> None:
            """The tests say what is wrong."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
async def page(browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context(locale="de-DE", timezone_id="Europe/Berlin", reduced_motion="reduce")
    yield await context.new_page()
    await context.close()
