"""The one renderer of Markdown: CommonMark, tables, task lists, footnotes; cleaned of all that acts."""

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin

_markdown = MarkdownIt("commonmark", {"html": False}).enable("table").use(footnote_plugin).use(tasklists_plugin)

_TAGS = {
    *(
        "a",
        "blockquote",
        "br",
        "code",
        "del",
        "em",
        "hr",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "section",
        "strong",
        "sup",
        "ul",
    ),
    *("h1", "h2", "h3", "h4", "h5", "h6", "img", "input", "table", "tbody", "td", "th", "thead", "tr"),
}
_ATTRIBUTES = {
    "a": {"href", "title", "id"},
    "img": {"src", "alt", "title"},
    "input": {"checked", "disabled"},
    "ol": {"start"},
    "li": {"id"},
    "td": {"align"},
    "th": {"align"},
}
_CLASSES = {
    "a": {"footnote-backref"},
    "li": {"task-list-item", "footnote-item"},
    "ol": {"footnotes-list"},
    "section": {"footnotes"},
    "sup": {"footnote-ref"},
    "ul": {"contains-task-list"},
}


def to_html(text: str) -> str:
    """HTML of a Markdown text, safe to show: no scripts, styles, forms, frames; links by http(s) and mailto only."""
    return nh3.clean(
        _markdown.render(text),
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        allowed_classes=_CLASSES,
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer nofollow",
        tag_attribute_values={"input": {"type": {"checkbox"}}},
    )


def to_plain(text: str) -> str:
    """The words of a Markdown text without its marks, blocks parted by spaces."""
    return " ".join(part for token in _markdown.parse(text) for part in _words(token) if part)


def _words(token: Token) -> list[str]:
    if token.type == "inline":
        return ["".join(_inline(child) for child in token.children or [])]
    return [token.content.strip()] if token.type in {"fence", "code_block"} else []


def _inline(token: Token) -> str:
    if token.type in {"softbreak", "hardbreak"}:
        return " "
    return token.content
