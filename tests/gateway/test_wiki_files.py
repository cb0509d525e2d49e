"""The wiki as a file, by the page: taken along, and taken in once somebody has looked at it."""

import io
import zipfile

import pytest

from netzraum_gateway.imports import LARGEST_FORM
from netzraum_platform.limits import LARGEST_IMPORT
from tests.end_to_end.people import Network
from tests.gateway.browser import Browser
from tests.gateway.wiki_writing import write


async def test_the_wiki_leaves_as_a_file_and_comes_back_once_it_was_looked_at(
    network: Network, coordinator: Browser, wiki: str
) -> None:
    path = await write(coordinator, wiki, "Reisefertig", "Erster Stand")
    reply = await coordinator.open(f"{wiki}/ausfuhr")
    assert reply.headers["content-type"] == "application/zip"
    with zipfile.ZipFile(io.BytesIO(reply.content)) as archive:
        name = next(name for name in archive.namelist() if name.endswith("reisefertig.md"))
        text = archive.read(name).decode()
    changed = io.BytesIO()
    with zipfile.ZipFile(changed, "w") as archive:
        archive.writestr(name, text.replace("Erster Stand", "Zweiter Stand"))
        archive.writestr("boese.exe", "x")
    await coordinator.open(f"{wiki}/einfuhr")
    csrf = dict(coordinator.form(f"{wiki}/einfuhr").fields)["csrf"]
    coordinator.page = await coordinator.http.post(
        f"{wiki}/einfuhr", data={"csrf": csrf}, files={"file": ("wiki.zip", changed.getvalue(), "application/zip")}
    )
    assert "Wird eine neue Fassung: 1" in coordinator.text
    assert "Noch ist nichts übernommen." in coordinator.text
    api = f"spaces/{network.space}/wiki/pages/{path.rpartition('/')[2]}"
    assert "Erster Stand" in (await network.coordinator.get(api))["text"]
    await coordinator.submit(f"{wiki}/einfuhr")
    assert coordinator.path.startswith(f"{wiki}/einfuhr/")
    assert "Die Datei ist übernommen" in coordinator.text
    assert "Geändert: 1" in coordinator.text
    assert "boese.exe" in coordinator.text
    assert "Zweiter Stand" in (await network.coordinator.get(api))["text"]


@pytest.mark.parametrize("content", [b"", b"kein Archiv", b"PK\x03\x04kaputt"])
async def test_a_file_that_is_no_archive_is_refused_beside_the_field(
    coordinator: Browser, wiki: str, content: bytes
) -> None:
    await coordinator.open(f"{wiki}/einfuhr")
    csrf = dict(coordinator.form(f"{wiki}/einfuhr").fields)["csrf"]
    files = {"file": ("wiki.zip", content, "application/zip")}
    reply = await coordinator.http.post(f"{wiki}/einfuhr", data={"csrf": csrf}, files=files)
    assert reply.status_code in (400, 415, 422)
    assert "kern-alert--danger" in reply.text


async def test_a_file_that_is_too_large_is_refused_in_words(coordinator: Browser, wiki: str) -> None:
    await coordinator.open(f"{wiki}/einfuhr")
    csrf = dict(coordinator.form(f"{wiki}/einfuhr").fields)["csrf"]
    for size, status in ((LARGEST_IMPORT + 1, 422), (LARGEST_FORM + 1, 413)):
        files = {"file": ("wiki.zip", b"0" * size, "application/zip")}
        reply = await coordinator.http.post(f"{wiki}/einfuhr", data={"csrf": csrf}, files=files)
        assert reply.status_code == status
        assert "zu groß" in reply.text


async def test_page_and_api_take_files_of_the_same_size(coordinator: Browser, wiki: str) -> None:
    """A file of the largest size gets as far as being looked at, and is no archive."""
    await coordinator.open(f"{wiki}/einfuhr")
    csrf = dict(coordinator.form(f"{wiki}/einfuhr").fields)["csrf"]
    files = {"file": ("wiki.zip", b"0" * LARGEST_IMPORT, "application/zip")}
    reply = await coordinator.http.post(f"{wiki}/einfuhr", data={"csrf": csrf}, files=files)
    assert reply.status_code == 422
    assert "zu groß" not in reply.text
