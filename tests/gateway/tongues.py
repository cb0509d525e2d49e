"""What a page says in the wrong language, by all texts that Netzraum has in German and in English."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser

from babel import Locale

from netzraum_gateway import locale_build
from netzraum_platform.errors import DomainError
from netzraum_platform.validation_texts import TEXTS

READ_BY_PEOPLE = ("aria-label", "alt", "placeholder", "title")
OTHER = {"de": "en", "en": "de"}
VALUE = re.compile(r"%\(\w+\)[sd]|\{\w+\}|%%")
LONG = 12
"""Letters; what is longer stands in no other text by chance."""


@dataclass(frozen=True)
class Words:
    """``whole``: texts as they stand; ``pieces``: what is long enough between their values."""

    whole: frozenset[str]
    pieces: frozenset[str]


class Texts(HTMLParser):
    """What of a page is read by people: its texts, and the attributes that are read out."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[str] = []
        self.feed(html)

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.texts += [value or "" for name, value in attributes if name in READ_BY_PEOPLE]


def foreign_words(html: str, language: str, given: str = "") -> list[str]:
    """What a page in this language says in the other one, but for what people have written: ``given``."""
    texts = [" ".join(text.split()) for text in Texts(html).texts]
    page, foreign = "\n".join(texts), _only_in(OTHER[language])
    found = foreign.whole.intersection(texts) | {piece for piece in foreign.pieces if piece in page}
    return sorted(words for words in found if words not in given)


@cache
def _only_in(language: str) -> Words:
    whole = {name: {" ".join(text.split()) for text in _texts(name)} for name in OTHER}
    pieces = {name: {piece for text in whole[name] for piece in _pieces(text)} for name in OTHER}
    other = OTHER[language]
    return Words(frozenset(whole[language] - whole[other]), frozenset(pieces[language] - pieces[other]))


def _pieces(text: str) -> Iterator[str]:
    for piece in VALUE.split(text):
        stripped = piece.strip(" .,:;–()")
        if len(stripped) > LONG:
            yield stripped


def _texts(language: str) -> Iterator[str]:
    """Of the catalogues, of errors, and the days of the week."""
    for path in locale_build.catalogues():
        for message in locale_build.load(path):
            said = message.id if language == "en" else message.string
            yield from said if isinstance(said, list | tuple) else [said or ""]
    yield from (texts[language == "en"] for texts in TEXTS.values())
    yield from (text for error in _errors(DomainError) if (text := getattr(error, language, "")))
    yield from Locale(language).days["format"]["wide"].values()


def _errors(kind: type[DomainError]) -> Iterator[type[DomainError]]:
    """All kinds of errors that the services and the gateway have told Python of."""
    yield kind
    for special in kind.__subclasses__():
        yield from _errors(special)
