"""The API as the demo's people use it, and the mails that they get."""

import asyncio
import email
import email.policy
import re
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, TypeVar

import httpx

PASSWORD = "demo-netzraum"  # noqa: S105  # of the demo's accounts, made on loopback only
PATIENCE_S = 60.0
NOT_NOW = 503

Found = TypeVar("Found")


class DemoFailed(Exception):
    """The API refused what the demo needs; the message holds its answer."""


class Person:
    """One account of the demo, logged in when it first acts, and again before its token ends."""

    def __init__(self, http: httpx.AsyncClient, address: str) -> None:
        self._http = http
        self._token: str | None = None
        self._ends_at = 0.0
        self.email = f"{address}@demo.example"

    async def request(
        self, method: str, path: str, *, json: dict[str, Any] | None = None, headers: dict[str, str] | None = None
    ) -> Any:
        """The answer's JSON.

        Raises:
            DemoFailed: the API refused.
        """
        if self._token is None or time.monotonic() > self._ends_at:
            self._token = await self._log_in()
        sent = {"authorization": f"Bearer {self._token}", **(headers or {})}
        return await answer(self._http, method, path, json=json, headers=sent)

    async def get(self, path: str) -> Any:
        return await self.request("GET", path)

    async def post(self, path: str, body: dict[str, Any] | None = None) -> Any:
        return await self.request("POST", path, json=body or {})

    async def _log_in(self) -> str:
        body = {"email": self.email, "password": PASSWORD}
        session = await answer(self._http, "POST", "session", json=body)
        self._ends_at = time.monotonic() + session["expires_in"] / 2
        return str(session["access_token"])


async def answer(
    http: httpx.AsyncClient,
    method: str,
    path: str,
    *,
    json: dict[str, Any] | None = None,
    headers: dict[str, str] | None = None,
) -> Any:
    """The answer's JSON; what a busy machine has no time for just now is asked for again.

    Raises:
        DemoFailed: the API refused.
    """
    deadline = time.monotonic() + PATIENCE_S
    while True:
        reply = await http.request(method, f"/api/v1/{path}", json=json, headers=headers)
        if reply.status_code != NOT_NOW or time.monotonic() > deadline:
            break
        await asyncio.sleep(1)
    if reply.status_code >= 400:
        raise DemoFailed(f"{method} {reply.request.url.path}: {reply.status_code} {reply.text}")
    return reply.json() if reply.content else None


class Mailbox:
    """The folder of .eml files; finds the link that somebody was sent. Reads each mail once."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._read: dict[str, tuple[str, str]] = {}

    async def token(self, address: str, page: str) -> str:
        """The token in the newest link to ``/page/{token}`` that this address got."""
        return await until(lambda: self._find(address, page), f"a mail to {address} with a link to {page}")

    async def _find(self, address: str, page: str) -> str | None:
        for file in self._folder.glob("*.eml"):
            if file.name not in self._read:
                self._read[file.name] = _recipient_and_text(file)
        for _, (recipient, text) in sorted(self._read.items(), reverse=True):
            found = re.search(rf"/{page}/([\w.~-]+)", text) if address in recipient else None
            if found:
                return found.group(1)
        return None


def _recipient_and_text(file: Path) -> tuple[str, str]:
    message = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    body = message.get_body(("plain",))
    return str(message["To"]), body.get_content() if body else ""


async def until(check: Callable[[], Awaitable[Found | None]], what: str) -> Found:
    """The first answer that is something.

    Raises:
        DemoFailed: none came in time.
    """
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        answer = await check()
        if answer:
            return answer
        await asyncio.sleep(0.02)
    raise DemoFailed(f"waited in vain for {what}")
