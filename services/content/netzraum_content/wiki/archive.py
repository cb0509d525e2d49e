"""A ZIP of Markdown files as somebody sent it: read within bounds, trusting nothing that it says of itself."""

import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import IO, Any

import yaml

from netzraum_content.wiki.exporting import FENCE
from netzraum_platform.errors import DomainError, TooLarge, Unprocessable
from netzraum_platform.fields import printable_line
from netzraum_platform.validation_texts import field_error, grouped

MOST_FILES = 5_000
LARGEST_FILE = 500_000
LARGEST_ALTOGETHER = 50_000_000
"""Bytes of one file, and of all of them, unpacked; counted while unpacking, whatever the archive says."""
MEGABYTES = LARGEST_ALTOGETHER // 1_000_000
LONGEST_HEAD = 10_000
ENCRYPTED = 0x1


class NoArchive(Unprocessable):
    """What was sent is no ZIP file, or it is damaged."""

    def __init__(self, language: str) -> None:
        super().__init__([field_error("file", "no_archive", language)])


class ArchiveTooLarge(TooLarge):
    code = "archive_too_large"
    de = f"Die ZIP-Datei enthält zu viel: höchstens {grouped(MOST_FILES, 'de')} Dateien, zusammen {MEGABYTES} MB."
    en = f"The ZIP file holds too much: at most {grouped(MOST_FILES, 'en')} files, {MEGABYTES} MB altogether."


class Faulty(Exception):
    """A file that cannot be taken in; ``code`` says why (validation_texts)."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Entry:
    """A file of the archive: its head and its text, or why it cannot be taken in."""

    path: str
    head: dict[str, Any]
    text: str
    fault: str | None = None


def entries(file: IO[bytes], language: str) -> list[Entry]:
    """
    Raises:
        NoArchive: it is no ZIP file.
        ArchiveTooLarge: it holds too many files, or too much.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            files = [info for info in archive.infolist() if not info.is_dir()]
            if len(files) > MOST_FILES:
                raise ArchiveTooLarge
            return list(_read(archive, files))
    except DomainError:
        raise
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, NotImplementedError, RuntimeError) as error:
        raise NoArchive(language) from error


def _read(archive: zipfile.ZipFile, files: list[zipfile.ZipInfo]) -> Iterator[Entry]:
    left = LARGEST_ALTOGETHER
    for info in files:
        try:
            _check_path(info)
            with archive.open(info) as opened:
                content = opened.read(LARGEST_FILE + 1)
            left -= len(content)
            if left < 0:
                raise ArchiveTooLarge
            if len(content) > LARGEST_FILE:
                raise Faulty("file_too_large")
            yield Entry(info.filename, *_head_and_text(content))
        except Faulty as fault:
            yield Entry(_shown(info.filename), {}, "", fault.code)


def _shown(name: str) -> str:
    """A name without what could make it look like another one."""
    return "".join(char if char.isprintable() else "\N{REPLACEMENT CHARACTER}" for char in name)[:200]


def _check_path(info: zipfile.ZipInfo) -> None:
    """Nothing is written by this name; but who sends such a name is up to something."""
    name, path = info.filename, PurePosixPath(info.filename)
    try:
        printable_line(name)
    except ValueError as error:
        raise Faulty("path") from error
    tricky = path.is_absolute() or ".." in path.parts or "\\" in info.orig_filename or ":" in name
    if tricky or "\0" in info.orig_filename or len(name) > 1000:
        raise Faulty("path")
    if path.suffix.lower() not in {".md", ".markdown"}:
        raise Faulty("no_markdown")
    if info.flag_bits & ENCRYPTED:
        raise Faulty("encrypted")


def _head_and_text(content: bytes) -> tuple[dict[str, Any], str]:
    try:
        text = content.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise Faulty("no_utf_8") from error
    if not text.startswith(FENCE):
        return {}, text
    head, end, rest = text.removeprefix(FENCE).partition("\n" + FENCE)
    if not end or len(head) > LONGEST_HEAD:
        raise Faulty("head")
    try:
        is_plain = not any(isinstance(event, yaml.AliasEvent) for event in yaml.parse(head))
        known = yaml.safe_load(head) if is_plain else None  # a few aliases of aliases stand for millions of values
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Faulty("head") from error
    if not isinstance(known, dict):
        raise Faulty("head")
    return known, rest
