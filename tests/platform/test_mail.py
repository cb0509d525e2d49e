"""The mail port: SMTP and a folder take the same mail; what was not taken may be tried again."""

from collections.abc import Callable, Iterator
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from netzraum_platform.errors import Unavailable
from netzraum_platform.mail import Mail, compose, mail_of
from netzraum_standalone.servers.process import free_port

Taken = Callable[[], list[EmailMessage]]


class Postbox:
    """An SMTP server's side: keeps what comes, or refuses it."""

    def __init__(self) -> None:
        self.content: list[bytes] = []
        self.answer = "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802  # aiosmtpd's name
        if self.answer.startswith("250"):
            self.content.append(envelope.content)
        return self.answer


@pytest.fixture
def postbox() -> Iterator[tuple[Postbox, str]]:
    box = Postbox()
    port = free_port()
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, f"smtp://127.0.0.1:{port}"
    controller.stop()


@pytest.fixture(params=["folder", "smtp"])
def way(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Mail, Taken]:
    """A way to send, and what has arrived."""
    if request.param == "folder":
        folder = tmp_path / "mail"
        return mail_of(folder.as_uri()), lambda: [_parsed(f.read_bytes()) for f in sorted(folder.glob("*.eml"))]
    box, url = request.getfixturevalue("postbox")
    return mail_of(url), lambda: [_parsed(content) for content in box.content]


def _parsed(content: bytes) -> EmailMessage:
    message = message_from_bytes(content, policy=policy.default)
    assert isinstance(message, EmailMessage)
    return message


def mail(number: int = 1) -> EmailMessage:
    return compose("raum@example.org", "joerg@example.org", "Öffnung", f"Grüße {number}", f"<p>Grüße {number}</p>")


async def test_a_mail_arrives_whole_in_both_forms(way: tuple[Mail, Taken]) -> None:
    post, taken = way
    await post.send(mail())
    (message,) = taken()
    assert (message["Subject"], message["To"], message["Auto-Submitted"]) == (
        "Öffnung",
        "joerg@example.org",
        "auto-generated",
    )
    assert message["Message-ID"]
    assert message["Date"]
    plain, html = message.get_body(("plain",)), message.get_body(("html",))
    assert plain is not None
    assert html is not None
    assert (plain.get_content().strip(), html.get_content().strip()) == ("Grüße 1", "<p>Grüße 1</p>")


async def test_mails_keep_their_order(way: tuple[Mail, Taken]) -> None:
    post, taken = way
    for number in range(3):
        await post.send(mail(number))
    bodies = [message.get_body(("plain",)) for message in taken()]
    assert [body.get_content().strip() for body in bodies if body] == ["Grüße 0", "Grüße 1", "Grüße 2"]


def test_nobody_writes_headers_by_a_subject() -> None:
    with pytest.raises(ValueError, match=r"(?i)header|newline|linefeed"):
        compose("raum@example.org", "a@example.org", "Hello\r\nBcc: all@example.org", "", "")


async def test_what_the_server_refuses_may_be_tried_again(postbox: tuple[Postbox, str]) -> None:
    box, url = postbox
    box.answer = "451 try again later"
    with pytest.raises(Unavailable):
        await mail_of(url).send(mail())
    box.answer = "250 OK"
    await mail_of(url).send(mail())
    assert len(box.content) == 1


async def test_no_server_and_no_folder_are_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    for url in ("smtp://127.0.0.1:1", (tmp_path / "file" / "mail").as_uri()):
        with pytest.raises(Unavailable):
            await mail_of(url).send(mail())
