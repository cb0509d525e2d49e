"""Field types of requests: what a line, a longer text and an e-mail address may look like."""

import unicodedata
from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

BIDIRECTIONAL_MARKS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that make a name look like another one."""
LINE_BREAKS = frozenset("\n\r\t")


class RequestBody(BaseModel):
    """A request's JSON; a field that is not named here is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _refuse(text: str, allowed: frozenset[str]) -> str:
    for char in text:
        if char not in allowed and (char in BIDIRECTIONAL_MARKS or unicodedata.category(char) in {"Cc", "Cs"}):
            raise PydanticCustomError("control_characters", "control characters")
    return unicodedata.normalize("NFC", text)


def printable_line(text: str) -> str:
    return _refuse(text, frozenset())


def printable_text(text: str) -> str:
    return _refuse(text, LINE_BREAKS)


def _markdown(text: str) -> str:
    return _refuse(text.replace("\r\n", "\n"), LINE_BREAKS | BIDIRECTIONAL_MARKS)


def _address(text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise PydanticCustomError("email", "no e-mail address") from error


Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(printable_line)
]
"""One line that says something."""
ShortText = Annotated[str, StringConstraints(strip_whitespace=True, max_length=2000), AfterValidator(printable_text)]
"""Some lines, or none."""
Markdown = Annotated[str, StringConstraints(max_length=100_000), AfterValidator(_markdown)]
"""A text of an item; Arabic and Hebrew quotations may need marks of direction."""
Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254), AfterValidator(_address)]
