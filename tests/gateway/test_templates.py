"""Every page renders in both languages out of what the API answers, and says nothing outside of the catalogues."""

import gzip
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from jinja2 import nodes

from netzraum_gateway import locale_build, sentences, words
from netzraum_gateway.templating import LANGUAGES, TEMPLATES, Pages
from tests.gateway.answers import NOW
from tests.gateway.example import Example
from tests.gateway.examples import FRAGMENTS, PAGES
from tests.gateway.tongues import Texts, foreign_words

STATIC = TEMPLATES.parent / "static"
HEAVIEST_PAGE = 200_000
"""Octets, compressed, of a page with all that it loads."""
NAMES_OF_THEIR_OWN = {"Netzraum", "English", "Deutsch"}
TRANSLATIONS = ("_", "gettext", "ngettext", "pgettext", "npgettext")


@pytest.fixture(scope="session")
def pages() -> Pages:
    locale_build.compile_all()
    return Pages(STATIC, locale_build.LOCALE, operator="agentur mark GmbH")


def rendered(pages: Pages, example: Example, language: str = "de") -> str:
    return pages.render(example.template, language, "auto", now=NOW, csrf="token-of-the-session", **example.context)


def templates() -> list[str]:
    return sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html"))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("example", [*PAGES, *FRAGMENTS], ids=str)
def test_renders_what_the_api_answers_in_one_language_alone(pages: Pages, example: Example, language: str) -> None:
    html = rendered(pages, example, language)
    assert html.strip()
    assert foreign_words(html, language, given=repr(example.context)) == []


def test_every_page_has_an_example() -> None:
    shown = {f"{example.template}.html" for example in [*PAGES, *FRAGMENTS]}
    parts = {name for name in templates() if name.startswith("_macros/") or "_base" in name or name == "base.html"}
    included = {name for name in templates() if Path(name).name.startswith("_") and not name.startswith("_fragments/")}
    assert set(templates()) - parts - included == shown


@pytest.mark.parametrize("name", templates())
def test_first_comment_names_the_context(name: str) -> None:
    assert (TEMPLATES / name).read_text().startswith("{# ")


class Reader(Texts):
    """What of a page is written for people, and what its forms send."""

    def __init__(self, html: str) -> None:
        self.ids: list[str] = []
        self.forms: list[list[str]] = []
        self.inline: list[str] = []
        super().__init__(html)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        super().handle_starttag(tag, attributes)
        given = {name: value or "" for name, value in attributes}
        self.inline += [name for name in given if name == "style" or name.startswith("on")]
        if "id" in given:
            self.ids.append(given["id"])
        if tag == "form" and given.get("method") == "post":
            self.forms.append([])
        if tag == "input" and self.forms:
            self.forms[-1].append(given.get("name", ""))


@pytest.mark.parametrize("name", templates())
def test_no_text_outside_of_the_catalogue(name: str) -> None:
    source = re.sub(r"\{#.*?#\}", "", (TEMPLATES / name).read_text(), flags=re.S)
    source = re.sub(r"\{% trans.*?endtrans %\}", "", source, flags=re.S)
    source = re.sub(r"\{%.*?%\}|\{\{.*?\}\}", "", source, flags=re.S)
    source = re.sub(r"\bnr-[\w-]+|\baria-\w+=\"\w*\"?|-(hint|error)\b", "", source)
    words = {word for text in Texts(source).texts for word in re.findall(r"[^\W\d_]{2,}", text)}
    assert not words - NAMES_OF_THEIR_OWN


@pytest.mark.parametrize("name", templates())
def test_no_words_as_literals_in_expressions(pages: Pages, name: str) -> None:
    tree = pages.environment("en").parse((TEMPLATES / name).read_text())
    literals = set(_literals(tree)) - NAMES_OF_THEIR_OWN
    assert not [text for text in literals if re.search(r"^[A-ZÄÖÜ][a-zäöü]|[a-zäöü]{2} [a-zäöü]{2}", text)]


def _literals(node: nodes.Node) -> Iterator[str]:
    """The texts of a template that are not arguments of a translation."""
    if isinstance(node, nodes.Call) and isinstance(node.node, nodes.Name) and node.node.name in TRANSLATIONS:
        return
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    for child in node.iter_child_nodes():
        yield from _literals(child)


