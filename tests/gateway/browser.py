"""A browser without JavaScript: follows redirects, keeps cookies, fills in the forms that it was given."""

from html.parser import HTMLParser
from typing import Any

import httpx

Fields = list[tuple[str, str]]


class Form:
    """A form as the page holds it: where it goes, and its fields with what is in them."""

    def __init__(self, action: str, method: str) -> None:
        self.action = action
        self.method = method
        self.fields: Fields = []


class Forms(HTMLParser):
    """All forms of a page."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._open: Form | None = None
        self._textarea: str | None = None
        self._select: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._open = Form(given.get("action", ""), given.get("method", "get"))
            self.forms.append(self._open)
        if self._open is None:
            return
        name, value = given.get("name", ""), given.get("value", "")
        if (tag == "input" and name and given.get("type") not in ("checkbox", "radio", "submit")) or "checked" in given:
            self._open.fields.append((name, value))
        if tag == "textarea":
            self._textarea = name
            self._open.fields.append((name, ""))
        if tag == "select":
            self._select = name
        if tag == "option" and "selected" in given and self._select:
            self._open.fields.append((self._select, value))

    def handle_data(self, data: str) -> None:
        if self._textarea is not None and self._open is not None:
            name, before = self._open.fields[-1]
            self._open.fields[-1] = (name, before + data)

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._open = None
        if tag == "textarea":
            self._textarea = None
        if tag == "select":
            self._select = None


class Browser:
    """One person's browser; ``page`` is what it shows."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http
        self.page = httpx.Response(204)

    @property
    def text(self) -> str:
        return self.page.text

    @property
    def path(self) -> str:
        return self.page.request.url.raw_path.decode()

    async def open(self, path: str, **headers: str) -> httpx.Response:
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        self.page = await self.http.get(path, headers=sent, follow_redirects=True)
        return self.page

    def form(self, action: str) -> Form:
        """The form of the page that goes there."""
        found = [form for form in Forms(self.text).forms if form.action == action]
        assert found, f"no form to {action} in {[form.action for form in Forms(self.text).forms]}"
        return found[-1]

    async def submit(self, action: str, /, *, follow: Any = True, **typed: Any) -> httpx.Response:
        """Fill in the form that goes to ``action`` and send it; what is not named stays as the page has it."""
        fields = [(name, value) for name, value in self.form(action).fields if name not in typed]
        for name, value in typed.items():
            fields += [(name, each) for each in (value if isinstance(value, list) else [value])]
        return await self.send(action, fields, follow=follow)

    async def send(self, action: str, fields: Fields, *, follow: bool = True) -> httpx.Response:
        data: dict[str, list[str]] = {}
        for name, value in fields:
            data.setdefault(name, []).append(value)
        self.page = await self.http.post(action, data=data, follow_redirects=follow)
        return self.page

    async def log_in(self, email: str, password: str) -> httpx.Response:
        await self.open("/anmelden")
        return await self.submit("/anmelden", email=email, password=password)
