"""Field types of requests: what a name, an address and a password may look like."""

import unicodedata
from typing import Annotated

from email_validator import EmailNotValidError, validate_email
from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints
from pydantic_core import PydanticCustomError

BIDIRECTIONAL_MARKS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Marks that make a name look like another one."""


class RequestBody(BaseModel):
    """A request's JSON; a field that is not named here is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


def _printable(text: str) -> str:
    if any(unicodedata.category(char) in {"Cc", "Cs"} or char in BIDIRECTIONAL_MARKS for char in text):
        raise PydanticCustomError("control_characters", "control characters")
    return unicodedata.normalize("NFC", text)


def _address(text: str) -> str:
    try:
        return validate_email(text, check_deliverability=False, test_environment=True).normalized
    except EmailNotValidError as error:
        raise PydanticCustomError("email", "no e-mail address") from error


def _varied(password: str) -> str:
    if len(set(password)) < 5:
        raise PydanticCustomError("password_too_simple", "too few different characters")
    return password


Line = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200), AfterValidator(_printable)
]
OptionalLine = Annotated[str, StringConstraints(strip_whitespace=True, max_length=200), AfterValidator(_printable)]
Reason = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]
Email = Annotated[str, StringConstraints(strip_whitespace=True, max_length=254), AfterValidator(_address)]
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
