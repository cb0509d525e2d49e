"""Mails out of templates: each template says its subject, text, action and why one gets it; layouts do the rest.

A template is ``templates/<language>/<name>.txt`` with the blocks ``subject``, ``text`` (paragraphs parted by empty
lines), ``action`` (the words on the link, if there is one) and ``why``. The HTML is made of the same words, escaped.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from jinja2 import Environment, PackageLoader, StrictUndefined, Template

LANGUAGES = ("de", "en")
HOME_ZONE = ZoneInfo("Europe/Berlin")
MOMENTS = {"de": "EEEE, d. MMMM y, H:mm 'Uhr'", "en": "EEEE, d MMMM y, HH:mm"}

_TEXTS = Environment(
    loader=PackageLoader("netzraum_identity.mails"),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    autoescape=False,  # noqa: S701  # plain text; what becomes HTML is escaped by the layout
)
_LAYOUTS = Environment(loader=PackageLoader("netzraum_identity.mails"), undefined=StrictUndefined, autoescape=True)


@dataclass(frozen=True)
class Words:
    """A mail's words in one language, for both of its forms."""

    subject: str
    paragraphs: list[str]
    action: str
    why: str


@dataclass(frozen=True)
class Entry:
    """One thing in a list: its title, who and when, and the whole address that it is found at."""

    title: str
    detail: str
    link: str


@dataclass(frozen=True)
class Section:
    """A list of things with a heading, below the paragraphs."""

    heading: str
    entries: Sequence[Entry]


@dataclass(frozen=True)
class Rendered:
    subject: str
    text: str
    html: str


def render(
    name: str,
    language: str,
    values: dict[str, Any],
    link: str | None,
    settings_link: str,
    sections: Sequence[Section] = (),
) -> Rendered:
    """A mail in plain text and HTML. ``link`` is where its action leads, ``settings_link`` where mails are chosen."""
    words = words_of(name, language, values)
    addresses = {"link": link, "settings_link": settings_link}
    shown = {"words": words, "sections": sections, "language": language, **addresses}
    text = _TEXTS.get_template(f"{language}/layout.txt").render(shown)
    return Rendered(words.subject, text, _LAYOUTS.get_template("layout.html").render(shown))


def words_of(name: str, language: str, values: dict[str, Any]) -> Words:
    template = _TEXTS.get_template(f"{language}/{name}.txt")
    paragraphs = _block(template, "text", values).split("\n\n")
    return Words(
        subject=" ".join(_block(template, "subject", values).split()),
        paragraphs=[" ".join(paragraph.split()) for paragraph in paragraphs if paragraph.strip()],
        action=_block(template, "action", values),
        why=" ".join(_block(template, "why", values).split()),
    )


def _block(template: Template, block: str, values: dict[str, Any]) -> str:
    """One block's text; an absent block is empty."""
    if block not in template.blocks:
        return ""
    return "".join(template.blocks[block](template.new_context(values))).strip()


def moment(at: datetime, language: str, timezone: str) -> str:
    """Day and time where the reader is; with the zone's name where it is not the zone of the installation."""
    local = at.astimezone(ZoneInfo(timezone))
    text = str(format_datetime(local, MOMENTS[language], locale=language))
    is_home = local.utcoffset() == at.astimezone(HOME_ZONE).utcoffset()
    return text if is_home else f"{text} ({local.tzname()})"