@pytest.mark.parametrize("example", PAGES, ids=str)
def test_is_sound_html(pages: Pages, example: Example) -> None:
    reader = Reader(rendered(pages, example))
    assert len(reader.ids) == len(set(reader.ids)), "an id comes twice"
    assert not reader.inline, "inline styles and scripts are refused by the content security policy"
    assert reader.forms
    assert all("csrf" in fields for fields in reader.forms)


def test_content_is_escaped(pages: Pages) -> None:
    evil = next(example for example in PAGES if example.template == "board/list")
    listed = evil.context["notices"]
    notices = {**listed, "items": [{**listed["items"][0], "title": "<script>alert(1)</script>"}]}
    assert "<script>alert" not in rendered(pages, Example(evil.template, context={**evil.context, "notices": notices}))


def test_german_catalogue_is_complete() -> None:
    wanted = {message.id: message for message in locale_build.extracted() if message.id}
    for path in locale_build.catalogues():
        catalog = locale_build.load(path)
        translated = {message.id: message.string for message in catalog if message.id}
        assert translated.keys() == wanted.keys(), "run python -m netzraum_gateway.locale_build --update"
        missing = [name for name, text in translated.items() if not all(_forms(text))]
        assert not missing
        assert not [message.id for message in catalog if message.fuzzy]


def test_translations_keep_the_places_of_values() -> None:
    for path in locale_build.catalogues():
        for message in locale_build.load(path):
            for original, text in zip(_forms(message.id), _forms(message.string), strict=True):
                assert message.id == "" or set(_places(text)) == set(_places(original)), original


def _forms(text: object) -> list[str]:
    """Singular and plural, or the one text that there is."""
    return [str(form) for form in text] if isinstance(text, list | tuple) else [str(text or "")]


def _places(text: str) -> list[str]:
    return re.findall(r"%\(\w+\)s|\{\w+\}", text)


def test_every_icon_has_a_picture() -> None:
    style = next(STATIC.glob("netzraum.*.css")).read_text()
    named = {row.icon for table in words.tables().values() for row in table.values() if getattr(row, "icon", "")}
    for name in templates():
        named |= set(re.findall(r'icon\s*[(=]\s*"(\w+)"', (TEMPLATES / name).read_text()))
    assert not [name for name in sorted(named) if f".nr-i--{name}{{" not in style]


@pytest.fixture(scope="session")
def loaded_with_every_page() -> int:
    """Octets of style sheet, scripts, icon and all fonts."""
    manifest: dict[str, str] = json.loads((STATIC / "manifest.json").read_text())
    fonts = [STATIC / name for plain, name in manifest.items() if plain.endswith(".woff2")]
    others = [STATIC / name for plain, name in manifest.items() if not plain.endswith((".txt", ".woff2"))]
    return sum(font.stat().st_size for font in fonts) + sum(len(gzip.compress(file.read_bytes())) for file in others)


@pytest.mark.parametrize("example", PAGES, ids=str)
def test_page_is_light(pages: Pages, example: Example, loaded_with_every_page: int) -> None:
    assert loaded_with_every_page + len(gzip.compress(rendered(pages, example).encode())) < HEAVIEST_PAGE


def test_built_files_bring_their_licences() -> None:
    text = (STATIC / Path(json.loads((STATIC / "manifest.json").read_text())["licences.txt"])).read_text()
    assert all(name in text for name in ("EUROPÄISCHE UNION PUBLIC LICENCE", "Apache License", "SIL OPEN FONT LICENSE"))


def test_theme_is_said_by_the_server(pages: Pages) -> None:
    example = PAGES[0]
    dark = pages.render(example.template, "de", "dark", now=NOW, **example.context)
    assert 'data-kern-theme="dark"' in dark
    assert "data-kern-theme" not in rendered(pages, example)


def test_every_reason_of_a_refusal_is_said(pages: Pages) -> None:
    example = next(page for page in PAGES if page.template == "errors/forbidden")
    for reason in sentences.REASONS:
        said = pages.render(example.template, "en", "auto", now=NOW, **{**example.context, "reasons": [reason]})
        assert sentences.REASONS[reason] in said.replace("&#39;", "'")
