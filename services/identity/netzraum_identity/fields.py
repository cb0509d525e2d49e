"""Field types of identity's requests beside those of all services, and how addresses and names are compared."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, StringConstraints
from pydantic_core import PydanticCustomError

from netzraum_platform.fields import printable_line, printable_text


def _varied(password: str) -> str:
    if len(set(password)) < 5:
        raise PydanticCustomError("password_too_simple", "too few different characters")
    return password


OptionalLine = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(printable_line)]
Reason = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000), AfterValidator(printable_text)
]
NewPassword = Annotated[str, StringConstraints(min_length=10, max_length=200), AfterValidator(_varied)]
"""Length is what counts (NIST SP 800-63B); compared as it was typed."""
GivenPassword = Annotated[str, StringConstraints(max_length=200)]
Code = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=40)]
Secret = Annotated[str, StringConstraints(min_length=1, max_length=200)]


def address_key(address: str) -> str:
    """The form in which two addresses are compared: nobody has two accounts that differ in upper case."""
    return address.strip().casefold()


def name_key(name: str) -> str:
    """The form in which two institutions' names are compared: case, marks and blanks do not tell them apart."""
    letters = (char if char.isalnum() else " " for char in unicodedata.normalize("NFKC", name).casefold())
    return " ".join("".join(letters).split())[:200]
