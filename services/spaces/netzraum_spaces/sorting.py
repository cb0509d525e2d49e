"""How names are put in order and found."""

import unicodedata


def sort_key(text: str) -> str:
    """As a German dictionary sorts: umlauts as their vowels (DIN 5007-1)."""
    return "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))
