"""Files out of which items are taken in: how large they may be, and what is said of those that cannot be taken."""

from netzraum_gateway.api import ApiProblem
from netzraum_platform.errors import DomainError
from netzraum_platform.limits import LARGEST_IMPORT

LARGEST_FORM = LARGEST_IMPORT * 3 // 2
"""Bytes: in base64 a file is a third larger."""


class FileMissing(DomainError):
    """Nothing was chosen."""

    status, code = 422, "missing"
    de = "Wählen Sie eine Datei."
    en = "Choose a file."


class FileTooLarge(DomainError):
    status, code = 422, "file_too_large"
    de = "Die Datei ist zu groß."
    en = "The file is too large."


def check_size(content: bytes, language: str) -> None:
    """
    Raises:
        ApiProblem: there is nothing in the file, or too much.
    """
    if not 0 < len(content) <= LARGEST_IMPORT:
        raise ApiProblem.of(FileTooLarge() if content else FileMissing(), language).beside("file")
