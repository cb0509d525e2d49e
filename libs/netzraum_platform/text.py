"""The one renderer of Markdown: CommonMark, tables, task lists, footnotes, wiki links; cleaned of all that acts."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin
from slugify import slugify

WIKI_LINK = "wiki_link"
LONGEST_SLUG = 100
MOST_KEPT, LONGEST_KEPT = 200, 10_000
"""How much HTML stays in memory: of so many texts, and of none that has more characters."""
_GERMAN = [["ä", "ae"], ["ö", "oe"], ["ü", "ue"], ["Ä", "ae"], ["Ö", "oe"], ["Ü", "ue"], ["ß", "ss"]]
_ANCHOR = "abschnitt-"
# [[Title]] or [[slug|words]]; [[1]](https://…) is a link of CommonMark
_WIKI_LINK = re.compile(r"\[\[([^\[\]|\n]{1,200})(?:\|([^\[\]\n]{1,200}))?\]\](?!\()")


def slug_of(text: str) -> str:
    """How a title is written in an address: a-z, 0-9 and hyphens; empty where it has neither letter nor digit."""
    return slugify(text, max_length=LONGEST_SLUG, word_boundary=True, replacements=_GERMAN)


def sort_key(text: str) -> str:
    """As a German dictionary sorts: umlauts as their vowels (DIN 5007-1)."""
    return "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))


def _wiki_link(state: StateInline, silent: bool) -> bool:
    """An inline rule of markdown-it."""
    match = _WIKI_LINK.match(state.src, state.pos, state.posMax)
    if match is None or not match[1].strip():
        return False
    if not silent:
        token = state.push(WIKI_LINK, "", 0)
        token.content = (match[2] or match[1]).strip()
        token.markup = match[0]
        token.meta = {"name": match[1].strip()}
    state.pos = match.end()
    return True


def _render_wiki_link(_: RendererHTML, tokens: Sequence[Token], number: int, options: Any, env: Any) -> str:
    """A link to where ``env["target"]`` says; as it was written where nobody says."""
    token, target_of = tokens[number], env.get("target")
    if target_of is None:
        return escapeHtml(token.markup)
    words, target = escapeHtml(token.content), target_of(token.meta["name"])
    if target is None:
        return words
    kind = "nr-wikilink" if target.note is None else "nr-wikilink nr-wikilink--missing"
    note = "" if target.note is None else f' <span class="nr-wikilink__note">({escapeHtml(target.note)})</span>'
    return f'<a class="{kind}" href="{escapeHtml(target.href)}">{words}{note}</a>'


def _wiki_link_plugin(markdown: MarkdownIt) -> None:
    markdown.inline.ruler.before("link", WIKI_LINK, _wiki_link)
    markdown.add_render_rule(WIKI_LINK, _render_wiki_link)


_markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
_markdown.use(footnote_plugin).use(tasklists_plugin, label=True).use(_wiki_link_plugin)
# A wide table is moved sideways within its box, which takes the focus, so that keys can move it.
_markdown.add_render_rule("table_open", lambda *_: '<div class="nr-scroll" tabindex="0"><table>\n')
_markdown.add_render_rule("table_close", lambda *_: "</table></div>\n")

_TAGS = {
    *(
        "a",
        "blockquote",
        "br",
        "code",
        "del",
        "div",
        "em",
        "hr",
        "label",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "section",
        "span",
        "strong",
        "sup",
        "ul",
    ),
    *("h1", "h2", "h3", "h4", "h5", "h6", "img", "input", "table", "tbody", "td", "th", "thead", "tr"),
}
_ATTRIBUTES = {
    **{f"h{level}": {"id"} for level in range(1, 7)},
    "a": {"href", "title", "id"},
    "div": {"tabindex"},
    "img": {"src", "alt", "title"},
    "input": {"checked", "disabled"},
    "ol": {"start"},
    "li": {"id"},
    "td": {"align"},
    "th": {"align"},
}
_CLASSES = {
    "a": {"footnote-backref", "nr-wikilink", "nr-wikilink--missing"},
    "div": {"nr-scroll"},
    "li": {"task-list-item", "footnote-item"},
    "ol": {"footnotes-list"},
    "section": {"footnotes"},
    "span": {"nr-wikilink__note"},
    "sup": {"footnote-ref"},
    "ul": {"contains-task-list"},
}


@dataclass(frozen=True)
class Heading:
    level: int
    anchor: str
    text: str


@dataclass(frozen=True)
class Target:
    """Where a wiki link leads. ``note`` says in words that there is no such page yet; None where there is one."""

    href: str
    note: str | None = None


class Document:
    """A Markdown text that was read: what it links to, how it is divided, and its HTML."""

    def __init__(self, text: str) -> None:
        self._env: dict[str, Any] = {}
        self._tokens = _markdown.parse(text, self._env)
        self.headings = _anchored(self._tokens)

    @property
    def names(self) -> list[str]:
        """The pages that wiki links name, each once, in the order of the text."""
        return _names(self._tokens)

    def html(self, target: Callable[[str], Target | None]) -> str:
        """As ``to_html``, with anchors at the headings, and wiki links to where ``target`` says (None: no link)."""
        env = {**self._env, "target": target}
        return _clean(_markdown.renderer.render(self._tokens, _markdown.options, env))


def names_in(text: str) -> list[str]:
    """As ``Document(text).names``, where nothing else is asked of a text; most have none."""
    return _names(_markdown.parse(text)) if "[[" in text else []


def _names(tokens: Sequence[Token]) -> list[str]:
    links = (token for token in _all(tokens) if token.type == WIKI_LINK)
    return list(dict.fromkeys(str(token.meta["name"]) for token in links))


def _all(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield token
        yield from _all(token.children or [])


def _anchored(tokens: Sequence[Token]) -> list[Heading]:
    """Give each heading an anchor of its own."""
    headings: list[Heading] = []
    taken: dict[str, int] = {}
    for opening, inline in pairwise(tokens):
        if opening.type != "heading_open":
            continue
        words = " ".join(_words(inline))
        anchor = stem = _ANCHOR + slug_of(words)
        while anchor in taken:
            taken[stem] += 1
            anchor = f"{stem}-{taken[stem]}"
        taken[anchor] = 1
        opening.attrSet("id", anchor)
        headings.append(Heading(int(opening.tag[1]), anchor, words))
    return headings


def to_html(text: str) -> str:
    """HTML of a Markdown text, safe to show: no scripts, styles, forms, frames; links by http(s) and mailto only."""
    return _html(text) if len(text) <= LONGEST_KEPT else _html.__wrapped__(text)


@lru_cache(maxsize=MOST_KEPT)
def _html(text: str) -> str:
    """Rendering takes milliseconds, and a text is read far more often than it is written."""
    return _clean(_markdown.render(text))


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
        tag_attribute_values={"input": {"type": {"checkbox"}}},
    )


def to_plain(text: str) -> str:
    """The words of a Markdown text without its marks: blocks parted by spaces, each entry of a list behind its sign."""
    return " ".join(part for token in _markdown.parse(text) for part in _words(token) if part)


def _words(token: Token) -> list[str]:
    if token.type == "list_item_open":
        return [token.info + token.markup if token.info else "•"]
    if token.type == "inline":
        return ["".join(_inline(child) for child in token.children or []).strip()]
    return [token.content.strip()] if token.type in {"fence", "code_block"} else []


def _inline(token: Token) -> str:
    if token.type in {"softbreak", "hardbreak"}:
        return " "
    return "" if token.type == "html_inline" else token.content  # the box of a task is no word
