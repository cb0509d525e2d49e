"""The mail port: SMTP, or a folder that takes each mail as an .eml file."""

import asyncio
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from pathlib import Path
from typing import Protocol
from urllib.parse import unquote, urlsplit

import aiosmtplib

from netzraum_platform.database import new_id, utc_now
from netzraum_platform.errors import Unavailable


class Mail(Protocol):
    async def send(self, message: EmailMessage) -> None:
        """Hand a mail over.

        Raises:
            Unavailable: it was not taken and may be tried again.
        """
        ...


def compose(
    sender: str, recipient: str, subject: str, text: str, html: str, unsubscribe: str | None = None
) -> EmailMessage:
    """A mail in plain text and HTML. ``unsubscribe`` is the page where one chooses not to get such mails (RFC 2369)."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["To"], message["Subject"] = sender, recipient, subject
    message["Date"], message["Message-ID"] = (
        format_datetime(utc_now()),
        make_msgid(domain="netzraum"),
    )
    message["Auto-Submitted"] = "auto-generated"
    if unsubscribe is not None:
        message["List-Unsubscribe"] = f"<{unsubscribe}>"
    message.set_content(text)
    message.add_alternative(html, subtype="html")
    return message


class FolderMail:
    """For standalone use and trials: the mail lies in the folder, named by time."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def send(self, message: EmailMessage) -> None:
        try:
            await asyncio.to_thread(self._write, message)
        except OSError as error:
            raise Unavailable("mail") from error

    def _write(self, message: EmailMessage) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{new_id()}.eml"
        path.with_suffix(".part").write_bytes(message.as_bytes())
        path.with_suffix(".part").rename(path)


class SmtpMail:
    """``smtp://user:password@host:25`` or ``smtps://…``; STARTTLS is used where the server offers it."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._tls = parts.scheme == "smtps"
        self._host = parts.hostname or "127.0.0.1"
        self._port = parts.port or (465 if self._tls else 25)
        self._user = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None

    async def send(self, message: EmailMessage) -> None:
        try:
            await aiosmtplib.send(
                message,
                hostname=self._host,
                port=self._port,
                username=self._user,
                password=self._password,
                use_tls=self._tls,
            )
        except (aiosmtplib.SMTPException, OSError) as error:
            raise Unavailable("mail") from error


def mail_of(url: str) -> Mail:
    return FolderMail(Path(unquote(urlsplit(url).path))) if url.startswith("file:") else SmtpMail(url)
