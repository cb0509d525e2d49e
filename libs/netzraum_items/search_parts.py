"""Parts of long words, so that "Konferenz" finds "Ausbildungsmarktkonferenz" (docs/decisions/0012).

Of a long word, what is left of it from each letter on is indexed; a word is looked for as the beginning of one of
these.
"""

import re
from collections.abc import Iterable, Iterator

from netzraum_platform.text import sort_key

SHORTEST_COMPOUND = 8
SHORTEST_PART = 4
SHORTEST_BEFORE = 3
"""Letters before a part: no word in front of another one is shorter."""
LONGEST_COMPOUND = 60
MOST_BYTES = 200_000
"""Of all parts of one text; PostgreSQL takes no vector above 1 MiB."""
_LONG_WORD = re.compile(rf"\b[^\W\d_]{{{SHORTEST_COMPOUND},{LONGEST_COMPOUND}}}\b")


def parts_of(text: str) -> list[str]:
    """The ends of the long words of a text, and these themselves, each once and in small letters without umlauts."""
    parts: dict[str, None] = {}
    size = 0
    for word in dict.fromkeys(sort_key(word) for word in _LONG_WORD.findall(text)):
        size += len(word.encode()) * len(word) // 2
        if size > MOST_BYTES:
            break
        parts.update(dict.fromkeys(_ends(word)))
    return list(parts)


def _ends(word: str) -> Iterator[str]:
    if word.isalpha():
        yield word
        for start in range(SHORTEST_BEFORE, len(word) - SHORTEST_PART + 1):
            yield word[start:]


def beginnings(stems: Iterable[str]) -> list[str]:
    """What a part begins with that is looked for by a word of these stems; none where it is too short."""
    folded = dict.fromkeys(sort_key(stem) for stem in stems)
    return [stem for stem in folded if len(stem) >= SHORTEST_PART and stem.isalpha()]
